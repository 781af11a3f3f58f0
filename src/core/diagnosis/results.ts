import { clusterKey } from '../model/cluster';
import type { Cluster } from '../model/cluster';
import { Emitter } from '../time/event';
import type { Disposable } from '../time/event';
import type { Diagnosis } from './ladder';

/** What rows say of a diagnosis. */
export type DiagnosisNote = Pick<Diagnosis, 'at' | 'outcome'> & {
  /** A few words; undefined where everything passed. */
  readonly title: string | undefined;
};

interface Kept extends DiagnosisNote {
  readonly apiUrl: string | undefined;
  readonly caCert: string | undefined;
}

/** Rows say how long ago a result is, so they are shown again as often. Milliseconds. */
const PACE = 60_000;

/** The latest diagnosis of each cluster, in memory until the window closes. */
export class DiagnosisResults implements Disposable {
  private readonly notes = new Map<string, Kept>();
  private readonly changed = new Emitter<void>();
  private timer: NodeJS.Timeout | undefined;
  /** Addresses that the user agreed to connect to in this window. */
  readonly agreed = new Set<string>();

  readonly onDidChange = this.changed.event;

  /** Keeps what was found of a cluster. Call `tell` after the last one. */
  keep(cluster: Cluster, { at, outcome, problem }: Diagnosis): void {
    const { apiUrl, caCert } = cluster.platform ?? {};
    this.notes.set(clusterKey(cluster), { at, outcome, title: problem?.title, apiUrl, caCert });
  }

  tell(): void {
    this.timer ??= setInterval(() => this.changed.fire(), PACE);
    this.timer.unref();
    this.changed.fire();
  }

  /** Undefined for a cluster that was not diagnosed, or whose API URL or CA certificate has changed since. */
  of(cluster: Cluster): DiagnosisNote | undefined {
    const kept = this.notes.get(clusterKey(cluster));
    const { apiUrl, caCert } = cluster.platform ?? {};
    return kept && kept.apiUrl === apiUrl && kept.caCert === caCert ? kept : undefined;
  }

  dispose(): void {
    clearInterval(this.timer);
    this.changed.dispose();
    this.notes.clear();
  }
}
