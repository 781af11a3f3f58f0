import * as l10n from '@vscode/l10n';
import { agentAccountName, agentNamespace } from '../../core/migration/installCommand';
import { environmentTemplate, roleBindings, templatePath } from '../../core/migration/manifests';
import { builtInRule } from '../../core/migration/namespaces';
import type { SamePlace } from '../../core/migration/namespaces';
import { placeInWords } from '../../core/migration/usesInWords';
import { isSince } from '../../core/migration/version';
import { namesOf } from '../../core/resolver/expectedNamespace';
import { code } from '../../core/resolver/inWords';
import { plannedAgent } from './plannedAgent';
import type { ShownPlan } from './planDocument';
import { block, capped, known } from './planMarkdown';

/** Part 4: namespaces before and after, and what makes them the same. */
export function sameSection(shown: ShownPlan): readonly string[] {
  const { plan } = shown;
  const { rule, version, projects, cluster } = plan;
  const agent = plannedAgent(shown);
  const environments = projects.flatMap((one) => one.environments);
  const counts = countPlaces(environments.map(({ place }) => place));
  const list = environments.map(
    ({ environment, project, place }) => `${code(environment)} – ${code(project.path)}: ${placeInWords(place)}`,
  );
  const names = [...new Set(environments.flatMap(({ namespace }) => namesOf(namespace)))];
  const account = { name: agentAccountName(agent.name), namespace: agentNamespace(agent.name) };
  return [
    `${l10n.t('Equal: {0}, different: {1}, not provable: {2}.', counts.equal, counts.different, counts.notProvable)} ${known('computed')} ${l10n.t('Names before are expected ones: a namespace GitLab has stored wins, and no API shows it.')}`,
    ...(list.length === 0 ? [] : [capped(list)]),
    ...(cluster.managed === false
      ? [
          l10n.t(
            'GitLab does not manage this cluster, so it makes no namespaces; jobs keep those they name themselves.',
          ),
        ]
      : [
          l10n.t('This GitLab doesn’t report whether it is Premium, so both ways are listed.'),
          ...(rule
            ? [
                `**Premium**: ${l10n.t('{0} in the project of the agent. It keeps the names ({1}) and deletes nothing when an environment is stopped; GitLab’s own template would use {2} and delete.', code(templatePath(agent.name)), code(rule.template), code(builtInRule.template))}`,
                block('yaml', environmentTemplate(rule)),
                ...(isSince(version, 18, 0)
                  ? []
                  : [
                      l10n.t(
                        'Before GitLab 18.0, {0} is not known: do not stop environments whose namespace holds data.',
                        code('delete_resources'),
                      ),
                    ]),
                l10n.t(
                  'It is not documented whether GitLab uses a namespace that already exists: try it with an empty one first.',
                ),
              ]
            : [`**Premium**: ${l10n.t('this version makes no namespaces through an agent (17.9 and later do).')}`]),
          `**Free**: ${l10n.t('make namespaces and role bindings by hand. They restrict nothing as long as the agent’s own binding to cluster-admin is there.')}`,
          ...(names.length === 0 ? [] : [block('yaml', roleBindings(names.slice(0, 20), account))]),
          ...(names.length > 20 ? [l10n.t('… and {0} more', names.length - 20)] : []),
        ]),
  ];
}

function countPlaces(places: readonly SamePlace[]): {
  readonly equal: number;
  readonly different: number;
  readonly notProvable: number;
} {
  const count = (...kinds: readonly SamePlace['kind'][]): number =>
    places.filter(({ kind }) => kinds.includes(kind)).length;
  return { equal: count('equal'), different: count('different', 'invalid'), notProvable: count('notProvable') };
}
