import type { ClusterOwner } from '../model/cluster';
import type { Disposable } from '../time/event';
import type { GitLabClient } from './client';
import { GitLabError } from './errors';
import { presentPath } from './owners';

/** An owner whose path is read from GitLab when it is needed. */
interface PresentOwner extends Disposable {
  /**
   * The owner with the path GitLab has for it now; as it was known where GitLab does not tell, and then asked for again
   * next time. Throws no GitLabError.
   */
  readonly read: () => Promise<ClusterOwner>;
}

/**
 * Projects move and groups are renamed, while a setting or a remembered cluster keeps the path of the day it was written.
 * The path decides which projects may manage a cluster.
 */
export function presentOwner(known: ClusterOwner, client: () => Promise<GitLabClient>): PresentOwner {
  const disposed = new AbortController();
  let reading: Promise<ClusterOwner> | undefined;
  const ask = async (): Promise<ClusterOwner> => {
    if (known.level === 'instance') return known;
    try {
      return { ...known, path: await presentPath(await client(), known.level, known.id, disposed.signal) };
    } catch (error) {
      reading = undefined;
      if (!(error instanceof GitLabError)) throw error;
      return known;
    }
  };
  return { read: () => (reading ??= ask()), dispose: () => disposed.abort() };
}
