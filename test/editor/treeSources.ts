import { FleetFinder } from '../../src/core/arrange/fleetFinder';
import type { FleetStorage } from '../../src/core/inventory/fleetMemory';
import { Fleets } from '../../src/core/inventory/fleets';
import { DiagnosisResults } from '../../src/core/diagnosis/results';
import { Emitter } from '../../src/core/time/event';
import type { Host, HostUrl } from '../../src/core/model/host';
import { HostAccounts } from '../../src/core/accounts/hostAccounts';
import type { Connect } from '../../src/core/accounts/hostAccounts';
import type { Inventory } from '../../src/core/inventory/inventory';
import type { TreeSources } from '../../src/features/tree/treeKnowledge';
import { TreeLoading } from '../../src/features/tree/treeLoading';
import { WorkspaceProjects } from '../../src/core/accounts/workspaceProjects';

/** One host with an administrator's token, which nobody changes. */
export function fixedAccounts(host: Host, connect: Connect): HostAccounts {
  return new HostAccounts(
    {
      read: () => ({ hosts: [host], problems: [] }),
      put: () => Promise.resolve(),
      remove: () => Promise.resolve(),
      onDidChange: new Emitter<void>().event,
    },
    {
      get: () => Promise.resolve('demo-admin-token'),
      set: () => Promise.resolve(),
      delete: () => Promise.resolve(),
      onDidChange: new Emitter<HostUrl>().event,
    },
    connect,
  );
}

const forgetful: FleetStorage = {
  read: () => Promise.resolve(undefined),
  write: () => Promise.resolve(),
  delete: () => Promise.resolve(),
};

/** What the tree is made from, with no open folder, and nothing remembered unless in `storage`. */
export function treeSources(
  accounts: HostAccounts,
  inventory: Inventory,
  storage: FleetStorage = forgetful,
): TreeSources & { readonly loading: TreeLoading; dispose(): void } {
  const nothing = { read: () => Promise.resolve([]), onDidChange: new Emitter<void>().event };
  const fleets = new Fleets({ accounts, inventory, storage, slots: () => 8 });
  const choices = { get: () => undefined, update: () => undefined };
  const { onDidChangeHosts } = accounts;
  const finder = new FleetFinder({ hosts: () => accounts.hosts, onDidChangeHosts, fleets, choices });
  const workspace = new WorkspaceProjects(accounts, nothing);
  const diagnoses = new DiagnosisResults();
  const sources = { accounts, inventory, workspace, fleets, finder, diagnoses };
  const loading = new TreeLoading(sources);
  return {
    ...sources,
    loading,
    dispose() {
      loading.dispose();
      diagnoses.dispose();
      finder.dispose();
      fleets.dispose();
      workspace.dispose();
    },
  };
}
