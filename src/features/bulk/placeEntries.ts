import * as l10n from '@vscode/l10n';
import type { PlacedEntry } from '../../core/changes/addPlan';
import type { GitLabClient } from '../../core/gitlab/client';
import { listClusters } from '../../core/gitlab/clusters';
import { explain } from '../../core/gitlab/explain';
import { GitLabError, toGitLabError } from '../../core/gitlab/errors';
import { projectByPath } from '../../core/gitlab/owners';
import { groupByPath } from '../../core/gitlab/projectLists';
import type { ListEntry } from '../../core/importer/clusterList';
import type { Inventory } from '../../core/inventory/inventory';
import type { OwnerRoles } from '../../core/inventory/ownerRoles';
import { isReadable } from '../../core/model/cluster';
import type { Cluster, ClusterOwner, ManagementProject } from '../../core/model/cluster';
import { parseHostUrl } from '../../core/model/host';
import type { Host, HostUrl } from '../../core/model/host';
import { plain } from '../../core/model/plainText';
import { drain, Queue } from '../../core/time/taskPool';
import type { ReportProgress } from '../../editor/dialogs';

export interface PlaceSources {
  readonly inventory: Inventory;
  readonly roles: Pick<OwnerRoles, 'ask'>;
}

/** An entry of a list with the host it is meant for; undefined where that is not listed here. */
export interface HostedEntry {
  readonly entry: ListEntry;
  readonly host: Host | undefined;
}

/** Places looked for at a time; the host's own limit of requests holds as well. */
const AT_ONCE = 4;

type Place = { readonly owner: ClusterOwner; readonly clusters: readonly Cluster[] } | { readonly problem: string };
type Manager = { readonly project: ManagementProject } | { readonly problem: string };

/** An entry with its owner and management project looked up; its token is asked for elsewhere. */
type Placed = Omit<PlacedEntry, 'serviceToken'>;

/**
 * Looks up each group and project that a list names, once, with the clusters they have and the role there. What cannot be
 * found is a problem of its entries. Undefined where the user cancels.
 */
export async function placeEntries(
  hosted: readonly HostedEntry[],
  sources: PlaceSources,
  { report, signal }: { readonly report: ReportProgress; readonly signal: AbortSignal },
): Promise<{ readonly placed: readonly Placed[]; readonly clusters: readonly Cluster[] } | undefined> {
  const places = new Map<string, Place>();
  const managers = new Map<string, Manager>();
  const tasks = new Queue<() => Promise<void>>();
  const seen = new Set<string>();
  const once = (key: string, work: () => Promise<void>): void => {
    if (!seen.has(key)) tasks.push(work);
    seen.add(key);
  };
  for (const { entry, host } of hosted) {
    if (!host || entry.problem !== undefined) continue;
    const key = placeKey(host.url, entry);
    once(key, async () => void places.set(key, await readPlace(host, entry, sources, signal)));
    const { managementProject: path } = entry;
    if (path === undefined) continue;
    const manager = `${host.url}|${path}`;
    once(manager, async () => void managers.set(manager, await readManager(host, path, sources, signal)));
  }
  let done = 0;
  try {
    await drain({
      lanes: [{ tasks, share: AT_ONCE }],
      slots: AT_ONCE,
      signal,
      run: async (work) => {
        await work();
        done++;
        report(l10n.t('{0} of {1} groups and projects', done, seen.size), 100 / seen.size);
      },
    });
  } catch (error) {
    if (signal.aborted) return undefined;
    throw error;
  }
  const placed = hosted.map(({ entry, host }): Placed => {
    const owner = asListed(entry);
    const nowhere = { entry, owner, managementProject: undefined, gitlabVersion: undefined };
    if (!host) return { ...nowhere, host: unlistedHost(entry, hosted), problem: notListed(entry.host) };
    const place = places.get(placeKey(host.url, entry));
    const manager = managers.get(`${host.url}|${entry.managementProject ?? ''}`);
    const problem =
      place && 'problem' in place ? place.problem : manager && 'problem' in manager ? manager.problem : undefined;
    return {
      entry,
      host: host.url,
      owner: place && 'owner' in place ? place.owner : owner,
      managementProject: manager && 'project' in manager ? manager.project : undefined,
      problem,
      gitlabVersion: sources.inventory.identity(host.url)?.version?.number,
    };
  });
  return { placed, clusters: [...places.values()].flatMap((place) => ('clusters' in place ? place.clusters : [])) };
}

/** One string per host and path that an entry may name. */
function placeKey(host: HostUrl, { level, path }: ListEntry): string {
  return `${host}|${level}/${path ?? ''}`;
}

/** A host that is not listed, as the table names it; nothing is sent for its entries. */
function unlistedHost({ host }: ListEntry, hosted: readonly HostedEntry[]): HostUrl {
  const parsed = parseHostUrl(host ?? '');
  const [first] = hosted.flatMap((one) => one.host ?? []);
  if (parsed.ok) return parsed.url;
  if (!first) throw new GitLabError('noToken');
  return first.url;
}

function notListed(host: string | undefined): string {
  return host === undefined
    ? l10n.t('The list names no host for it.')
    : l10n.t('The host {0} is not listed here. Add it first.', plain(host));
}

function asListed({ level, path = '' }: ListEntry): ClusterOwner {
  return level === 'instance' ? { level } : { level, id: 0, path };
}

async function readPlace(
  host: Host,
  entry: ListEntry,
  { inventory, roles }: PlaceSources,
  signal: AbortSignal,
): Promise<Place> {
  return attempt(async () => {
    await inventory.identify(host.url);
    const client = await inventory.client(host.url);
    const owner = await findOwner(client, entry, signal);
    const [clusters] = await Promise.all([listClusters(client, owner, signal), roles.ask(host.url, owner)]);
    return { owner, clusters: clusters.filter(isReadable) };
  });
}

async function findOwner(
  client: GitLabClient,
  { level, path = '' }: ListEntry,
  signal: AbortSignal,
): Promise<ClusterOwner> {
  switch (level) {
    case 'instance':
      return { level };
    case 'group':
      return { level, id: await groupByPath(client, path, signal), path };
    case 'project': {
      const { id, path: present } = await projectByPath(client, path, signal);
      return { level, id, path: present };
    }
  }
}

function readManager(host: Host, path: string, { inventory }: PlaceSources, signal: AbortSignal): Promise<Manager> {
  return attempt(
    async () => {
      const project = await projectByPath(await inventory.client(host.url), path, signal);
      return { project };
    },
    l10n.t('The management project {0} can’t be found.', plain(path)),
  );
}

/** What concerns one place is told at its entries; a cancelled search ends all of it. */
async function attempt<T>(work: () => Promise<T>, what?: string): Promise<T | { readonly problem: string }> {
  try {
    return await work();
  } catch (thrown) {
    const error = toGitLabError(thrown);
    if (error.kind === 'cancelled') throw error;
    const { sentence } = explain(error);
    return { problem: what === undefined ? sentence : `${what} ${sentence}` };
  }
}
