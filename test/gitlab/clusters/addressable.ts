import { isIP } from 'node:net';

/** A URL as Addressable takes it apart, which is not as browsers do (GitLab API contract 3.3). */
export interface AddressableUrl {
  readonly scheme: string | undefined;
  /** Undefined where there is no authority at all, empty where it names none. IPv6 without its brackets. */
  readonly host: string | undefined;
  /** As written or as the scheme has it; may be beyond 65535. */
  readonly port: number | undefined;
}

/** Undefined where Addressable raises `InvalidURIError`. */
export function parseAddressable(url: string): AddressableUrl | undefined {
  const [, , scheme, , authority, path = ''] = /^(([^:/?#]+):)?(\/\/([^/?#]*))?([^?#]*)/s.exec(url) ?? [];
  if (scheme !== undefined && !/^[a-z][a-z0-9.+-]*$/i.test(scheme)) {
    return undefined;
  }
  const withoutUser = authority?.replace(/^[^[\]]*@/, '');
  const host = withoutUser?.replace(/:([^:@[\]]*?)$/, '');
  const written = authority === undefined ? '' : (/:([^:@[\]]*?)$/.exec(authority)?.[1] ?? '');
  if (!/^\d*$/.test(written) || (host !== undefined && /[<>{}/\\?#@"\s\u0085]/.test(host))) {
    return undefined;
  }
  const layered = ['http', 'https', 'ftp', 'ws', 'wss', 'ssh', 'svn+ssh', 'sftp', 'tftp', 'git', 'ldap', 'gopher'];
  if (scheme !== undefined && layered.includes(scheme.toLowerCase()) && !host && path === '') {
    return undefined;
  }
  const bare = host?.replace(/^\[(.*)\]$/s, '$1');
  if (bare !== undefined && bare !== host && isIP(bare) === 6 && bare.includes('%')) {
    return undefined;
  }
  const usual: Readonly<Record<string, number>> = { http: 80, https: 443 };
  return { scheme, host: bare, port: written === '' ? usual[scheme ?? ''] : Number(written) };
}
