import * as l10n from '@vscode/l10n';

/** Where an address points that GitLab refuses unless an administrator allows local requests (GitLab API contract 3.3). */
export type LocalAddress = 'localhost' | 'loopback' | 'private' | 'linkLocal' | 'shared' | 'broadcast';

/** Why GitLab would refuse an API URL, in the order it finds out; undefined where it accepts it. */
export function apiUrlProblem(text: string): string | undefined {
  const trimmed = text.trim();
  if (!/^https?:\/\//i.test(trimmed)) return l10n.t('The API URL must begin with https:// or http://.');
  const url = parsed(trimmed);
  if (!url) return l10n.t('This is not a valid URL. Example: https://k8s.example.com:6443');
  if (!isIp(url.hostname) && !/^[\p{L}\p{N}]/u.test(url.hostname)) {
    return l10n.t('The host name in the API URL must begin with a letter or a digit.');
  }
  return undefined;
}

/** What may be wrong with an API URL although GitLab may accept it. */
export function apiUrlWarnings(text: string): readonly string[] {
  const url = parsed(text.trim());
  if (!url) return [];
  const local = localRemedy(text);
  return [
    ...(local === undefined ? [] : [local]),
    ...(url.username !== '' || url.password !== ''
      ? [l10n.t('User name and password in the API URL are shown to everyone who may see the cluster.')]
      : []),
    ...(url.protocol === 'http:' ? [l10n.t('Over http:// GitLab sends the service token unencrypted.')] : []),
  ];
}

/** What to do where GitLab refuses the address as local; undefined for any other address. */
export function localRemedy(text: string): string | undefined {
  const hostname = parsed(text.trim())?.hostname;
  if (hostname === undefined || localAddressOf(hostname) === undefined) return undefined;
  return l10n.t(
    '{0} is a local address. GitLab refuses it unless an administrator allows requests to the local network (Admin area, Settings, Network, Outbound requests).',
    hostname,
  );
}

function parsed(text: string): URL | undefined {
  // The URL parser drops line breaks and tabs; GitLab refuses them.
  return /\s/.test(text) || !URL.canParse(text) ? undefined : new URL(text);
}

function isIp(hostname: string): boolean {
  return hostname.startsWith('[') || /^\d+(\.\d+){3}$/.test(hostname);
}

/** Classifies a host name as `URL.hostname` gives it: IPv4 dotted, IPv6 compressed in brackets, names lower-case. */
export function localAddressOf(hostname: string): LocalAddress | undefined {
  const name = hostname.replace(/\.$/, '');
  if (name === 'localhost' || name.endsWith('.localhost')) return 'localhost';
  if (name.startsWith('[')) return localIpv6(name.slice(1, -1));
  return localIpv4(name.split('.').map(Number));
}

function localIpv4(parts: readonly number[]): LocalAddress | undefined {
  const [a = 0, b = 0] = parts;
  if (parts.length !== 4 || parts.some(Number.isNaN)) return undefined;
  if (parts.every((part) => part === 0)) return 'localhost';
  if (a === 127) return 'loopback';
  if (a === 10 || (a === 172 && b >= 16 && b <= 31) || (a === 192 && b === 168)) return 'private';
  if (a === 169 && b === 254) return 'linkLocal';
  if (a === 100 && b >= 64 && b <= 127) return 'shared';
  return parts.every((part) => part === 255) ? 'broadcast' : undefined;
}

function localIpv6(address: string): LocalAddress | undefined {
  if (address === '::') return 'localhost';
  if (address === '::1') return 'loopback';
  const mapped = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(address);
  if (mapped) {
    const [high = 0, low = 0] = mapped.slice(1).map((group) => Number.parseInt(group, 16));
    return localIpv4([high >> 8, high & 255, low >> 8, low & 255]);
  }
  if (/^f[cd][0-9a-f]{2}:/.test(address) || /^fe[cdef][0-9a-f]:/.test(address)) return 'private';
  return /^fe[89ab][0-9a-f]:/.test(address) ? 'linkLocal' : undefined;
}
