import * as l10n from '@vscode/l10n';
import type { FleetFinder } from '../../core/arrange/fleetFinder';
import type { Fleets } from '../../core/inventory/fleets';
import { caOf, daysUntil, decodeCas } from '../../core/model/caFacts';
import type { Cluster } from '../../core/model/cluster';
import { atMostEvery } from '../../core/time/atMostEvery';
import type { Disposable } from '../../core/time/event';
import type { Dialogs } from '../../editor/dialogs';

/** What the view's icon carries. */
export interface Badge {
  readonly value: number;
  readonly tooltip: string;
}

interface BadgeSources {
  readonly finder: Pick<FleetFinder, 'known' | 'onDidChange' | 'setFilter'>;
  readonly fleets: Pick<Fleets, 'recallAll'>;
  /** In days. */
  readonly soon: () => number;
  /** Whether a notice is wanted once a day. */
  readonly wantsNotice: () => boolean;
  readonly memory: { get(key: string): unknown; update(key: string, value: unknown): unknown };
  readonly dialogs: Pick<Dialogs, 'notify'>;
  readonly show: (badge: Badge | undefined) => void;
}

/** Milliseconds between two counts: a search finds something ten times a second. */
const INTERVAL = 2000;

const NOTICE = 'expiringCasTold';

/**
 * Counts clusters whose CA certificate has expired or soon will, from what is remembered and known: nothing is asked of
 * GitLab. Made when the view is first seen.
 */
export class ExpiryBadge implements Disposable {
  private readonly sources: BadgeSources;
  private readonly ended = new AbortController();
  private readonly pace = atMostEvery(INTERVAL, () => void this.count());
  private readonly subscription: Disposable;
  private shown = 0;

  constructor(sources: BadgeSources) {
    this.sources = sources;
    this.subscription = sources.finder.onDidChange(({ host, content }) => {
      if (content !== undefined || host === undefined) this.pace.request();
    });
    void this.start();
  }

  private async start(): Promise<void> {
    await this.sources.fleets.recallAll();
    const count = await this.count();
    if (count !== undefined && count > 0) await this.tellDaily(count);
  }

  /** Counts again, and shows it where it changed; undefined once this is over. */
  async count(): Promise<number | undefined> {
    const { clusters } = this.sources.finder.known();
    try {
      await decodeCas(clusters, this.ended.signal);
    } catch {
      return undefined;
    }
    const now = new Date();
    const soon = this.sources.soon();
    const isExpiring = (cluster: Cluster): boolean => (daysUntil(caOf(cluster)?.validTo, now) ?? soon) < soon;
    const count = clusters.filter(isExpiring).length;
    if (count !== this.shown) this.sources.show(count === 0 ? undefined : { value: count, tooltip: inWords(count) });
    this.shown = count;
    return count;
  }

  private async tellDaily(count: number): Promise<void> {
    const { memory, dialogs, finder, wantsNotice } = this.sources;
    const today = new Date().toISOString().slice(0, 10);
    if (!wantsNotice() || memory.get(NOTICE) === today) return;
    memory.update(NOTICE, today);
    const show = l10n.t('Show');
    if ((await dialogs.notify('warning', inWords(count), show)) === show) finder.setFilter('expiring');
  }

  dispose(): void {
    this.ended.abort();
    this.pace.dispose();
    this.subscription.dispose();
  }
}

function inWords(count: number): string {
  return count === 1
    ? l10n.t('1 cluster has a CA certificate that has expired or expires soon.')
    : l10n.t('{0} clusters have a CA certificate that has expired or expires soon.', count.toLocaleString());
}
