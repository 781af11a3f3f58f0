import { createServer as createPlainServer } from 'node:http';
import { createServer, type ServerOptions } from 'node:https';
import { createServer as createSocketServer, type Server, type Socket } from 'node:net';
import { portOf } from './connectProxy';
import { pem, presents } from './pem';

/** Something that listens where a GitLab should. */
export interface FaultyServer {
  readonly port: number;
  /** Every byte it received, as text: what a client gave away. TLS servers count what came out of the TLS. */
  readonly received: string;
  close(): Promise<void>;
}

/** Ways for a secure connection to fail beside bad certificates. */
export const tlsFaults = {
  /** Speaks plain http. */
  plainHttp: () =>
    listen((receive) =>
      createPlainServer((message, response) => {
        receive(`${message.method} ${message.url}`);
        response.end('{}');
      }),
    ),
  /** Speaks first, and something else. */
  ssh: () => listen(() => createSocketServer((socket) => socket.write('SSH-2.0-OpenSSH_9.9\r\n'))),
  /** Nothing newer than TLS 1.1. */
  oldProtocol: () =>
    secure({
      ...presents('good', 'issuing'),
      minVersion: 'TLSv1',
      maxVersion: 'TLSv1.1',
      ciphers: 'DEFAULT:@SECLEVEL=0',
    }),
  /** Wants a client certificate (TLS 1.3 says so after, TLS 1.2 within the handshake). */
  clientCertificate: (maxVersion: 'TLSv1.2' | 'TLSv1.3') =>
    secure({
      ...presents('good', 'issuing'),
      requestCert: true,
      rejectUnauthorized: true,
      ca: [pem('other')],
      maxVersion,
    }),
  /** Closes every connection at once. */
  closing: () => listen(() => createSocketServer((socket) => socket.destroy())),
  /** Resets every connection once the handshake has begun. */
  resetting: () =>
    listen(() => createSocketServer((socket) => void socket.once('data', () => socket.resetAndDestroy()))),
} as const;

/** An https server that answers everything with `{}`. */
export function secure(options: ServerOptions): Promise<FaultyServer> {
  return listen((receive) =>
    createServer(options, (message, response) => {
      receive(`${message.method} ${message.url} ${message.rawHeaders.join(' ')}`);
      response.end('{}');
    }),
  );
}

async function listen(make: (receive: (text: string) => void) => Server): Promise<FaultyServer> {
  let received = '';
  const open = new Set<Socket>();
  const server = make((text) => (received += `${text}\n`));
  server.on('connection', (socket: Socket) => {
    open.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => open.delete(socket));
  });
  server.on('tlsClientError', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: portOf(server.address()),
    get received() {
      return received;
    },
    close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of open) socket.destroy();
      return closed;
    },
  };
}
