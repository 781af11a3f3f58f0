import type { Cluster } from '../model/cluster';
import type { HostUrl } from '../model/host';
import { caOf, daysUntil, USUALLY_SOON } from '../model/caFacts';
import { knownPath } from '../inventory/ownerRecord';
import type { KnownCluster } from '../inventory/ownerRecord';
import { inSlices } from '../time/slices';

/** What a filter needs to know beside the cluster. */
export interface FilterContext {
  hostName(host: HostUrl): string;
  /** Whether the cluster's project is archived. */
  isArchived?(cluster: Cluster): boolean;
  readonly now?: Date;
  /** From so many days before its end on, a CA certificate counts as expiring; one that has expired does too. */
  readonly soon?: number;
}

export type Filter = (cluster: KnownCluster) => boolean;

/** Words that stand for a state; other words, and these in quotes, are looked for in the texts only. */
export const stateWords = [
  'enabled',
  'disabled',
  'managed',
  'unmanaged',
  'user',
  'gcp',
  'aws',
  'instance',
  'group',
  'project',
  'archived',
  'expired',
  'expiring',
] as const;
type StateWord = (typeof stateWords)[number];

/**
 * Reads a filter as it is typed: all words must be found, in any order, in name, id, owner path, API URL, environment
 * scope or host name, without regard to case; "quoted words" belong together; a word of `stateWords` also fits clusters
 * in that state; `#12` is the whole id and nothing else; `host:` and `scope:` look there alone. Undefined for a text without words: nothing is filtered then.
 */
export function readFilter(text: string, context: FilterContext): Filter | undefined {
  const words = wordsOf(text);
  if (words.length === 0) return undefined;
  const hostNames = new Map<HostUrl, string>();
  const hostText = (host: HostUrl): string => {
    const known = hostNames.get(host) ?? `${context.hostName(host)}\n${host}`.toLowerCase();
    hostNames.set(host, known);
    return known;
  };
  return (cluster) => {
    const texts = haystack(cluster);
    for (const { word, state, id, place } of words) {
      if (id !== undefined) {
        if (cluster.id !== id) return false;
        continue;
      }
      if (place !== undefined) {
        const where = place === 'host' ? hostText(cluster.host) : scopeOf(cluster);
        if (!where.includes(word)) return false;
        continue;
      }
      if (texts.includes(word) || hostText(cluster.host).includes(word)) continue;
      if (state === undefined || !isIn(state, cluster, context)) return false;
    }
    return true;
  };
}

interface Word {
  readonly word: string;
  readonly state: StateWord | undefined;
  readonly id?: number;
  /** The only text it is looked for in. */
  readonly place?: 'host' | 'scope';
}

/** The words of a filter that are looked for in names, to be marked there. */
export function searchedWords(text: string): readonly string[] {
  return wordsOf(text).flatMap(({ word, id, place }) => (id === undefined && place === undefined ? [word] : []));
}

function scopeOf(cluster: KnownCluster): string {
  return cluster.detail === 'full' ? cluster.environmentScope.toLowerCase() : '';
}

function wordsOf(text: string): readonly Word[] {
  return (
    [...text.toLowerCase().matchAll(/(?:(host|scope):)?(?:"([^"]*)(?:"|$)|([^\s"]+))/g)]
      .map(([word, place, quoted, rest]): Word => {
        if (place === 'host' || place === 'scope') return { word: quoted ?? rest ?? '', state: undefined, place };
        if (quoted !== undefined) return { word: quoted, state: undefined };
        if (/^#\d+$/.test(word)) return { word, state: undefined, id: Number(word.slice(1)) };
        return { word, state: stateWords.find((known) => known === word) };
      })
      // The sign alone is the beginning of an id.
      .filter(({ word }) => word.trim() !== '' && word !== '#')
  );
}

const haystacks = new WeakMap<KnownCluster, string>();

/** All texts of a cluster in one string, made once: ten thousand are searched with every key. */
function haystack(cluster: KnownCluster): string {
  const known = haystacks.get(cluster);
  if (known !== undefined) return known;
  const more = cluster.detail === 'full' ? [cluster.platform?.apiUrl ?? '', cluster.environmentScope] : [];
  const made = [cluster.name, cluster.id, knownPath(cluster) ?? '', ...more].join('\n').toLowerCase();
  haystacks.set(cluster, made);
  return made;
}

/** Makes what a filter searches in, in slices: called when the filter box opens, the first key is as fast as the rest. */
export async function prepareFilter(clusters: readonly Cluster[], signal?: AbortSignal): Promise<void> {
  await inSlices(clusters, haystack, signal);
}

/** Of a cluster known by name only, the level is all there is; what GitLab does not report is in no state. */
function isIn(state: StateWord, cluster: KnownCluster, context: FilterContext): boolean {
  if (cluster.detail !== 'full') return state === cluster.level;
  switch (state) {
    case 'enabled':
      return cluster.enabled === true;
    case 'disabled':
      return cluster.enabled === false;
    case 'managed':
      return cluster.managed === true;
    case 'unmanaged':
      return cluster.managed === false;
    case 'user':
    case 'gcp':
    case 'aws':
      return cluster.provider === state;
    case 'instance':
    case 'group':
    case 'project':
      return cluster.owner.level === state;
    case 'archived':
      return context.isArchived?.(cluster) ?? false;
    case 'expired': {
      const validTo = caOf(cluster)?.validTo;
      return validTo !== undefined && validTo < (context.now ?? new Date());
    }
    case 'expiring': {
      const left = daysUntil(caOf(cluster)?.validTo, context.now ?? new Date());
      return left !== undefined && left < (context.soon ?? USUALLY_SOON);
    }
  }
}
