import * as l10n from '@vscode/l10n';
import { commands } from '../../../contributions';
import type { CrawlProgress } from '../../../core/inventory/crawl';
import { GitLabError } from '../../../core/gitlab/errors';
import { failureKinds } from '../../../core/gitlab/failureKinds';
import { explain } from '../../../core/gitlab/explain';
import { countInWords } from '../../../core/model/countInWords';
import { plain } from '../../../core/model/plainText';
import { agoInWords } from '../../../core/model/agoInWords';
import type { BranchNode, FleetNode, HostNode, MessageAction, MessageNode } from '../../../editor/clusterNodes';
import { failure, hostFailureNode, integrationHelp, noTokenNode } from './messages';
import { ownerTitle } from '../../../core/model/titles';
import type { Host } from '../../../core/model/host';
import type { TreeKnowledge } from '../treeKnowledge';

/** How far finding a host's clusters is, where that is not "all found": going on, stopped, nothing there. */
export function fleetMessages(parent: FleetNode | HostNode, knowledge: TreeKnowledge): readonly MessageNode[] {
  const host = parent.type === 'host' ? parent.host.url : parent.host;
  const { finding } = knowledge;
  const status = finding.status(host);
  const fleet: FleetNode = { type: 'fleet', host };
  const carryOn: MessageAction = { command: commands.findAllClusters, title: l10n.t('Continue'), argument: fleet };
  switch (status.status) {
    case 'unasked':
    case 'recalled': {
      if (parent.type === 'fleet') return [];
      if (finding.fleet(host).completedAt) return dateNodes(parent, knowledge);
      const action = { command: commands.findAllClusters, title: l10n.t('Find all clusters'), argument: fleet };
      const text = l10n.t('Only some clusters are known');
      const detail = l10n.t('So far only the clusters of watched projects and groups have been read here.');
      return [{ type: 'message', name: 'fleet', parent, text, detail, severity: 'info', action }];
    }
    case 'crawling':
      // Once there are rows, the progress stands on the row of all clusters.
      if (parent.type === 'fleet' && finding.fleet(host).counts.owners > 0) return [];
      return [progressNode(parent, status.progress)];
    case 'ended': {
      const { outcome, progress } = status;
      if (outcome.outcome === 'stopped') {
        const cancelled = outcome.error.kind === 'cancelled';
        const text = cancelled ? l10n.t('Stopped') : explain(outcome.error).title;
        const after = progress && l10n.t('Stopped after {0}.', seenInWords(progress.ownersSeen));
        const why = cancelled
          ? l10n.t('Not every cluster of this host has been found yet.')
          : explain(outcome.error).sentence;
        const detail = after ? `${after} ${why}` : why;
        const severity = cancelled ? 'info' : 'error';
        const action =
          failureKinds[outcome.error.kind].remedy === 'token' ? (replaceToken(host, knowledge) ?? carryOn) : carryOn;
        return [{ type: 'message', name: 'fleet', parent, text, detail, severity, action }];
      }
      const [gap] = outcome.gaps;
      if (gap) {
        const text = l10n.t('Some lists of projects and groups could not be read');
        const detail = explain(gap.error).sentence;
        return [{ type: 'message', name: 'fleet', parent, text, detail, severity: 'warning', action: carryOn }];
      }
      return nothingThere(parent, progress, knowledge);
    }
  }
}

/** Since when what is remembered is known, until it is looked for again. */
function dateNodes(parent: HostNode, knowledge: TreeKnowledge): readonly MessageNode[] {
  const { finding } = knowledge;
  const host = parent.host.url;
  const at = finding.fleet(host).completedAt;
  if (!at || finding.status(host).status !== 'recalled') return [];
  const text = l10n.t('Found {0}', agoInWords(at, knowledge.now()));
  const detail = l10n.t('This is what was remembered. Clusters may have come, gone or changed since.');
  const again: FleetNode = { type: 'fleet', host };
  const action = { command: commands.findAllClusters, title: l10n.t('Find again'), argument: again };
  return [{ type: 'message', name: 'date', parent, text, detail, severity: 'info', action }];
}

/** The crawl as a row of its own, while there is nothing else to show. */
function progressNode(parent: FleetNode | HostNode, progress: CrawlProgress | undefined): MessageNode {
  const words = progress ? progressInWords(progress) : [];
  const text = words.length > 0 ? l10n.t('Finding clusters: {0}', words.join(' · ')) : l10n.t('Finding clusters…');
  const finding = parent.type === 'host' ? parent.host.url : parent.host;
  const row = { type: 'message', parent, text, detail: undefined, severity: 'loading', action: undefined } as const;
  // A name of its own: commands are given the row the view has, which must be one that can be stopped.
  return { ...row, name: 'finding', finding };
}

