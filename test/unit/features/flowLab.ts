import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FleetFinder } from '../../../src/core/arrange/fleetFinder';
import { HostTrust } from '../../../src/core/accounts/hostTrust';
import { Fleets } from '../../../src/core/inventory/fleets';
import { Inventory } from '../../../src/core/inventory/inventory';
import { Journal } from '../../../src/core/journal/journal';
import { journalFiles } from '../../../src/core/journal/journalFiles';
import type { NotedChange } from '../../../src/core/journal/history';
import type { Recording } from '../../../src/core/journal/recording';
import type { ClusterTreeNode } from '../../../src/editor/clusterNodes';
import { ownerKey } from '../../../src/core/model/cluster';
import type { Cluster } from '../../../src/core/model/cluster';
import type { Host } from '../../../src/core/model/host';
import { agentOpener } from '../../../src/core/net/agents';
import { hostFetches } from '../../../src/core/net/hostFetch';
import { Pickers } from '../../../src/editor/pickers';
import { bulkCommands } from '../../../src/features/bulk/bulkCommands';
import type { EffectsOf } from '../../../src/editor/askWithEffects';
import { commands } from '../../../src/contributions';
import { AgentRows } from '../../../src/features/tree/agentRows';
import { agentCommands } from '../../../src/features/agents/agentCommands';
import type { ClusterOwner } from '../../../src/core/model/cluster';
import type { ClusterDraft } from '../../../src/core/model/clusterDraft';
import { Resolver } from '../../../src/core/resolver/resolver';
import { unsearchedInWords } from '../../../src/core/inventory/unsearched';
import { DiagnosisResults } from '../../../src/core/diagnosis/results';
import { listWarnings } from '../../../src/core/resolver/listWarnings';
import { unsearchedNow } from '../../../src/editor/searchFirst';
import { arrangeCommands } from '../../../src/features/arrange/arrangeCommands';
import { connectionCommands } from '../../../src/features/connection/connectionCommands';
import { formCommands } from '../../../src/features/form/formCommands';
import type { Showing } from '../../../src/features/details/clusterDocument';
import { detailsCommands } from '../../../src/features/details/detailsCommands';
import { doctorCommands } from '../../../src/features/doctor/doctorCommands';
import type { ReportDocuments } from '../../../src/features/doctor/doctorSources';
import { findCommands } from '../../../src/features/find/findCommands';
import { exportCommands } from '../../../src/features/export/exportCommands';
import { historyCommands } from '../../../src/features/history/historyCommands';
import { resolverCommands } from '../../../src/features/resolver/resolverCommands';
import { hostCommands } from '../../../src/features/hosts/hostCommands';
import { watchCommands } from '../../../src/features/hosts/watchCommands';
import { startGitLab } from '../../gitlab/server';
import type { GitLab, GitLabOptions } from '../../gitlab/server';
import type { ClusterRecord } from '../../gitlab/world';
import { Accounts, host } from '../core/accounts/accounts';
import { connect } from '../core/gitlab/connection';
import { ScriptedDialogs } from '../editor/scriptedDialogs';

/** The commands of features over the real core and a real server, with scripted dialogs and without an editor. */
export interface FlowLab {
  readonly gitlab: GitLab;
  readonly dialogs: ScriptedDialogs;
  readonly accounts: Accounts;
  readonly inventory: Inventory;
  readonly fleets: Fleets;
  readonly finder: FleetFinder;
  /** Hosts whose certificate was shown, and not trusted. */
  readonly untrusted: readonly string[];
  readonly journal: Journal;
  readonly agents: AgentRows;
  /** Where the journal is. */
  readonly folder: string;
  /** Blank forms for a new cluster that were opened. */
  readonly blankForms: BlankForm[];
  /** Forms for a new cluster that were opened, filled in. */
  readonly forms: OpenedForm[];
  /** Changes that were shown. */
  readonly shown: NotedChange[];
  readonly resolver: Resolver;
  /** Commands that were run on a row, with its cluster's name. */
  readonly ran: string[];
  /** What was offered to be undone at the end of something, and was. */
  readonly undone: Promise<unknown>[];
  /** Commands that messages offered and that were chosen, with the name of the host they are about. */
  readonly runs: readonly (readonly [command: string, host: string | undefined])[];
  /** What is read of the files that are chosen, one after the other. */
  readonly importing: ({ readonly text: string } | { readonly problem: string })[];
  /** Reports of diagnoses by title, the newest of each. */
  readonly reports: Map<string, { text: string; readonly isSortable: boolean }>;
  /** How documents of clusters were shown: with the focus, pinned. */
  readonly showings: readonly (Showing | undefined)[];
  /** Results of diagnoses, with the addresses that were agreed to. */
  readonly diagnoses: DiagnosisResults;
  /** Names of clusters whose document or row was shown. */
  readonly visited: readonly string[];
  readonly commands: ReturnType<typeof commandsOf>;
  /** The host, as it is in the settings. */
  readonly host: Host;
  /** Watches these projects and groups, and reads who the token is and their clusters. */
  read(): Promise<void>;
  /** Finds all clusters of the host. */
  findAll(): Promise<void>;
  /** The row of a cluster that was read. */
  row(name: string): ClusterTreeNode;
  /** What GitLab has of a cluster; undefined once it is deleted. */
  record(name: string): ClusterRecord | undefined;
  /** Methods and paths of what was asked, the host's own questions left out. */
  asked(): readonly string[];
}

