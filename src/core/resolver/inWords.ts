import * as l10n from '@vscode/l10n';
import { explain } from '../gitlab/explain';
import { GitLabError } from '../gitlab/errors';
import type { GitLabErrorKind } from '../gitlab/errors';
import { ownerPath } from '../model/cluster';
import type { Cluster, ClusterOwner } from '../model/cluster';
import { ownerTitle } from '../model/titles';
import type { ScopeRank } from './environmentScope';
import type { Outcome, Unseen, Verdict } from './resolve';
import { plain } from '../model/plainText';

/**
 * Foreign text inside a report: as code, so that it keeps every character and can become no markup where the report is
 * pasted.
 */
export function code(text: string): string {
  return `\`${plain(text).replaceAll('`', 'ˋ')}\``;
}

/** A cluster with its id and owner, as it is called in reports: names are not unique. */
export function clusterInReport({ name, id, owner }: Pick<Cluster, 'name' | 'id' | 'owner'>): string {
  return l10n.t('{0} (ID {1}) of {2}', code(name), id, ownerInReport(owner));
}

export function ownerInReport(owner: ClusterOwner): string {
  switch (owner.level) {
    case 'instance':
      return l10n.t('the instance');
    case 'group':
      return l10n.t('the group {0}', code(owner.path));
    case 'project':
      return l10n.t('the project {0}', code(owner.path));
  }
}

/** A cluster in a question or on a row: "instance / shared". */
export function clusterInShort({ name, owner }: Pick<Cluster, 'name' | 'owner'>): string {
  const place = plain(ownerPath(owner) ?? l10n.t('instance'));
  return `${place} / ${plain(name)}`;
}

/** The cluster that serves an environment, in a report. */
export function outcomeInReport(outcome: Outcome): string {
  switch (outcome.kind) {
    case 'cluster':
      return clusterInReport(outcome.cluster);
    case 'ambiguous':
      return l10n.t('one of {0}', outcome.clusters.map(clusterInReport).join(', '));
    case 'none':
    case 'switchedOff':
      return l10n.t('no cluster');
  }
}

/** What becomes of an environment, in short: a cluster, several that are possible, or none. */
export function outcomeInShort(outcome: Outcome): string {
  switch (outcome.kind) {
    case 'cluster':
      return clusterInShort(outcome.cluster);
    case 'ambiguous':
      return l10n.t('one of {0}', outcome.clusters.map(clusterInShort).join(', '));
    case 'none':
    case 'switchedOff':
      return l10n.t('no cluster');
  }
}

/** Why a candidate was chosen or not, as the end of a line. */
export function verdictInWords(verdict: Verdict): string {
  switch (verdict.kind) {
    case 'chosen':
      return l10n.t('chosen');
    case 'tied':
      return l10n.t('possible: GitLab defines no order among scopes that are equally specific');
    case 'disabled':
      return l10n.t('not chosen: disabled');
    case 'scopeDoesNotMatch':
      return l10n.t('not chosen: its scope does not match');
    case 'needsEnvironment':
      return l10n.t('not chosen: without an environment only the scope * counts');
    case 'farther':
      return verdict.than.owner.level !== 'instance'
        ? l10n.t('not chosen: {0} is nearer', clusterInReport(verdict.than))
        : l10n.t('not chosen: {0} comes first', clusterInReport(verdict.than));
    case 'lessSpecific':
      return l10n.t('not chosen: the scope of {0} is more specific', clusterInReport(verdict.than));
    case 'switchedOff':
      return l10n.t('not chosen: certificate-based clusters are switched off');
    case 'outOfReach':
      return l10n.t('not chosen: this is its management project, but the cluster belongs to another namespace');
  }
}

export function rankInWords(rank: ScopeRank): string {
  switch (rank) {
    case 'exact':
      return l10n.t('names exactly this environment');
    case 'pattern':
      return l10n.t('a pattern that matches');
    case 'everything':
      return l10n.t('matches every environment');
  }
}

/** How near a cluster is to the project, as the title of a rung of the ladder. */
export function depthInWords(depth: number, owner: ClusterOwner): string {
  if (depth === 0) return l10n.t('{0}, because this is its management project', ownerTitle(owner));
  return ownerTitle(owner);
}

/** What was not seen, and why, as a sentence. */
export function unseenInWords(unseen: Unseen, namespace: string): string {
  switch (unseen.place) {
    case 'management':
      return l10n.t(
        'Clusters of other projects in {0}, or of groups above, whose management project is this one: they would win, and not all of them have been read.',
        code(namespace),
      );
    case 'hiddenGroup':
      return l10n.t('Clusters of the group {0}: {1}', code(unseen.path), reasonInWords(unseen.reason));
    case 'owner':
      return unseen.owner.level === 'instance'
        ? l10n.t('Clusters of the instance: {0}', instanceReason(unseen.reason))
        : l10n.t('Clusters of {0}: {1}', ownerInReport(unseen.owner), reasonInWords(unseen.reason));
  }
}

function instanceReason(reason: GitLabErrorKind): string {
  return reason === 'forbidden' ? l10n.t('visible to administrators only.') : reasonInWords(reason);
}

function reasonInWords(reason: GitLabErrorKind): string {
  if (reason === 'notFound') return l10n.t('not visible to this token.');
  if (reason === 'forbidden') return l10n.t('the role of this token is too low.');
  if (reason === 'protocol') return l10n.t('the list has entries that can’t be read.');
  return `${explain(new GitLabError(reason)).title}.`;
}