function nothingThere(
  parent: FleetNode | HostNode,
  progress: CrawlProgress | undefined,
  { finding }: TreeKnowledge,
): readonly MessageNode[] {
  const fleet = finding.fleet(parent.type === 'host' ? parent.host.url : parent.host);
  const off = [...fleet.switchedOff].filter((name) => name !== '');
  if (off.length > 0 && fleet.clusters.length === 0) {
    const { title } = explain(new GitLabError('clustersUnavailable'));
    const shown = off.slice(0, 10).map(plain).join(', ');
    const detail = l10n.t('GitLab says so for: {0}.', off.length > 10 ? `${shown}, …` : shown);
    return [{ type: 'message', name: 'off', parent, text: title, detail, severity: 'info', action: integrationHelp() }];
  }
  // Below a host with groups or a filter, nothing is what is expected where there is nothing.
  if (parent.type === 'host' || fleet.counts.owners > 0 || fleet.named.length > 0) return [];
  const needed = l10n.t('Reading clusters needs the Developer role (the Maintainer role before GitLab 14).');
  const none = l10n.t('No project or group your access token may read has a certificate-based cluster.');
  // Lists of owners are asked for with the role alone: so nobody was met who has it nowhere.
  const hasRole = (progress?.ownersSeen ?? 1) > 0;
  const text = hasRole ? l10n.t('No clusters') : l10n.t('No project or group whose clusters you may read');
  const detail = hasRole ? `${none} ${needed}` : needed;
  const action = { command: commands.findAllClusters, title: l10n.t('Find again'), argument: parent };
  return [{ type: 'message', name: 'empty', parent, text, detail, severity: 'info', action }];
}

/** The hosts of which nothing fits the filter, in one row. */
export function noMatchNode(hosts: readonly Host[], all: number): MessageNode {
  const action = { command: commands.clearFilter, title: l10n.t('Clear filter'), argument: undefined };
  const text =
    hosts.length === all
      ? l10n.t('No cluster matches the filter')
      : hosts.length === 1
        ? l10n.t('1 host without a match')
        : l10n.t('{0} hosts without a match', hosts.length);
  const detail = hosts.map(({ name }) => plain(name)).join(', ');
  return { type: 'message', name: 'noMatch', parent: undefined, text, detail, severity: 'info', action };
}

/** What keeps groups over all hosts from being complete, host by host: a failure is never emptiness. */
export function topMessages(knowledge: TreeKnowledge): readonly MessageNode[] {
  return knowledge.hosts.flatMap((host) => {
    const node: HostNode = { type: 'host', host };
    const state = knowledge.hostState(host.url);
    const rows =
      state?.state === 'noToken'
        ? [noTokenNode(node)]
        : state?.state === 'failed'
          ? [hostFailureNode(node, state.error), ...dateNodes(node, knowledge)]
          : fleetMessages(node, knowledge);
    return rows.map((row) => ({
      ...row,
      name: `${host.url}/${row.name}`,
      parent: undefined,
      text: l10n.t('{0}: {1}', plain(host.name), row.text),
    }));
  });
}

/** Why an owner's clusters could not be read. */
export function branchFailureNode(parent: BranchNode, error: GitLabError, knowledge: TreeKnowledge): MessageNode {
  const { title, sentence } = explain(error);
  const again = { command: commands.refreshOwner, title: l10n.t('Refresh'), argument: parent };
  const action = failureKinds[error.kind].remedy === 'token' ? (replaceToken(parent.host, knowledge) ?? again) : again;
  return failure(parent, error, title, `${ownerTitle(parent.owner)}: ${sentence}`, action);
}

function replaceToken(url: string, { hosts }: TreeKnowledge): MessageAction | undefined {
  const host = hosts.find((one) => one.url === url);
  const title = l10n.t('Replace token');
  return host && { command: commands.replaceToken, title, argument: { type: 'host', host } };
}

/** "87 clusters", "about 20 s left", "1,204 projects and groups seen": what a narrow side bar cuts off comes last. */
export function progressInWords({
  ownersSeen,
  clustersFound,
  timeLeft,
  waitingUntil,
}: CrawlProgress): readonly string[] {
  return [
    countInWords(clustersFound),
    ...(waitingUntil !== undefined
      ? [l10n.t('waiting (rate limit)')]
      : timeLeft !== undefined && timeLeft >= 1000
        ? [l10n.t('about {0} left', durationInWords(timeLeft))]
        : []),
    l10n.t('{0} seen', seenInWords(ownersSeen)),
  ];
}

function seenInWords(owners: number): string {
  return owners === 1 ? l10n.t('1 project or group') : l10n.t('{0} projects and groups', owners.toLocaleString());
}

function durationInWords(milliseconds: number): string {
  const seconds = Math.ceil(milliseconds / 1000);
  return seconds < 90 ? l10n.t('{0} s', seconds) : l10n.t('{0} min', Math.round(seconds / 60));
}
