import * as l10n from '@vscode/l10n';
import { agentAccountName, agentNamespace, installCommands } from '../../core/migration/installCommand';
import type { ByHand } from '../../core/migration/ciEdit';
import { leftoverCommands } from '../../core/migration/leftovers';
import { environmentTemplate, roleBindings, templatePath } from '../../core/migration/manifests';
import { builtInRule } from '../../core/migration/namespaces';
import type { SamePlace } from '../../core/migration/namespaces';
import { movesByVariables } from '../../core/migration/projectPlan';
import { agentNameFor, entriesFor } from '../../core/migration/replacement';
import { byHandInWords, placeInWords } from '../../core/migration/usesInWords';
import { isSince } from '../../core/migration/version';
import { contextName } from '../../core/model/agent';
import type { AgentState } from '../../core/model/agent';
import { code } from '../../core/resolver/inWords';
import { namesOf } from '../../core/resolver/expectedNamespace';
import { block, capped, known } from './planMarkdown';
import type { ShownPlan } from './planDocument';

/** What would change in the CI configuration of a project. */
export type CiSummary =
  | { readonly kind: 'file'; readonly isEdited: boolean; readonly byHand: readonly ByHand[] }
  /** It is in another project or on a web address, or there is none. */
  | { readonly kind: 'noFile' }
  | { readonly kind: 'notVisible' };

/** The agent a plan speaks of: one that is there, or a name for a new one. */
function plannedAgent({ plan, replacement }: Pick<ShownPlan, 'plan' | 'replacement'>): {
  readonly name: string;
  /** Undefined where nobody knows which project a new one would be in. */
  readonly configProject: string | undefined;
  readonly isNew: boolean;
} {
  const { best } = replacement;
  if (best) return { name: best.name, configProject: best.configProject, isNew: false };
  const { owner, managementProject } = plan.cluster;
  const configProject = managementProject?.path ?? (owner.level === 'project' ? owner.path : undefined);
  return { name: agentNameFor(plan.cluster), configProject, isNew: true };
}

/** The context jobs select; undefined where the project of the agent is not decided. */
export function plannedContext(shown: Pick<ShownPlan, 'plan' | 'replacement'>): string | undefined {
  const { name, configProject } = plannedAgent(shown);
  return configProject === undefined ? undefined : contextName({ name, project: { path: configProject } });
}

/** Part 3: an agent that may be used, what it still needs, or a new one. */
export function replacementSection(shown: ShownPlan): readonly string[] {
  const { plan, replacement, agentState } = shown;
  const { best, others, hidden } = replacement;
  const lines: string[] = [];
  if (best) {
    lines.push(
      `${l10n.t('The agent {0} may be used by the jobs of {1} of these projects.', code(best.context), best.usableBy)} ${known('read')}`,
      stateInWords(agentState),
    );
    const { entries, outside } = entriesFor(plan, best);
    if (entries.length > 0) {
      lines.push(
        l10n.t(
          'It has to be authorised for: {0}. *Open Agent Configuration Diff* shows the entries in the real file; a commit takes about two minutes to count, and only while the agent is connected.',
          entries
            .slice(0, 20)
            .map(({ id }) => code(id))
            .join(', '),
        ),
      );
    }
    if (outside.length > 0) {
      lines.push(
        l10n.t(
          'Projects of another root group can’t use it as GitLab ships, and need an agent of their own: {0}',
          outside.length,
        ),
      );
    }
    if (others.length > 0) {
      lines.push(
        l10n.t('Other agents these projects may use:'),
        capped(others.map((one) => `${code(one.context)}: ${one.usableBy}`)),
      );
    }
  } else {
    lines.push(
      `${l10n.t('No agent that these projects may use was found.')} ${known(hidden > 0 ? 'notVisible' : 'read')}`,
      ...newAgent(shown),
    );
  }
  if (hidden > 0) {
    lines.push(
      `${l10n.t('Projects whose agents are not visible: {0}. That takes GitLab 16.1 and the Developer role.', hidden)} ${known('notVisible')}`,
    );
  }
  lines.push(
    l10n.t(
      'An agent installed as its chart does it is an administrator of the whole cluster for every project that may use it; a managed certificate cluster gave one namespace.',
    ),
  );
  return lines;
}

function newAgent(shown: ShownPlan): readonly string[] {
  const { server } = shown.plan;
  const { name, configProject } = plannedAgent(shown);
  const wish = { agent: name, server, hasOwnCa: shown.host.hasOwnCa };
  return [
    configProject === undefined
      ? l10n.t('A new one: choose a project below the same root group, and register the agent {0} there.', code(name))
      : l10n.t('A new one: register the agent {0} in {1}.', code(name), code(configProject)),
    server.isEnabled === false
      ? `${l10n.t('GitLab’s agent server (KAS) is switched off: an administrator has to turn it on first.')} ${known('read')}`
      : server.address === undefined
        ? `${l10n.t('The address of the agent server (KAS) is not reported; ask an administrator.')} ${known('notVisible')}`
        : `${l10n.t('Address of the agent server (KAS): {0}. The cluster has to reach it.', code(server.address))} ${known('read')}`,
    l10n.t(
      'Install it with these commands; the first asks for the agent’s token, so that it is in no command history.',
    ),
    block('sh', installCommands(wish, 'sh')),
    l10n.t('The same in PowerShell:'),
    block('powershell', installCommands(wish, 'powershell')),
    ...(shown.host.hasOwnCa
      ? [l10n.t('{0} is the CA certificate of this GitLab, which you trusted here.', code('gitlab-ca.pem'))]
      : []),
  ];
}

