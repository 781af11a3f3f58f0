import { createHash } from 'node:crypto';
import type { FileSystem, Uri } from 'vscode';
import type { FleetStorage } from '../fleet/fleetMemory';
import type { HostUrl } from '../model/host';

/** The last known fleets as files of the extension's own storage, one per host. They hold no token. */
export function fleetFiles(
  files: Pick<FileSystem, 'readFile' | 'writeFile' | 'rename' | 'delete'>,
  folder: Uri,
): FleetStorage {
  const file = (host: HostUrl, ending = 'json'): Uri => {
    const name = createHash('sha256').update(host).digest('hex').slice(0, 32);
    return folder.with({ path: `${folder.path}/fleet-${name}.${ending}` });
  };
  let copies = 0;
  return {
    async read(host) {
      try {
        return new TextDecoder().decode(await files.readFile(file(host)));
      } catch {
        // There is none, as before the first crawl.
        return undefined;
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
