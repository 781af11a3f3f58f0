import * as l10n from '@vscode/l10n';
import { planAdding } from '../../core/changes/addPlan';
import type { AddPlan, PlacedEntry } from '../../core/changes/addPlan';
import type { BulkKnowledge } from '../../core/changes/bulkPlan';
import { normalisedApiUrl } from '../../core/arrange/grouping';
import type { HostAccounts } from '../../core/accounts/hostAccounts';
import { MAX_LIST, readClusterList } from '../../core/importer/clusterList';
import type { ListEntry } from '../../core/importer/clusterList';
import { clusterKey } from '../../core/model/cluster';
import { textOfBytes } from '../../core/model/fileText';
import { parseHostUrl } from '../../core/model/host';
import type { Host } from '../../core/model/host';
import { plain } from '../../core/model/plainText';
import { serviceTokenWarnings, serviceTokenWithin } from '../../core/model/serviceToken';
import type { Dialogs } from '../../editor/dialogs';
import type { Pickers } from '../../editor/pickers';
import { placeEntries } from './placeEntries';
import type { HostedEntry, PlaceSources } from './placeEntries';

interface AddListSources extends PlaceSources {
  readonly accounts: HostAccounts;
  readonly pickers: Pickers;
  readonly dialogs: Dialogs;
  readonly knowledge: BulkKnowledge;
}

/** A plan to add the clusters of a list that the user chooses; undefined where the user stops or nothing can be read. */
export async function askList(sources: AddListSources): Promise<AddPlan | undefined> {
  const { dialogs, knowledge } = sources;
  const list = await readList(dialogs);
  if (!list) return undefined;
  const hosted = await withHosts(list.entries, sources);
  const tokens = hosted && (await askTokens(hosted, dialogs));
  if (!tokens) return undefined;
  const title = l10n.t('Reading where {0} clusters will be added', hosted.length.toLocaleString());
  const found = await dialogs.progress({ title, where: 'notification', cancellable: true }, (report, signal) =>
    placeEntries(hosted, sources, { report, signal }),
  );
  if (!found) return undefined;
  // What was read just now is newer than what is known.
  const clusters = [...knowledge.known(), ...found.clusters];
  const newest = new Map(clusters.map((cluster) => [clusterKey(cluster), cluster]));
  return planAdding(
    found.placed.map((one): PlacedEntry => ({ ...one, serviceToken: tokens.get(one.entry) })),
    { ...knowledge, known: () => [...newest.values()] },
  );
}

/** The list the user chooses, asked for again after one that cannot be read. */
async function readList(dialogs: Dialogs): Promise<ReadList | undefined> {
  const another = l10n.t('Choose Another List…');
  for (;;) {
    const text = await askText(dialogs);
    if (text === undefined) return undefined;
    const list =
      text === 'tooLarge'
        ? { problem: l10n.t('This list is too long: 10 MiB at most can be read.') }
        : readClusterList(text.content);
    if (!('problem' in list)) return list;
    if ((await dialogs.notify('error', list.problem, another)) !== another) return undefined;
  }
}

type ReadList = Exclude<ReturnType<typeof readClusterList>, { readonly problem: string }>;
type ReadText = { readonly content: string } | 'tooLarge' | undefined;

async function askText(dialogs: Dialogs): Promise<ReadText> {
  const title = l10n.t('Add Clusters From List');
  const ways = [
    { label: l10n.t('From a File…'), icon: 'file', read: () => readFile(title, dialogs) },
    {
      label: l10n.t('From the Clipboard'),
      icon: 'clippy',
      read: async () => ({ content: await dialogs.readClipboard() }),
    },
  ];
  return (await dialogs.choose(title, ways, ({ label, icon }) => ({ label, icon })))?.read();
}

async function readFile(title: string, dialogs: Dialogs): Promise<ReadText> {
  const content = await dialogs.readFile({
    title,
    button: l10n.t('Read'),
    filters: { [l10n.t('Lists')]: ['csv', 'json', 'tsv', 'txt'], [l10n.t('All files')]: ['*'] },
    largest: 2 * MAX_LIST,
  });
  return content === undefined || content === 'tooLarge' ? content : { content: textOfBytes(content) };
}

/**
 * The hosts the list names, where they are listed here. Where it names none of these, all clusters go to one the user
 * chooses: so a list of one host can be added at another.
 */
async function withHosts(
  entries: readonly ListEntry[],
  { accounts, pickers }: AddListSources,
): Promise<readonly HostedEntry[] | undefined> {
  const hosted = entries.map((entry): HostedEntry => ({ entry, host: hostOf(entry, accounts) }));
  if (hosted.some(({ host }) => host !== undefined)) return hosted;
  const host = await pickers.host(undefined, l10n.t('Add Clusters From List'));
  return host && entries.map((entry) => ({ entry, host }));
}

function hostOf({ host }: ListEntry, accounts: HostAccounts): Host | undefined {
  const parsed = host === undefined ? undefined : parseHostUrl(host);
  return parsed?.ok ? accounts.find(parsed.url) : undefined;
}

/**
 * The service token of each entry: the list's own, or one that is asked for once for each Kubernetes API. Undefined where the
 * user stops.
 */
async function askTokens(
  hosted: readonly HostedEntry[],
  dialogs: Dialogs,
): Promise<ReadonlyMap<ListEntry, string> | undefined> {
  const tokens = new Map<ListEntry, string>();
  const lacking = new Map<string, ListEntry[]>();
  for (const { entry, host } of hosted) {
    const { serviceToken, apiUrl } = entry.values;
    if (entry.problem !== undefined || !host || apiUrl === undefined) continue;
    if (serviceToken !== undefined) tokens.set(entry, serviceToken);
    else lacking.set(normalisedApiUrl(apiUrl), [...(lacking.get(normalisedApiUrl(apiUrl)) ?? []), entry]);
  }
  let step = 0;
  for (const [apiUrl, entries] of lacking) {
    step++;
    const token = await dialogs.ask({
      title: l10n.t('Service Token for {0}', plain(apiUrl)),
      prompt:
        entries.length === 1
          ? l10n.t('The list has no token for this cluster. It is sent to GitLab and not kept.')
          : l10n.t('The list has no token for these {0} clusters. It is sent to GitLab and not kept.', entries.length),
      password: true,
      ...(lacking.size > 1 && { step, totalSteps: lacking.size }),
      check: (value) => (value.trim() === '' ? l10n.t('Enter a service token.') : tokenProblem(value)),
    });
    if (token === undefined) return undefined;
    for (const entry of entries) tokens.set(entry, serviceTokenWithin(token) ?? token);
  }
  return tokens;
}

/** What can never work is asked for again; what ends is the user's choice, and stands in the table. */
function tokenProblem(value: string): string | undefined {
  const token = serviceTokenWithin(value) ?? value;
  return /\s/.test(token) ? serviceTokenWarnings(token, new Date())[0] : undefined;
}