export interface FlowLabOptions extends GitLabOptions {
  /** Without one, the host is not in the settings yet. */
  readonly token?: string;
  readonly projects?: Host['projects'];
  readonly groups?: Host['groups'];
  /** Where issues are reported. */
  readonly issues?: string;
  /** What a question says of environments; nothing by default. */
  readonly effects?: EffectsOf;
  /** Whether the role at an owner is enough to change clusters, as GitLab says when it is asked; not known by default. */
  readonly mayChange?: (owner: ClusterOwner) => Promise<boolean | undefined>;
}

export interface OpenedForm {
  readonly owner: ClusterOwner;
  readonly draft: ClusterDraft;
}

/** A blank form for a new cluster. */
interface BlankForm {
  readonly owner: ClusterOwner;
  /** What is offered of a cluster. */
  readonly text: string | undefined;
}

interface Parts {
  readonly accounts: Accounts;
  readonly inventory: Inventory;
  readonly fleets: Fleets;
  readonly finder: FleetFinder;
  readonly dialogs: ScriptedDialogs;
  readonly untrusted: string[];
  readonly effects: EffectsOf;
  readonly journal: Journal;
  readonly agents: AgentRows;
  readonly blankForms: BlankForm[];
  readonly forms: OpenedForm[];
  readonly shown: NotedChange[];
  readonly undone: Promise<unknown>[];
  readonly resolver: Resolver;
  readonly ran: string[];
  readonly visited: string[];
  readonly reports: FlowLab['reports'];
  readonly showings: (Showing | undefined)[];
  readonly diagnoses: DiagnosisResults;
  readonly importing: FlowLab['importing'];
  readonly issues: string | undefined;
  readonly runs: (readonly [command: string, host: string | undefined])[];
  readonly mayChange: NonNullable<FlowLabOptions['mayChange']>;
}

