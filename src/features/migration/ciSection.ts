import * as l10n from '@vscode/l10n';
import type { ByHand } from '../../core/migration/ciEdit';
import { movesByVariables } from '../../core/migration/projectPlan';
import { byHandInWords } from '../../core/migration/usesInWords';
import { namesOf } from '../../core/resolver/expectedNamespace';
import { code } from '../../core/resolver/inWords';
import { plannedContext } from './plannedAgent';
import type { ShownPlan } from './planDocument';
import { capped, known } from './planMarkdown';

/** What would change in the CI configuration of a project. */
export type CiSummary =
  | { readonly kind: 'file'; readonly isEdited: boolean; readonly byHand: readonly ByHand[] }
  /** It is in another project or on a web address, or there is none. */
  | { readonly kind: 'noFile' }
  | { readonly kind: 'notVisible' };

/** Part 5: what changes in each project's CI configuration. */
export function ciSection(shown: ShownPlan): readonly string[] {
  const { plan, ci } = shown;
  const context = plannedContext(shown);
  const concerned = plan.projects.filter((one) => one.needing.length > 0 || one.autoDevOps !== undefined);
  if (concerned.length === 0) return [l10n.t('Nothing that was read needs to change.')];
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
