import * as l10n from '@vscode/l10n';
import type * as z from 'zod/mini';

/**
 * The normalised address of a GitLab host: lower-case scheme and authority, the path kept (GitLab may be installed
 * under a relative URL), no trailing slash, no credentials, query or fragment. `parseHostUrl` is its only constructor;
 * settings, secrets, maps and tree ids all use it as the key.
 */
export type HostUrl = string & z.core.$brand<'HostUrl'>;

/** A project or group the user keeps on top of a host's rows. `path` is GitLab's full path, shown before any request. */
export interface WatchedOwner {
  readonly id: number;
  readonly path: string;
}

/** One GitLab server the user added, as it stands in the setting. */
export interface Host {
  readonly url: HostUrl;
  readonly name: string;
  readonly projects: readonly WatchedOwner[];
  readonly groups: readonly WatchedOwner[];
  /** Path of a file with the CA certificates trusted for this host alone. */
  readonly caFile?: string | undefined;
  /** PEM text of the CA certificate the user trusted for this host alone, in the certificate dialog. */
  readonly ca?: string | undefined;
  /** Names under which ssh remotes reach this host: aliases of the ssh configuration, or another name of its ssh server. */
  readonly sshHosts?: readonly string[] | undefined;
}

type ParsedHostUrl =
  | {
      readonly ok: true;
      readonly url: HostUrl;
      /** Plain http to a host that is not this computer. */ readonly insecure: boolean;
      /** What of the text was left out, as a sentence, where that is worth saying. */ readonly note?: string;
    }
  | { readonly ok: false; readonly problem: string };

/** Longer ones are a text pasted by mistake. */
const MAX_ADDRESS = 2000;

/**
 * Reads what a person typed or pasted as a host's address. A missing scheme is taken as https; quotes, brackets, and
 * punctuation around it are left out, and so is everything that belongs to a page of GitLab or its API. Never throws, and
 * reading its own result gives the same again. What is wrong never quotes the text: it may hold a password.
 */
export function parseHostUrl(text: string): ParsedHostUrl {
  const parsed = parseOnce(text);
  if (!parsed.ok) return parsed;
  const again = parseOnce(parsed.url);
  return again.ok && again.url === parsed.url ? parsed : refuse(notAnAddress());
}

function parseOnce(text: string): ParsedHostUrl {
  const trimmed = unwrapped(text);
  if (trimmed === '') return refuse(l10n.t('Enter the address of your GitLab, for example https://gitlab.example.com'));
  if (/\s/.test(trimmed)) return refuse(l10n.t('The address must not contain spaces or line breaks.'));
  if (/[{}]|<[^>]*>|\$\w|%[A-Z][A-Z_]+%/.test(trimmed)) {
    return refuse(l10n.t('The address contains a placeholder. Replace it with the name of your GitLab host.'));
  }
  if (/^(?:ssh:\/\/)?[\w.-]+@[\w.-]+(?::\d+)?[:/]/.test(trimmed)) {
    return refuse(l10n.t('This is the address of a repository. Enter the one of GitLab itself, as in your browser.'));
  }
  if (trimmed.includes('*')) return refuse(l10n.t('The address must name one host; * is not possible.'));
  // Two slashes are forgotten easily, and a browser does not mind.
  const coloned = trimmed.replace(/^(https?)(?=\/\/)/i, '$1:');
  const named = /^[a-z][a-z0-9+.-]*:[\\/]/i.test(coloned) ? coloned : `https://${coloned}`;
  // Only of two schemes that lead to the web is it sure which one is meant.
  const typed = named.replace(/^(?:https?:?[\\/]+)+(?=https?:?[\\/])/i, '');
  const { withScheme, isPage } = withoutPage(typed);
  const url = trimmed.length <= MAX_ADDRESS && URL.canParse(withScheme) ? new URL(withScheme) : undefined;
  if (!url || url.hostname === '') return refuse(notAnAddress());
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    return refuse(l10n.t('The address must begin with https:// (or http://).'));
  }
  // Wherever it stands: what looks like a path may be a user name and password in the wrong place.
  if (url.username !== '' || url.password !== '' || withScheme.includes('@')) {
    return refuse(l10n.t('Leave out user name and password. You’ll be asked for the access token next.'));
  }
  if (url.search !== '' || withScheme.includes('?')) return refuse(l10n.t('Leave out everything from the “?” on.'));
  if (url.hash !== '' || withScheme.includes('#')) return refuse(l10n.t('Leave out everything from the “#” on.'));
  // The root's dot at the end names the same host, but no certificate has it.
  const hostname = url.hostname.replace(/\.+$/, '');
  const nameProblem = hostnameProblem(hostname);
  if (nameProblem !== undefined) return refuse(nameProblem);
  const authority = url.port === '' ? hostname : `${hostname}:${url.port}`;
  const normalised = `${url.protocol}//${authority}${installPath(url.pathname)}`;
  if (!isHostUrl(normalised)) return refuse(notAnAddress());
  const note = isPage ? l10n.t('Read as {0}; the rest is the address of a page.', normalised) : undefined;
  const insecure = url.protocol === 'http:' && !isLoopback(hostname);
  return { ok: true, url: normalised, insecure, ...(note !== undefined && { note }) };
}

