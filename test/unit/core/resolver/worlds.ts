import fc from 'fast-check';
import { indexClusters } from '../../../../src/core/resolver/clusterIndex';
import type { ProjectPlace } from '../../../../src/core/resolver/resolve';
import type { ClusterOwner } from '../../../../src/core/model/cluster';
import { cluster } from '../inventory/clusters';
import type { NaiveCluster, NaiveWorld } from './naiveResolver';

/** Few letters, so that scopes and names meet often; the odd ones are literal in scopes and not in SQL or regexes. */
const name = fc.string({ unit: fc.constantFrom('a', 'b', '/', '_', '.', 'A'), minLength: 1, maxLength: 5 });
const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '/', '_', '*', '*'), minLength: 1, maxLength: 5 });

/** GitLabs of a handful of groups and projects with clusters everywhere, and a question about one of the projects. */
export const worlds: fc.Arbitrary<NaiveWorld> = fc
  .record({
    groupParents: fc.array(fc.option(fc.nat(), { freq: 4 }), { minLength: 1, maxLength: 5 }),
    projectParents: fc.array(fc.option(fc.nat(), { freq: 6 }), { minLength: 1, maxLength: 4 }),
    names: fc.array(name, { minLength: 1, maxLength: 3 }),
    clusters: fc.array(
      fc.record({
        on: fc.constantFrom(
          'project' as const,
          'project' as const,
          'group' as const,
          'group' as const,
          'instance' as const,
        ),
        at: fc.nat(),
        scope: fc.oneof(fc.constant('*'), pattern, fc.nat()),
        enabled: fc.oneof({ weight: 4, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) }),
        managementProject: fc.option(fc.nat(), { freq: 1 }),
      }),
      { maxLength: 12 },
    ),
    project: fc.nat(),
    environment: fc.oneof({ weight: 9, arbitrary: fc.nat() }, { weight: 1, arbitrary: fc.constant(undefined) }),
    flagOff: fc.oneof({ weight: 30, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
  })
  .map(({ groupParents, projectParents, names, clusters, project, environment, flagOff }): NaiveWorld => {
    const groups = groupParents.map((parent, index) => ({
      id: 100 + index,
      // A parent always comes before its children, so that nothing goes round in circles.
      parent: parent === null || index === 0 ? undefined : 100 + (parent % index),
    }));
    const projects = projectParents.map((parent, index) => ({
      id: 200 + index,
      parent: parent === null ? undefined : 100 + (parent % groups.length),
    }));
    return {
      flagOff,
      groups,
      projects,
      project: 200 + (project % projects.length),
      environment: environment === undefined ? undefined : names[environment % names.length],
      clusters: clusters.map(({ on, at, scope, enabled, managementProject }, index): NaiveCluster => ({
        id: index + 1,
        on:
          on === 'instance'
            ? { kind: 'instance' }
            : on === 'group'
              ? { kind: 'group', id: 100 + (at % groups.length) }
              : { kind: 'project', id: 200 + (at % projects.length) },
        scope: typeof scope === 'number' ? (names[scope % names.length] ?? '*') : scope,
        enabled,
        managementProject: managementProject === null ? undefined : 200 + (managementProject % projects.length),
      })),
    };
  });

/** The same world as the resolver takes it: with paths, and the clusters in an index. */
export function placeOf(world: NaiveWorld): ProjectPlace {
  const groupPath = (id: number): string => {
    const parent = world.groups.find((group) => group.id === id)?.parent;
    return parent === undefined ? `g${id}` : `${groupPath(parent)}/g${id}`;
  };
  const parentOf = (id: number): number | undefined => world.projects.find((project) => project.id === id)?.parent;
  const projectPath = (id: number): string => {
    const parent = parentOf(id);
    return `${parent === undefined ? 'somebody' : groupPath(parent)}/p${id}`;
  };
  const above: { id: number; path: string }[] = [];
  for (let at = parentOf(world.project); at !== undefined;) {
    const here: number = at;
    above.push({ id: here, path: groupPath(here) });
    at = world.groups.find(({ id }) => id === here)?.parent;
  }
  const ownerOf = (on: NaiveCluster['on']): ClusterOwner =>
    on.kind === 'instance'
      ? { level: 'instance' }
      : { level: on.kind, id: on.id, path: on.kind === 'group' ? groupPath(on.id) : projectPath(on.id) };
  return {
    project: { id: world.project, path: projectPath(world.project) },
    groups: above,
    unseen: [],
    switchedOff: world.flagOff,
    clusters: indexClusters(
      world.clusters.map(({ id, on, scope, enabled, managementProject }) =>
        cluster(id, {
          owner: ownerOf(on),
          environmentScope: scope,
          enabled,
          managementProject:
            managementProject === undefined
              ? undefined
              : { id: managementProject, path: projectPath(managementProject), name: '' },
        }),
      ),
    ),
  };
}
