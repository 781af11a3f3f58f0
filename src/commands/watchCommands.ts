import * as vscode from 'vscode';
import { commands } from '../contributions';
import { explain } from '../gitlab/explain';
import { DEVELOPER, searchGroups, searchProjects } from '../gitlab/owners';
import type { FoundOwner, FoundPage } from '../gitlab/owners';
import type { Disposable } from '../model/event';
import type { Host } from '../model/host';
import type { HostAccounts } from '../model/hostAccounts';
import type { Inventory } from '../model/inventory';
import type { CommandTable } from './commandTable';
import type { Pickers } from './pickers';

/** Milliseconds after the last key until GitLab is asked. */
const TYPING_PAUSE = 250;

/** Watch and stop watching projects and groups. */
export function watchCommands(accounts: HostAccounts, inventory: Inventory, pickers: Pickers): CommandTable {
  const watch = async (value: unknown, level: 'project' | 'group'): Promise<void> => {
    const title = level === 'project' ? vscode.l10n.t('Watch Project') : vscode.l10n.t('Watch Group');
    const node = pickers.node(value);
    const host = node?.type === 'owner' ? accounts.find(node.host) : await pickers.host(value, title);
    if (!host) return;
    const key = level === 'project' ? 'projects' : 'groups';
    // A row found in a git remote says which project is meant.
    const named = node?.type === 'owner' && node.owner.level === level ? node.owner : undefined;
    const found = named ?? (await pickOwner(host, level, title, inventory));
    if (!found || host[key].some(({ id }) => id === found.id)) return;
    await accounts.change(host.url, { [key]: [...host[key], { id: found.id, path: found.path }] });
  };
  return {
    [commands.watchProject]: (node: unknown) => watch(node, 'project'),
    [commands.watchGroup]: (node: unknown) => watch(node, 'group'),
    [commands.unwatch]: async (value: unknown) => {
      const picked = await pickers.owner(value, vscode.l10n.t('Stop Watching'), false);
      const host = picked && accounts.find(picked.host);
      if (!host || picked.owner.level === 'instance') return;
      const { id } = picked.owner;
      const key = picked.owner.level === 'project' ? 'projects' : 'groups';
      await accounts.change(host.url, { [key]: host[key].filter((watched) => watched.id !== id) });
      inventory.forgetOwner(host.url, picked.owner);
    },
  };
}

interface FoundItem extends vscode.QuickPickItem {
  readonly found: FoundOwner | 'more' | undefined;
}

/** A quick pick that searches on the server: page by page, a pause after typing, an outdated search cancelled. */
async function pickOwner(
  host: Host,
  level: 'project' | 'group',
  title: string,
  inventory: Inventory,
): Promise<FoundOwner | undefined> {
  const client = await inventory.client(host.url);
  if (inventory.hostState(host.url)?.state !== 'loaded') await inventory.loadHost(host.url);
  const state = inventory.hostState(host.url);
  const minAccessLevel = state?.state === 'loaded' && state.value.user.isAdmin ? undefined : DEVELOPER;
  const search = level === 'project' ? searchProjects : searchGroups;
  const watched = new Set(host[level === 'project' ? 'projects' : 'groups'].map(({ id }) => id));

  const pick = vscode.window.createQuickPick<FoundItem>();
  const subscriptions: Disposable[] = [pick];
  let running = new AbortController();
  let pause: NodeJS.Timeout | undefined;
  let next: number | undefined;

  const read = async (page: number): Promise<void> => {
    running.abort();
    running = new AbortController();
    const { signal } = running;
    pick.busy = true;
    try {
      const found = await search(client, { text: pick.value.trim(), page, minAccessLevel, signal });
      if (signal.aborted) return;
      next = found.next;
      const known = page === 1 ? [] : pick.items.filter(({ found: one }) => one !== 'more');
      pick.keepScrollPosition = page > 1;
      pick.items = [...known, ...toItems(found, watched)];
    } catch (error) {
      if (signal.aborted) return;
      next = undefined;
      const { title: label, sentence } = explain(error);
      pick.items = [{ label: `$(error) ${label}`, detail: sentence, alwaysShow: true, found: undefined }];
    }
    pick.busy = false;
  };

  pick.title = vscode.l10n.t('{0} of {1}', title, host.name);
  pick.placeholder =
    level === 'project'
      ? vscode.l10n.t('Type to search projects by name or path')
      : vscode.l10n.t('Type to search groups by name or path');
  pick.ignoreFocusOut = true;
  return new Promise<FoundOwner | undefined>((resolve) => {
    subscriptions.push(
      pick.onDidChangeValue(() => {
        clearTimeout(pause);
        pick.busy = true;
        pause = setTimeout(() => void read(1), TYPING_PAUSE);
      }),
      pick.onDidAccept(() => {
        const found = pick.selectedItems[0]?.found;
        if (found === 'more') void read(next ?? 1);
        else if (found) {
          resolve(found);
          pick.hide();
        }
      }),
      pick.onDidHide(() => {
        clearTimeout(pause);
        running.abort();
        resolve(undefined);
      }),
    );
    pick.show();
    void read(1);
  }).finally(() => {
    for (const subscription of subscriptions) subscription.dispose();
  });
}

/** GitLab has filtered already, so VS Code must not filter again (it would hide matches in ancestors' names). */
function toItems(page: FoundPage, watched: ReadonlySet<number>): FoundItem[] {
  const items: FoundItem[] = page.items.map((found) => ({
    label: found.path,
    ...(watched.has(found.id) && { description: vscode.l10n.t('watched already') }),
    alwaysShow: true,
    found,
  }));
  if (page.next !== undefined) {
    items.push({ label: vscode.l10n.t('$(ellipsis) Show more'), alwaysShow: true, found: 'more' });
  }
  if (items.length === 0) {
    items.push({
      label: vscode.l10n.t('Nothing found'),
      detail: vscode.l10n.t('Only projects and groups where you are at least Developer can be watched.'),
      alwaysShow: true,
      found: undefined,
    });
  }
  return items;
}