function commandsOf({
  accounts: { accounts },
  inventory,
  fleets,
  finder,
  dialogs,
  journal,
  agents,
  forms,
  blankForms,
  shown,
  undone,
  untrusted,
  visited,
  runs,
  mayChange,
  effects,
  resolver,
  ran,
  reports,
  showings,
  diagnoses,
  importing,
  issues,
}: Parts) {
  const ownersOf = ({ projects, groups }: Host) => [
    ...groups.map((group) => ({ level: 'group', ...group }) as const),
    ...projects.map((project) => ({ level: 'project', ...project }) as const),
  ];
  const tree = { ownersOf };
  const run = (command: string, row?: { readonly host: Host }) => runs.push([command, row?.host.name]);
  const pickers = new Pickers(accounts, inventory, finder, tree, dialogs, run);
  const trust = new HostTrust(accounts);
  const openAgent = agentOpener(() => undefined);
  const versions = 'GitLab Clusters 0.1.0, VS Code 1.100.0 (linux)';
  const showCertificate = ({ url }: { readonly url: string }): Promise<boolean> => {
    untrusted.push(url);
    return Promise.resolve(false);
  };
  // Unless a test says otherwise nobody is known to have too low a role: then GitLab decides.
  const asked = new Map<string, boolean | undefined>();
  const keyOf = (url: string, owner: ClusterOwner): string => `${url}|${ownerKey(owner)}`;
  const roles = {
    mayChange: (url: string, owner: ClusterOwner) => asked.get(keyOf(url, owner)),
    ask: async (url: string, owner: ClusterOwner) => {
      asked.set(keyOf(url, owner), await mayChange(owner));
      return asked.get(keyOf(url, owner));
    },
  };
  const recording: Recording = {
    isOn: () => true,
    problem: async (hosts) => (await Promise.all(hosts.map((one) => journal.problem(one)))).find((one) => one),
    undo: (change) => {
      const done = history[commands.undoChange](change);
      undone.push(done);
      return done;
    },
  };
  const sources = { accounts, inventory, dialogs, pickers, recording };
  const exporting = exportCommands({ accounts, inventory, fleets, finder, pickers, dialogs });
  const reportDocuments: ReportDocuments = {
    show: (title, text, isSortable) => {
      reports.set(title, { text, isSortable });
      return Promise.resolve({ uri: title, replace: (next) => void reports.set(title, { text: next, isSortable }) });
    },
    addressOf: (value) => (typeof value === 'string' ? value : undefined),
  };
  const nodeCluster = (value: unknown) => {
    const node = pickers.node(value);
    return Promise.resolve(node?.type === 'cluster' ? node.cluster : undefined);
  };
  const bulk = bulkCommands({ ...sources, fleets, finder, roles, effects });
  const history = historyCommands({
    ...sources,
    run,
    journal,
    openAddForm: (_host, owner, draft) => Promise.resolve(void forms.push({ owner, draft })),
    deleteClusters: bulk.deleteClusters,
    runPlan: bulk.runPlan,
    knowledge: bulk.knowledge,
    effects,
    show: (change) => Promise.resolve(void shown.push(change)),
    changeOfAddress: () => undefined,
  });
  return {
    ...bulk.table,
    ...history,
    ...resolverCommands({
      ...sources,
      resolver,
      run: (command, row) =>
        row?.type === 'cluster' ? void ran.push(`${command} ${row.cluster.name}`) : run(command, row),
    }),
    ...exporting,
    ...findCommands({
      accounts,
      inventory,
      fleets,
      finder,
      pickers,
      dialogs,
      run,
      documents: { show: (cluster) => Promise.resolve(void visited.push(cluster.name)) },
      tree: {
        show: (cluster) => Promise.resolve(void visited.push(`row of ${cluster.name}`)),
        showFleet: (one) => Promise.resolve(void visited.push(`all of ${one.name}`)),
      },
      exportFound: (row) => exporting[commands.exportClusters](row, undefined),
    }),
    ...arrangeCommands(fleets, finder, pickers, dialogs, () =>
      unsearchedInWords(unsearchedNow({ accounts, inventory, fleets }), accounts.hosts.length),
    ),
    ...formCommands({
      ...{ accounts, pickers, roles, dialogs },
      forms: {
        get: () =>
          Promise.resolve({
            add: (_host, owner, text) => void blankForms.push({ owner, text }),
            edit: (cluster) => Promise.resolve(void visited.push(`form of ${cluster.name}`)),
          }),
      },
      files: {
        isFile: () => false,
        read: () => Promise.resolve(undefined),
        choose: () => Promise.resolve(importing.shift()),
      },
    }),
    ...connectionCommands({
      ...{ accounts, inventory, pickers, trust, showCertificate, dialogs, openAgent, issues, versions },
    }),
    ...detailsCommands({
      pickers,
      dialogs,
      selectRow: () => runs.push(['list.select', undefined]),
      documents: {
        show: (cluster, how) => {
          showings.push(how);
          return Promise.resolve(void visited.push(cluster.name));
        },
        refresh: (cluster) => Promise.resolve(void visited.push(`${cluster.name} anew`)),
      },
    }),
    ...doctorCommands({
      ...sources,
      fleets,
      finder,
      openAgent,
      results: diagnoses,
      clusterOf: nodeCluster,
      warnedOf: () =>
        listWarnings(resolver, accounts.hosts[0]?.url ?? assert.fail(), new Date()).warnings.map(
          ({ remedy }) => remedy.cluster,
        ),
      documents: reportDocuments,
      deadline: () => 5000,
      versions,
    }),
    ...agentCommands({ ...sources, finder, journal, agents: agents.agents }),
    ...hostCommands({
      accounts,
      pickers,
      trust,
      showCertificate,
      dialogs,
      run,
    }),
    ...watchCommands(accounts, inventory, pickers, dialogs, {
      showOwner: ({ owner }) =>
        Promise.resolve(void visited.push(`row of ${owner.level === 'instance' ? '' : owner.path}`)),
    }),
  };
}

