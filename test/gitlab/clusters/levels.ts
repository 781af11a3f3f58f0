import { json, refuse } from '../answer';
import { echoedQuery, listAddress, requireAdministrator, requireCaller, type Call } from '../call';
import { basicProject, clusterEntity, groupDetails } from '../entities';
import { requireGroup, requireProject } from '../owners';
import { offsetPage, pagingOf, pagingParameters, rawPaging, type Paging } from '../pagination';
import { checkParams } from '../params';
import type { ClusterOwner, ClusterRecord } from '../world';

export type Action = 'read' | 'add' | 'change';

/** What tells the three levels apart: who owns, who may, and what single answers add. */
export interface Level {
  readonly owner: ClusterOwner;
  /** Refuses with 403 what this caller may not do here; called after the parameter layer and the lookup. */
  authorize(action: Action): void;
  /** The key a single answer adds. */
  extra(answering: 'get' | 'add' | 'edit'): Record<string, unknown>;
  paging(): Paging;
}

/** The guards that come before the parameter layer, in GitLab's order (GitLab API contract 3.1). */
export function projectLevel(call: Call): Level {
  const { access } = call;
  requireCaller(call);
  const project = requireProject(call);
  requireFeature(call);
  return {
    owner: { level: 'project', id: project.id },
    authorize(action) {
      // An archived project takes away update and admin, not add (GitLab API contract 13).
      const frozen = project.archived && action === 'change';
      forbidUnless(access.mayInProject(project, roleFor(call, action)) && !frozen);
    },
    // Cluster endpoints present the project for nobody in particular, so only public code shows.
    extra: () => ({ project: basicProject(call, project, project.visibility === 'public') }),
    paging: () => pagingOf(checkParams(pagingParameters, call.sent)),
  };
}

export function groupLevel(call: Call): Level {
  const { access } = call;
  requireCaller(call);
  const group = requireGroup(call);
  requireFeature(call);
  return {
    owner: { level: 'group', id: group.id },
    authorize: (action) => forbidUnless(access.mayInGroup(group, roleFor(call, action))),
    extra: () => ({ group: groupDetails(call, group) }),
    paging: () => pagingOf(checkParams(pagingParameters, call.sent)),
  };
}

/** Administrators only, which is settled before the parameter layer. Lists read their paging from the raw query. */
export function instanceLevel(call: Call): Level {
  requireCaller(call);
  requireAdministrator(call);
  requireFeature(call);
  return {
    owner: { level: 'instance' },
    authorize: () => undefined,
    extra: (answering) => (answering === 'edit' ? { project: null } : {}),
    paging: () => rawPaging(call.query),
  };
}

/** A page of clusters of one level, in the order of their ids. */
export function clusterPage(call: Call, clusters: readonly ClusterRecord[], paging: Paging) {
  const rows = clusters.toSorted((a, b) => a.id - b.id);
  return offsetPage(rows, paging, listAddress(call), echoedQuery(call), (cluster) => clusterEntity(call, cluster));
}

/** One cluster with its owner. */
export function singleCluster(call: Call, level: Level, cluster: ClusterRecord, answering: 'get' | 'add' | 'edit') {
  const status = answering === 'add' ? 201 : 200;
  return json(status, { ...clusterEntity(call, cluster), ...level.extra(answering) });
}

function roleFor(call: Call, action: Action): 30 | 40 {
  return action === 'read' ? call.profile.readersFrom : 40;
}

function forbidUnless(allowed: boolean): void {
  if (!allowed) {
    throw refuse(403, '403 Forbidden');
  }
}

/** The flag's 404 has a capital F, that of a missing cluster has not (GitLab API contract 4.5). */
function requireFeature(call: Call): void {
  if (call.world.settings.flagOff) {
    throw refuse(404, '404 Not Found');
  }
}
