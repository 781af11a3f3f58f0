import * as l10n from '@vscode/l10n';
import { commands } from '../../contributions';
import { changesOf } from '../../core/journal/history';
import type { History, NotedChange, NotedProjectWrite, NotedWrite } from '../../core/journal/history';
import type { Journal } from '../../core/journal/journal';
import { ownerKey } from '../../core/model/cluster';
import type { HostUrl } from '../../core/model/host';
import { plain } from '../../core/model/plainText';
import type { CommandTable } from '../../editor/commandTable';
import type { Choice } from '../../editor/dialogs';
import { chooseFormat, showExport } from '../../editor/exportText';
import type { Pickers } from '../../editor/pickers';
import { changeDetail, changeTitle, momentInWords, outcomesInWords, ownerInWords } from './changeWords';
import { exportChanges } from './exportChanges';
import { projectChoice, projectText, projectTitle } from './projectWords';
import { undoChange } from './undoChange';
import type { UndoSources } from './undoChange';

interface HistorySources extends UndoSources {
  readonly journal: Pick<Journal, 'read' | 'forget' | 'problem'>;
  readonly pickers: Pickers;
  /** Shows a change as a comparison. */
  readonly show: (change: NotedChange) => Promise<void>;
  /** The change that a document shows, where the value is the address of one. */
  readonly changeOfAddress: (value: unknown) => string | undefined;
}

/** Shows, exports, deletes and undoes what was changed from this computer. */
export function historyCommands(sources: HistorySources) {
  const { journal, dialogs, accounts, pickers } = sources;
  const hostName = (url: string): string => plain(accounts.hosts.find((host) => host.url === url)?.name ?? url);

  /** What was done to what a row stands for; everything without a row. Lines that cannot be read are told. */
  const notedFor = async (value: unknown): Promise<Pick<History, 'writes' | 'projectWrites'>> => {
    const { writes, projectWrites, unreadable } = await journal.read();
    if (unreadable > 0) {
      const message =
        unreadable === 1
          ? l10n.t('One line of the history cannot be read and is left out.')
          : l10n.t('{0} lines of the history cannot be read and are left out.', unreadable.toLocaleString());
      void dialogs.notify('information', message);
    }
    const wanted = {
      writes: writes.filter(isAbout(value, pickers)),
      projectWrites: projectWrites.filter(isInside(value, pickers)),
    };
    if (wanted.writes.length + wanted.projectWrites.length === 0)
      void dialogs.notify('information', l10n.t('No change was recorded here.'));
    return wanted;
  };
  const several = accounts.hosts.length > 1;
  const choose = (title: string, changes: readonly NotedChange[]): Promise<NotedChange | undefined> =>
    dialogs.choose(title, changes, (change) => choiceOf(change, several ? hostName : undefined));
  const find = async (id: string): Promise<NotedChange | undefined> =>
    changesOf((await journal.read()).writes).find((change) => change.id === id);

  return {
    [commands.showChanges]: async (node: unknown) => {
      const { writes, projectWrites } = await notedFor(node);
      const entries = [...changesOf(writes), ...projectWrites].sort(
        (one, other) => other.at.getTime() - one.at.getTime(),
      );
      if (entries.length === 0) return;
      const chosen = await dialogs.choose(l10n.t('Show Changes'), entries, (entry) =>
        'writes' in entry
          ? choiceOf(entry, several ? hostName : undefined)
          : projectChoice(entry, several ? hostName : undefined),
      );
      if (chosen && !('writes' in chosen)) {
        await dialogs.showText(projectTitle(chosen), projectText(chosen, hostName));
        return;
      }
      // All of a bulk change, also where one cluster of it was asked for.
      const whole = chosen && (await find(chosen.id));
      if (whole) await sources.show(whole);
    },
    [commands.undoChange]: async (value: unknown) => {
      const id = typeof value === 'string' ? value : sources.changeOfAddress(value);
      if (id !== undefined) {
        const change = await find(id);
        if (change) await undoChange(change, sources);
        else void dialogs.notify('information', l10n.t('This change is no longer in the history.'));
        return;
      }
      const { writes, projectWrites } = await notedFor(value);
      const changes = changesOf(writes.filter(({ outcome }) => outcome === 'done' || outcome === 'unknown'));
      if (changes.length === 0 && projectWrites.length > 0)
        void dialogs.notify('information', l10n.t('Changes of agents and their tokens can’t be undone.'));
      const chosen = changes.length === 0 ? undefined : await choose(l10n.t('Undo Change'), changes);
      const whole = chosen && (await find(chosen.id));
      if (whole) await undoChange(whole, sources);
    },
    [commands.exportChanges]: async (node: unknown) => {
      const { writes, projectWrites } = await notedFor(node);
      const count = writes.length + projectWrites.length;
      const format = count === 0 ? undefined : await chooseFormat(l10n.t('Export Changes As'), dialogs);
      if (!format) return;
      const message =
        count === 1 ? l10n.t('Exported 1 change.') : l10n.t('Exported {0} changes.', count.toLocaleString());
      const content = exportChanges([...writes, ...projectWrites], format, hostName);
      await showExport({ name: l10n.t('GitLab cluster changes'), content, format, message }, dialogs);
    },
    [commands.deleteHistory]: async () => {
      const { writes: ofClusters, projectWrites, unreadable } = await journal.read();
      const writes = [...ofClusters, ...projectWrites];
      if (writes.length + unreadable === 0) {
        void dialogs.notify('information', l10n.t('No change was recorded here.'));
        return;
      }
      const hosts = [...new Set(writes.map(({ host }) => host))];
      const wanted = await chooseHosts(hosts, hostName, sources);
      if (!wanted) return;
      const count = writes.filter(({ host }) => wanted === 'all' || host === wanted).length;
      const question =
        wanted === 'all'
          ? l10n.t('Delete the history of all hosts from this computer?')
          : l10n.t('Delete the history of {0} from this computer?', hostName(wanted));
      const detail = [
        l10n.t('Recorded writes: {0}', count.toLocaleString()),
        l10n.t('They can then no longer be shown or undone. Nothing changes in GitLab.'),
      ].join('\n');
      const button = l10n.t('Delete');
      if ((await dialogs.confirm(question, detail, l10n.t('Keep History'), button)) !== button) return;
      await journal.forget(wanted === 'all' ? undefined : wanted);
      void dialogs.notify('information', l10n.t('The history was deleted.'));
    },
  } satisfies CommandTable;
}

