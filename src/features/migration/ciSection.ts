import * as l10n from '@vscode/l10n';
import type { ByHand } from '../../core/migration/ciEdit';
import { variablesFor } from '../../core/migration/moveVariables';
import type { MoveVariable } from '../../core/migration/moveVariables';
import { movesByVariables } from '../../core/migration/projectPlan';
import { byHandInWords } from '../../core/migration/usesInWords';
import { code } from '../../core/resolver/inWords';
import { plannedContext } from './plannedAgent';
import type { ShownPlan } from './planDocument';
import { capped, known } from './planMarkdown';

/** A longer table is no help to read; everything is created all the same. */
const MAX_VARIABLES = 1000;

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
  return [
    l10n.t(
      'Nothing is committed by itself. *Create Merge Requests…* shows first what is sent: for each project a branch, one commit, and a merge request.',
    ),
    capped(lines),
    ...variableTable(plannedVariables(shown)),
  ];
}

/** Variables of projects that have to be set, in their order; none where no context is known. */
export function plannedVariables(shown: ShownPlan): readonly MoveVariable[] {
  const context = plannedContext(shown);
  if (context === undefined) return [];
  const byHand = [...shown.ci].flatMap(([id, one]) => (one.kind === 'file' ? [[id, one.byHand] as const] : []));
  return variablesFor(shown.plan, new Map(byHand), context);
}

function variableTable(variables: readonly MoveVariable[]): readonly string[] {
  if (variables.length === 0) return [];
  const heads = [l10n.t('Project'), l10n.t('Name'), l10n.t('Environment scope'), l10n.t('Value')];
  const rows = variables
    .slice(0, MAX_VARIABLES)
    .map(({ project, key, environmentScope, value }) =>
      [
        code(project.path),
        code(key),
        code(environmentScope),
        value === undefined ? l10n.t('the namespace of today') : code(value),
      ].join(' | '),
    );
  const more = variables.length - rows.length;
  return [
    `${l10n.t('CI/CD variables that take the place of what the cluster gave. *Create CI/CD Variables…* shows them first, and creates those whose value is known; that takes the Maintainer role.')} ${known('computed')}`,
    [`| ${heads.join(' | ')} |`, `|${heads.map(() => ' --- ').join('|')}|`, ...rows.map((row) => `| ${row} |`)].join(
      '\n',
    ),
    ...(more > 0 ? [l10n.t('… and {0} more', more)] : []),
  ];
}
