import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { html, type Answer } from './answer';
import { headersOf, type Exchange, type Hook, type RecordedRequest } from './faults';
import { profileOf, type Profile } from './profiles';
import { startGitLabSite } from './respond';
import { emptyWorld, type World } from './world';

export interface GitLabOptions {
  /** Empty by default. */
  readonly world?: World;
  /** The newest version by default. */
  readonly profile?: Profile;
  /** Such as `/gitlab`; none by default. */
  readonly subPath?: string;
  readonly tls?: { readonly key: string | Buffer; readonly cert: string | Buffer };
  /** Milliseconds before each answer. */
  readonly latency?: number;
  /** The address GitLab believes it has; links and web addresses use it. The real one by default. */
  readonly configuredUrl?: string;
  /** 0, any free one, by default. */
  readonly port?: number;
  readonly now?: () => Date;
}

/** A running stand-in. Everything in it may be changed between two requests. */
export interface GitLab {
  /** The real address, with the sub-path and without a trailing slash. */
  readonly url: string;
  readonly world: World;
  readonly profile: Profile;
  /** Every request since the start or the last `clearRequests()`, in the order of arrival. */
  readonly requests: readonly RecordedRequest[];
  /** Connections opened since the start or the last `clearRequests()`. */
  readonly connections: number;
  latency: number;
  /** Shorthand for `world.settings.flagOff`. */
  flagOff: boolean;
  clearRequests(): void;
  /** Adds a hook and gives back what removes it. Hooks run in the order they were added. */
  onRequest(hook: Hook): () => void;
  /** Drops all connections and stops listening. */
  close(): Promise<void>;
}

/** Starts a GitLab on loopback that keeps the API contract. */
export async function startGitLab(options: GitLabOptions = {}): Promise<GitLab> {
  const { world = emptyWorld(), profile = profileOf(), tls, port = 0, now = () => new Date() } = options;
  const subPath = (options.subPath ?? '').replace(/\/+$/, '');
  const requests: RecordedRequest[] = [];
  const hooks: Hook[] = [];
  /** Numbers of the connections requests come over: the TLS ones where there is TLS. */
  const sockets = new Map<Socket, number>();
  /** Everything that is open, failed handshakes too. */
  const open = new Set<Socket>();
  let received = 0;
  let accepted = 0;
  let acceptedBefore = 0;
  let latency = options.latency ?? 0;

  const server: Server = tls ? createTlsServer({ key: tls.key, cert: tls.cert }) : createServer();
  // GitLab's own nginx keeps connections for 65 s; node's 5 s would add connections that have nothing to do with the client.
  server.keepAliveTimeout = 65_000;
  server.on('connection', (socket: Socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
  });
  server.on(tls ? 'secureConnection' : 'connection', (socket: Socket) => {
    accepted += 1;
    sockets.set(socket, accepted);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => undefined);
  });
  const listening = new Promise<void>((resolve, reject) => server.once('listening', resolve).once('error', reject));
  server.listen(port, '127.0.0.1');
  await listening;
  const url = `${tls ? 'https' : 'http'}://127.0.0.1:${portOf(server.address())}${subPath}`;
  const answer = startGitLabSite({
    world,
    profile,
    now,
    configuredUrl: (options.configuredUrl ?? url).replace(/\/+$/, ''),
  });

  async function receive(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const { socket, method = 'GET', url: path = '/', headers } = message;
    const bytes = await bytesOf(message);
    received += 1;
    const connection = sockets.get(socket) ?? 0;
    const { remotePort } = socket;
    const request: RecordedRequest = {
      number: received,
      method,
      path,
      headers,
      body: bytes.toString('utf8'),
      status: undefined,
      receivedAt: Date.now(),
      answeredAt: undefined,
      connection,
      remotePort,
    };
    requests.push(request);
    const scheme = tls ? 'https' : 'http';
    const gitlab = () =>
      path === subPath || path.startsWith(`${subPath}/`)
        ? answer({ method, path: path.slice(subPath.length), headers, body: bytes, scheme })
        : html(404, '<html><body><h1>404 Not Found</h1></body></html>');
    if (latency > 0) {
      await delay(latency);
    }
    const reaction = await react({ request, response, socket, gitlab });
    if (reaction !== 'taken') {
      send(request, response, reaction);
    }
  }

  async function react(exchange: Exchange): Promise<Answer | 'taken'> {
    for (const hook of [...hooks]) {
      const reaction = await hook(exchange);
      if (reaction !== undefined) {
        return reaction;
      }
    }
    return exchange.gitlab();
  }

  server.on('request', (message: IncomingMessage, response: ServerResponse) => {
    receive(message, response).catch((error: unknown) => {
      // A request whose sender left is nothing to talk about; anything else is a mistake in here or in a hook.
      if (!message.destroyed || message.complete) {
        console.error('The stand-in GitLab failed:', error);
      }
      response.destroy();
    });
  });

  return {
    url,
    world,
    profile,
    requests,
    get connections() {
      return accepted - acceptedBefore;
    },
    get latency() {
      return latency;
    },
    set latency(milliseconds) {
      latency = milliseconds;
    },
    get flagOff() {
      return world.settings.flagOff;
    },
    set flagOff(off) {
      world.settings.flagOff = off;
    },
    clearRequests() {
      requests.length = 0;
      acceptedBefore = accepted;
    },
    onRequest(hook) {
      hooks.push(hook);
      return () => {
        const at = hooks.indexOf(hook);
        if (at >= 0) {
          hooks.splice(at, 1);
        }
      };
    },
    close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of [...sockets.keys(), ...open]) {
        socket.destroy();
      }
      return closed;
    },
  };
}

function send(request: RecordedRequest, response: ServerResponse, answer: Answer): void {
  request.status = answer.status;
  const body = Buffer.from(answer.body);
  const length = answer.status === 204 ? {} : { 'Content-Length': `${body.length}` };
  response.writeHead(answer.status, { ...length, ...headersOf(answer) });
  response.end(body);
  request.answeredAt = Date.now();
}

async function bytesOf(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) {
    if (Buffer.isBuffer(chunk)) {
      chunks.push(chunk);
    }
  }
  return Buffer.concat(chunks);
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') {
    throw new Error('the stand-in GitLab listens on no port');
  }
  return address.port;
}