/** The text without what surrounds an address in prose, source code, and web pages. */
function unwrapped(text: string): string {
  const visible = text.trim().replace(/[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g, '');
  const bare = visible.replace(/^[\s"'`“”„‘’‚«»‹›(]+/, '').replace(/[\s"'`“”„‘’‚«»‹›,;!]+$/, '');
  const unbracketed = /^[<[]\w+:\/\/.*[>\]]$/s.test(bare) ? bare.slice(1, -1) : bare;
  const closed = unbracketed.includes('(') ? unbracketed : unbracketed.replace(/\)+$/, '');
  return closed.replace(/[\s"'`“”„‘’‚«»‹›,;!.:]+$/, '');
}

/** Paths of GitLab's own pages and API, which begin behind the path it is installed under. */
const PAGE =
  /\/(?:-(?:\/|$)|api(?:\/v\d+)?(?:\/|$)|(?:explore|help|dashboard|search)(?:\/|$)|(?:users|admin|groups|profile)\/[^/?#])/;

/**
 * Cuts an address back to where GitLab is installed, if it is one of its pages. A project's page has its path of at least
 * two parts before `/-/`, and nothing shows where the path of the installation ends: there the host alone is meant.
 */
function withoutPage(address: string): { readonly withScheme: string; readonly isPage: boolean } {
  const [, origin = '', path = ''] = /^([^/?#]*[\\/]{1,2}[^/?#\\]*)(.*)$/s.exec(address) ?? [];
  const page = PAGE.exec(path.replace(/[?#].*$/s, '').replace(/\/{2,}/g, '/'));
  if (!page) return { withScheme: address, isPage: false };
  const before = path.replace(/\/{2,}/g, '/').slice(0, page.index);
  const isOfProject = page[0].startsWith('/-') && /^\/[^/]+\/[^/]/.test(before);
  // Never told: `/api/v4` is how many know the address of their GitLab.
  const isApiRoot = /^(?:\/api\/v\d+)+\/*$/.test(path.replace(/\/{2,}/g, '/').slice(page.index));
  return { withScheme: `${origin}${isOfProject ? '' : before}`, isPage: !isApiRoot };
}

/** Why nothing could be reached under a name; undefined where it could. IPv6 addresses are in brackets. */
function hostnameProblem(hostname: string): string | undefined {
  if (hostname === 'http' || hostname === 'https') return l10n.t('The address has two schemes. Leave one out.');
  if (hostname.startsWith('[')) return undefined;
  if (hostname.split('.').includes('')) return l10n.t('The name of the host has two dots in a row.');
  return /^[a-z0-9._-]+$/.test(hostname) ? undefined : notAnAddress();
}

function notAnAddress(): string {
  return l10n.t('This is not an address GitLab could have.');
}

/** The path GitLab is installed under, each one in one spelling only. */
function installPath(pathname: string): string {
  const spelled = pathname.replace(/%[0-9a-f]{2}/gi, (code) => {
    const character = String.fromCharCode(Number.parseInt(code.slice(1), 16));
    return /[\w.~-]/.test(character) ? character : code.toUpperCase();
  });
  return spelled.replace(/\/+/g, '/').replace(/(\/api\/v4)*\/*$/, '');
}

/** An address in the only spelling there is: with no other could it be the key of settings and secrets. */
function isHostUrl(text: string): text is HostUrl {
  if (!URL.canParse(text)) return false;
  const { href, pathname } = new URL(text);
  return href === (pathname === '/' ? `${text}/` : text) && !text.endsWith('/');
}

/** What was typed as an address, fit to be shown: user name, password, query and fragment are left out. */
export function shownAddress(text: string): string {
  return text.replace(/[?#].*$/s, '…').replace(/^([a-z][a-z0-9+.-]*:[\\/]+|[\\/]*).*@/is, '$1…@');
}

function refuse(problem: string): ParsedHostUrl {
  return { ok: false, problem };
}

function isLoopback(hostname: string): boolean {
  return (
    hostname === 'localhost' ||
    hostname === '[::1]' ||
    /^127(\.\d+){3}$/.test(hostname) ||
    hostname.endsWith('.localhost')
  );
}

/** The name a host gets when the user gives none: authority and path, without the scheme. */
export function defaultHostName(url: HostUrl): string {
  return url.replace(/^https?:\/\//, '');
}

/** An address on the host, with the install path kept (`new URL('/x', base)` would drop it). `path` begins with a slash. */
export function addressOn(url: HostUrl, path: string): string {
  return `${url}${path}`;
}
