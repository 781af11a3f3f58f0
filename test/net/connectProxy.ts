import { createServer, request as sendRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';

export interface ConnectProxyOptions {
  /**
   * Where a target goes: `gitlab.example.test:443` → a port on loopback. The name exists in here alone, so nothing has to be
   * resolved. Other targets get 502, as from a proxy that cannot find them.
   */
  readonly routes: Readonly<Record<string, number>>;
  /** Asks for these by Basic authentication, with 407. */
  readonly credentials?: { readonly user: string; readonly password: string };
  /** Answers every CONNECT with this instead, head and body as they go over the wire. */
  readonly answer?: string;
}

/** A running proxy on loopback. */
export interface ConnectProxy {
  /** `http://127.0.0.1:port` */
  readonly url: string;
  readonly port: number;
  /** Targets of the tunnels that were opened, `host:port` each. */
  readonly tunnels: readonly string[];
  /** Everything that was asked for, refused or not: `CONNECT host:port`, `GET http://…`. */
  readonly asked: readonly string[];
  /** All that came in before a tunnel was opened, headers too: what the proxy could read. */
  readonly seen: string;
  clear(): void;
  close(): Promise<void>;
}

/** Starts an HTTP proxy that tunnels (CONNECT) and forwards plain http. */
export async function startConnectProxy(options: ConnectProxyOptions): Promise<ConnectProxy> {
  const { routes, credentials, answer } = options;
  const tunnels: string[] = [];
  const asked: string[] = [];
  const open = new Set<Socket>();
  let seen = '';
  const expected =
    credentials && `Basic ${Buffer.from(`${credentials.user}:${credentials.password}`).toString('base64')}`;

  /** Whether the sender may pass. */
  function admits(message: IncomingMessage): boolean {
    const { method = '', url = '', rawHeaders } = message;
    asked.push(`${method} ${url}`);
    seen += `${method} ${url}\n${rawHeaders.join('\n')}\n`;
    return expected === undefined || message.headers['proxy-authorization'] === expected;
  }

  const server = createServer((message: IncomingMessage, response: ServerResponse) => {
    if (!admits(message)) {
      response.writeHead(407, { 'Proxy-Authenticate': 'Basic realm="test"', 'Content-Type': 'text/html' });
      response.end('<html><body>Proxy sign-in</body></html>');
      return;
    }
    const url = new URL(message.url ?? '', 'http://none.invalid');
    const port = routes[`${url.hostname}:${url.port || '80'}`];
    if (port === undefined) {
      response.writeHead(502, { 'Content-Type': 'text/html' }).end('<html><body>Unknown host</body></html>');
      return;
    }
    const onward = sendRequest(
      {
        host: '127.0.0.1',
        port,
        path: `${url.pathname}${url.search}`,
        method: message.method,
        headers: message.headers,
      },
      (answered) => {
        response.writeHead(answered.statusCode ?? 502, answered.headers);
        answered.pipe(response);
      },
    );
    onward.on('error', () => response.destroy());
    message.pipe(onward);
  });

  server.on('connection', (socket: Socket) => {
    open.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => open.delete(socket));
  });

  server.on('connect', (message: IncomingMessage, socket: Socket, head: Buffer) => {
    socket.on('error', () => undefined);
    const target = message.url ?? '';
    if (!admits(message)) {
      const body = '<html><body>Proxy sign-in</body></html>';
      socket.end(
        `HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm="test"\r\n` +
          `Content-Type: text/html\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`,
      );
      return;
    }
    if (answer !== undefined) {
      socket.end(answer);
      return;
    }
    const port = routes[target];
    if (port === undefined) {
      socket.end(
        'HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/html\r\nContent-Length: 0\r\nConnection: close\r\n\r\n',
      );
      return;
    }
    const onward = connect(port, '127.0.0.1', () => {
      tunnels.push(target);
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      onward.write(head);
      onward.pipe(socket);
      socket.pipe(onward);
    });
    open.add(onward);
    onward.on('close', () => {
      open.delete(onward);
      socket.destroy();
    });
    onward.on('error', () => socket.destroy());
    socket.on('close', () => onward.destroy());
  });

  const listening = new Promise<void>((resolve, reject) => server.once('listening', resolve).once('error', reject));
  server.listen(0, '127.0.0.1');
  await listening;
  const port = portOf(server.address());
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    tunnels,
    asked,
    get seen() {
      return seen;
    },
    clear() {
      tunnels.length = 0;
      asked.length = 0;
      seen = '';
    },
    close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of open) socket.destroy();
      return closed;
    },
  };
}

/** The port of a server that listens. */
export function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new Error('This server listens on no port');
  return address.port;
}
