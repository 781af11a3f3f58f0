import { createHash } from 'node:crypto';
import { mkdir, open, readFile, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { HostUrl } from '../model/host';

/** One file of the journal. */
export interface JournalFile {
  /** Which one, for `remove`. */
  readonly path: string;
  readonly text: string;
  readonly bytes: number;
  /** When it was last written, in milliseconds since 1970. */
  readonly writtenAt: number;
  /** The newest of its host: it may be written by any window at any time. */
  readonly isNewest: boolean;
}

/** Where the journal is kept: for each host some files, of which the newest grows. */
export interface JournalStorage {
  /** On disk and in one piece when it resolves, whoever else appends. True where this began a new file. */
  append(host: HostUrl, text: string): Promise<boolean>;
  /** The oldest of each host first. What cannot be read is left out, and counted. */
  read(): Promise<{ readonly files: readonly JournalFile[]; readonly unreadable: number }>;
  remove(file: JournalFile): Promise<void>;
  /** Deletes everything of one host, or of all. */
  clear(host?: HostUrl): Promise<void>;
}

/** A file that has this many bytes is not written to any more. */
const MAX_FILE = 128 * 1024;
/** Nothing of ours grows so large: not even looked into. In bytes. */
const MAX_READ = 32 * 1024 * 1024;

/**
 * The journal as files of a folder, one folder per host, so that deleting a host's part touches no other. Every write is
 * one call on a file opened for appending, which the systems keep whole between processes: no window has to know of the
 * others, and no file is ever written again.
 */
export function journalFiles(folder: string): JournalStorage {
  const folderOf = (host: HostUrl): string =>
    join(folder, createHash('sha256').update(host).digest('hex').slice(0, 32));
  return {
    async append(host, text) {
      const place = folderOf(host);
      await mkdir(place, { recursive: true, mode: 0o700 });
      const last = (await numbersIn(place)).at(-1);
      const isFull = last !== undefined && (await stat(join(place, nameOf(last)))).size >= MAX_FILE;
      const number = last === undefined ? 1 : isFull ? last + 1 : last;
      const bytes = Buffer.from(text);
      const handle = await open(join(place, nameOf(number)), 'a', 0o600);
      try {
        const { bytesWritten } = await handle.write(bytes);
        if (bytesWritten < bytes.length) throw new Error('ENOSPC');
        await handle.datasync();
      } finally {
        await handle.close();
      }
      return number !== last;
    },
    async read() {
      const read = await Promise.all((await foldersIn(folder)).map((name) => filesIn(join(folder, name))));
      const all = read.flat();
      const files = all.filter((file) => file !== undefined);
      return { files, unreadable: all.length - files.length };
    },
    async remove({ path }) {
      await rm(path, { force: true });
    },
    async clear(host) {
      await rm(host === undefined ? folder : folderOf(host), { recursive: true, force: true });
    },
  };
}

function nameOf(number: number): string {
  return `${String(number).padStart(6, '0')}.jsonl`;
}

async function numbersIn(folder: string): Promise<readonly number[]> {
  const names = await readdir(folder);
  return names
    .flatMap((name) => (/^\d{6,}\.jsonl$/.test(name) ? [Number.parseInt(name, 10)] : []))
    .sort((one, other) => one - other);
}

async function foldersIn(folder: string): Promise<readonly string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  } catch (error) {
    // Nothing has been written yet.
    if (isMissing(error)) return [];
    throw error;
  }
}

async function filesIn(folder: string): Promise<readonly (JournalFile | undefined)[]> {
  const numbers = await numbersIn(folder).catch(() => []);
  return Promise.all(
    numbers.map(async (number, index): Promise<JournalFile | undefined> => {
      const path = join(folder, nameOf(number));
      try {
        const { size, mtimeMs } = await stat(path);
        if (size > MAX_READ) return undefined;
        const text = await readFile(path, 'utf8');
        return { path, text, bytes: size, writtenAt: mtimeMs, isNewest: index === numbers.length - 1 };
      } catch (error) {
        // Another window may have deleted it meanwhile.
        if (!isMissing(error)) return undefined;
        return { path, text: '', bytes: 0, writtenAt: 0, isNewest: false };
      }
    }),
  );
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