/** Serves a GitLab around each test of the suite, and gives what makes a lab of it with one host in the settings. */
export function flowLabs(): (options: FlowLabOptions) => Promise<FlowLab> {
  const ends: (() => unknown)[] = [];
  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end();
  });
  return async ({
    token,
    projects = [],
    groups = [],
    effects = () => Promise.resolve([]),
    mayChange = () => Promise.resolve(undefined),
    issues,
    ...options
  }) => {
    const gitlab = await startGitLab(options);
    const dialogs = new ScriptedDialogs();
    const fetches = hostFetches({ ownCa: () => ({}), openAgent: agentOpener(() => undefined) });
    const accounts = new Accounts((url, secret) => connect({ url }, secret, { fetch: fetches.of(url) }));
    const listed = host(gitlab.url, { name: 'Example GitLab', projects, groups });
    if (token !== undefined) await accounts.accounts.add(listed, token);
    const folder = await mkdtemp(join(tmpdir(), 'flow-'));
    const journal = new Journal({ storage: journalFiles(folder), isOn: () => true });
    const inventory = new Inventory(accounts.accounts, { journal });
    const agents = new AgentRows({ accounts: accounts.accounts, inventory });
    const storage = {
      read: () => Promise.resolve(undefined),
      write: () => Promise.resolve(),
      delete: () => Promise.resolve(),
    };
    const fleets = new Fleets({ accounts: accounts.accounts, inventory, storage, slots: () => 8 });
    const resolver = new Resolver({ accounts: accounts.accounts, inventory, fleets });
    const choices = new Map<string, unknown>();
    const finder = new FleetFinder({
      hosts: () => accounts.accounts.hosts,
      onDidChangeHosts: accounts.accounts.onDidChangeHosts,
      fleets,
      choices: {
        get: (key) => choices.get(key),
        update: (key, value) => Promise.resolve(void choices.set(key, value)),
      },
    });
    ends.push(
      () => rm(folder, { recursive: true, force: true }),
      () => gitlab.close(),
      () => accounts.accounts.dispose(),
      () => agents.dispose(),
      () => inventory.dispose(),
      () => resolver.dispose(),
      () => fleets.dispose(),
      () => finder.dispose(),
    );
    const lists = {
      blankForms: new Array<BlankForm>(),
      forms: new Array<OpenedForm>(),
      shown: new Array<NotedChange>(),
      undone: new Array<Promise<unknown>>(),
      ran: new Array<string>(),
      reports: new Map<string, { text: string; readonly isSortable: boolean }>(),
      showings: new Array<Showing | undefined>(),
      diagnoses: new DiagnosisResults(),
      visited: new Array<string>(),
      runs: new Array<readonly [string, string | undefined]>(),
      mayChange,
      issues,
      importing: new Array<{ readonly text: string } | { readonly problem: string }>(),
    };
    ends.push(() => lists.diagnoses.dispose());
    const parts = {
      accounts,
      inventory,
      fleets,
      finder,
      dialogs,
      journal,
      agents,
      resolver,
      ...lists,
      effects,
      untrusted: [],
    };
    const clusters = (): readonly Cluster[] =>
      accounts.accounts.hosts.flatMap(({ url }) => inventory.fleet(url).clusters);
    return {
      ...parts,
      folder,
      gitlab,
      host: listed,
      commands: commandsOf(parts),
      read: async () => {
        await inventory.loadHost(listed.url);
        for (const { id, path } of groups) await inventory.load(listed.url, { level: 'group', id, path });
        for (const { id, path } of projects) await inventory.load(listed.url, { level: 'project', id, path });
        gitlab.clearRequests();
      },
      findAll: async () => {
        await fleets.crawl(listed.url);
        gitlab.clearRequests();
      },
      row: (name) => {
        const cluster = clusters().find((one) => one.name === name);
        assert.ok(cluster, `no cluster ${name} was read`);
        return { type: 'cluster', cluster };
      },
      record: (name) => gitlab.world.clusters.find((one) => one.name === name),
      asked: () => gitlab.requests.map(({ method, path }) => `${method} ${path.replace(/^.*\/api\/v4/, '')}`),
    };
  };
}
