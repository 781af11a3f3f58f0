import * as l10n from '@vscode/l10n';
import { getCluster, listClusters } from '../gitlab/clusters';
import type { GitLabClient } from '../gitlab/client';
import { GitLabError, toGitLabError } from '../gitlab/errors';
import { sleep } from '../gitlab/hostGate';
import { isReadable } from '../model/cluster';
import type { Cluster, ClusterOwner } from '../model/cluster';
import type { ClusterFields } from '../model/clusterFields';
import { differences } from '../model/differences';

/** When one looks what became of a write whose answer got lost. All in milliseconds. */
export interface Looks {
  /** Before each of the first looks: GitLab may still be at work when a proxy has given up on it. */
  readonly first: readonly number[];
  /** Before each further look for what was to be saved, until so long after it was sent. */
  readonly pause: number;
  readonly until: number;
}

/** While it saves, GitLab may resolve a name for up to 15 s (GitLab API contract 11.19); a delete resolves none. */
export const usualLooks: Looks = { first: [0, 1500, 3500], pause: 3000, until: 20_000 };

/** For whoever waits for a save. */
export interface Waiting {
  /** Told when the answer got lost and one begins to look. */
  readonly onLost?: () => void;
  /** Ends the looking: what became of it is not known then. A request that was sent is not taken back. */
  readonly signal?: AbortSignal;
}

/**
 * Finds out what became of a write whose answer got lost. `look` answers undefined while nothing has changed. Throws
 * GitLabError `notHappened` after the last look, or `unknownOutcome` where looking failed too or was given up.
 */
export async function lookForOutcome<T>(
  lost: GitLabError,
  waits: Iterable<number>,
  look: () => Promise<T | undefined>,
  signal?: AbortSignal,
): Promise<T> {
  const { status, cause } = lost;
  let lookFailure: GitLabError | undefined;
  for (const wait of waits) {
    try {
      await sleep(wait, signal);
      const found = await look();
      if (found !== undefined) return found;
      lookFailure = undefined;
    } catch (error) {
      if (signal?.aborted) throw new GitLabError('unknownOutcome', { status, cause });
      lookFailure = toGitLabError(error);
      if (lookFailure.kind === 'unknownOutcome') throw lookFailure;
    }
  }
  throw new GitLabError(lookFailure ? 'unknownOutcome' : 'notHappened', { status, cause, lookFailure });
}

/** The pauses before each look for what was to be saved. GitLab's own 500 ends its work; a proxy's answer does not. */
export function* waitsForSave({ first, pause, until }: Looks, { status, sentAt }: GitLabError): Generator<number> {
  yield* first;
  if (status === 500) return;
  const left = (): number => Math.ceil((sentAt ?? performance.now()) + until - performance.now());
  while (left() > 0) yield Math.min(pause, left());
}

/** A cluster as it would have been added: one that was not there before, with our name, scope and API URL. */
export async function findAdded(
  client: GitLabClient,
  owner: ClusterOwner,
  sent: ClusterFields,
  before: ReadonlySet<number>,
  ourUsername: string | undefined,
  signal?: AbortSignal,
): Promise<Cluster | undefined> {
  const same = (one: string | undefined, other: string | undefined): boolean => one?.trim() === other?.trim();
  const listed = await listClusters(client, owner, signal);
  const found = listed
    .filter(isReadable)
    .find(
      (cluster) =>
        !before.has(cluster.id) &&
        same(cluster.name, sent.name) &&
        same(cluster.environmentScope, sent.environmentScope ?? '*') &&
        same(cluster.platform?.apiUrl, sent.apiUrl) &&
        (!ourUsername || !cluster.createdBy?.username || cluster.createdBy.username === ourUsername),
    );
  if (!found && !listed.every(isReadable)) throw unreadableEntry();
  return found;
}

/** Ours may be the entry that cannot be read. */
function unreadableEntry(): GitLabError {
  return new GitLabError('protocol', { status: 200, message: l10n.t('an entry of the list cannot be read') });
}

/**
 * Whether a cluster that cannot be found is deleted. A 404 may also mean a hidden project or a switched-off integration:
 * then listing fails too, and that is thrown.
 */
export async function isGone(client: GitLabClient, { owner, id }: Cluster): Promise<boolean> {
  const listed = await listClusters(client, owner);
  if (listed.some((other) => isReadable(other) && other.id === id)) return false;
  if (listed.every(isReadable)) return true;
  try {
    await getCluster(client, owner, id);
    return false;
  } catch (error) {
    const { kind } = toGitLabError(error);
    if (kind === 'notFound') return true;
    if (kind === 'protocol') return false;
    throw error;
  }
}

/**
 * The cluster as it is now, if any field that GitLab tells took the value that was sent: GitLab changes all of them or
 * none. Throws GitLabError `unknownOutcome` where nothing was to change but what GitLab does not report: the service
 * token, and flags up to GitLab 13.6 (GitLab API contract 1.5, 10, 11.3).
 */
export async function findEdited(
  client: GitLabClient,
  before: Cluster,
  sent: ClusterFields,
  lost: GitLabError,
  signal?: AbortSignal,
): Promise<Cluster | undefined> {
  const now = await getCluster(client, before.owner, before.id, signal);
  const toChange = differences(sent, before).map(({ field }) => field);
  const left = new Map(differences(sent, now).map(({ field, kind }) => [field, kind]));
  const told = toChange.filter((field) => left.get(field) !== 'untold');
  if (told.length > 0) return told.some((field) => !left.has(field)) ? now : undefined;
  if (sent.serviceToken !== undefined) throw nobodyCanSee(lost, 'serviceToken');
  if (toChange.length > 0) throw nobodyCanSee(lost, 'untold');
  // Nothing was to change: so it is as it was sent, unless somebody else changed it meanwhile.
  return left.size === 0 ? now : undefined;
}

function nobodyCanSee({ status, cause }: GitLabError, what: 'serviceToken' | 'untold'): GitLabError {
  const problem =
    what === 'serviceToken'
      ? {
          field: 'platform_kubernetes.token',
          message: l10n.t(
            'GitLab never shows the service token, so the result can’t be checked. It is safe to send it again.',
          ),
        }
      : {
          field: undefined,
          message: l10n.t(
            'GitLab doesn’t report these fields, so the result can’t be checked. It is safe to send them again.',
          ),
        };
  return new GitLabError('unknownOutcome', { status, cause, problems: [problem] });
}
