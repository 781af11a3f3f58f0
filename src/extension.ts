import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import * as z from 'zod/mini';
import { registerCommands } from './editor/commandTable';
import { connections, maximumRequests, setting } from './editor/connections';
import { expiryNotice } from './features/hosts/expiryNotice';
import { SETTINGS_SECTION, commands, contextKeys } from './contributions';
import type { CommandId } from './contributions';
import { notify } from './editor/notify';
import { keepHistory, serveChanges } from './features/history/keepHistory';
import { serveDocuments } from './features/details/documentProvider';
import { FleetFinder } from './core/arrange/fleetFinder';
import { Fleets } from './core/inventory/fleets';
import { userAgent } from './core/gitlab/userAgent';
import type { HostUrl } from './core/model/host';
import { Inventory } from './core/inventory/inventory';
import { forgetRemovedHosts } from './core/journal/forgetRemovedHosts';
import { onListenerError } from './core/time/event';
import { OwnerRoles } from './core/inventory/ownerRoles';
import { showTokenFaults } from './core/inventory/tokenFaults';
import { LazyPart } from './core/time/lazyPart';
import { DiagnosisResults } from './core/diagnosis/results';
import { TextDocuments } from './editor/textDocuments';
import { fleetFiles } from './core/inventory/fleetFiles';
import { ClusterTree } from './features/tree/clusterTree';
import type { Badge, ExpiryBadge } from './features/tree/expiryBadge';
import { OpenFolderRemotes } from './features/workspace/gitRemotes';
import { WorkspaceProjects } from './core/accounts/workspaceProjects';

const manifest = z.object({
  version: z.string(),
  bugs: z.optional(z.object({ url: z.optional(z.string()) })),
});

