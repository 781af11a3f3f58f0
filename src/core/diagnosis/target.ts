import { isIP } from 'node:net';
import * as l10n from '@vscode/l10n';
import { apiUrlProblem, localAddressOf } from '../model/apiUrl';
import { plain } from '../model/plainText';
import type { Problem } from './ladder';

/** Where an API URL leads. */
export interface Target {
  /** Scheme, authority and path, without trailing slashes, user name and password: what paths are appended to. */
  readonly base: string;
  /** Without brackets. */
  readonly hostname: string;
  readonly port: number;
  readonly secure: boolean;
  readonly path: string;
}

/** Reads an API URL as GitLab takes it apart, as far as both agree. A problem where GitLab would refuse it. */
export function targetOf(apiUrl: string): Target | Problem {
  const text = apiUrl.trim();
  const problem = apiUrlProblem(text);
  if (problem !== undefined || !URL.canParse(text)) {
    return {
      title: l10n.t('API URL not valid'),
      sentence: problem ?? l10n.t('This is not a valid URL. Example: https://k8s.example.com:6443'),
      next: l10n.t('Correct the API URL of the cluster.'),
    };
  }
  const url = new URL(text);
  const secure = url.protocol === 'https:';
  const path = url.pathname.replace(/\/+$/, '');
  return {
    base: `${url.protocol}//${url.host}${path}`,
    hostname: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? (secure ? 443 : 80) : Number(url.port),
    secure,
    path,
  };
}

/** One key for each address that is asked. */
export function addressKey(apiUrl: string): string | undefined {
  const target = targetOf(apiUrl);
  return 'base' in target ? target.base : undefined;
}

/** Addresses at which clouds hand out credentials to whoever asks from inside, beside the link-local ones. */
const metadataAddresses: ReadonlySet<string> = new Set([
  'fd00:ec2::254',
  '100.100.100.200',
  '168.63.129.16',
  '192.0.0.192',
]);
const metadataNames = /^(metadata|metadata\.google\.internal|metadata\.goog|instance-data)\.?$/;

/** Whether an address or name is never asked: link-local, metadata, broadcast, or none at all. */
export function isForbidden(host: string): boolean {
  const name = host.toLowerCase();
  if (metadataNames.test(name)) return true;
  if (isIP(name) === 0) return false;
  const canonical = canonicalOf(name);
  const embedded = embeddedIpv4(canonical);
  if (embedded !== undefined && isForbidden(embedded)) return true;
  if (metadataAddresses.has(canonical)) return true;
  const local = localAddressOf(isIP(canonical) === 6 ? `[${canonical}]` : canonical);
  return local === 'linkLocal' || local === 'broadcast' || /^(0\.0\.0\.0|::|ff[0-9a-f]{2}:.*)$/.test(canonical);
}

/** IPv6 has many spellings, and a zone; the URL parser knows one. */
function canonicalOf(address: string): string {
  if (isIP(address) !== 6) return address;
  const text = `http://[${address.replace(/%.*$/, '')}]`;
  return URL.canParse(text) ? new URL(text).hostname.slice(1, -1) : address;
}

/** The IPv4 address that NAT64 or 6to4 puts into an IPv6 one. */
function embeddedIpv4(address: string): string | undefined {
  const [, high, low] = /^(?:64:ff9b::|2002:)([0-9a-f]{1,4}):([0-9a-f]{1,4})/.exec(address) ?? [];
  if (high === undefined || low === undefined) return undefined;
  const [a, b] = [Number.parseInt(high, 16), Number.parseInt(low, 16)];
  return [a >> 8, a & 255, b >> 8, b & 255].join('.');
}

/** How an address is marked in questions and reports; empty for a public one. */
export function markOf(host: string): string {
  const local = localAddressOf(isIP(host) === 6 ? `[${canonicalOf(host)}]` : host);
  switch (local) {
    case undefined:
      return '';
    case 'localhost':
    case 'loopback':
      return l10n.t('this computer');
    case 'private':
    case 'shared':
      return l10n.t('private network');
    case 'linkLocal':
    case 'broadcast':
      return l10n.t('never asked');
  }
}

/** Why such an address is not asked. */
export function forbiddenProblem(address: string): Problem {
  return {
    title: l10n.t('Address never contacted'),
    sentence: l10n.t(
      '{0} is a link-local, metadata or unusable address. No Kubernetes API has such an address, and a request to it could reveal credentials of this computer.',
      plain(address),
    ),
    next: l10n.t('Find out who registered this API URL, and correct it.'),
  };
}
