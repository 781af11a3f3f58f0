import type { Call } from '../call';
import { byId } from '../lookup';
import type { ClusterOwner, ClusterRecord, Platform } from '../world';
import { apiUrlProblem } from './apiUrl';
import {
  certificateProblems,
  domainProblems,
  nameProblems,
  namespaceProblems,
  providerNameProblems,
  scopeProblems,
} from './rules';

export type Problems = Record<string, string[]>;

/**
 * The model layer: every problem of a cluster as it would be stored, by attribute (GitLab API contract 3.3).
 * `before` is the stored cluster on an edit. A token that is sent again is encrypted anew, which makes the platform a
 * changed one.
 */
export function clusterProblems(
  call: Call,
  cluster: ClusterRecord,
  before: ClusterRecord | undefined,
  { tokenSent = false }: { tokenSent?: boolean } = {},
): Problems {
  const problems: Problems = {};
  const note = (key: string, sentences: readonly string[]) => {
    if (sentences.length > 0) {
      problems[key] = [...(problems[key] ?? []), ...sentences];
    }
  };
  const byUser = cluster.provider === 'user';
  const renamed = before !== undefined && before.name !== cluster.name;
  note('name', byUser ? nameProblems(cluster.name) : providerNameProblems(cluster.name, renamed));
  note('domain', domainProblems(cluster.domain ?? ''));
  note('environment_scope', [...scopeProblems(cluster.environmentScope), ...duplicates(call, cluster)]);
  if (!before && call.profile.secondCluster === 'baseError' && siblings(call, cluster).length > 0) {
    note('base', ['Instance does not support multiple Kubernetes clusters']);
  }
  if (before?.provisioning) {
    note('base', ['Cannot modify provider during creation']);
  }
  const { platform } = cluster;
  const old = before?.platform ?? undefined;
  if (platform && (!old || tokenSent || changed(old, platform))) {
    platformProblems(call, cluster, platform, old, note);
  }
  return problems;
}

function platformProblems(
  call: Call,
  cluster: ClusterRecord,
  platform: Platform,
  old: Platform | undefined,
  note: (key: string, sentences: readonly string[]) => void,
): void {
  const { settings } = call.world;
  const { apiUrl, caCert, namespace, token } = platform;
  const blocked = apiUrl === '' ? undefined : apiUrlProblem(apiUrl, settings);
  const blank = ['must be a valid URL', "can't be blank"];
  note('platform_kubernetes.api_url', apiUrl.trim() === '' ? blank : blocked === undefined ? [] : [blocked]);
  note('platform_kubernetes.token', token.trim() === '' ? ["can't be blank"] : []);
  if (old?.caCert !== caCert) {
    note('platform_kubernetes.ca_cert', certificateProblems(caCert ?? ''));
  }
  if (namespace !== null) {
    const ownersOnly = cluster.owner.level !== 'project' && cluster.managed;
    note('platform_kubernetes.namespace', [
      ...(namespace.trim() === '' ? [] : namespaceProblems(namespace)),
      ...(ownersOnly ? ['only allowed for project cluster'] : []),
    ]);
  }
  if (cluster.provider !== 'user' && old && (old.apiUrl !== apiUrl || old.token !== token || old.caCert !== caCert)) {
    note('platform_kubernetes.base', ['Cannot modify managed Kubernetes cluster']);
  }
}

/** Said once, be it of a sibling or of a cluster with the same management project. */
function duplicates(call: Call, cluster: ClusterRecord): string[] {
  const { managementProjectId } = cluster;
  const sharing =
    managementProjectId === null
      ? []
      : call.world.clusters.filter((c) => c.id !== cluster.id && c.managementProjectId === managementProjectId);
  const taken = [...siblings(call, cluster), ...sharing].some(
    ({ environmentScope }) => environmentScope === cluster.environmentScope,
  );
  return taken ? ['cannot add duplicated environment scope'] : [];
}

function siblings(call: Call, cluster: ClusterRecord): ClusterRecord[] {
  return call.world.clusters.filter((other) => other.id !== cluster.id && sameOwner(other.owner, cluster.owner));
}

/** Whether two clusters hang on the same instance, group or project. */
export function sameOwner(a: ClusterOwner, b: ClusterOwner): boolean {
  return a.level === b.level && (a.level === 'instance' || b.level === 'instance' || a.id === b.id);
}

/**
 * Whether the caller may make this project the management project: Maintainer there, the project not archived, and directly in the
 * namespace of a project cluster, anywhere below the group of a group cluster.
 */
export function mayManage(call: Call, owner: ClusterOwner, managementProjectId: number): boolean {
  const project = byId(call.world.projects, managementProjectId);
  if (!project || project.archived || !call.access.mayInProject(project, 40)) {
    return false;
  }
  const { kind, id } = project.namespace;
  if (owner.level === 'instance') {
    return true;
  }
  if (owner.level === 'project') {
    const own = byId(call.world.projects, owner.id)?.namespace;
    return own?.kind === kind && own.id === id;
  }
  let group = kind === 'group' ? byId(call.world.groups, id) : undefined;
  while (group && group.id !== owner.id) {
    group = byId(call.world.groups, group.parentId);
  }
  return group !== undefined;
}

function changed(before: object, after: object): boolean {
  return JSON.stringify(before) !== JSON.stringify(after);
}
