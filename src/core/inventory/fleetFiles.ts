import { createHash } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import type { FileSystem, Uri } from 'vscode';
import type { FleetStorage } from './fleetMemory';
import type { HostUrl } from '../model/host';

/** Milliseconds, and how often: VS Code renames over a file by deleting that first. */
const PAUSE = 100;
const LOOKS = 10;

/** The last known fleets as files of the extension's own storage, one per host. They hold no token. */
export function fleetFiles(
  files: Pick<FileSystem, 'readFile' | 'readDirectory' | 'writeFile' | 'rename' | 'delete'>,
  folder: Uri,
): FleetStorage {
  const nameOf = (host: HostUrl): string => `fleet-${createHash('sha256').update(host).digest('hex').slice(0, 32)}`;
  const file = (host: HostUrl, ending = 'json'): Uri =>
    folder.with({ path: `${folder.path}/${nameOf(host)}.${ending}` });
  /** Whether another window has the file written aside, and not renamed yet. */
  const isBeingWritten = async (host: HostUrl): Promise<boolean> => {
    const listed = await files.readDirectory(folder);
    return listed.some(([name]) => name.startsWith(`${nameOf(host)}.`) && name.endsWith('.tmp'));
  };
  const text = async (host: HostUrl): Promise<string> => new TextDecoder().decode(await files.readFile(file(host)));
  let copies = 0;
  return {
    async read(host) {
      for (let look = 1; ; look++) {
        try {
          return await text(host);
        } catch {
          // There is none, as before the first crawl; or it is just being replaced.
          const again = look < LOOKS && (await isBeingWritten(host).catch(() => false));
          if (!again) return await text(host).catch(() => undefined);
        }
        await setTimeout(PAUSE);
      }
    },
    async write(host, text) {
      // Written aside and renamed: another window may be reading, and a window may be closed meanwhile.
      const aside = file(host, `${process.pid}-${copies++}.tmp`);
      await files.writeFile(aside, new TextEncoder().encode(text));
      await files.rename(aside, file(host), { overwrite: true });
    },
    async delete(host) {
      await files.delete(file(host));
    },
  };
}
