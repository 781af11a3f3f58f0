import type { HostUrl } from '../model/host';
import type { CrawlOutcome, CrawlProgress } from './crawl';
import type { FleetChange } from './fleetChanges';

/** How far one is with finding every cluster of a host. */
export type FleetStatus =
  /** Nobody asked: only what was looked at otherwise is known. */
  | { readonly status: 'unasked' }
  /** What was remembered has been read, if there was anything. */
  | { readonly status: 'recalled' }
  | { readonly status: 'crawling'; readonly progress: CrawlProgress | undefined }
  | {
      readonly status: 'ended';
      readonly outcome: CrawlOutcome;
      /** Undefined where the crawl could not even begin. */ readonly progress: CrawlProgress | undefined;
    };

export interface FleetsChange {
  readonly host: HostUrl;
  /** What is other than before; undefined where it is the status alone. */
  readonly content: FleetChange | undefined;
}
