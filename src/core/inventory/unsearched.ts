import * as l10n from '@vscode/l10n';
import { explain } from '../gitlab/explain';
import type { Host, HostUrl } from '../model/host';
import { plain } from '../model/plainText';
import type { FleetStatus } from './fleetStatus';
import type { HostState } from './hostIdentityLoad';

/** What is known of the search through each host. */
interface SearchKnowledge {
  readonly hosts: readonly Host[];
  status(host: HostUrl): FleetStatus;
  fleet(host: HostUrl): { readonly completedAt: Date | undefined };
  hostState(host: HostUrl): HostState | undefined;
}

/** A host that may have clusters nobody has seen here. */
export interface UnsearchedHost {
  readonly host: Host;
  /** Why, in a few words. */
  readonly why: string;
  /** Whether a search can change that: not without a token. */
  readonly searchable: boolean;
}

/** The hosts that were not searched to the end. What was found once counts, also while the host is away. */
export function unsearchedHosts(known: SearchKnowledge): readonly UnsearchedHost[] {
  return known.hosts.flatMap((host) => {
    const why = whyUnsearched(host.url, known);
    return why === undefined ? [] : [{ host, why, searchable: known.hostState(host.url)?.state !== 'noToken' }];
  });
}

function whyUnsearched(url: HostUrl, known: SearchKnowledge): string | undefined {
  const status = known.status(url);
  const isComplete = known.fleet(url).completedAt !== undefined;
  if (status.status === 'ended' && status.outcome.outcome === 'complete') {
    return status.outcome.gaps.length > 0 ? l10n.t('some lists could not be read') : undefined;
  }
  if (isComplete) return undefined;
  const state = known.hostState(url);
  if (state?.state === 'noToken') return l10n.t('no token');
  if (state?.state === 'failed') return explain(state.error).title;
  switch (status.status) {
    case 'crawling':
      return l10n.t('being searched');
    case 'ended':
      return status.outcome.outcome === 'stopped' && status.outcome.error.kind !== 'cancelled'
        ? explain(status.outcome.error).title
        : l10n.t('stopped');
    case 'unasked':
    case 'recalled':
      return l10n.t('never searched');
  }
}

/** “2 of 5 hosts not searched”; undefined where all were. */
export function unsearchedInWords({ length }: readonly UnsearchedHost[], hosts: number): string | undefined {
  if (length === 0) return undefined;
  return hosts === 1 ? l10n.t('host not searched') : l10n.t('{0} of {1} hosts not searched', length, hosts);
}

/** A line for each: “Fleet: no token”. */
export function unsearchedLines(unsearched: readonly UnsearchedHost[]): readonly string[] {
  return unsearched.map(({ host, why }) => `${plain(host.name)}: ${why}`);
}
