import type { HostUrl } from './host';

/** Where a git remote points. `port` is undefined for the protocol's own; `path` has no slash at either end. */
interface GitRemote {
  readonly protocol: 'http' | 'https' | 'ssh';
  readonly hostname: string;
  readonly port: string | undefined;
  readonly path: string;
}

/**
 * Reads a remote as git takes it: an http(s) or ssh URL, or the short form `git@host:path`. Local folders, bundles and
 * other protocols give undefined. User names and passwords in it are dropped.
 */
export function parseGitRemote(text: string): GitRemote | undefined {
  const trimmed = text.trim();
  return trimmed.includes('://') ? fromUrl(trimmed) : fromShortForm(trimmed);
}

function fromUrl(text: string): GitRemote | undefined {
  const scheme = /^(?:git\+)?(https?|ssh)(?:\+git)?:\/\//i.exec(text);
  const protocol = scheme?.[1]?.toLowerCase();
  if (protocol !== 'http' && protocol !== 'https' && protocol !== 'ssh') return undefined;
  // Read as https, so that ssh addresses are split by the same rules; the default port of neither may then be dropped.
  const address = `${protocol === 'http' ? 'http' : 'https'}://${text.slice(scheme?.[0].length)}`;
  if (!URL.canParse(address)) return undefined;
  const url = new URL(address);
  return remote(protocol, url.hostname, url.port === '' ? undefined : url.port, url.pathname);
}

/**
 * `[user@]host:path`, as git splits it: the host may be in brackets, then with a port, and the user may hold an `@`. One
 * letter before the colon is a Windows drive, a slash before it a local path.
 */
function fromShortForm(text: string): GitRemote | undefined {
  const bracketed = /^(?:[^/\s[\]]+@)?\[([^\s/]+)\]:(?!\/\/)(.+)$/.exec(text);
  const [, authority = '', path = ''] = bracketed ?? /^([^:/\\\s]{2,}):(?!\/\/|:)(.+)$/.exec(text) ?? [];
  const host = authority.slice(authority.lastIndexOf('@') + 1);
  const isIpv6 = /^[0-9a-f.]*:[0-9a-f:.]*:[0-9a-f.]*(?:%.*)?$/i.test(host);
  const [, name = '', port] = isIpv6 ? ['', `[${host}]`] : (/^(.*?)(?::(\d+))?$/.exec(host) ?? []);
  return remote('ssh', name, port, path);
}

function remote(
  protocol: GitRemote['protocol'],
  name: string,
  port: string | undefined,
  rawPath: string,
): GitRemote | undefined {
  const hostname = normalisedName(name);
  const path = decoded(rawPath)
    .replace(/^\/+|\/+$/g, '')
    .replace(/\.git$/, '');
  return hostname === '' || path === '' ? undefined : { protocol, hostname, port, path };
}

/** One spelling of a host's name: lower case, umlauts encoded, IPv6 compressed, without the root's dot. */
export function normalisedName(name: string): string {
  const address = `https://${name}`;
  const hostname = URL.canParse(address) && !/[/?#@]/.test(name) ? new URL(address).hostname : name.toLowerCase();
  return hostname.replace(/\.+$/, '');
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

/**
 * The full path of the project a remote points to, if it can be one of this host's. `sshHosts` are further names of it in
 * ssh remotes. An http(s) remote must have the
 * host's port and begin with its path (GitLab under a relative URL). The ssh port says nothing about the web port, and
 * ssh addresses never carry the relative URL: there the name of the host decides.
 */
export function projectPathOn(host: HostUrl, remote: GitRemote, sshHosts: readonly string[] = []): string | undefined {
  const url = new URL(host);
  const isAlias = remote.protocol === 'ssh' && sshHosts.some((name) => normalisedName(name) === remote.hostname);
  if (remote.hostname !== normalisedName(url.hostname) && !isAlias) return undefined;
  const path = remote.protocol === 'ssh' ? remote.path : pathBelow(url, remote);
  // A project always stands in a namespace.
  return path !== undefined && /^[^/]+(\/[^/]+)+$/.test(path) ? path : undefined;
}

function pathBelow(url: URL, { port, path }: GitRemote): string | undefined {
  if ((port ?? '') !== url.port) return undefined;
  const base = url.pathname.replace(/^\/+|\/+$/g, '');
  if (base === '') return path;
  return path.startsWith(`${base}/`) ? path.slice(base.length + 1) : undefined;
}
