import { AsyncLocalStorage } from 'node:async_hooks';
import { Agent as PlainAgent } from 'node:http';
import type { ClientRequest, IncomingMessage } from 'node:http';
import { Agent as SecureAgent, request as secureRequest } from 'node:https';
import { request as plainRequest } from 'node:http';
import { TLSSocket, createSecureContext } from 'node:tls';
import type { SecureContext } from 'node:tls';
import * as z from 'zod/mini';
import { proxyOf } from './proxyWords';

/** What became known of one request's way to the host, while it was sent. Filled in by the agent that sends it. */
export interface Journey {
  /** `host:port` of the proxy that was used; undefined without one, and where an open connection was used again. */
  proxy: string | undefined;
  /** Why the proxy could not be reached: a system code such as ECONNREFUSED. */
  proxyProblem: string | undefined;
  /** The answer did not come through the secure connection: a proxy gave it instead of opening the tunnel. */
  answeredByProxy: boolean;
  /** The secure connection was complete, so that the request may have been sent. Never so over plain http. */
  secured: boolean;
}

const journeys = new AsyncLocalStorage<Journey>();

export function newJourney(): Journey {
  return { proxy: undefined, proxyProblem: undefined, answeredByProxy: false, secured: false };
}

/** Runs what sends a request, and notes in `journey` how it went. */
export function travel<T>(journey: Journey, send: () => T): T {
  return journeys.run(journey, send);
}

/** As long as Node's own agents keep a connection nobody uses. In milliseconds. */
const IDLE = 5000;
/** More connections than are ever used at once are not kept. */
const MAX_IDLE_CONNECTIONS = 8;

/** Milliseconds the trusted certificates are kept ready for the next connection. */
const CONTEXT_AGE = 60_000;

/** Whether any trusted certificate may be the end of a chain, as in Go, or only a self-signed one, as in OpenSSL. */
export type Chains = 'partial' | 'whole';

/**
 * Opens connections and keeps them. `certificates`, PEM texts, are trusted beside the system's; any of them may be the end
 * of a chain, unless chains have to be whole.
 */
export type OpenAgent = (secure: boolean, certificates: readonly string[], chains?: Chains) => PlainAgent;

/**
 * Makes agents that keep their connections, through the editor's proxy too.
 *
 * VS Code puts an agent of its own into every request: it knows settings, system proxies and their sign-in, and throws
 * each connection away after one request. So one of VS Code's agents is taken from a request that is never sent, told
 * to keep its secure connections, and used for all of a host's requests; VS Code leaves its own agents as they are.
 * Asked for localhost it takes no proxy, and the name is not looked up, so that nothing leaves this computer. Elsewhere
 * (tests, or plain http with `http.proxySupport: off`) there is no such agent, and one of Node's does the same.
 *
 * `proxyAuthorization` gives the setting `http.proxyAuthorization`, which VS Code itself sends for its own requests only.
 */
export function agentOpener(proxyAuthorization: () => string | undefined): OpenAgent {
  return (secure, certificates, chains = 'partial') => {
    const options = {
      keepAlive: true,
      maxFreeSockets: MAX_IDLE_CONNECTIONS,
      timeout: IDLE,
      // A resumed session presents no certificate, and nobody verifies it again.
      maxCachedSessions: 0,
      // With an intermediate as the anchor: most servers do not send their root (Node ≥ 20.18 and ≥ 22.9).
      ...(secure && certificates.length > 0 && { ca: [...certificates], allowPartialTrustChain: chains === 'partial' }),
    };
    const agent = editorsAgent(secure);
    if (!agent) return noting(secure ? new SecureAgent(options) : new PlainAgent(options));
    // Over plain http its agent writes address and sign-in for a proxy only while it opens a connection: on one used
    // again they would be missing. Without a proxy Node's own agent keeps the connections behind it.
    if (secure) Object.assign(agent, { keepAlive: true, maxFreeSockets: MAX_IDLE_CONNECTIONS });
    if (secure) connectsItself(agent, new SecureAgent(options));
    Object.assign(agent.options, options);
    const authorization = proxyAuthorization();
    if (authorization !== undefined && 'opts' in agent && isObject(agent.opts))
      Object.assign(agent.opts, { headers: { 'Proxy-Authorization': authorization } });
    return noting(secure ? sharingCertificates(agent) : agent);
  };
}

type EditorsAgent = PlainAgent & { readonly options: object };

