import { isIP } from 'node:net';
import * as l10n from '@vscode/l10n';
import * as z from 'zod/mini';
import type { GitLabClient } from '../../core/gitlab/client';
import { GitLabError } from '../../core/gitlab/errors';
import { explain } from '../../core/gitlab/explain';
import { isFineGrained, readToken, readVersion } from '../../core/gitlab/identity';
import type { HostIdentity } from '../../core/gitlab/identity';
import { userPayload } from '../../core/gitlab/schemas';
import type { HostUrl } from '../../core/model/host';
import { plain } from '../../core/model/plainText';
import type { HostLook } from '../../core/net/hostLook';
import type { Trust } from '../../core/net/ownCa';
import { failureOf } from '../../core/net/probeFailure';

/** What is tried, in this order. */
export type StepName = 'address' | 'route' | 'tls' | 'token' | 'version' | 'instance';

/** One thing that was tried on the way to a host. */
export interface Step {
  readonly name: StepName;
  readonly outcome: 'ok' | 'warning' | 'failed' | 'skipped';
  /** Undefined where it took none of its own. */
  readonly milliseconds: number | undefined;
  /** Findings, or why it failed and what to do: whole lines, no secrets. */
  readonly lines: readonly string[];
}

export interface ReportParts {
  readonly url: HostUrl;
  readonly trust: Trust;
  /** All addresses of a name. */
  readonly resolve: (name: string) => Promise<readonly string[]>;
  readonly look: () => Promise<HostLook>;
  /** Throws GitLabError where the token cannot be had; undefined where there is none. */
  readonly client: () => Promise<GitLabClient | undefined>;
  readonly now: Date;
  readonly signal?: AbortSignal | undefined;
}

/** A token that expires sooner is worth a warning. In days. */
const SOON = 14;

/** Goes the whole way to a host, step by step, as requests do. Throws GitLabError `cancelled` and nothing else. */
export async function connectionReport(parts: ReportParts): Promise<readonly Step[]> {
  const steps: Step[] = [];
  const [address, seen] = await Promise.all([timed(() => resolved(parts)), timed(parts.look)]);
  throwIfCancelled(parts.signal);
  steps.push(addressStep(address, seen.value.probe.proxy !== undefined));
  steps.push(...wayTo(seen, parts));
  if (steps.some(({ outcome }) => outcome === 'failed')) return complete(steps);
  await askGitLab(parts, steps);
  return complete(steps);
}

interface Timed<T> {
  readonly value: T;
  readonly milliseconds: number;
}

async function timed<T>(run: () => Promise<T>): Promise<Timed<T>> {
  const started = performance.now();
  const value = await run();
  return { value, milliseconds: Math.round(performance.now() - started) };
}

interface Resolution {
  readonly name: string;
  /** Addresses, or the system's word for why there are none. */
  readonly found: readonly string[] | string;
}

async function resolved({ url, resolve }: ReportParts): Promise<Resolution> {
  const name = new URL(url).hostname.replace(/^\[|\]$/g, '');
  if (isIP(name) !== 0) return { name, found: [name] };
  try {
    return { name, found: await resolve(name) };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    return { name, found: code };
  }
}

function addressStep({ value, milliseconds }: Timed<Resolution>, proxied: boolean): Step {
  const { name, found } = value;
  const step = { name: 'address', milliseconds } as const;
  if (typeof found !== 'string') return { ...step, outcome: 'ok', lines: [`${name} → ${found.join(', ')}`] };
  if (proxied)
    return {
      ...step,
      outcome: 'ok',
      lines: [l10n.t('{0} is not known here ({1}); the proxy looks it up.', name, found)],
    };
  return {
    ...step,
    outcome: 'failed',
    lines: [
      l10n.t('{0} cannot be resolved ({1}).', name, found),
      l10n.t('Next: check the spelling, and whether the name is known only inside a VPN or behind a proxy.'),
    ],
  };
}

