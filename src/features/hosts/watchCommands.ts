import * as l10n from '@vscode/l10n';
import { commands } from '../../contributions';
import { DEVELOPER } from '../../core/gitlab/owners';
import { searchGroups, searchProjects } from '../../core/gitlab/ownerSearch';
import type { FoundOwner } from '../../core/gitlab/owners';
import type { Host, WatchedOwner } from '../../core/model/host';
import type { HostAccounts } from '../../core/accounts/hostAccounts';
import type { Inventory } from '../../core/inventory/inventory';
import { watchesOwner, withWatched, withoutWatched } from '../../core/accounts/watching';
import type { CommandTable } from '../../editor/commandTable';
import type { HostOwner, Pickers } from '../../editor/pickers';
import type { Dialogs } from '../../editor/dialogs';

/** Watch and stop watching projects and groups: rows that were found, or what is searched for. */
export function watchCommands(
  accounts: HostAccounts,
  inventory: Inventory,
  pickers: Pickers,
  dialogs: Dialogs,
  tree: { showOwner(owner: HostOwner): Promise<void> },
) {
  const search = async (value: unknown, level: 'project' | 'group'): Promise<void> => {
    const title = level === 'project' ? l10n.t('Watch Projects') : l10n.t('Watch Groups');
    const host = await pickers.host(value, title);
    const ticked = host && (await tickOwners(host, level, title, inventory, dialogs));
    if (!ticked) return;
    const isTicked = ({ id }: WatchedOwner): boolean => ticked.some((one) => one.id === id);
    const before = level === 'project' ? host.projects : host.groups;
    const added = ticked.filter(({ id }) => !before.some((one) => one.id === id));
    const atHost = ({ id, path }: WatchedOwner): HostOwner => ({ host: host.url, owner: { level, id, path } });
    await stop(before.filter((one) => !isTicked(one)).map(atHost));
    await change(added.map(atHost), withWatched);
    const [first] = added;
    if (first) await tree.showOwner(atHost(first));
  };
  const stop = async (owners: readonly HostOwner[]): Promise<void> => {
    await change(owners, withoutWatched);
    for (const { host, owner } of owners) if (owner.level !== 'instance') inventory.forgetOwner(host, owner);
  };
  /** One change of the setting per host, since each writes the whole list of its owners. */
  const change = async (owners: readonly HostOwner[], watched: typeof withWatched): Promise<void> => {
    for (const url of new Set(owners.map(({ host }) => host))) {
      const host = accounts.find(url);
      const ofHost = owners.flatMap((one) => (one.host === url ? [one.owner] : []));
      if (host) await accounts.change(url, watched(host, ofHost));
    }
  };
  return {
    [commands.watchProject]: (node: unknown) => search(node, 'project'),
    [commands.watchGroup]: (node: unknown) => search(node, 'group'),
    [commands.watch]: (node: unknown, selected: unknown) => change(pickers.selectedOwners(node, selected), withWatched),
    [commands.unwatch]: async (node: unknown, selected: unknown) => {
      const given = pickers.selectedOwners(node, selected);
      await stop(given.length > 0 ? given : await pickers.watched(node, l10n.t('Stop Watching')));
    },
  } satisfies CommandTable;
}

/** What is to be watched of a host, searched there; what is already watched is ticked. Undefined where it is left. */
async function tickOwners(
  host: Host,
  level: 'project' | 'group',
  title: string,
  inventory: Inventory,
  dialogs: Dialogs,
): Promise<readonly FoundOwner[] | undefined> {
  const client = await inventory.client(host.url);
  const identity = await inventory.identify(host.url).catch(() => undefined);
  const minAccessLevel = identity?.user.isAdmin ? undefined : DEVELOPER;
  const search = level === 'project' ? searchProjects : searchGroups;
  const watched = level === 'project' ? host.projects : host.groups;
  return dialogs.searchMany(
    {
      title: `${title} · ${host.name}`,
      placeholder:
        level === 'project'
          ? l10n.t('Type to search projects by name or path')
          : l10n.t('Type to search groups by name or path'),
      search: (text, page, signal) => search(client, { text, page, minAccessLevel, signal }),
      describe: ({ id, path }) => (watchesOwner(host, { level, id, path }) ? l10n.t('already watched') : undefined),
      nothingFound: l10n.t('Only projects and groups where you are at least Developer can be watched.'),
    },
    watched.map(({ id, path }) => ({ id, path, name: path })),
  );
}
