import { randomUUID } from 'node:crypto';
import * as l10n from '@vscode/l10n';
import type { HostUrl } from '../model/host';
import { plain } from '../model/plainText';
import type { Disposable } from '../time/event';
import { Emitter } from '../time/event';
import { AppendQueue } from './appendQueue';
import { readHistory } from './history';
import type { History } from './history';
import type { JournalFile, JournalStorage } from './journalFiles';
import { beginsEntry } from './journalLine';
import { beginOf, beginOfProject, endOf } from './noteOfWrite';
import type { PlannedProjectWrite, PlannedWrite, WriteEnd, WriteJournal } from './writeJournal';

/** The oldest go when there are more. */
export const MAX_ENTRIES = 5000;
/** Of all files together. */
const MAX_BYTES = 20 * 1024 * 1024;

interface JournalOptions {
  readonly storage: JournalStorage;
  /** Whether writes are noted; asked before each. */
  readonly isOn: () => boolean;
  readonly now?: () => Date;
  readonly maxEntries?: number;
  readonly maxBytes?: number;
}

/** What was changed from this computer, with the values before: noted before a request is sent, and after it ended. */
export class Journal implements WriteJournal, Disposable {
  private readonly options: JournalOptions;
  private readonly queues = new Map<HostUrl, AppendQueue>();
  private readonly failed = new Emitter<string>();
  private trimming: Promise<void> = Promise.resolve();
  /** It was told that nothing can be noted: once, until something can again. */
  private isTold = false;

  /** A write could not be noted, and was sent all the same; why, as a sentence. */
  readonly onDidFail = this.failed.event;

  constructor(options: JournalOptions) {
    this.options = options;
  }

  async begin(write: PlannedWrite | PlannedProjectWrite): Promise<(end: WriteEnd) => Promise<void>> {
    if (!this.options.isOn()) return () => Promise.resolve();
    const [note, at] = [randomUUID(), this.now()];
    const begin = 'thing' in write ? beginOfProject(write, note, at) : beginOf(write, note, at);
    await this.append(write.host, begin);
    return (end) => this.append(write.host, endOf(begin, end, this.now()));
  }

  /** Why nothing can be noted of a host now, as a sentence; undefined where it can. Tries it. */
  async problem(host: HostUrl): Promise<string | undefined> {
    if (!this.options.isOn()) return undefined;
    try {
      await this.queue(host).append('\n');
      return undefined;
    } catch (error) {
      return inWords(error);
    }
  }

  /** Everything that is noted, of all hosts. Throws where the folder cannot be read. */
  async read(): Promise<History> {
    await Promise.all([...this.queues.values()].map((queue) => queue.settled()));
    const { files, unreadable } = await this.options.storage.read();
    return readHistory(files, unreadable);
  }

  /** Deletes what is noted of one host, or of all. Throws where it cannot be deleted. */
  async forget(host?: HostUrl): Promise<void> {
    await Promise.all([...this.queues.values()].map((queue) => queue.settled()));
    await this.trimming;
    await this.options.storage.clear(host);
  }

  dispose(): void {
    this.failed.dispose();
  }

  private now(): Date {
    return this.options.now?.() ?? new Date();
  }

  /** A line break before it too: what a window left torn when it ended must not spoil it. */
  private async append(host: HostUrl, line: unknown): Promise<void> {
    try {
      await this.queue(host).append(`\n${JSON.stringify(line)}\n`);
      this.isTold = false;
    } catch (error) {
      if (!this.isTold) this.failed.fire(inWords(error));
      this.isTold = true;
    }
  }

  private queue(host: HostUrl): AppendQueue {
    const known = this.queues.get(host);
    if (known) return known;
    const made = new AppendQueue(async (text) => {
      const isNewFile = await this.options.storage.append(host, text);
      if (isNewFile) this.trimming = this.trimming.then(() => this.trim()).catch(() => undefined);
    });
    this.queues.set(host, made);
    return made;
  }

  /** Deletes the oldest files while there is too much. The newest of a host is left: a window may be writing to it. */
  private async trim(): Promise<void> {
    const { storage, maxEntries = MAX_ENTRIES, maxBytes = MAX_BYTES } = this.options;
    const { files } = await storage.read();
    const counted = files.map((file) => ({ file, entries: entriesIn(file) }));
    let entries = counted.reduce((sum, one) => sum + one.entries, 0);
    let bytes = files.reduce((sum, file) => sum + file.bytes, 0);
    const oldest = counted
      .filter(({ file }) => !file.isNewest)
      .sort((one, other) => one.file.writtenAt - other.file.writtenAt);
    for (const one of oldest) {
      if (entries <= maxEntries && bytes <= maxBytes) return;
      await storage.remove(one.file);
      entries -= one.entries;
      bytes -= one.file.bytes;
    }
  }
}

function entriesIn({ text }: JournalFile): number {
  return text.split('\n').filter(beginsEntry).length;
}

/** Codes such as ENOSPC and EACCES say what a person can look for; paths are left out. */
function inWords(error: unknown): string {
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  return code === undefined
    ? l10n.t('The history cannot be written on this computer.')
    : l10n.t('The history cannot be written on this computer ({0}).', plain(code));
}
