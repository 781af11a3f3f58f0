import * as vscode from 'vscode';
import { commands } from './contributions';
import type { CommandId } from './contributions';
import type { ClusterDocuments } from './features/details/clusterDocument';
import type { DiagnosisResults } from './core/diagnosis/results';
import type { FleetFinder } from './core/arrange/fleetFinder';
import type { Fleets } from './core/inventory/fleets';
import type { HostAccounts } from './core/accounts/hostAccounts';
import type { Inventory } from './core/inventory/inventory';
import type { Cluster } from './core/model/cluster';
import type { Host, HostUrl } from './core/model/host';
import type { Disposable } from './core/time/event';
import { LazyPart } from './core/time/lazyPart';
import type { NoteMemory } from './core/migration/migrationNotes';
import type { OpenAgent } from './core/net/agents';
import type { ShowCertificate } from './editor/showCertificate';
import type { Resolver } from './core/resolver/resolver';
import type { Journal } from './core/journal/journal';
import type { Recording } from './core/journal/recording';
import type { HostTrust } from './core/accounts/hostTrust';
import type { TextDocuments } from './editor/textDocuments';
import type { AgentRows } from './features/tree/agentRows';
import type { WarningRows } from './features/tree/warningRows';
import type { ClusterTree } from './features/tree/clusterTree';
import { arrangeCommands } from './features/arrange/arrangeCommands';
import type { ShownDocuments } from './features/details/detailsCommands';
import { detailsCommands } from './features/details/detailsCommands';
import type { EffectsOf } from './editor/askWithEffects';
import { clusterOfDocument } from './features/details/clusterOfDocument';
import type { editorMigration } from './features/migration/editorMigration';
import { exportCommands } from './features/export/exportCommands';
import { formCommands } from './features/form/formCommands';
import type { CommandTable } from './editor/commandTable';
import { findCommands } from './features/find/findCommands';
import { hostCommands } from './features/hosts/hostCommands';
import type { OwnerRoles } from './core/inventory/ownerRoles';
import { Pickers } from './editor/pickers';
import { unsearchedInWords } from './core/inventory/unsearched';
import { unsearchedNow } from './editor/searchFirst';
import { editorDialogs } from './editor/vscodeDialogs';
import { importFiles } from './editor/importFile';
import { keyCommands } from './features/tree/keyCommands';
import { viewCommands } from './features/tree/viewCommands';
import { watchCommands } from './features/hosts/watchCommands';

interface CommandSources {
  readonly accounts: HostAccounts;
  readonly inventory: Inventory;
  readonly fleets: Fleets;
  readonly finder: FleetFinder;
  readonly resolver: LazyPart<Resolver>;
  readonly roles: OwnerRoles;
  readonly tree: ClusterTree;
  readonly agents: LazyPart<AgentRows>;
  readonly warnings: LazyPart<WarningRows>;
  readonly documents: LazyPart<ClusterDocuments>;
  readonly texts: TextDocuments;
  readonly diagnoses: DiagnosisResults;
  readonly journal: LazyPart<Journal>;
  readonly recording: Recording;
  readonly trust: HostTrust;
  readonly openAgent: OpenAgent;
  /** What the editor keeps on this computer. */
  readonly memory: NoteMemory;
  /** The extension's own id, as settings are searched by. */
  readonly extension: string;
  /** The extension's own version. */
  readonly version: string;
  /** Where issues are reported; undefined where the package names no place. */
  readonly issues: string | undefined;
  readonly log: vscode.LogOutputChannel;
  readonly extensionUri: vscode.Uri;
  /** Disposes a part with the extension. */
  readonly own: (part: Disposable) => void;
}

