import * as l10n from '@vscode/l10n';
import { plain } from '../model/plainText';
import { outcomeInShort } from './inWords';
import type { Moved } from './whatIf';
import type { WhatIf } from './whatIfCheck';

/** A question has no scroll bar. */
const MAX_LINES = 5;

/** What would become of environments, in lines for a question or a form. Never empty. */
export function whatIfLines({ moved, inactive, projects, environments, unchecked }: WhatIf): readonly string[] {
  const lines = groupedLines(moved);
  const shown = lines.slice(0, MAX_LINES);
  const [first, ...others] = inactive;
  return [
    ...shown,
    ...(lines.length > shown.length ? [l10n.t('… and {0} more changes', lines.length - shown.length)] : []),
    ...(first === undefined
      ? []
      : [
          others.length === 0
            ? l10n.t('Jobs of {0} that need CI_KUBERNETES_ACTIVE would silently vanish.', plain(first))
            : l10n.t('Jobs of {0} projects that need CI_KUBERNETES_ACTIVE would silently vanish.', inactive.length),
        ]),
    checkedLine(lines.length === 0, projects, environments, unchecked),
  ];
}

function checkedLine(isUnchanged: boolean, projects: number, environments: number, unchecked: number): string {
  const counted = l10n.t('Environments checked: {0}, projects: {1}.', environments, projects);
  const looked =
    projects === 0
      ? unchecked === 0
        ? l10n.t('No environment is served by this.')
        : l10n.t('Effect on environments: unknown.')
      : isUnchanged
        ? `${l10n.t('No environment would change.')} ${counted}`
        : counted;
  return unchecked === 0 ? looked : `${looked} ${l10n.t('Projects not checked: {0}.', unchecked)}`;
}

/** One line for all projects in which the same environment goes the same way. */
function groupedLines(moved: readonly Moved[]): readonly string[] {
  const groups = new Map<string, { readonly one: Moved; readonly projects: string[] }>();
  for (const one of moved) {
    const key = JSON.stringify([one.environment, outcomeInShort(one.to), one.namespaces, one.uncertain]);
    const group = groups.get(key) ?? { one, projects: [] };
    group.projects.push(one.project.path);
    groups.set(key, group);
  }
  return [...groups.values()].map(({ one, projects }) => lineOf(one, projects));
}

function lineOf({ environment, to, namespaces, uncertain }: Moved, projects: readonly string[]): string {
  const [first = '', ...others] = projects;
  const what =
    others.length === 0
      ? l10n.t('“{0}” of {1}', plain(environment), plain(first))
      : l10n.t('“{0}” of {1} projects', plain(environment), projects.length);
  if (namespaces) {
    return l10n.t(
      '{0} would be deployed to the namespace {1} (expected), not {2}.',
      what,
      namespaces.to.join(', '),
      namespaces.from.join(', '),
    );
  }
  if (to.kind === 'none' || to.kind === 'switchedOff') {
    return uncertain
      ? l10n.t('{0} would have no cluster this token can see.', what)
      : l10n.t('{0} would have no cluster.', what);
  }
  const where = outcomeInShort(to);
  return uncertain
    ? l10n.t('{0} would go to {1} instead, unless a cluster this token can’t see is nearer.', what, where)
    : l10n.t('{0} would go to {1} instead.', what, where);
}
