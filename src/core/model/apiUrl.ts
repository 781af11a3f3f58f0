import * as l10n from '@vscode/l10n';

/** Where an address points that GitLab refuses unless an administrator allows local requests (GitLab API contract 3.3). */
type LocalAddress = 'localhost' | 'loopback' | 'private' | 'linkLocal' | 'shared' | 'broadcast';

/** Seen by nobody, and refused by every resolver: format characters, odd blanks, control characters. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]|(?! )\p{Zs}/u;
/** What follows the address of a Kubernetes API: GitLab appends `/api/v1` itself (Kubernetes facts 5.1). */
const API_PATH =
  /\/(?:api(?:\/v\d[^/]*(?:\/.*)?)?|(?:apis|openapi)(?:\/.*)?|version|healthz|livez|readyz|swagger[^/]*)\/*$/i;

/**
 * Why GitLab would refuse an API URL, or store it although it can never connect; undefined where neither is so. GitLab
 * validates it with Addressable and connects with Ruby's URI (GitLab API contract 3.3), which both differ from browsers:
 * test/inputs/apiUrls.json holds what they say.
 */
export function apiUrlProblem(text: string): string | undefined {
  const trimmed = text.trim();
  const invisible = INVISIBLE.exec(trimmed)?.[0];
  if (invisible !== undefined && !/[\n\r\t]/.test(invisible)) {
    return l10n.t('The API URL contains an invisible character ({0}). Remove it.', codePoint(invisible));
  }
  const scheme = /^https?:\/\//i.exec(trimmed)?.[0];
  if (scheme === undefined) return l10n.t('The API URL must begin with https:// or http://.');
  if (scheme !== scheme.toLowerCase()) {
    return l10n.t('GitLab accepts the scheme in lower case only: {0}', scheme.toLowerCase());
  }
  const rest = trimmed.slice(scheme.length);
  if (/^[a-z]+:?\/\//i.test(rest)) return l10n.t('The API URL has two schemes. Remove one of them.');
  if (/\s/.test(trimmed)) return notValid();
  if (/%0[ad]/i.test(rest)) return l10n.t('GitLab can’t read an API URL with an escaped line break (%0a or %0d).');
  const [odd] = /[<>{}"\\^`|]|%(?![0-9a-f]{2})/i.exec(rest) ?? [];
  if (odd !== undefined) return l10n.t('GitLab can’t read an API URL that contains {0}.', odd);
  return authorityProblem(/^[^/?#]*/.exec(rest)?.[0] ?? '') ?? (parsed(trimmed) ? undefined : notValid());
}

/** Host and port, taken apart as Addressable does. */
function authorityProblem(authority: string): string | undefined {
  const userless = authority.replace(/^[^[\]]*@/, '');
  if (authority.slice(0, -userless.length).indexOf('@') < authority.length - userless.length - 1) return notValid();
  const host = userless.replace(/:[^:@[\]]*$/, '');
  const port = userless.slice(host.length + 1);
  if (host === '') return notValid();
  if (port !== '' && !(/^\d+$/.test(port) && Number(port) > 0 && Number(port) <= 65_535)) {
    return l10n.t('The port in the API URL must be a number from 1 to 65535.');
  }
  if (host.startsWith('[')) return URL.canParse(`https://${host}`) ? undefined : notValid();
  if (host.includes(':'))
    return l10n.t('An IPv6 address in the API URL needs square brackets: https://[2001:db8::1]:6443');
  if (!/^[\p{L}\p{N}]/u.test(host)) {
    return l10n.t('The host name in the API URL must begin with a letter or a digit.');
  }
  return /^(?:[\p{L}\p{N}\p{M}_-]+\.)*[\p{L}\p{N}\p{M}_-]+\.?$/u.test(host)
    ? undefined
    : l10n.t('The host name in the API URL can contain only letters, digits, hyphens, and single dots.');
}

function notValid(): string {
  return l10n.t('This is not a valid URL. Example: https://k8s.example.com:6443');
}

function codePoint(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}

/** What may be wrong with an API URL although GitLab may accept it. */
export function apiUrlWarnings(text: string): readonly string[] {
  const trimmed = text.trim();
  const url = parsed(trimmed);
  if (!url) return [];
  const local = localRemedy(text);
  const repaired = apiUrlWithin(text);
  return [
    ...(local === undefined ? [] : [local]),
    ...(API_PATH.test(url.pathname)
      ? [l10n.t('GitLab appends /api/v1 itself. Use {0} instead.', repaired ?? url.origin)]
      : []),
    ...(url.search !== '' || url.hash !== ''
      ? [l10n.t('An API URL must have nothing after a “?” or “#”; GitLab can’t connect with it.')]
      : []),
    ...(/[^\0-\x7f]/.test(trimmed)
      ? [l10n.t('GitLab stores this address but can’t connect to it. Write it in ASCII: {0}', repaired ?? url.href)]
      : []),
    ...(/\/k8s-proxy\/?$/.test(url.pathname)
      ? [l10n.t('This is the address of GitLab’s own agent, not of the Kubernetes API.')]
      : []),
    ...(url.username !== '' || url.password !== ''
      ? [l10n.t('User name and password in the API URL are shown to everyone who may see the cluster.')]
      : []),
    ...(url.protocol === 'http:' ? [l10n.t('Over http:// GitLab sends the service token unencrypted.')] : []),
  ];
}

/**
 * The address somebody meant whose text GitLab would refuse or cannot use: without quotes, brackets, invisible characters,
 * what follows the API's own address. Offered to the user, never put in place by itself; undefined where there is none.
 */
export function apiUrlWithin(text: string): string | undefined {
  // A line break as JSON and shells write it is none of the address.
  const visible = text
    .trim()
    .replace(new RegExp(INVISIBLE, 'gu'), '')
    .replace(/(?:\\[nrt])+(?=["'”’]*$)/, '');
  const bare = visible
    .replace(/^[\s"'`“”„‘’‚«»‹›<([]+/, '')
    .replace(/(?<!\[[0-9a-f:.]*)[\s"'`“”„‘’‚«»‹›>)\]\\,;.:]+$/i, '');
  const once = bare.replace(
    /^(?:https?:?\/*)*(https?):?[\\/]*/i,
    (_all, scheme: string) => `${scheme.toLowerCase()}://`,
  );
  const isNamed = /^https?:\/\//.test(once);
  const url = isNamed || /^[^/]*[.:]/.test(once) ? parsed(isNamed ? once : `https://${once}`) : undefined;
  if (!url || !/^https?:$/.test(url.protocol)) return undefined;
  url.search = url.hash = '';
  url.pathname = url.pathname.replace(API_PATH, '');
  const found = url.pathname === '/' ? url.href.replace(/\/$/, '') : url.href;
  const isOther = found !== text.trim() && `${found}/` !== text.trim();
  return isOther && apiUrlProblem(found) === undefined ? found : undefined;
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
