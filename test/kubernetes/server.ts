import { randomUUID } from 'node:crypto';
import { createServer as createPlainServer } from 'node:http';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { Server, Socket } from 'node:net';
import * as z from 'zod/mini';
import { portOf } from '../net/connectProxy';
import { presentsApi } from '../net/pem';
import type { Presented } from '../net/pem';
import { kubernetesProfiles } from './profiles';
import type { KubernetesProfile } from './profiles';

/** A token the API knows. */
export interface KnownToken {
  readonly username: string;
  /** `everything` is cluster-admin; else `verb resource[.group]`. */
  readonly rights: 'everything' | readonly string[];
}

export interface KubernetesOptions {
  readonly profile?: KubernetesProfile;
  /** Undefined speaks plain http, as `kubectl proxy` does. */
  readonly tls?: (Presented & { readonly ciphers?: string }) | undefined;
  readonly tokens?: Readonly<Record<string, KnownToken>>;
  /** Names of failing checks of `/livez`. */
  readonly failing?: readonly string[];
  /** Versions of SelfSubjectReview there are. */
  readonly reviews?: readonly string[];
  /** Milliseconds before a connection is taken up. */
  readonly delay?: number;
  /** The address to listen at. */
  readonly address?: string;
  /** Answers everything itself: a stranger at this address. */
  readonly instead?: RequestListener;
}

/** A running stand-in of a Kubernetes API server. */
export interface Kubernetes {
  readonly port: number;
  /** `GET /version`, in order. */
  readonly requests: readonly string[];
  /** All headers and bodies that came. */
  readonly received: string;
  readonly connections: number;
  /** Completed on the server's side; a client that refuses the certificate has not completed it. */
  readonly handshakes: number;
  close(): Promise<void>;
}

const resourceReview = z.object({
  spec: z.object({ resourceAttributes: z.object({ verb: z.string(), group: z.string(), resource: z.string() }) }),
});

/** Starts an API server with the bodies and headers of Kubernetes (Kubernetes facts 6). */
export async function startKubernetes(options: KubernetesOptions = {}): Promise<Kubernetes> {
  const { profile = kubernetesProfiles.plain, address = '127.0.0.1', delay = 0 } = options;
  const tls = 'tls' in options ? options.tls : presentsApi('api');
  const requests: string[] = [];
  const open = new Set<Socket>();
  let received = '';
  let connections = 0;
  let handshakes = 0;
  const listener: RequestListener = (message, response) => {
    requests.push(`${message.method} ${message.url}`);
    received += `${message.rawHeaders.join('\n')}\n`;
    void bodyOf(message).then((body) => {
      received += `${body}\n`;
      if (options.instead) return options.instead(message, response);
      answer(message, body, response, { ...options, tls }, profile);
    });
  };
  const server: Server = tls ? createServer(tls, listener) : createPlainServer(listener);
  if (delay > 0) delayed(server, delay);
  server.on('connection', (socket: Socket) => {
    connections++;
    open.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => open.delete(socket));
  });
  server.on('secureConnection', () => handshakes++);
  server.on('tlsClientError', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, address, resolve));
  return {
    port: portOf(server.address()),
    requests,
    get received() {
      return received;
    },
    get connections() {
      return connections;
    },
    get handshakes() {
      return handshakes;
    },
    close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of open) socket.destroy();
      return closed;
    },
  };
}

/** Lets each connection wait before the server hears of it, as a long way does. */
function delayed(server: Server, delay: number): void {
  const listeners = server.listeners('connection');
  server.removeAllListeners('connection');
  server.on('connection', (socket: Socket) => {
    socket.on('error', () => undefined);
    setTimeout(() => {
      for (const listener of listeners) Reflect.apply(listener, server, [socket]);
    }, delay);
  });
}

async function bodyOf(message: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of message.setEncoding('utf8')) body += String(chunk);
  return body;
}

