import { GitLabError } from '../gitlab/errors';
import type { HostUrl } from '../model/host';
import type { Paced } from '../time/atMostEvery';
import type { Crawl } from './crawl';
import type { Fleet } from './fleet';
import type { FleetStatus } from './fleetStatus';

/** What is kept of finding a host's clusters. */
export interface FleetEntry {
  readonly host: HostUrl;
  readonly fleet: Fleet;
  readonly remember: Paced;
  status: FleetStatus;
  recalled: Promise<void> | undefined;
  opened: boolean;
  /** Kept while it has something left to do. */
  crawl: Crawl | undefined;
  running: AbortController | undefined;
}

/** Stops what is under way. */
export function endEntry(entry: FleetEntry): void {
  const { running } = entry;
  entry.running = undefined;
  running?.abort(new GitLabError('cancelled'));
  entry.crawl?.dispose();
  entry.remember.dispose();
}
