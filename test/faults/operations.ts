import { readPaste } from '../../src/core/importer/readPaste';
import { ClusterFormController } from '../../src/features/form/clusterFormController';
import type { FormTarget } from '../../src/features/form/formPorts';
import { draftOf } from '../../src/core/model/clusterDraft';
import { isReadable, type Cluster, type ClusterOwner } from '../../src/core/model/cluster';
import type { HostUrl } from '../../src/core/model/host';
import type { Inventory } from '../../src/core/inventory/inventory';
import type { HostAccounts } from '../../src/core/accounts/hostAccounts';
import type { World } from '../gitlab/world';
import { gitlabToken, serviceToken } from './secrets';

export const owner: ClusterOwner = { level: 'project', id: 1, path: 'platform/payments-api' };

/** What an operation has to do with. */
export interface Scene {
  readonly url: HostUrl;
  readonly accounts: HostAccounts;
  readonly inventory: Inventory;
  readonly world: World;
  /** The cluster that is read, edited or deleted, as it was listed before. */
  readonly cluster: Cluster;
}

/** One thing a user does. `run` gives what is shown when it works, and throws what is explained when it does not. */
export interface Operation {
  readonly name: 'list' | 'get' | 'add' | 'edit' | 'edit form' | 'delete' | 'host check';
  readonly writes: boolean;
  readonly run: (scene: Scene) => Promise<string>;
  /** How often GitLab carried it out. */
  readonly done: (scene: Scene) => number;
}

const newDomain = 'new.example.com';
const added = { name: 'added', environmentScope: 'added/*', apiUrl: 'https://added.k8s.example.com', serviceToken };

export const operations: readonly Operation[] = [
  {
    name: 'list',
    writes: false,
    run: async ({ inventory, url, world }) => {
      await inventory.load(url, owner);
      const state = inventory.ownerState(url, owner);
      if (state?.state === 'failed') throw state.error;
      if (state?.state !== 'loaded') throw new Error(`is ${state?.state}`);
      const rows = state.value.length;
      const there = world.clusters.filter((one) => one.owner.level === 'project' && one.owner.id === 1).length;
      if (rows !== there) throw new Error(`shows ${rows} rows for ${there} clusters`);
      const unreadable = state.value.filter((one) => !isReadable(one)).length;
      return unreadable > 0 ? `${rows} rows, ${unreadable} of them “cannot be read”` : `${rows} clusters`;
    },
    done: () => 0,
  },
  {
    name: 'get',
    writes: false,
    run: async ({ inventory, cluster }) => {
      const fresh = await inventory.get(cluster);
      if (fresh.name !== cluster.name) throw new Error(`shows ${fresh.name} for ${cluster.name}`);
      return 'the cluster';
    },
    done: () => 0,
  },
  {
    name: 'add',
    writes: true,
    run: async ({ inventory, url }) => {
      const { name } = await inventory.add(url, owner, added);
      if (name !== added.name) throw new Error(`shows ${name} for ${added.name}`);
      return 'added';
    },
    done: ({ world }) => world.clusters.filter(({ name }) => name === added.name).length,
  },
  {
    name: 'edit',
    writes: true,
    run: async ({ inventory, cluster }) => {
      const fields = { baseDomain: newDomain, serviceToken, namespacePerEnvironment: true };
      const { baseDomain } = await inventory.edit(cluster, fields);
      if (baseDomain !== newDomain) throw new Error(`shows ${baseDomain}`);
      return 'edited';
    },
    done: ({ world, cluster }) =>
      world.clusters.filter(({ id, domain }) => id === cluster.id && domain === newDomain).length,
  },
  {
    name: 'edit form',
    writes: true,
    run: saveInForm,
    done: ({ world, cluster }) =>
      world.clusters.filter(({ id, domain }) => id === cluster.id && domain === newDomain).length,
  },
  {
    name: 'delete',
    writes: true,
    run: ({ inventory, cluster }) => inventory.delete(cluster),
    done: ({ world, cluster }) => (world.clusters.some(({ id }) => id === cluster.id) ? 0 : 1),
  },
  {
    name: 'host check',
    writes: false,
    run: async ({ accounts, url }) => {
      const { user } = await accounts.check(url, gitlabToken);
      if (user.username !== 'root') throw new Error(`shows ${user.username}`);
      return 'connected as root';
    },
    done: () => 0,
  },
];

/** Types a domain and a service token into the form of the cluster, and saves. Throws what the form then explains. */
async function saveInForm({ inventory, cluster }: Scene): Promise<string> {
  let failure: Error | undefined;
  let saved: Cluster | undefined;
  const told = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work;
    } catch (error) {
      failure = error instanceof Error ? error : new Error(String(error));
      throw error;
    }
  };
  const target: FormTarget = { hostName: 'A host', mode: 'edit', cluster };
  const controller = new ClusterFormController(target, {
    post: () => undefined,
    readAgain: (one) => told(inventory.get(one)),
    save: (now, fields, waiting) =>
      told(now.mode === 'edit' ? inventory.edit(now.cluster, fields, waiting) : Promise.reject(new Error('adds'))),
    readEffect: () => Promise.resolve(() => []),
    connection: { diagnose: () => Promise.resolve(undefined), show: () => undefined },
    gitlabVersion: () => undefined,
    siblings: () => [],
    presentOwner: () => Promise.resolve(owner),
    searchProjects: () => Promise.resolve({ projects: [], more: false }),
    readPaste: (text) => Promise.resolve(readPaste(text)),
    readClipboard: () => Promise.resolve(''),
    chooseFile: () => Promise.resolve(undefined),
    showRecipe: () => undefined,
    confirmDiscard: () => Promise.resolve(false),
    close: () => undefined,
    onSaved: (now) => (saved = now),
    strings: undefined,
    log: () => undefined,
  });
  const draft = { ...draftOf(cluster), baseDomain: newDomain, serviceToken };
  await controller.receive({ type: 'submit', draft });
  if (saved?.baseDomain === newDomain) return 'saved';
  throw failure ?? new Error(`shows ${saved?.baseDomain ?? 'nothing'}`);
}