function answer(
  { method = '', url = '', headers }: IncomingMessage,
  body: string,
  response: ServerResponse,
  options: KubernetesOptions,
  profile: KubernetesProfile,
): void {
  const json = (status: number, content: unknown): void => {
    response.writeHead(status, {
      'Audit-Id': randomUUID(),
      'Cache-Control': 'no-cache, private',
      'Content-Type': 'application/json',
      'X-Kubernetes-Pf-Flowschema-Uid': '2b35a7e8-5f0d-4b8a-9b61-6a3f1f5d1c11',
      'X-Kubernetes-Pf-Prioritylevel-Uid': '5d3c2f1e-9c8b-4a7d-8e6f-1a2b3c4d5e6f',
    });
    response.end(`${JSON.stringify(content)}\n`);
  };
  const text = (status: number, content: string): void => {
    response.writeHead(status, {
      'Audit-Id': randomUUID(),
      'Cache-Control': 'no-cache, private',
      'Content-Type': 'text/plain; charset=utf-8',
      'X-Content-Type-Options': 'nosniff',
    });
    response.end(content);
  };
  if (!url.startsWith(profile.path)) {
    if (profile.outside === 'rancher') {
      response.writeHead(401, { 'Content-Type': 'application/json' });
      response.end(`${JSON.stringify({ type: 'error', status: '401', message: 'must authenticate' })}\n`);
    } else text(404, '404 page not found\n');
    return;
  }
  const path = url.slice(profile.path.length);
  const bearer = /^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1];
  const known = bearer === undefined ? undefined : options.tokens?.[bearer];
  const noIdentity = (): void =>
    json(401, {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message: 'Unauthorized',
      reason: 'Unauthorized',
      code: 401,
    });
  // A wrong token is refused even where none would do.
  if (bearer !== undefined && !known) return noIdentity();
  const health = /^\/(livez|readyz|healthz)$/.test(path);
  if (!known && options.tls !== undefined) {
    if (profile.anonymous === 'off' || (profile.anonymous === 'health' && !health)) return noIdentity();
    if (!health && !/^\/version\/?$/.test(path)) {
      return json(403, {
        kind: 'Status',
        apiVersion: 'v1',
        metadata: {},
        status: 'Failure',
        message: `forbidden: User "system:anonymous" cannot ${method.toLowerCase()} path "${path}"${profile.forbiddenNote}`,
        reason: 'Forbidden',
        details: {},
        code: 403,
      });
    }
  }
  if (health) {
    const { failing = [] } = options;
    if (failing.length === 0) return text(200, 'ok');
    const lines = ['[+]ping ok', ...failing.map((name) => `[-]${name} failed: reason withheld`)];
    return text(500, `${lines.join('\n')}\n${path.slice(1)} check failed\n`);
  }
  if (/^\/version\/?$/.test(path)) {
    const { major, minor, gitVersion } = profile;
    return json(200, {
      major,
      minor,
      gitVersion,
      gitCommit: '70d3cc986aa8221cd1dfb1121852688902d3bf53',
      gitTreeState: 'clean',
      buildDate: '2025-12-11T17:59:15Z',
      goVersion: 'go1.23.3',
      compiler: 'gc',
      platform: 'linux/amd64',
    });
  }
  if (path === '/api') return json(200, { kind: 'APIVersions', versions: ['v1'] });
  if (path === '/api/v1') return json(200, { kind: 'APIResourceList', groupVersion: 'v1', resources: [] });
  const { reviews = ['v1'] } = options;
  const review = /^\/apis\/authentication\.k8s\.io\/(\w+)\/selfsubjectreviews$/.exec(path)?.[1];
  if (method === 'POST' && known && review !== undefined && reviews.includes(review))
    return json(201, {
      kind: 'SelfSubjectReview',
      apiVersion: `authentication.k8s.io/${review}`,
      metadata: { creationTimestamp: '2026-11-27T10:00:00Z' },
      status: { userInfo: { username: known.username, groups: ['system:authenticated'] } },
    });
  if (method === 'POST' && known && path === '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews') {
    const { verb, group, resource } = resourceReview.parse(JSON.parse(body)).spec.resourceAttributes;
    const name = `${verb} ${resource}${group === '' ? '' : `.${group}`}`;
    const allowed = known.rights === 'everything' || known.rights.includes(name);
    return json(201, {
      kind: 'SelfSubjectAccessReview',
      apiVersion: 'authorization.k8s.io/v1',
      metadata: {},
      spec: { resourceAttributes: { verb, group, resource } },
      status: { allowed, ...(allowed && { reason: 'RBAC: allowed by ClusterRoleBinding "gitlab-admin"' }) },
    });
  }
  text(404, '404 page not found\n');
}
