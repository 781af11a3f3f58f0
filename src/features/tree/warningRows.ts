import * as l10n from '@vscode/l10n';
import { commands } from '../../contributions';
import type { Fleets } from '../../core/inventory/fleets';
import { clusterKey } from '../../core/model/cluster';
import type { Cluster } from '../../core/model/cluster';
import type { HostUrl } from '../../core/model/host';
import { tooltipMarkdown } from '../../core/model/markdown';
import { plain } from '../../core/model/plainText';
import { clusterTitle, ownerTitle } from '../../core/model/titles';
import { MoveStages } from '../../core/migration/moveStages';
import { listWarnings } from '../../core/resolver/listWarnings';
import type { ListedWarnings } from '../../core/resolver/listWarnings';
import type { Resolver } from '../../core/resolver/resolver';
import { atMostEvery } from '../../core/time/atMostEvery';
import type { Paced } from '../../core/time/atMostEvery';
import { Emitter } from '../../core/time/event';
import type { Disposable } from '../../core/time/event';
import type { ClusterNode, ClusterTreeNode, MessageNode, WarningNode, WarningsNode } from '../../editor/clusterNodes';
import { moveLook, movesLook, movesNotRead, rowsOfMoves } from './moveRows';
import { paged } from './rows/paged';
import type { NodeLook } from './rows/row';
import { canWriteAt } from './treeKnowledge';
import type { TreeKnowledge, WarningLooks } from './treeKnowledge';

/** Milliseconds between two looks over everything known: finding clusters brings ten changes a second. */
const INTERVAL = 1000;

interface WarningSources {
  readonly fleets: Pick<Fleets, 'onDidChange'>;
  readonly resolver: Pick<Resolver, 'known' | 'projects' | 'onDidChange'>;
}

/**
 * The rows of warnings about the clusters of those hosts where somebody opened them: nothing is looked over before. From
 * then on they follow what becomes known. Sends nothing.
 */
export class WarningRows implements WarningLooks, Disposable {
  private readonly sources: WarningSources;
  private readonly found = new Map<HostUrl, ListedWarnings>();
  private readonly changed = new Emitter<HostUrl>();
  private readonly outdated = new Set<HostUrl>();
  private readonly pace: Paced;
  private readonly subscriptions: readonly Disposable[];

  /** How far the moves of clusters are, as plans and the table have read. */
  readonly stages = new MoveStages();

  readonly onDidChange = this.changed.event;

  constructor(sources: WarningSources, interval = INTERVAL) {
    this.sources = sources;
    this.pace = atMostEvery(interval, () => this.look());
    const follow = (host: HostUrl): void => {
      if (this.found.has(host)) this.request(host);
    };
    this.subscriptions = [
      this.pace,
      this.changed,
      sources.fleets.onDidChange(({ host, content }) => {
        if (content) follow(host);
      }),
      sources.resolver.onDidChange(follow),
      this.stages,
      this.stages.onDidChange((host) => this.changed.fire(host)),
    ];
  }

  /** Somebody wants to see them. */
  open({ list, host }: WarningsNode): void {
    if (list === 'moves') this.changed.fire(host);
    else if (!this.found.has(host)) this.request(host);
  }

  below(node: WarningsNode, knowledge: TreeKnowledge): readonly ClusterTreeNode[] | undefined {
    if (node.list === 'moves') return this.belowMoves(node, knowledge);
    const found = this.found.get(node.host);
    if (!found) return undefined;
    if (found.warnings.length === 0) return [nothingFound(node, found.clusters)];
    const rows = found.warnings.map(({ key, title, sentence, remedy }): WarningNode => {
      const { cluster, act } = remedy;
      return { type: 'warning', cluster, name: key, title, detail: sentence, act, remedy: remedy.title };
    });
    return paged(node, rows, knowledge);
  }

