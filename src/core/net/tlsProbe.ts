import { request as plainRequest } from 'node:http';
import type { ClientRequest, IncomingMessage } from 'node:http';
import { request as secureRequest } from 'node:https';
import { TLSSocket } from 'node:tls';
import type { SecureVersion } from 'node:tls';
import * as z from 'zod/mini';
import type { TlsReason } from '../gitlab/errors';
import type { HostUrl } from '../model/host';
import { newJourney, travel } from './agents';
import type { OpenAgent } from './agents';
import { presentedChain } from '../model/presentedChain';
import type { PresentedChain } from '../model/presentedChain';
import { failedWithin, tlsReason } from './tlsReason';

/** What was found at the end of a way to a host, and how the way went. */
export type Probe = {
  /** `host:port` of the proxy in between; undefined for a direct connection. */
  readonly proxy: string | undefined;
} & (
  | {
      /** A secure connection stands. Whether it deserves trust is in `reason`. */
      readonly outcome: 'secure';
      readonly presented: PresentedChain | undefined;
      /** Why it would not be trusted, with Node's code; undefined where it would. */
      readonly reason: TlsReason | undefined;
      readonly code: string | undefined;
    }
  | { readonly outcome: 'plain' } // connected, for an address with http
  | { readonly outcome: 'tlsFailed'; readonly reason: TlsReason; readonly code: string }
  | { readonly outcome: 'proxyRefused'; readonly status: number }
  | { readonly outcome: 'proxyUnreachable'; readonly code: string }
  | { readonly outcome: 'unreachable'; readonly code: string }
);

export interface ProbeOptions {
  readonly openAgent: OpenAgent;
  /** PEM texts trusted beside the system's; without any, whom the editor trusts. */
  readonly certificates?: readonly string[];
  /** Milliseconds. */
  readonly deadline?: number;
  readonly signal?: AbortSignal | undefined;
  /** Accepts protocols this old, to learn which one the host speaks. */
  readonly oldest?: SecureVersion;
}

const coded = z.object({ code: z.optional(z.string()), message: z.optional(z.string()) });

/**
 * Sets up a connection to a host, looks, and closes it: no request is sent, no token, nothing but the handshake, which is
 * why it may go on where the certificate is not trusted. Takes the way of the editor, proxies and their sign-in included.
 * Never throws.
 */
export async function probe(url: HostUrl, options: ProbeOptions): Promise<Probe> {
  const seen = await handshake(url, options, false);
  if (seen.outcome !== 'secure' || seen.code !== 'UNSPECIFIED') return seen;
  // A connection that goes on in spite of its certificate has no more than that code; one that is refused has words.
  const strict = await handshake(url, options, true);
  return strict.outcome === 'tlsFailed' ? { ...seen, reason: strict.reason } : seen;
}

function handshake(url: HostUrl, options: ProbeOptions, rejectUnauthorized: boolean): Promise<Probe> {
  const { openAgent, certificates = [], deadline = 10_000, signal, oldest } = options;
  const secure = url.startsWith('https:');
  const journey = newJourney();
  const agent = openAgent(secure, certificates);
  const start = (): ClientRequest =>
    (secure ? secureRequest : plainRequest)(url, {
      agent,
      rejectUnauthorized,
      ...(oldest && { minVersion: oldest, ciphers: 'DEFAULT:@SECLEVEL=0' }),
      ...(signal && { signal }),
    });
  return new Promise<Probe>((resolve) => {
    const request = travel(journey, start);
    const end = (result: ProbeEnd): void => {
      resolve({ proxy: journey.proxy, ...result });
      request.destroy();
      agent.destroy();
    };
    const timer = setTimeout(() => end({ outcome: 'unreachable', code: 'ETIMEDOUT' }), deadline);
    request.once('close', () => clearTimeout(timer));
    request.once('response', ({ statusCode = 0 }: IncomingMessage) =>
      end({ outcome: 'proxyRefused', status: statusCode }),
    );
    request.on('error', (error) => {
      if (journey.proxyProblem !== undefined) return end({ outcome: 'proxyUnreachable', code: journey.proxyProblem });
      const { code = 'unknown', message = '' } = coded.safeParse(error).data ?? {};
      const reason = tlsReason(code, message) ?? (failedWithin(code) ? 'other' : undefined);
      end(reason ? { outcome: 'tlsFailed', reason, code } : { outcome: 'unreachable', code });
    });
    request.once('socket', (socket) => {
      if (!(socket instanceof TLSSocket)) {
        // A proxy that refuses answers through a socket that never connects.
        if (!secure && socket.connecting) socket.once('connect', () => end({ outcome: 'plain' }));
        else if (!secure) end({ outcome: 'plain' });
        return;
      }
      socket.once('secureConnect', () => end(look(socket)));
    });
  });
}

type ProbeEnd = Probe extends infer P ? (P extends Probe ? Omit<P, 'proxy'> : never) : never;

function look(socket: TLSSocket): ProbeEnd {
  const presented = presentedChain(socket);
  if (socket.authorized) return { outcome: 'secure', presented, reason: undefined, code: undefined };
  // Typed as an Error, and a code in truth.
  const code = String(socket.authorizationError);
  return { outcome: 'secure', presented, reason: tlsReason(code, '') ?? 'other', code };
}
