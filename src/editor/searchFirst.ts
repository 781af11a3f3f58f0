import * as l10n from '@vscode/l10n';
import type { HostAccounts } from '../core/accounts/hostAccounts';
import type { Fleets } from '../core/inventory/fleets';
import type { Inventory } from '../core/inventory/inventory';
import { unsearchedHosts, unsearchedInWords, unsearchedLines } from '../core/inventory/unsearched';
import type { UnsearchedHost } from '../core/inventory/unsearched';
import type { HostUrl } from '../core/model/host';
import type { Dialogs } from './dialogs';

interface SearchFirstSources {
  readonly accounts: HostAccounts;
  readonly inventory: Pick<Inventory, 'hostState'>;
  readonly fleets: Pick<Fleets, 'status' | 'fleet' | 'crawl' | 'stop'>;
  readonly dialogs: Dialogs;
  /** Where it is about one host only. */
  readonly only?: HostUrl;
}

/** The hosts of those listed that may have clusters nobody has seen here. */
export function unsearchedNow({ accounts, inventory, fleets, only }: Omit<SearchFirstSources, 'dialogs'>) {
  return unsearchedHosts({
    hosts: accounts.hosts.filter(({ url }) => only === undefined || url === only),
    status: (host) => fleets.status(host),
    fleet: (host) => fleets.fleet(host),
    hostState: (host) => inventory.hostState(host),
  });
}

/**
 * Says before something is done with everything known that not all is known, and offers to search first. Gives the hosts
 * that stay unsearched, to be named in what follows; undefined where the user stops.
 */
export async function askUnsearched(
  question: string,
  goOn: string,
  sources: SearchFirstSources,
): Promise<readonly UnsearchedHost[] | undefined> {
  const search = l10n.t('Search Them First');
  for (;;) {
    const unsearched = unsearchedNow(sources);
    const words = unsearchedInWords(unsearched, sources.only === undefined ? sources.accounts.hosts.length : 1);
    if (words === undefined) return unsearched;
    const buttons = unsearched.some(({ searchable }) => searchable) ? [search, goOn] : [goOn];
    const detail = [words, '', ...unsearchedLines(unsearched).map((line) => `• ${line}`)].join('\n');
    const answer = await sources.dialogs.confirm(question, detail, ...buttons);
    if (answer === goOn) return unsearched;
    if (answer !== search || !(await searchNow(unsearched, sources))) return undefined;
  }
}

/** Searches these hosts to the end; false where the user stops that. */
export async function searchNow(
  unsearched: readonly UnsearchedHost[],
  { fleets, dialogs }: SearchFirstSources,
): Promise<boolean> {
  const title = l10n.t('Finding clusters');
  return dialogs.progress({ title, where: 'notification', cancellable: true }, async (report, signal) => {
    const hosts = unsearched.filter(({ searchable }) => searchable).map(({ host }) => host);
    const stop = () => hosts.forEach(({ url }) => fleets.stop(url));
    signal.addEventListener('abort', stop, { once: true });
    await Promise.all(
      hosts.map(async ({ url, name }) => {
        await fleets.crawl(url);
        report(name, 100 / hosts.length);
      }),
    );
    return !signal.aborted;
  });
}