/** Where a write went; `cluster` is missing of one that is about none. */
interface WritePlace extends Pick<NotedWrite, 'host' | 'owner'> {
  readonly cluster: Pick<NotedWrite['cluster'], 'id'> | undefined;
}

/** Whether a write is about the host, owner or cluster of a row. */
function isAbout(value: unknown, pickers: Pickers): (write: WritePlace) => boolean {
  const node = pickers.node(value);
  switch (node?.type) {
    case 'host':
      return ({ host }) => host === node.host.url;
    case 'fleet':
      return ({ host }) => host === node.host;
    case 'owner':
    case 'branch':
      return ({ host, owner }) => host === node.host && ownerKey(owner) === ownerKey(node.owner);
    case 'cluster':
      return ({ host, owner, cluster }) =>
        host === node.cluster.host &&
        ownerKey(owner) === ownerKey(node.cluster.owner) &&
        cluster?.id === node.cluster.id;
    default:
      return () => true;
  }
}

/** The same for writes to a project that are about no cluster. */
function isInside(value: unknown, pickers: Pickers): (write: NotedProjectWrite) => boolean {
  const isOfRow = isAbout(value, pickers);
  return ({ host, project }) => isOfRow({ host, owner: { level: 'project', ...project }, cluster: undefined });
}

function choiceOf(change: NotedChange, hostName: ((host: string) => string) | undefined): Choice {
  const { writes, at } = change;
  const [first] = writes;
  const owners = new Set(writes.map((write) => ownerInWords(write)));
  const owner = owners.size === 1 ? [...owners].join('') : l10n.t('{0} projects and groups', owners.size);
  const where = first && hostName ? l10n.t('{0} at {1}', owner, hostName(first.host)) : owner;
  const user = first?.user === undefined ? [] : [`@${plain(first.user)}`];
  const icons = { add: 'add', edit: 'edit', delete: 'trash' } as const;
  return {
    label: changeTitle(change),
    description: [where, momentInWords(at), ...user, outcomesInWords(change)].join(' · '),
    detail: changeDetail(change),
    icon: icons[first?.kind ?? 'edit'],
  };
}

async function chooseHosts(
  hosts: readonly HostUrl[],
  hostName: (url: string) => string,
  { dialogs }: HistorySources,
): Promise<HostUrl | 'all' | undefined> {
  if (hosts.length < 2) return 'all';
  const offered: readonly (HostUrl | 'all')[] = ['all', ...hosts];
  return dialogs.choose(l10n.t('Delete History'), offered, (one) =>
    one === 'all' ? { label: l10n.t('All hosts') } : { label: hostName(one), description: one },
  );
}
