import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import { commands } from '../../contributions';
import type { CommandId } from '../../contributions';
import { GitLabError } from '../../core/gitlab/errors';
import { presentOwner } from '../../core/gitlab/presentOwner';
import { clusterKey, ownerKey } from '../../core/model/cluster';
import type { Cluster, ClusterOwner } from '../../core/model/cluster';
import type { ClusterDraft } from '../../core/model/clusterDraft';
import type { ClusterFields } from '../../core/model/clusterFields';
import type { Host } from '../../core/model/host';
import type { HostAccounts } from '../../core/accounts/hostAccounts';
import type { Inventory } from '../../core/inventory/inventory';
import type { WriteOptions } from '../../core/inventory/clusterWrites';
import type { Recording } from '../../core/journal/recording';
import type { Resolver } from '../../core/resolver/resolver';
import type { LazyPart } from '../../core/time/lazyPart';
import { placedTitle } from '../../core/model/titles';
import type { ClusterTreeNode } from '../../editor/clusterNodes';
import type { Dialogs } from '../../editor/dialogs';
import { importFiles } from '../../editor/importFile';
import { tellFailure } from '../../editor/tellFailure';
import { showRecipe } from './showRecipe';
import { ClusterFormController } from './clusterFormController';
import type { ConnectionPort } from './connectionCheck';
import type { FormTarget, UnsavedForm } from './formPorts';
import { confirmClosed, confirmDiscard, confirmUnrecorded, titleOf } from './formQuestions';
import { openPanel, pageOf } from './formWindow';
import { tellSaved } from './tellSaved';
import { searchManagementProjects } from './managementProjects';
import { siblingsOf } from '../../core/model/siblings';
import { atMostEvery } from '../../core/time/atMostEvery';

interface ClusterFormsDependencies {
  readonly accounts: HostAccounts;
  readonly inventory: Inventory;
  readonly resolver: LazyPart<Resolver>;
  readonly recording: Recording;
  /** Looks from this computer for why a cluster at a host would not connect. */
  readonly connectionAt: (host: Host, edited: Cluster | undefined) => ConnectionPort;
  readonly dialogs: Dialogs;
  /** Runs what a message offers. */
  readonly run: (command: CommandId, row?: ClusterTreeNode) => unknown;
  readonly extensionUri: vscode.Uri;
  readonly log: vscode.LogOutputChannel;
}

/** Milliseconds between two looks at the other clusters of a host while many of them are being found. */
const SIBLINGS_INTERVAL = 500;

/** The open forms: one panel per cluster being edited and per owner being added to. */
export class ClusterForms implements vscode.Disposable {
  private readonly dependencies: ClusterFormsDependencies;
  private readonly panels = new Map<string, vscode.WebviewPanel>();
  private readonly controllers = new Map<string, ClusterFormController>();
  /** Forms that were closed while GitLab worked on them, or whose user is being asked: none is opened beside them. */
  private readonly ending = new Set<string>();
  private readonly saved = new vscode.EventEmitter<Cluster>();
  private disposed = false;

  /** A cluster was added or edited; as GitLab has it now. */
  readonly onDidSave = this.saved.event;

  constructor(dependencies: ClusterFormsDependencies) {
    this.dependencies = dependencies;
  }

  /** Opens the form for a new cluster, or shows the one that is open, and offers what `text` holds of one. */
  add(host: Host, owner: ClusterOwner, text?: string): void {
    const key = `${host.url}|${ownerKey(owner)}|new`;
    this.show(key, host, { mode: 'add', hostName: host.name, owner });
    if (text !== undefined) void this.controllers.get(key)?.offer(text);
  }

  /** Opens a form for a new cluster that is filled with what is known of one that was deleted. */
  addAgain(host: Host, owner: ClusterOwner, draft: ClusterDraft): void {
    const target: FormTarget = { mode: 'add', hostName: host.name, owner };
    const key = `${host.url}|${ownerKey(owner)}|again ${randomUUID()}`;
    this.show(key, host, target, { target, draft, rejected: undefined, mayBeSaved: false });
  }

  /** Reads the cluster again and opens its form, or shows the one that is open. Tells why where it cannot be read. */
  async edit(cluster: Cluster): Promise<void> {
    const { accounts, inventory, dialogs } = this.dependencies;
    const key = clusterKey(cluster);
    const host = accounts.find(cluster.host);
    if (this.reveal(key) || !host) return;
    try {
      // Nothing guards against edits made elsewhere (GitLab API contract 11.17): at least start from what is there now.
      const fresh = await dialogs.progress({ title: '', where: 'view' }, () => inventory.get(cluster));
      this.show(key, host, { mode: 'edit', hostName: host.name, cluster: fresh });
    } catch (error) {
      if (!(error instanceof GitLabError)) throw error;
      const action = vscode.l10n.t('Could not open “{0}” for editing.', placedTitle(cluster, host.name));
      void tellFailure(error, host.url, this.dependencies, action);
    }
  }

  dispose(): void {
    this.disposed = true;
    for (const panel of this.panels.values()) panel.dispose();
    this.saved.dispose();
  }

  private reveal(key: string): boolean {
    if (this.ending.has(key)) {
      void this.dependencies.dialogs.notify(
        'information',
        vscode.l10n.t('This form was just closed and is still being saved. Wait until its outcome is known.'),
      );
      return true;
    }
    const panel = this.panels.get(key);
    panel?.reveal();
    return panel !== undefined;
  }

