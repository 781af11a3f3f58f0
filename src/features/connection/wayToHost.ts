import { isIP } from 'node:net';
import * as l10n from '@vscode/l10n';
import { plain } from '../../core/model/plainText';
import type { HostLook } from '../../core/net/hostLook';
import { failureOf } from '../../core/net/probeFailure';
import { failureLines } from './reportSteps';
import type { ReportParts, Step, Timed } from './reportSteps';

interface Resolution {
  readonly name: string;
  /** Addresses, or the system's word for why there are none. */
  readonly found: readonly string[] | string;
}

/** Looks up the name of the host. */
export async function resolved({ url, resolve }: ReportParts): Promise<Resolution> {
  const name = new URL(url).hostname.replace(/^\[|\]$/g, '');
  if (isIP(name) !== 0) return { name, found: [name] };
  try {
    return { name, found: await resolve(name) };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    return { name, found: code };
  }
}

export function addressStep({ value, milliseconds }: Timed<Resolution>, proxied: boolean): Step {
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

/** The route to the host and its secure connection, as far as it was reached. */
export function wayTo(
  { value: { probe, trustedBy }, milliseconds }: Timed<HostLook>,
  { url, trust }: ReportParts,
): Step[] {
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
