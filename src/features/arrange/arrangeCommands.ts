import * as l10n from '@vscode/l10n';
import { commands } from '../../contributions';
import { groupings, sortings } from '../../core/arrange/grouping';
import type { FleetFinder } from '../../core/arrange/fleetFinder';
import type { GroupBy, SortBy } from '../../core/arrange/grouping';
import { groupingInWords } from '../../core/arrange/groupingInWords';
import type { Fleets } from '../../core/inventory/fleets';
import type { ClusterTreeNode } from '../../editor/clusterNodes';
import { nodeId } from '../../editor/clusterNodes';
import type { CommandTable } from '../../editor/commandTable';
import type { Dialogs } from '../../editor/dialogs';
import type { Pickers } from '../../editor/pickers';
import { filterClusters } from './filterClusters';

/** Filter, group and sort what the tree shows. */
export function arrangeCommands(
  fleets: Fleets,
  finder: FleetFinder,
  pickers: Pick<Pickers, 'node'>,
  dialogs: Pick<Dialogs, 'choose' | 'typeFilter'>,
  incomplete: () => string | undefined,
) {
  return {
    [commands.filterClusters]: async () => {
      await fleets.recallAll();
      // Not awaited: the command is over once the box is open.
      void filterClusters(finder, dialogs, incomplete);
    },
    [commands.clearFilter]: () => finder.setFilter(''),
    [commands.showMore]: (value: unknown) => {
      const node = pickers.node(value);
      if (node?.type !== 'more') return;
      finder.showMore(node.parent ? nodeId(node.parent) : '', node.parent && hostOf(node.parent));
    },
    [commands.ungroup]: () => finder.setGroupBy('owner'),
    [commands.groupBy]: async () => {
      const title = l10n.t('Group Clusters By');
      const by = await dialogs.choose(title, groupings, (one) => ({
        label: groupingInWords(one),
        ...current(one === finder.groupBy),
      }));
      if (by) finder.setGroupBy(by);
    },
    [commands.sortBy]: async () => {
      const title = l10n.t('Sort Clusters By');
      const by = await dialogs.choose(title, sortings, (one) => ({
        label: sortingInWords(one),
        ...current(one === finder.sortBy),
      }));
      if (by) finder.setSortBy(by);
    },
  } satisfies CommandTable;
}

function hostOf(node: ClusterTreeNode): Parameters<FleetFinder['showMore']>[1] {
  return node.type === 'fleet' || node.type === 'branch' ? node.host : undefined;
}

/** A check mark before what is chosen now, and a space of its width before the others. */
function current(is: boolean): { readonly icon: string } {
  return { icon: is ? 'check' : 'blank' };
}

function sortingInWords(by: SortBy | GroupBy): string {
  switch (by) {
    case 'name':
      return l10n.t('Name');
    case 'created':
      return l10n.t('Created, newest first');
    default:
      return groupingInWords(by);
  }
}
