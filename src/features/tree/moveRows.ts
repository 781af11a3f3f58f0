import * as l10n from '@vscode/l10n';
import { commands } from '../../contributions';
import type { MoveStages } from '../../core/migration/moveStages';
import { stagesInOrder } from '../../core/migration/stages';
import type { Stage } from '../../core/migration/stages';
import { blockerInWords, stageInWords } from '../../core/migration/usesInWords';
import { clusterKey } from '../../core/model/cluster';
import type { Cluster } from '../../core/model/cluster';
import { tooltipMarkdown } from '../../core/model/markdown';
import { clusterTitle, ownerTitle } from '../../core/model/titles';
import type { ClusterNode, MessageNode, WarningNode, WarningsNode } from '../../editor/clusterNodes';
import type { NodeLook } from './rows/row';

type Stages = Pick<MoveStages, 'of'>;

/** Stages after which nothing of a cluster is left to be moved. */
const done: readonly Stage[] = ['readyToSwitchOff', 'switchedOff', 'mayBeDeleted'];

/** The clusters of a host whose move was read in this window, the least advanced first, then how many were not read. */
export function rowsOfMoves(
  { host }: WarningsNode,
  clusters: readonly Cluster[],
  stages: Stages,
): readonly WarningNode[] {
  const place = (cluster: Cluster): number => stagesInOrder.indexOf(stages.of(cluster)?.stage ?? 'notKnown');
  return clusters
    .filter((cluster) => cluster.host === host && stages.of(cluster) !== undefined)
    .sort((one, other) => place(one) - place(other))
    .map((cluster): WarningNode => {
      const move = stages.of(cluster);
      return {
        type: 'warning',
        list: 'moves',
        cluster,
        name: clusterKey(cluster),
        title: clusterTitle(cluster),
        detail: [
          `${l10n.t('Stage: {0}', stageInWords(move?.stage ?? 'notKnown'))}.`,
          ...(move?.blockers ?? []).map((one) => `${blockerInWords(one)}.`),
        ].join(' '),
        act: 'planMigration',
        remedy: l10n.t('Plan its move'),
      };
    });
}

/** What to do about clusters whose move was not read; undefined where there are none. */
export function movesNotRead(parent: WarningsNode, clusters: number, read: number): MessageNode | undefined {
  const left = clusters - read;
  if (left === 0 && read > 0) return undefined;
  return {
    type: 'message',
    name: 'notRead',
    parent,
    text: clusters === 0 ? l10n.t('No cluster is known yet') : l10n.t('Not read: {0}', left),
    detail: l10n.t(
      'Stages are known once a cluster’s plan or the migration table was made in this window. The table reads the CI configurations of all projects, and asks first where that takes many requests.',
    ),
    severity: 'info',
    action: { command: commands.showMigrations, title: l10n.t('Read all moves'), argument: undefined },
  };
}

/** What the group says: how many of the known clusters have nothing left to be moved, and each stage in its tooltip. */
export function movesLook(clusters: readonly Cluster[], stages: Stages): Partial<NodeLook> {
  const counts = new Map<Stage, number>();
  for (const cluster of clusters) {
    const stage = stages.of(cluster)?.stage;
    if (stage) counts.set(stage, (counts.get(stage) ?? 0) + 1);
  }
  if (counts.size === 0) return {};
  const label = l10n.t('Moves to the agent');
  const ready = done.reduce((sum, stage) => sum + (counts.get(stage) ?? 0), 0);
  const description = l10n.t('{0} of {1} ready or off', ready, clusters.length);
  const listed = stagesInOrder.flatMap((stage) => {
    const count = counts.get(stage);
    return count === undefined ? [] : [[stageInWords(stage), String(count)] as const];
  });
  return {
    description,
    tooltip: tooltipMarkdown(label, listed, []),
    icon: { id: ready === clusters.length ? 'pass' : 'git-compare' },
    accessibilityLabel: `${label}, ${description}. ${listed.map((pair) => pair.join(': ')).join('. ')}.`,
  };
}

/** A cluster with the stage of its move; opening it makes the plan again. */
export function moveLook({ cluster, title, detail, remedy }: WarningNode, stages: Stages): NodeLook {
  const move = stages.of(cluster);
  const stage = move?.stage ?? 'notKnown';
  const description = `${stageInWords(stage)} · ${ownerTitle(cluster.owner)}`;
  const target: ClusterNode = { type: 'cluster', cluster };
  const asOf = move && l10n.t('Read at {0}.', move.at.toLocaleTimeString(undefined, { timeStyle: 'short' }));
  return {
    label: title,
    description,
    tooltip: tooltipMarkdown(title, [], [detail, asOf, l10n.t('{0}: click.', remedy)]),
    icon: iconOf(stage),
    contextValue: 'move',
    collapsible: 'none',
    accessibilityLabel: `${title}, ${description}. ${detail} ${l10n.t('{0}: press Enter.', remedy)}`,
    command: { id: commands.planMigration, title: remedy, arguments: [target] },
  };
}

function iconOf(stage: Stage): NodeLook['icon'] {
  switch (stage) {
    case 'notKnown':
      return { id: 'question' };
    case 'notStarted':
      return { id: 'circle-large-outline' };
    case 'agentForSome':
    case 'jobsLeft':
      return { id: 'circle-outline' };
    case 'readyToSwitchOff':
      return { id: 'pass' };
    case 'switchedOff':
    case 'mayBeDeleted':
      return { id: 'pass-filled' };
  }
}
