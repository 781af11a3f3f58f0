import type { LogOutputChannel } from 'vscode';
import { commands } from '../contributions';
import type { ClusterDocuments } from '../documents/clusterDocument';
import type { FleetFinder } from '../fleet/fleetFinder';
import type { Fleets } from '../fleet/fleets';
import type { ClusterForms } from '../forms/clusterFormPanel';
import type { HostAccounts } from '../model/hostAccounts';
import type { Inventory } from '../model/inventory';
import type { LazyPart } from '../model/lazyPart';
import type { OpenAgent } from '../net/agents';
import type { ShowCertificate } from '../net/certificateDialog';
import type { HostTrust } from '../net/hostTrust';
import type { TextDocuments } from '../net/textDocuments';
import type { ClusterTree } from '../tree/clusterTree';
import { clusterCommands } from './clusterCommands';
import type { CommandTable } from './commandTable';
import { findCommands } from './findCommands';
import { fleetCommands } from './fleetCommands';
import { hostCommands } from './hostCommands';
import { Pickers } from './pickers';
import { viewCommands } from './viewCommands';
import { watchCommands } from './watchCommands';

export interface CommandSources {
  readonly accounts: HostAccounts;
  readonly inventory: Inventory;
  readonly fleets: Fleets;
  readonly finder: FleetFinder;
  readonly tree: ClusterTree;
  readonly forms: LazyPart<ClusterForms>;
  readonly documents: ClusterDocuments;
  readonly texts: TextDocuments;
  readonly trust: HostTrust;
  readonly openAgent: OpenAgent;
  /** The extension's own version. */
  readonly version: string;
  readonly log: LogOutputChannel;
}

/** What every command does. Loaded with the first command; what few need, and is large, when it is needed. */
export function allCommands(sources: CommandSources): Required<CommandTable> {
  const { accounts, inventory, fleets, finder, tree, forms, documents, texts, trust, openAgent, log } = sources;
  const pickers = new Pickers(accounts, inventory, finder, tree);
  const showCertificate: ShowCertificate = async (host) => {
    const { CertificateDialog } = await import('../net/certificateDialog');
    return new CertificateDialog(openAgent, trust, texts).show(host);
  };
  const connection = async () => {
    const { connectionCommands } = await import('../net/connectionCommands');
    return connectionCommands({ ...sources, pickers, showCertificate, documents: texts });
  };
  const bulk = async () => (await import('./bulkCommands')).bulkCommands({ ...sources, pickers });
  return {
    ...hostCommands(accounts, pickers, trust, showCertificate),
    [commands.showCertificate]: async (node) => (await connection())[commands.showCertificate](node),
    [commands.chooseCaCertificate]: async (node) => (await connection())[commands.chooseCaCertificate](node),
    [commands.testHost]: async (node) => (await connection())[commands.testHost](node),
    ...watchCommands(accounts, inventory, pickers),
    ...clusterCommands(accounts, inventory, forms, documents, pickers, texts),
    [commands.changeClusters]: async (node, selected) => (await bulk())[commands.changeClusters](node, selected),
    ...viewCommands(accounts, inventory, tree, pickers, log, fleets, finder),
    ...fleetCommands(fleets, finder, pickers),
    ...findCommands({ accounts, fleets, finder, documents, pickers, tree }),
  };
}
