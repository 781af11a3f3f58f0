import { request as plainRequest } from 'node:http';
import type { Agent, ClientRequest, IncomingMessage } from 'node:http';
import { request as secureRequest } from 'node:https';
import { isIP } from 'node:net';
import type { LookupFunction, Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { PeerCertificate } from 'node:tls';
import * as z from 'zod/mini';
import { presentedChain } from '../model/presentedChain';
import type { PresentedChain } from '../model/presentedChain';
import { newJourney, travel } from '../net/agents';
import { failedWithin, tlsReason } from '../net/tlsReason';
import { bodyOf, headersOf } from './answer';
import type { Answer } from './answer';
import type { Target } from './target';

/** How far a connection got before it failed. */
type Stage = 'name' | 'proxy' | 'connect' | 'tls' | 'http';

export interface Failure {
  readonly stage: Stage;
  /** Node's code, or ETIMEDOUT for our own deadline. */
  readonly code: string;
  readonly message: string;
  /** What a proxy answered instead of opening the way. */
  readonly status?: number;
}

/** How one connection went. Times are milliseconds since its start. */
export interface Asked {
  readonly proxy: string | undefined;
  readonly connectedAt: number | undefined;
  readonly securedAt: number | undefined;
  readonly endedAt: number;
  readonly presented: PresentedChain | undefined;
  /** The certificate is one that the CAs of this connection vouch for. */
  readonly authorized: boolean;
  readonly failure: Failure | undefined;
  /** Undefined where nothing was asked over the connection. */
  readonly answer: Answer | undefined;
}

export interface AskOptions {
  readonly agent: Agent;
  /** Addresses that were looked up and found harmless: no other is connected to. Undefined where only a proxy knows the name. */
  readonly addresses: readonly string[] | undefined;
  /** Nothing is sent over a connection that is not verified, whatever `path` says. */
  readonly verify: boolean;
  /** What else is demanded of a verified certificate. Asked before anything is sent; an error ends the connection. */
  readonly demands?: ((hostname: string, certificate: PeerCertificate) => Error | undefined) | undefined;
  /** What to ask for, below the target's base; undefined to set up the connection and no more. */
  readonly path?: string | undefined;
  /** Sent with POST, as JSON. */
  readonly body?: unknown;
  /** A Kubernetes token. Sent over a verified connection alone. */
  readonly token?: string | undefined;
  /** Milliseconds until the connection counts as silent. */
  readonly deadline: number;
  readonly signal?: AbortSignal | undefined;
}

const coded = z.object({ code: z.optional(z.string()), message: z.optional(z.string()) });

/** Sets up one connection and asks one thing over it, or nothing. Follows no redirect. Never throws. */
export function ask(target: Target, options: AskOptions): Promise<Asked> {
  const { agent, addresses, verify, demands, path, body, token, deadline, signal } = options;
  const journey = newJourney();
  const started = performance.now();
  const elapsed = (): number => performance.now() - started;
  const seen: {
    connectedAt?: number;
    securedAt?: number;
    presented?: PresentedChain | undefined;
    authorized?: boolean;
  } = {};
  const mayCarryToken = target.secure && verify;
  const start = (): ClientRequest =>
    (target.secure ? secureRequest : plainRequest)(`${target.base}${path ?? '/'}`, {
      agent,
      method: body === undefined ? 'GET' : 'POST',
      rejectUnauthorized: verify,
      headers: {
        Accept: 'application/json, */*;q=0.5',
        'User-Agent': 'gitlab-clusters',
        // The extension host replaces agents; only this header keeps the connection for the next question.
        Connection: 'keep-alive',
        ...(body !== undefined && { 'Content-Type': 'application/json' }),
        ...(token !== undefined && mayCarryToken && { Authorization: `Bearer ${token}` }),
      },
      ...(addresses && { lookup: lookupOf(addresses) }),
      ...(signal && { signal }),
    });
  return new Promise((resolve) => {
    const request = travel(journey, start);
    let over = false;
    const end = (failure: Failure | undefined, answer?: Answer): void => {
      if (over) return;
      over = true;
      clearTimeout(timer);
      resolve({
        proxy: journey.proxy,
        connectedAt: seen.connectedAt,
        securedAt: seen.securedAt,
        endedAt: elapsed(),
        presented: seen.presented,
        authorized: seen.authorized ?? false,
        failure,
        answer,
      });
      // An answer that was read to its end leaves the connection to the next question.
      if (!answer) request.destroy();
    };
    const stage = (): Stage =>
      seen.connectedAt === undefined ? 'connect' : target.secure && seen.securedAt === undefined ? 'tls' : 'http';
    const timer = setTimeout(() => end({ stage: stage(), code: 'ETIMEDOUT', message: '' }), deadline);
    request.on('error', (error) => end(failureOf(error, stage(), journey.proxyProblem)));
    const broken = (): void => end({ stage: stage(), code: 'ECONNRESET', message: '' });
    request.once('close', broken);
    request.once('socket', (socket: Socket) => {
      const connected = (): void => void (seen.connectedAt ??= elapsed());
      if (!socket.connecting) connected();
      else socket.once('connect', connected);
      const ready = (): void => {
        connected();
        if (socket instanceof TLSSocket) {
          seen.securedAt ??= elapsed();
          // Decoded once: on a connection that is used again nobody looks at it.
          if (!request.reusedSocket) seen.presented = presentedChain(socket);
          seen.authorized = socket.authorized;
          // The editor's agent has its own way with options of Node's, so everything is checked here, also on a connection
          // that is used again.
          const refusal = verify ? refusalBy(socket, demands, target.hostname) : undefined;
          if (refusal) return end(failureOf(refusal, 'tls', undefined));
        }
        if (path === undefined || (target.secure && !verify)) end(undefined);
        // Only now: what waits for a connection would be sent before it is looked at.
        else request.end(body === undefined ? undefined : JSON.stringify(body));
      };
      if (!(socket instanceof TLSSocket)) {
        if (!target.secure && socket.connecting) socket.once('connect', ready);
        else if (!target.secure) ready();
      } else if (request.reusedSocket) ready();
      else socket.once('secureConnect', ready);
    });
    request.once('response', (response: IncomingMessage) => {
      const status = response.statusCode ?? 0;
      if (journey.answeredByProxy || status === 407)
        return end({ stage: 'proxy', code: String(status), message: '', status });
      // The request closes before its answer was read to the end.
      request.off('close', broken);
      void bodyOf(response).then((text) => {
        // By then the connection is free for the next question.
        setImmediate(() => end(undefined, { status, headers: headersOf(response), body: text }));
      });
    });
  });
}

function refusalBy(socket: TLSSocket, demands: AskOptions['demands'], hostname: string): Error | undefined {
  // Typed as an Error, and a code in truth.
  if (!socket.authorized)
    return Object.assign(new Error('not verified'), { code: String(socket.authorizationError ?? 'CERT_UNTRUSTED') });
  return demands?.(hostname, socket.getPeerCertificate(true));
}

function failureOf(error: unknown, stage: Stage, proxyProblem: string | undefined): Failure {
  const { code = 'unknown', message = '' } = coded.safeParse(error).data ?? {};
  if (proxyProblem !== undefined) return { stage: 'proxy', code: proxyProblem, message: '' };
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return { stage: 'name', code, message };
  // TLS 1.3 asks for a client certificate only after the handshake.
  const isTls = tlsReason(code, message) !== undefined || (stage !== 'http' && failedWithin(code));
  return { stage: isTls ? 'tls' : stage, code, message };
}

/** Answers with addresses that were found harmless before, so that a name cannot lead elsewhere the second time. */
function lookupOf(addresses: readonly string[]): LookupFunction {
  const all = addresses.map((address) => ({ address, family: isIP(address) }));
  return (_name, { all: wantsAll }, found) => {
    const [first] = all;
    if (wantsAll) found(null, all);
    else if (first) found(null, first.address, first.family);
    else found(Object.assign(new Error('no address'), { code: 'ENOTFOUND' }), '');
  };
}
