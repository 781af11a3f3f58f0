import * as vscode from 'vscode';
import { contextKeys } from '../../contributions';
import type { FleetFinder } from '../../core/arrange/fleetFinder';
import { groupingInWords } from '../../core/arrange/groupingInWords';
import type { ClusterTreeNode } from '../../editor/clusterNodes';
import { incompleteInWords } from './treeKnowledge';
import type { TreeKnowledge } from './treeKnowledge';

/** What stands above the rows: the filter and how much it shows, and what the rows are grouped by. */
export class ViewState {
  private readonly view: vscode.TreeView<ClusterTreeNode>;
  private readonly finder: FleetFinder;
  private readonly knowledge: TreeKnowledge;
  /** Context keys as VS Code was last given them. */
  private readonly told = new Map<string, boolean>();

  constructor(view: vscode.TreeView<ClusterTreeNode>, finder: FleetFinder, knowledge: TreeKnowledge) {
    this.view = view;
    this.finder = finder;
    this.knowledge = knowledge;
  }

  /** Shows it as it is now; what is shown already is left alone. */
  show(): void {
    const { finder, view } = this;
    const { fitting, total } = finder.counts;
    const filtered = finder.filterText !== '';
    const unsearched = incompleteInWords(this.knowledge);
    const matching = vscode.l10n.t(
      '{0} of {1} clusters match “{2}”',
      fitting.toLocaleString(),
      total.toLocaleString(),
      finder.filterText,
    );
    const message = filtered ? [matching, ...(unsearched === undefined ? [] : [unsearched])].join(' · ') : '';
    if ((view.message ?? '') !== message) view.message = message;
    const description = finder.groupBy === 'owner' ? '' : vscode.l10n.t('by {0}', groupingInWords(finder.groupBy));
    if ((view.description ?? '') !== description) view.description = description;
    this.tellContext(contextKeys.filtered, filtered);
    this.tellContext(contextKeys.grouped, finder.groupBy !== 'owner');
  }

  private tellContext(key: string, value: boolean): void {
    if ((this.told.get(key) ?? false) === value) return;
    this.told.set(key, value);
    void vscode.commands.executeCommand('setContext', key, value);
  }
}