function wayTo({ value: { probe, trustedBy }, milliseconds }: Timed<HostLook>, { url, trust }: ReportParts): Step[] {
  const failure = failureOf(probe, trust);
  const way = probe.proxy === undefined ? l10n.t('Direct, no proxy') : l10n.t('Through the proxy {0}', probe.proxy);
  const reached = probe.outcome === 'secure' || probe.outcome === 'plain' || probe.outcome === 'tlsFailed';
  const route: Step = reached
    ? { name: 'route', outcome: 'ok', milliseconds: undefined, lines: [way] }
    : { name: 'route', outcome: 'failed', milliseconds, lines: [way, ...(failure ? failureLines(failure) : [])] };
  if (!reached) return [route];
  const tls = { name: 'tls', milliseconds } as const;
  if (failure) return [route, { ...tls, outcome: 'failed', lines: [...failureLines(failure), ...chainLines(probe)] }];
  if (url.startsWith('http:'))
    return [
      route,
      {
        ...tls,
        outcome: 'warning',
        lines: [l10n.t('None: the address uses http, so the access token can be intercepted.')],
      },
    ];
  const by =
    trustedBy === 'own'
      ? l10n.t('trusted through the CA of this host')
      : l10n.t('trusted through a CA this editor knows');
  const protocol = probe.outcome === 'secure' ? (probe.presented?.protocol ?? 'TLS') : 'TLS';
  const problem = trust.problem === undefined ? [] : [trust.problem];
  return [
    route,
    {
      ...tls,
      outcome: problem.length > 0 ? 'warning' : 'ok',
      lines: [`${protocol}, ${by}`, ...problem, ...chainLines(probe)],
    },
  ];
}

function chainLines(probe: HostLook['probe']): string[] {
  if (probe.outcome !== 'secure' || !probe.presented) return [];
  const { names, certificates } = probe.presented;
  return [
    ...certificates.map(({ subject, validTo, sha256 }, index) =>
      l10n.t('{0}. {1}, until {2}, SHA-256 {3}', index + 1, plain(subject), validTo.toISOString().slice(0, 10), sha256),
    ),
    l10n.t('Issued by: {0}', plain(certificates.at(-1)?.issuer ?? '')),
    l10n.t('Names: {0}', names.length > 0 ? names.join(', ') : l10n.t('none')),
  ];
}

async function askGitLab(parts: ReportParts, steps: Step[]): Promise<void> {
  const { signal } = parts;
  const account = await attempt(steps, 'token', parts, async () => {
    const client = await parts.client();
    if (!client) throw new GitLabError('noToken');
    const user = await client.request('GET', '/user', userPayload, { signal });
    const token = await readToken(client, signal);
    const isAdmin = user.is_admin ?? false;
    const who = `@${plain(user.username)} (${plain(user.name)})`;
    const findings = tokenFindings(isAdmin ? l10n.t('{0}, administrator', who) : who, token, parts.now);
    return { ...findings, found: { client, token, isAdmin } };
  });
  if (!account) return;
  const { client, token, isAdmin } = account;
  const version = await attempt(steps, 'version', parts, async () => {
    const found = await readVersion(client, signal);
    const line = found
      ? `GitLab ${plain(found.number)}${edition(found.enterprise)}`
      : l10n.t('Not reported by this GitLab version.');
    return { lines: [line], found: true };
  });
  if (!version) return;
  await attempt(steps, 'instance', parts, async () => {
    try {
      await client.request('GET', '/admin/clusters', z.unknown(), { query: { per_page: 1 }, signal });
      return { lines: [l10n.t('Readable.')], found: true };
    } catch (error) {
      const refusal = error instanceof GitLabError ? instanceRefusal(error, isAdmin, token) : undefined;
      if (refusal === undefined) throw error;
      return { lines: [refusal], warning: true, found: true };
    }
  });
}

interface Findings {
  readonly lines: readonly string[];
  readonly warning?: boolean;
}

