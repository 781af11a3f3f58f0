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
}

export type ParsedHostUrl =
  | {
      readonly ok: true;
      readonly url: HostUrl;
      /** Plain http to a host that is not this computer. */ readonly insecure: boolean;
    }
  | { readonly ok: false; readonly problem: string };

/** Longer ones are a text pasted by mistake. */
const MAX_ADDRESS = 2000;

/**
 * Reads what a person typed or pasted as a host's address. A missing scheme is taken as https; `/api/v4` is dropped.
 * Never throws, and reading its own result gives the same again. What is wrong never quotes the text: it may hold a
 * password.
 */
export function parseHostUrl(text: string): ParsedHostUrl {
  const trimmed = text.trim();
  if (trimmed === '') return refuse(l10n.t('Enter the address of your GitLab, for example https://gitlab.example.com'));
  if (/\s/.test(trimmed)) return refuse(l10n.t('The address must not contain spaces or line breaks.'));
  // Two slashes are forgotten easily, and a browser does not mind.
  const withScheme = /^[a-z][a-z0-9+.-]*:[\\/]/i.test(trimmed) ? trimmed : `https://${trimmed}`;
  const url = trimmed.length <= MAX_ADDRESS && URL.canParse(withScheme) ? new URL(withScheme) : undefined;
  if (!url || url.hostname === '') return refuse(l10n.t('This is not an address GitLab could have.'));
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    return refuse(l10n.t('The address must begin with https:// (or http://).'));
  }
  // Wherever it stands: what looks like a path may be a user name and password in the wrong place.
  if (url.username !== '' || url.password !== '' || trimmed.includes('@')) {
    return refuse(l10n.t('Leave user name and password out of the address; the access token is asked for next.'));
  }
  if (url.search !== '' || withScheme.includes('?'))
    return refuse(l10n.t('Leave everything from the “?” on out of the address.'));
  if (url.hash !== '' || withScheme.includes('#'))
    return refuse(l10n.t('Leave everything from the “#” on out of the address.'));
  // The root's dot at the end names the same host, but no certificate has it.
  const hostname = url.hostname.replace(/\.+$/, '');
  const authority = url.port === '' ? hostname : `${hostname}:${url.port}`;
  const normalised = `${url.protocol}//${authority}${installPath(url.pathname)}`;
  if (!isHostUrl(normalised)) return refuse(l10n.t('This is not an address GitLab could have.'));
  return { ok: true, url: normalised, insecure: url.protocol === 'http:' && !isLoopback(hostname) };
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
