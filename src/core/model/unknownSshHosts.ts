import { normalisedName, parseGitRemote, projectPathOn } from './gitRemote';
import type { Host } from './host';

/** A name in ssh remotes that no listed host has, with the path of a project below it. */
export interface UnknownSshHost {
  readonly name: string;
  readonly path: string;
}

/**
 * The ssh names among remotes that may be of a listed host without resembling it, each once: aliases of an ssh
 * configuration, which have no dot, and other names of the host's own domain. Other services are left alone.
 */
export function unknownSshHosts(
  remotes: readonly string[],
  hosts: readonly Pick<Host, 'url' | 'sshHosts'>[],
): readonly UnknownSshHost[] {
  const found = new Map<string, UnknownSshHost>();
  for (const text of remotes) {
    const remote = parseGitRemote(text);
    if (remote?.protocol !== 'ssh' || !/^[^/]+(\/[^/]+)+$/.test(remote.path) || found.has(remote.hostname)) continue;
    const isKnown = hosts.some(({ url, sshHosts }) => projectPathOn(url, remote, sshHosts) !== undefined);
    const isNear = hosts.some(({ url }) => domainOf(new URL(url).hostname) === domainOf(remote.hostname));
    if (isKnown || !(isNear || isAlias(remote.hostname))) continue;
    found.set(remote.hostname, { name: remote.hostname, path: remote.path });
  }
  return [...found.values()];
}

function isAlias(name: string): boolean {
  return /^[\w-]+$/.test(name) && name !== 'localhost';
}

/** The last two labels of a name; of an address all of it. */
function domainOf(name: string): string {
  return /^\d|^\[/.test(name) ? name : normalisedName(name).split('.').slice(-2).join('.');
}