/** Runs a step and writes down how it went. Undefined where it failed. */
async function attempt<T>(
  steps: Step[],
  name: StepName,
  { signal }: ReportParts,
  run: () => Promise<Findings & { readonly found: T }>,
): Promise<T | undefined> {
  const started = performance.now();
  const done = (): number => Math.round(performance.now() - started);
  try {
    const { lines, warning, found } = await run();
    steps.push({ name, outcome: warning ? 'warning' : 'ok', milliseconds: done(), lines });
    return found;
  } catch (error) {
    throwIfCancelled(signal);
    if (error instanceof GitLabError && error.kind === 'cancelled') throw error;
    steps.push({ name, outcome: 'failed', milliseconds: done(), lines: failureLines(error) });
    return undefined;
  }
}

function tokenFindings(who: string, token: HostIdentity['token'], now: Date): Findings {
  if (!token)
    return {
      lines: [
        who,
        l10n.t('Scopes and expiry: unknown. This GitLab version doesn’t report them for this kind of token.'),
      ],
    };
  const scopes = token.scopes.map(plain);
  const lines = [
    who,
    l10n.t('Scopes: {0}', scopes.join(', ')),
    token.expiresAt === undefined ? l10n.t('Expires: never') : l10n.t('Expires: {0}', plain(token.expiresAt)),
  ];
  const days = token.expiresAt === undefined ? Infinity : (Date.parse(token.expiresAt) - now.getTime()) / 86_400_000;
  const notes = [
    ...(days < SOON ? [l10n.t('Next: it expires soon; create a new one in GitLab and replace it.')] : []),
    ...(isFineGrained(token)
      ? [
          l10n.t(
            'It is fine-grained: its permissions decide what it can do, and GitLab says so only when it refuses something.',
          ),
        ]
      : []),
    ...(!scopes.includes('api') && scopes.includes('read_api')
      ? [l10n.t('It can only read, so clusters cannot be changed. For that, use one with the scope “api”.')]
      : []),
    ...(!scopes.includes('api') && !scopes.includes('read_api') && !isFineGrained(token)
      ? [l10n.t('Next: it can’t read any cluster; use one with the scope “api”, or “read_api” to look only.')]
      : []),
  ];
  // That it is fine-grained is no fault.
  return { lines: [...lines, ...notes], warning: notes.length > (isFineGrained(token) ? 1 : 0) };
}

/** Why the clusters of the instance may not be read (GitLab API contract 4.3, 4.5, 4.7); undefined for other failures. */
function instanceRefusal({ kind }: GitLabError, isAdmin: boolean, token: HostIdentity['token']): string | undefined {
  switch (kind) {
    case 'forbidden':
      if (!isAdmin)
        return l10n.t(
          'May not be read: the user is no administrator. Clusters of groups and projects are not affected.',
        );
      return token && !token.scopes.includes('admin_mode') && !isFineGrained(token)
        ? l10n.t(
            'May not be read: Admin Mode is on, and the token lacks the scope “admin_mode”. Next: replace it by one that has it.',
          )
        : l10n.t(
            'May not be read, though the user is an administrator. Next: ask whether the account or the address of this computer is restricted.',
          );
    case 'notFound':
    case 'clustersUnavailable':
      return l10n.t(
        'Switched off: the feature flag “certificate_based_clusters” is off at this GitLab. Next: an administrator can turn it on.',
      );
    case 'unsupported':
      return l10n.t('Not offered: this GitLab is older than 13.2, or the feature was removed.');
    case 'insufficientScope':
      return l10n.t(
        'May not be read: the token lacks the scope “read_api” or “api”. Next: replace it by one that has it.',
      );
    default:
      return undefined;
  }
}

function edition(enterprise: boolean | undefined): string {
  return enterprise === undefined ? '' : enterprise ? ' EE' : ' CE';
}

function failureLines(error: unknown): string[] {
  const { title, sentence } = explain(error);
  return [title, sentence];
}

const order: readonly StepName[] = ['address', 'route', 'tls', 'token', 'version', 'instance'];

/** What came after a failure was not tried, and says so. */
function complete(steps: readonly Step[]): readonly Step[] {
  return order.map(
    (name) =>
      steps.find((step) => step.name === name) ?? { name, outcome: 'skipped', milliseconds: undefined, lines: [] },
  );
}

function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new GitLabError('cancelled');
}