  lookOf(node: WarningsNode | WarningNode, knowledge: TreeKnowledge): Partial<NodeLook> {
    if (node.list === 'moves') return this.lookOfMoves(node);
    return node.type === 'warning' ? warningLook(node, knowledge) : this.groupLook(node, knowledge);
  }

  /** The clusters that the warnings listed of a host are about, each once; none before somebody opened them. */
  clustersOf(host: HostUrl): readonly Cluster[] {
    const found = this.found.get(host)?.warnings ?? [];
    return [...new Map(found.map(({ remedy: { cluster } }) => [clusterKey(cluster), cluster])).values()];
  }

  private belowMoves(node: WarningsNode, knowledge: TreeKnowledge): readonly ClusterTreeNode[] {
    const clusters = this.sources.resolver.known(node.host);
    const rows = rowsOfMoves(node, clusters, this.stages);
    const left = movesNotRead(node, clusters.length, rows.length);
    return [...paged(node, rows, knowledge), ...(left ? [left] : [])];
  }

  private lookOfMoves(node: WarningsNode | WarningNode): Partial<NodeLook> {
    return node.type === 'warning'
      ? moveLook(node, this.stages)
      : movesLook(this.sources.resolver.known(node.host), this.stages);
  }

  private groupLook({ host }: WarningsNode, { hosts }: TreeKnowledge): Partial<NodeLook> {
    const count = this.found.get(host)?.warnings.length;
    if (count === undefined) return {};
    const label = l10n.t('Warnings');
    const description = count === 0 ? l10n.t('none') : String(count);
    const about = l10n.t(
      'Scopes, namespaces and CA certificates of all clusters known of {0}.',
      plain(hosts.find(({ url }) => url === host)?.name ?? host),
    );
    return {
      description,
      tooltip: tooltipMarkdown(label, [], [about]),
      ...(count > 0 && { contextValue: 'scopeWarnings warnedClusters' }),
      icon: count > 0 ? { id: 'warning', color: 'list.warningForeground' } : { id: 'pass' },
      accessibilityLabel: `${label}, ${description}. ${about}`,
    };
  }

  private request(host: HostUrl): void {
    this.outdated.add(host);
    this.pace.request();
  }

  private look(): void {
    const { resolver } = this.sources;
    for (const host of this.outdated) {
      this.outdated.delete(host);
      this.found.set(host, listWarnings(resolver, host, new Date()));
      this.changed.fire(host);
    }
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
  }
}

function nothingFound(parent: WarningsNode, clusters: number): MessageNode {
  const text = l10n.t('No problem found; clusters checked: {0}', clusters);
  return { type: 'message', name: 'none', parent, text, detail: undefined, severity: 'info', action: undefined };
}

function warningLook(node: WarningNode, knowledge: TreeKnowledge): NodeLook {
  const { cluster, title, detail, act } = node;
  const isWritable = canWriteAt(cluster.host, cluster.owner, knowledge);
  const target: ClusterNode = { type: 'cluster', cluster };
  // Who may change nothing can still look.
  const command =
    act === 'showServed'
      ? { id: commands.showServed, title: node.remedy }
      : isWritable
        ? { id: commands.editCluster, title: node.remedy }
        : { id: commands.openCluster, title: l10n.t('Show the cluster') };
  const description = `${clusterTitle(cluster)} · ${ownerTitle(cluster.owner)}`;
  return {
    label: title,
    description,
    tooltip: tooltipMarkdown(title, [], [detail, l10n.t('{0}: click.', command.title)]),
    icon: { id: 'warning', color: 'list.warningForeground' },
    contextValue: [
      'scopeWarning',
      act,
      ...(cluster.enabled === false ? ['disabled'] : []),
      ...(isWritable ? ['writable'] : []),
    ].join(' '),
    collapsible: 'none',
    accessibilityLabel: `${title}, ${description}. ${detail} ${l10n.t('{0}: press Enter.', command.title)}`,
    command: { ...command, arguments: [target] },
  };
}
