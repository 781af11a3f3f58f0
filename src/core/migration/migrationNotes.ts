import * as z from 'zod/mini';
import { clusterKey } from '../model/cluster';
import type { Cluster } from '../model/cluster';
import type { HostUrl } from '../model/host';

/** Where notes are kept: the editor's own memory of this computer. */
export interface NoteMemory {
  get(key: string): unknown;
  update(key: string, value: unknown): PromiseLike<void>;
}

const KEY = 'migrationNotes';
const schema = z.record(z.string(), z.string());
/** Longer notes belong into an issue. */
export const MAX_NOTE = 500;

/** What the user wrote about the move of clusters. Kept on this computer alone, and never sent. */
export class MigrationNotes {
  private readonly memory: NoteMemory;

  constructor(memory: NoteMemory) {
    this.memory = memory;
  }

  of(cluster: Pick<Cluster, 'host' | 'owner' | 'id'>): string | undefined {
    return this.all()[clusterKey(cluster)];
  }

  /** An empty note is taken away. */
  async write(cluster: Pick<Cluster, 'host' | 'owner' | 'id'>, note: string): Promise<void> {
    const key = clusterKey(cluster);
    const others = Object.entries(this.all()).filter(([other]) => other !== key);
    const text = note.trim().slice(0, MAX_NOTE);
    await this.memory.update(KEY, Object.fromEntries(text === '' ? others : [...others, [key, text]]));
  }

  /** Deletes the notes about clusters of a host. */
  async forget(host: HostUrl): Promise<void> {
    const notes = Object.entries(this.all());
    const kept = notes.filter(([key]) => !key.startsWith(`${host}|`));
    if (kept.length < notes.length) await this.memory.update(KEY, Object.fromEntries(kept));
  }

  private all(): Readonly<Record<string, string>> {
    return z.safeParse(schema, this.memory.get(KEY)).data ?? {};
  }
}