  private show(key: string, host: Host, target: FormTarget, resumed?: UnsavedForm): void {
    if (this.disposed || this.reveal(key)) return;
    const { inventory, extensionUri, log, recording, dialogs, run } = this.dependencies;
    const owner = target.mode === 'add' ? target.owner : target.cluster.owner;
    const title = titleOf(target);
    const panel = openPanel(title, extensionUri);
    this.panels.set(key, panel);
    const client = () => inventory.client(host.url);
    /** What is saved here is undone by this ID. */
    const change = randomUUID();
    const place = presentOwner(owner, client);

    const controller = new ClusterFormController(
      target,
      {
        post: (message) => {
          // A save may end after its form was closed.
          if (this.panels.get(key) === panel) void panel.webview.postMessage(message);
        },
        readAgain: (cluster) => inventory.get(cluster),
        save: (now, fields, waiting) => this.save(host, now, fields, { ...waiting, change }),
        gitlabVersion: () => inventory.identity(host.url)?.version?.number,
        siblings: () =>
          siblingsOf(
            inventory.fleet(host.url).clusters,
            host.url,
            owner,
            target.mode === 'edit' ? target.cluster.id : undefined,
          ),
        presentOwner: place.read,
        searchProjects: async (text, signal) =>
          searchManagementProjects(await client(), await place.read(), text, this.isAdmin(host), signal),
        readEffect: async (cluster, signal) => {
          const [resolver, { readAround }, { whatIfLines }] = await Promise.all([
            this.dependencies.resolver.get(),
            import('../../core/resolver/whatIfCheck'),
            import('../../core/resolver/whatIfInWords'),
          ]);
          const change = (after: Cluster) => [{ cluster, after }];
          // As if it served all: whatever is typed then, the projects around it are the ones to look at.
          const compare = await readAround(resolver, change({ ...cluster, enabled: true }), signal);
          return (after) => whatIfLines(compare(change(after)));
        },
        connection: this.dependencies.connectionAt(host, target.mode === 'edit' ? target.cluster : undefined),
        confirmDiscard: (mayBeSaved) => confirmDiscard(title, mayBeSaved, dialogs),
        readPaste: async (text) => (await import('../../core/importer/readPaste')).readPaste(text),
        readClipboard: () => dialogs.readClipboard(),
        chooseFile: importFiles.choose,
        showRecipe: () => void showRecipe(dialogs),
        close: () => void panel.dispose(),
        onSaved: (cluster, ignored) => {
          const edit = (saved: Cluster) => run(commands.editCluster, { type: 'cluster', cluster: saved });
          void tellSaved(target, cluster, ignored, { dialogs, change, recording, edit });
          this.saved.fire(cluster);
        },
        strings: vscode.l10n.bundle,
        log: (line) => log.warn(line),
      },
      resumed,
    );
    this.controllers.set(key, controller);
    /** Panels have no sign of their own for unsaved changes; the dot is what the editor shows for files. */
    const showChanged = (): void => {
      if (this.panels.get(key) === panel) panel.title = controller.unsaved ? `● ${title}` : title;
    };
    showChanged();
    const siblings = atMostEvery(SIBLINGS_INTERVAL, () => controller.checkAgain());
    const subscriptions = [
      place,
      siblings,
      inventory.onDidChange(({ owner: changed }) => {
        if (changed && ownerKey(changed) === ownerKey(owner)) siblings.request();
      }),
      inventory.onDidChangeClusters((change) => {
        if (change.host === host.url) siblings.request();
      }),
      panel.webview.onDidReceiveMessage((message: unknown) => {
        const received = controller.receive(message);
        showChanged();
        void received.then(showChanged);
      }),
    ];
    panel.onDidDispose(async () => {
      this.panels.delete(key);
      this.controllers.delete(key);
      controller.dispose();
      for (const subscription of subscriptions) subscription.dispose();
      // A save GitLab is still working on may yet succeed.
      this.ending.add(key);
      await controller.settled();
      await this.offerReopening(key, host, controller).finally(() => this.ending.delete(key));
    });
    panel.webview.html = pageOf(title, panel.webview, extensionUri);
    void inventory.ensure(host.url, owner);
  }

  /**
   * A panel cannot refuse to be closed (a custom editor could, but auto save would then send half a form to GitLab). So
   * what was typed is kept until the user has said what to do with it. Enter and Escape reopen: nothing is lost by accident.
   */
  private async offerReopening(key: string, host: Host, controller: ClusterFormController): Promise<void> {
    const { unsaved } = controller;
    if (unsaved === undefined || this.disposed) return;
    const discarded = await confirmClosed(unsaved, this.dependencies.dialogs);
    this.ending.delete(key);
    if (!discarded) this.show(key, host, unsaved.target, unsaved);
  }

  /** Throws GitLabError `cancelled` where the user does not want to save what cannot be recorded. */
  private async save(
    host: Host,
    target: FormTarget,
    fields: ClusterFields,
    { change, ...waiting }: WriteOptions,
  ): Promise<Cluster> {
    const { inventory, recording, dialogs } = this.dependencies;
    const problem = await recording.problem([host.url]);
    if (problem !== undefined && !(await confirmUnrecorded(problem, dialogs))) throw new GitLabError('cancelled');
    const options = { ...waiting, change };
    return target.mode === 'add'
      ? inventory.add(host.url, target.owner, fields, options)
      : inventory.edit(target.cluster, fields, options);
  }

  private isAdmin(host: Host): boolean {
    return this.dependencies.inventory.identity(host.url)?.user.isAdmin ?? false;
  }
}