function editorsAgent(secure: boolean): EditorsAgent | undefined {
  const request = (secure ? secureRequest : plainRequest)({
    host: 'localhost',
    lookup: (_name, _options, found) => found(new Error('never sent'), ''),
  });
  request.on('error', () => undefined);
  const agent: unknown = 'agent' in request ? request.agent : undefined;
  request.destroy();
  // Node's own default agent has no settings in it and is everybody's.
  const isNodes = !(agent instanceof PlainAgent) || [PlainAgent, SecureAgent].some((own) => agent.constructor === own);
  return isNodes || !hasOptions(agent) ? undefined : agent;
}

/**
 * Where there is no proxy, VS Code's agent hands requests to Node's global agent. That one tells connections apart by their
 * CAs, not by the chains they accept, and keeps them when ours is destroyed: a verdict could be another one's.
 */
function connectsItself(agent: EditorsAgent, direct: PlainAgent): void {
  if (!('opts' in agent) || !isObject(agent.opts)) return;
  Object.assign(agent.opts, { originalAgent: direct });
  const destroy = agent.destroy.bind(agent);
  Object.assign(agent, {
    destroy() {
      direct.destroy();
      destroy();
    },
  });
}

function hasOptions(agent: PlainAgent): agent is EditorsAgent {
  return 'options' in agent && isObject(agent.options);
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

type Resolver = (this: unknown, request: unknown, options: object, url: unknown) => Promise<unknown>;

function isResolver(value: unknown): value is Resolver {
  return typeof value === 'function';
}

/**
 * VS Code reads all of the system's certificates again for each connection: 20 ms of computing that keep everything else
 * waiting, eight times when a host is looked through. It hands them over while it looks for the proxy, so that is where
 * one context is made of them for the connections of the next minute.
 */
function sharingCertificates(agent: EditorsAgent): EditorsAgent {
  const resolver: unknown = 'resolver' in agent ? agent.resolver : undefined;
  if (!isResolver(resolver)) return agent;
  let shared: { readonly at: number; readonly ca: unknown; readonly context: SecureContext } | undefined;
  return Object.assign(agent, {
    async resolver(this: unknown, request: unknown, options: object, url: unknown) {
      const proxy = await resolver.call(this, request, options, url);
      const now = performance.now();
      // The request the agent was taken from passes here first, without the agent's options: the context is made for those.
      const all = { ...options, ...agent.options };
      const ca: unknown = Reflect.get(all, 'ca');
      if (!shared || shared.ca !== ca || now - shared.at > CONTEXT_AGE)
        shared = { at: now, ca, context: createSecureContext(all) };
      Object.assign(options, { secureContext: shared.context });
      return proxy;
    },
  });
}

type AddRequest = (this: PlainAgent, request: ClientRequest, ...rest: unknown[]) => void;

function isAddRequest(value: unknown): value is AddRequest {
  return typeof value === 'function';
}

/** Makes an agent note the way of each request it is given in the journey it belongs to. */
function noting(agent: PlainAgent): PlainAgent {
  const addRequest: unknown = 'addRequest' in agent ? agent.addRequest : undefined;
  if (!isAddRequest(addRequest)) return agent;
  const secure = agent instanceof SecureAgent || ('protocol' in agent && agent.protocol === 'https:');
  return Object.assign(agent, {
    addRequest(request: ClientRequest, ...rest: unknown[]) {
      const journey = journeys.getStore();
      if (journey) note(request, secure, journey);
      addRequest.call(agent, request, ...rest);
    },
  });
}

/** What VS Code's agent tells when it has opened a connection, or could not. */
const proxyEvent = z.object({ proxy: z.optional(z.string()), error: z.optional(z.unknown()) });
const coded = z.object({ code: z.string() });

/** Follows a request from its making to its answer. */
function note(request: ClientRequest, secure: boolean, journey: Journey): void {
  request.once('proxy', (event: unknown) => {
    const { proxy, error } = proxyEvent.safeParse(event).data ?? {};
    journey.proxy = proxyOf(proxy);
    if (journey.proxy !== undefined && error !== undefined)
      journey.proxyProblem = coded.safeParse(error).data?.code ?? 'unknown';
  });
  request.once('socket', (socket) => {
    if (!secure || !(socket instanceof TLSSocket)) return;
    const connecting = !request.reusedSocket && 'secureConnecting' in socket && socket.secureConnecting === true;
    if (connecting) socket.once('secureConnect', () => (journey.secured = true));
    // The handshake is over already; where nobody knows, a write counts as sent.
    else journey.secured = true;
  });
  request.once('response', ({ socket }: IncomingMessage) => {
    if (secure && !('encrypted' in socket && socket.encrypted)) journey.answeredByProxy = true;
  });
}