function stateInWords(state: AgentState | undefined): string {
  switch (state) {
    case 'connected':
      return `${l10n.t('It is connected.')} ${known('read')}`;
    case 'notConnected':
      return `${l10n.t('It is not connected now. GitLab’s figure lags: look again in a few minutes.')} ${known('computed')}`;
    case 'neverConnected':
      return `${l10n.t('It has never been connected.')} ${known('computed')}`;
    case 'unknown':
    case undefined:
      return `${l10n.t('Whether it is connected is not visible.')} ${known('notVisible')}`;
  }
}

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
          l10n.t('Whether this GitLab is Premium is in no answer of it, so both ways are here.'),
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
                  'Whether GitLab takes over a namespace that is there already is not documented: try it with one that holds nothing first.',
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

/** Part 5: what changes in each project's CI configuration. */
export function ciSection(shown: ShownPlan): readonly string[] {
  const { plan, ci } = shown;
  const context = plannedContext(shown);
  const concerned = plan.projects.filter((one) => one.needing.length > 0 || one.autoDevOps !== undefined);
  if (concerned.length === 0) return [l10n.t('Nothing has to change in what was seen.')];
  if (context === undefined) {
    return [
      l10n.t(
        'Jobs select the agent’s context, whose name begins with the project the agent is registered in. Decide on that first, and make the plan again.',
      ),
    ];
  }
  const lines = concerned.flatMap((one) => {
    const summary = ci.get(one.project.id);
    const path = code(one.project.path);
    if (movesByVariables(one))
      return [
        `${path}: ${l10n.t('Auto DevOps, which moves by variables of the project, see below.')} ${known('computed')}`,
      ];
    if (!summary || summary.kind === 'notVisible')
      return [`${path}: ${l10n.t('its file was not read.')} ${known('notVisible')}`];
    if (summary.kind === 'noFile')
      return [`${path}: ${l10n.t('no configuration of its own in this repository.')} ${known('read')}`];
    const edited = summary.isEdited
      ? l10n.t('changes that were read back are ready, see *Open CI Diff*.')
      : l10n.t('nothing that can be changed with certainty.');
    return [
      `${path}: ${edited} ${known('computed')}`,
      ...summary.byHand.map((step) => `${path} – ${l10n.t('by hand')}: ${byHandInWords(step, context)}`),
    ];
  });
  const hasAutoDevOps = concerned.some(
    ({ autoDevOps, needing }) =>
      autoDevOps !== undefined || needing.some(({ uses }) => uses.some(({ kind }) => kind === 'autoDevOps')),
  );
  return [
    l10n.t(
      'Nothing is committed by itself. *Create Merge Request…* asks first, and sends a branch, one commit, and a merge request.',
    ),
    capped(lines),
    ...(hasAutoDevOps ? autoDevOpsVariables(shown, context) : []),
  ];
}

function autoDevOpsVariables({ plan }: ShownPlan, context: string): readonly string[] {
  const rows = plan.projects
    .filter(
      ({ autoDevOps, needing }) =>
        autoDevOps !== undefined || needing.some(({ uses }) => uses.some(({ kind }) => kind === 'autoDevOps')),
    )
    .flatMap(({ project, environments }) =>
      environments.map(({ environment, namespace }) => {
        const names = namesOf(namespace);
        const [name] = names;
        const value = names.length === 1 && name !== undefined ? code(name) : l10n.t('the namespace of today');
        return l10n.t(
          '{0}, scope {1}: {2} = {3}, {4} = {5}',
          code(project.path),
          code(environment),
          code('KUBE_CONTEXT'),
          code(context),
          code('KUBE_NAMESPACE'),
          value,
        );
      }),
    );
  return [
    l10n.t('CI/CD variables for Auto DevOps, in the settings of each project:'),
    capped(rows),
    ...(plan.cluster.baseDomain
      ? [l10n.t('Without a scope: {0} = {1}', code('KUBE_INGRESS_BASE_DOMAIN'), code(plan.cluster.baseDomain))]
      : []),
  ];
}

/** Part 8: what is left in the cluster, and when the record may go. */
export function afterwardsSection({ plan, observationDays }: ShownPlan): readonly string[] {
  const names = [
    ...new Set(plan.projects.flatMap((one) => one.environments.flatMap(({ namespace }) => namesOf(namespace)))),
  ];
  return [
    l10n.t(
      'Watch for {0} days (a setting). Until then keep the record, and the service account whose token it holds: without them there is no way back.',
      observationDays,
    ),
    l10n.t('Then look at what is left in the cluster. These commands only read; none of them was run:'),
    block('sh', leftoverCommands(plan.cluster, names.slice(0, 10))),
    ...(names.length > 10 ? [l10n.t('The same for {0} more namespaces.', names.length - 10)] : []),
    l10n.t(
      'Delete the record last. Never choose “Remove integration and resources” on GitLab’s page: it deletes namespaces with everything that runs in them.',
    ),
  ];
}
