import * as l10n from '@vscode/l10n';
import { commands } from '../../contributions';
import { DEVELOPER, searchGroups, searchProjects } from '../../core/gitlab/owners';
import type { ClusterOwner } from '../../core/model/cluster';
import type { Host } from '../../core/model/host';
import type { HostAccounts } from '../../core/accounts/hostAccounts';
import type { Inventory } from '../../core/inventory/inventory';
import { watchesOwner, withWatched, withoutWatched } from '../../core/accounts/watching';
import type { CommandTable } from '../../editor/commandTable';
import type { HostOwner, Pickers } from '../../editor/pickers';
import type { Dialogs } from '../../editor/dialogs';

/** Watch and stop watching projects and groups: rows that were found, or what is searched for. */
export function watchCommands(accounts: HostAccounts, inventory: Inventory, pickers: Pickers, dialogs: Dialogs) {
  const search = async (value: unknown, level: 'project' | 'group'): Promise<void> => {
    const title = level === 'project' ? l10n.t('Watch Project') : l10n.t('Watch Group');
    const host = await pickers.host(value, title);
    const owner = host && (await findOwner(host, level, title, inventory, dialogs));
    if (owner) await change([{ host: host.url, owner }], withWatched);
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
      const owners = given.length > 0 ? given : await pickers.watched(node, l10n.t('Stop Watching'));
      await change(owners, withoutWatched);
      for (const { host, owner } of owners) if (owner.level !== 'instance') inventory.forgetOwner(host, owner);
    },
  } satisfies CommandTable;
}

/** A project or group of a host, searched there. */
async function findOwner(
  host: Host,
  level: 'project' | 'group',
  title: string,
  inventory: Inventory,
  dialogs: Dialogs,
): Promise<ClusterOwner | undefined> {
  const client = await inventory.client(host.url);
  const identity = await inventory.identify(host.url).catch(() => undefined);
  const minAccessLevel = identity?.user.isAdmin ? undefined : DEVELOPER;
  const search = level === 'project' ? searchProjects : searchGroups;
  const found = await dialogs.search({
    title: `${title} · ${host.name}`,
    placeholder:
      level === 'project'
        ? l10n.t('Type to search projects by name or path')
        : l10n.t('Type to search groups by name or path'),
    search: (text, page, signal) => search(client, { text, page, minAccessLevel, signal }),
    describe: ({ id, path }) => (watchesOwner(host, { level, id, path }) ? l10n.t('watched already') : undefined),
    nothingFound: l10n.t('Only projects and groups where you are at least Developer can be watched.'),
  });
  return found && { level, id: found.id, path: found.path };
}
