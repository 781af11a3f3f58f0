import type { Cluster } from '../../core/model/cluster';
import { toEditFields } from '../../core/model/clusterDraft';
import type { ClusterDraft } from '../../core/model/clusterDraft';
import { withFields } from '../../core/resolver/plannedFields';
import type { ToForm } from './protocol';

/** What would become of environments with the cluster as it would be then, in lines. */
export type Effect = (after: Cluster) => readonly string[];

/** Reads what the effects of changes of a cluster are judged by. Throws GitLabError. */
export type ReadEffect = (cluster: Cluster, signal: AbortSignal) => Promise<Effect>;

/** Milliseconds after which one does not wait any longer; the user may then. */
const PATIENCE = 2000;

/**
 * The line beside *Save* that says what a change does to environments. GitLab is asked once, with the first change that
 * matters to any; what is typed after that is judged by the same answer.
 */
export class ServingEffect {
  private readonly read: ReadEffect;
  private readonly post: (message: ToForm) => void;
  private readonly patience: number;
  private effect: Effect | undefined;
  private reading: AbortController | undefined;
  private failed = false;
  private after: Cluster | undefined;

  constructor(read: ReadEffect, post: (message: ToForm) => void, patience = PATIENCE) {
    this.read = read;
    this.post = post;
    this.patience = patience;
  }

  /** The draft has changed, or is shown again. */
  judge(cluster: Cluster, draft: ClusterDraft): void {
    const after = withFields(cluster, toEditFields(draft, cluster));
    const before = this.after;
    this.after = after;
    if (!after) {
      if (before) this.tell('none');
    } else if (this.effect) this.tell('checked', this.effect(after));
    else if (this.failed) this.tell('notChecked');
    else if (!this.reading) void this.start(cluster, this.patience);
  }

  /** The user asks, and waits as long as it takes. */
  async checkNow(cluster: Cluster): Promise<void> {
    if (!this.reading && !this.effect) await this.start(cluster, undefined);
  }

  dispose(): void {
    this.reading?.abort();
  }

  private async start(cluster: Cluster, patience: number | undefined): Promise<void> {
    const reading = new AbortController();
    this.reading = reading;
    this.failed = false;
    this.tell('checking');
    const timer = patience === undefined ? undefined : setTimeout(() => reading.abort(), patience);
    try {
      this.effect = await this.read(cluster, reading.signal);
    } catch {
      // Why does not matter here: the form is about saving, and says that nothing was checked.
      this.failed = true;
    } finally {
      clearTimeout(timer);
      this.reading = undefined;
    }
    if (!this.after) return;
    if (this.effect) this.tell('checked', this.effect(this.after));
    else this.tell('notChecked');
  }

  private tell(state: 'none' | 'checking' | 'checked' | 'notChecked', lines: readonly string[] = []): void {
    this.post({ type: 'effect', state, lines: [...lines] });
  }
}