/** Called by VS Code when a contributed view or command is first used. Builds the graph; sends nothing. */
export function activate({
  subscriptions,
  secrets,
  extension,
  extensionUri,
  globalState,
  globalStorageUri,
}: vscode.ExtensionContext): void {
  if (vscode.l10n.bundle) l10n.config({ contents: vscode.l10n.bundle });
  const log = vscode.window.createOutputChannel(vscode.l10n.t('GitLab Clusters'), { log: true });
  onListenerError((error) => log.error(error instanceof Error ? error : String(error)));
  const { data: own } = z.safeParse(manifest, extension.packageJSON);
  const version = String(own?.version);
  const sender = userAgent(version, { name: vscode.env.appName, version: vscode.version });
  const run = (command: CommandId, row?: unknown): unknown =>
    // Whatever else failed to load, the log is there.
    command === commands.showLog ? log.show() : vscode.commands.executeCommand(command, row);
  const tell = async (error: unknown, given?: unknown): Promise<void> =>
    (await import('./editor/tellFailure')).tellFailure(error, given, { accounts, dialogs: { notify }, run });
  const { accounts, trust, openAgent, parts } = connections(secrets, log, sender);
  const { journal, recording } = keepHistory(vscode.Uri.joinPath(globalStorageUri, 'history'), async (problem) => {
    log.warn(problem);
    await (await import('./editor/tellFailure')).tellProblem(problem, { dialogs: { notify }, run });
  });
  const inventory = new Inventory(accounts, {
    journal: { begin: async (write) => (await journal.get()).begin(write) },
  });
  const remotes = new OpenFolderRemotes();
  const workspaceProjects = new WorkspaceProjects(accounts, remotes);
  const storage = fleetFiles(vscode.workspace.fs, globalStorageUri);
  const soon = (): number => setting('expiringSoon');
  const fleets = new Fleets({ accounts, inventory, storage, slots: maximumRequests });
  const { onDidChangeHosts } = accounts;
  const finder = new FleetFinder({ hosts: () => accounts.hosts, onDidChangeHosts, fleets, choices: globalState, soon });
  const roles = new OwnerRoles(accounts, inventory);
  const diagnoses = new DiagnosisResults();
  const resolver = new LazyPart(async () => {
    const { Resolver } = await import('./core/resolver/resolver');
    return new Resolver({ accounts, inventory, fleets });
  });
  const warnings = new LazyPart(async () => {
    const [{ WarningRows }, made] = await Promise.all([import('./features/tree/warningRows'), resolver.get()]);
    return new WarningRows({ fleets, resolver: made });
  });
  const agents = new LazyPart(async () => {
    const { AgentRows } = await import('./features/tree/agentRows');
    const made = new AgentRows({ accounts, inventory });
    tree.followAgents(made);
    return made;
  });
  const badge: LazyPart<ExpiryBadge> = new LazyPart(async () => {
    const { ExpiryBadge: Made } = await import('./features/tree/expiryBadge');
    const wantsNotice = (): boolean => vscode.workspace.getConfiguration(SETTINGS_SECTION).get('dailyNotice', false);
    const show = (shown: Badge | undefined): void => tree.showBadge(shown);
    return new Made({ finder, fleets, soon, wantsNotice, memory: globalState, dialogs: { notify }, show });
  });
  const tree: ClusterTree = new ClusterTree({
    accounts,
    inventory,
    workspace: workspaceProjects,
    fleets,
    finder,
    diagnoses,
    roles,
    warnings,
    soon,
    agents,
    // Decoding certificates would keep the first rows waiting.
    onDidShow: () => void setTimeout(() => void badge.get(), 1000),
  });
  const texts = new TextDocuments();
  const changedDocuments = new vscode.EventEmitter<vscode.Uri>();
  const documents = new LazyPart(async () => {
    const { ClusterDocuments } = await import('./features/details/clusterDocument');
    return new ClusterDocuments(inventory, accounts, changedDocuments);
  });
  const leftTokens = new LazyPart(async () => {
    const { leftTokenNotice } = await import('./features/hosts/leftTokenNotice');
    return leftTokenNotice({
      accounts,
      memory: globalState,
      inFront: () => vscode.window.state.focused,
      onDidChangeWindow: (listener) => vscode.window.onDidChangeWindowState(listener),
      dialogs: { notify },
      tell,
    });
  });
  const tellHosts = (): void => {
    const hasHosts = accounts.hosts.length + accounts.problems.length > 0;
    void vscode.commands.executeCommand('setContext', contextKeys.hasHosts, hasHosts);
    void vscode.commands.executeCommand('setContext', contextKeys.hasNoHosts, !hasHosts);
  };
  tellHosts();

  subscriptions.push(
    log,
    ...parts,
    inventory,
    journal,
    forgetRemovedHosts(accounts, (host) => {
      void journal.get().then((made) => made.forget(host));
      void import('./core/migration/migrationNotes').then((part) => new part.MigrationNotes(globalState).forget(host));
    }),
    remotes,
    workspaceProjects,
    fleets,
    finder,
    diagnoses,
    badge,
    roles,
    tree,
    agents,
    resolver,
    warnings,
    documents,
    serveDocuments(documents, changedDocuments, inventory),
    texts,
    serveChanges(journal, accounts),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration(`${SETTINGS_SECTION}.expiringSoon`)) finder.outdateTime();
    }),
    accounts.onDidChangeHosts(tellHosts),
    showTokenFaults(inventory, fleets),
    workspaceProjects.onDidReadRemotes((read) => {
      const offer = async (): Promise<void> => {
        const [{ offerRemotes }, { choose }] = await Promise.all([
          import('./features/hosts/remoteNotice'),
          import('./editor/ask'),
        ]);
        const lookAgain = (host: HostUrl) => workspaceProjects.load(host);
        await offerRemotes(read, { accounts, memory: globalState, dialogs: { notify, choose }, tell, lookAgain });
      };
      void offer();
    }),
    expiryNotice({
      accounts,
      inventory,
      memory: globalState,
      dialogs: { notify },
      replaceToken: (host) => vscode.commands.executeCommand(commands.replaceToken, { type: 'host', host }),
    }),
    leftTokens,
    registerCommands(
      async () => {
        const { allCommands } = await import('./commands');
        const shown = { tree, agents, warnings, documents, texts, diagnoses, journal, recording };
        return allCommands({
          accounts,
          inventory,
          fleets,
          finder,
          resolver,
          roles,
          ...shown,
          memory: globalState,
          trust,
          openAgent,
          extension: extension.id,
          version,
          issues: own?.bugs?.url,
          log,
          extensionUri,
          own: (part) => subscriptions.push(part),
        });
      },
      log,
      tell,
      async (given) => {
        // The title of a cluster's document gives its address.
        if (!(given instanceof vscode.Uri)) return given;
        const { clusterOfDocument } = await import('./features/details/clusterOfDocument');
        const cluster = await clusterOfDocument(given, inventory);
        return cluster ? { type: 'cluster', cluster } : given;
      },
    ),
  );
  // Nobody waits for that.
  void leftTokens.get();
}