/** What every command does. Loaded with the first command; what few need, and is large, when it is needed. */
export function allCommands(sources: CommandSources): Required<CommandTable> {
  const { accounts, inventory, fleets, finder, roles, tree, documents, texts, trust, openAgent, log } = sources;
  const windows = editorDialogs(texts);
  const { dialogs, reviews } = windows;
  const run = (command: CommandId, ...rows: readonly unknown[]) => vscode.commands.executeCommand(command, ...rows);
  const pickers = new Pickers(accounts, inventory, finder, tree, dialogs, run);
  const showCertificate: ShowCertificate = async (host) => {
    const { CertificateDialog } = await import('./features/connection/certificateDialog');
    return new CertificateDialog(openAgent, trust, dialogs).show(host);
  };
  const forms = new LazyPart(async () => {
    const [{ ClusterForms }, { typedDiagnoses }, { editorDoctor }] = await Promise.all([
      import('./features/form/clusterFormPanel'),
      import('./features/doctor/typedDiagnoses'),
      import('./features/doctor/editorDoctor'),
    ]);
    const doctor = { ...sources, ...editorDoctor(texts, sources.version), dialogs, results: sources.diagnoses };
    const connectionAt = (host: Host, edited: Cluster | undefined) => typedDiagnoses(host, edited, doctor);
    const made = new ClusterForms({ ...sources, dialogs, connectionAt, run });
    made.onDidSave((cluster) => void tree.show(cluster));
    return made;
  });
  sources.own(windows);
  sources.own(forms);
  const selectRow = () => vscode.commands.executeCommand('list.select');
  const showDocument: ShownDocuments = {
    show: async (cluster, how) => (await documents.get()).show(cluster, how),
    refresh: async (cluster) => (await documents.get()).refresh(cluster),
  };
  const exporting = exportCommands({ ...sources, pickers, dialogs });
  const connection = async () => {
    const { connectionCommands } = await import('./features/connection/connectionCommands');
    const versions = `GitLab Clusters ${sources.version}, VS Code ${vscode.version} (${process.platform})`;
    return connectionCommands({ ...sources, pickers, showCertificate, dialogs, versions });
  };
  const effects: EffectsOf = async (changes, signal) => {
    const [resolver, { checkWhatIf }, { whatIfLines }] = await Promise.all([
      sources.resolver.get(),
      import('./core/resolver/whatIfCheck'),
      import('./core/resolver/whatIfInWords'),
    ]);
    return whatIfLines(await checkWhatIf(resolver, changes, signal));
  };
  const doctor = async () => {
    const { doctorCommands } = await import('./features/doctor/doctorCommands');
    const clusterOf = (value: unknown) => clusterOfDocument(value, inventory);
    const { editorDoctor } = await import('./features/doctor/editorDoctor');
    const editor = editorDoctor(texts, sources.version);
    const warnedOf = (host: HostUrl) => sources.warnings.current?.clustersOf(host) ?? [];
    return doctorCommands({ ...sources, ...editor, warnedOf, pickers, dialogs, results: sources.diagnoses, clusterOf });
  };
  const bulk = async () =>
    (await import('./features/bulk/bulkCommands')).bulkCommands({ ...sources, pickers, dialogs, effects });
  type BulkId = keyof Awaited<ReturnType<typeof bulk>>['table'];
  const inBulk = (id: BulkId) => async (node: unknown, selected: unknown) => (await bulk()).table[id](node, selected);
  const resolving = async () => {
    const { resolverCommands } = await import('./features/resolver/resolverCommands');
    return resolverCommands({ ...sources, resolver: await sources.resolver.get(), pickers, dialogs, run });
  };
  const onAgents = async () => {
    const [{ agentCommands }, rows, journal] = await Promise.all([
      import('./features/agents/agentCommands'),
      sources.agents.get(),
      sources.journal.get(),
    ]);
    return agentCommands({ ...sources, pickers, dialogs, journal, agents: rows.agents });
  };
  // Made once: it knows the plans that are shown.
  let made: ReturnType<typeof editorMigration> | undefined;
  const migration = async () => {
    const [part, { runPlan, knowledge }] = await Promise.all([import('./features/migration/editorMigration'), bulk()]);
    return (made ??= part.editorMigration({
      ...sources,
      resolver: await sources.resolver.get(),
      journal: await sources.journal.get(),
      pickers,
      dialogs,
      runPlan,
      knowledge,
      stages: (await sources.warnings.get()).stages,
    }));
  };
  const history = async () => {
    const [{ historyCommands }, { changeOfAddress, showChange }] = await Promise.all([
      import('./features/history/historyCommands'),
      import('./features/history/changeDocuments'),
    ]);
    const { runPlan, deleteClusters, knowledge } = await bulk();
    return historyCommands({
      ...sources,
      pickers,
      dialogs,
      run,
      journal: await sources.journal.get(),
      openAddForm: async (host, owner, draft) => (await forms.get()).addAgain(host, owner, draft),
      deleteClusters,
      runPlan,
      knowledge,
      effects,
      show: showChange,
      changeOfAddress,
    });
  };
  return {
    ...hostCommands({ accounts, pickers, trust, showCertificate, dialogs, run }),
    [commands.showCertificate]: async (node) => (await connection())[commands.showCertificate](node),
    [commands.chooseCaCertificate]: async (node) => (await connection())[commands.chooseCaCertificate](node),
    [commands.reportIssue]: async (node) => (await connection())[commands.reportIssue](node),
    [commands.showIntegrationHelp]: async () => (await connection())[commands.showIntegrationHelp](),
    [commands.testHost]: async (node) => (await connection())[commands.testHost](node),
    ...watchCommands(accounts, inventory, pickers, dialogs, tree),
    ...formCommands({ accounts, forms, pickers, roles, dialogs, files: importFiles }),
    ...detailsCommands({ documents: showDocument, pickers, dialogs, selectRow }),
    [commands.resolveEnvironment]: async (node) => (await resolving())[commands.resolveEnvironment](node),
    [commands.checkScopes]: async (node) => (await resolving())[commands.checkScopes](node),
    [commands.showServed]: async (node) => (await resolving())[commands.showServed](node),
    [commands.diagnoseCluster]: async (node) => (await doctor())[commands.diagnoseClusters](node, undefined),
    [commands.diagnoseClusters]: async (node, selected) => (await doctor())[commands.diagnoseClusters](node, selected),
    [commands.diagnoseWithToken]: async (node) => (await doctor())[commands.diagnoseWithToken](node),
    [commands.sortDiagnoses]: async (uri) => (await doctor())[commands.sortDiagnoses](uri),
    [commands.applyPlan]: (uri) => reviews.answer(uri, true),
    [commands.cancelPlan]: (uri) => reviews.answer(uri, false),
    [commands.deleteCluster]: inBulk(commands.deleteCluster),
    [commands.deleteClusters]: inBulk(commands.deleteClusters),
    [commands.changeCluster]: inBulk(commands.changeCluster),
    [commands.changeClusters]: inBulk(commands.changeClusters),
    [commands.enableCluster]: inBulk(commands.enableCluster),
    [commands.enableClusters]: inBulk(commands.enableClusters),
    [commands.disableCluster]: inBulk(commands.disableCluster),
    [commands.disableClusters]: inBulk(commands.disableClusters),
    [commands.addClustersFromList]: async () => (await bulk()).table[commands.addClustersFromList](),
    [commands.refreshAgents]: async (node) => (await onAgents())[commands.refreshAgents](node),
    [commands.findAgents]: async (node) => (await onAgents())[commands.findAgents](node),
    [commands.addAgent]: async (node) => (await onAgents())[commands.addAgent](node),
    [commands.addAgentToken]: async (node) => (await onAgents())[commands.addAgentToken](node),
    [commands.revokeAgentToken]: async (node) => (await onAgents())[commands.revokeAgentToken](node),
    [commands.deleteAgent]: async (node) => (await onAgents())[commands.deleteAgent](node),
    [commands.openAgentConfig]: async (node) => (await onAgents())[commands.openAgentConfig](node),
    [commands.openAgentPage]: async (node) => (await onAgents())[commands.openAgentPage](node),
    [commands.copyContextName]: async (node) => (await onAgents())[commands.copyContextName](node),
    [commands.planMigration]: async (value) => (await migration())[commands.planMigration](value),
    [commands.openCiDiff]: async (value) => (await migration())[commands.openCiDiff](value),
    [commands.openAgentDiff]: async (value) => (await migration())[commands.openAgentDiff](value),
    [commands.createMoveRequest]: async (value) => (await migration())[commands.createMoveRequest](value),
    [commands.createMoveVariables]: async (value) => (await migration())[commands.createMoveVariables](value),
    [commands.copyMovePlan]: async (value) => (await migration())[commands.copyMovePlan](value),
    [commands.switchOffCluster]: async (value) => (await migration())[commands.switchOffCluster](value),
    [commands.switchBackCluster]: async (value) => (await migration())[commands.switchBackCluster](value),
    [commands.showMigrations]: async () => (await migration())[commands.showMigrations](),
    [commands.exportMigrations]: async () => (await migration())[commands.exportMigrations](),
    [commands.editMoveNote]: async (value) => (await migration())[commands.editMoveNote](value),
    ...viewCommands(accounts, inventory, tree, pickers, log, fleets, finder, sources.extension),
    ...keyCommands(tree, dialogs, run),
    ...findCommands({
      ...sources,
      documents: showDocument,
      pickers,
      dialogs,
      run,
      exportFound: (row) => exporting[commands.exportClusters](row, undefined),
    }),
    ...arrangeCommands(fleets, finder, pickers, dialogs, () =>
      unsearchedInWords(unsearchedNow({ accounts, inventory, fleets }), accounts.hosts.length),
    ),
    [commands.showChanges]: async (node) => (await history())[commands.showChanges](node),
    [commands.undoChange]: async (node) => (await history())[commands.undoChange](node),
    [commands.exportChanges]: async (node) => (await history())[commands.exportChanges](node),
    [commands.deleteHistory]: async () => (await history())[commands.deleteHistory](),
    ...exporting,
  };
}
