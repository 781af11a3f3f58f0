import { clusterKey } from '../model/cluster';
import type { Cluster } from '../model/cluster';
import type { HostUrl } from '../model/host';
import { Emitter } from '../time/event';
import type { Disposable } from '../time/event';
import type { MovePlan } from './movePlan';
import type { Progress } from './stages';

/** How far the move of a cluster was when its plan, or the table, was last made. */
interface KnownMove extends Progress {
  readonly at: Date;
}

interface Kept extends KnownMove {
  readonly enabled: boolean | undefined;
  readonly environmentScope: string;
}

/** The stage of each cluster whose move was read, in memory until the window closes. Reads nothing. */
export class MoveStages implements Disposable {
  private readonly moves = new Map<string, Kept>();
  private readonly changed = new Emitter<HostUrl>();

  readonly onDidChange = this.changed.event;

  keep(plans: readonly Pick<MovePlan, 'cluster' | 'progress' | 'at'>[]): void {
    for (const { cluster, progress, at } of plans) {
      const { enabled, environmentScope } = cluster;
      this.moves.set(clusterKey(cluster), { ...progress, at, enabled, environmentScope });
    }
    for (const host of new Set(plans.map(({ cluster }) => cluster.host))) this.changed.fire(host);
  }

  /** Undefined for a cluster that was not looked at, or was switched or given another scope since. */
  of(cluster: Cluster): KnownMove | undefined {
    const kept = this.moves.get(clusterKey(cluster));
    const isSame = kept?.enabled === cluster.enabled && kept?.environmentScope === cluster.environmentScope;
    return isSame ? kept : undefined;
  }

  dispose(): void {
    this.changed.dispose();
  }
}
