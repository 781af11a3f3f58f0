import { request as sendRequest } from 'node:http';
import { createServer, type Socket } from 'node:net';
import { portOf } from './connectProxy';

/** A running proxy on loopback. */
export interface KeepingProxy {
  /** `http://127.0.0.1:port` */
  readonly url: string;
  /** The heads of all requests, in the order they came: `GET http://… HTTP/1.1` and the header lines. */
  readonly heads: readonly string[];
  close(): Promise<void>;
}

/**
 * Starts a proxy that forwards GET over plain http to this port, whatever host is asked for. It keeps its connections
 * and knows nothing of `Proxy-Connection`, which is no standard header; Node's own server takes that for `Connection`.
 * What is not asked for by its whole address gets 400.
 */
export async function startKeepingProxy(port: number): Promise<KeepingProxy> {
  const heads: string[] = [];
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    let received = '';
    open.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => open.delete(socket));
    socket.setEncoding('latin1').on('data', (text: string) => {
      received += text;
      const end = received.indexOf('\r\n\r\n');
      if (end < 0) return;
      const head = received.slice(0, end);
      received = received.slice(end + 4);
      heads.push(head);
      void forwarded(head, port).then((answer) => socket.write(answer, 'latin1'));
    });
  });
  const listening = new Promise<void>((resolve, reject) => server.once('listening', resolve).once('error', reject));
  server.listen(0, '127.0.0.1');
  await listening;
  return {
    url: `http://127.0.0.1:${portOf(server.address())}`,
    heads,
    close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of open) socket.destroy();
      return closed;
    },
  };
}

function forwarded(head: string, port: number): Promise<string> {
  const address = /^GET (http:\/\/\S+) HTTP\/1\.1\r\n/.exec(head)?.[1];
  if (address === undefined) return Promise.resolve(answer(400, 'Invalid URL'));
  const { pathname, search } = new URL(address);
  return new Promise((resolve) => {
    const onward = sendRequest({ host: '127.0.0.1', port, path: pathname + search }, (answered) => {
      let body = '';
      answered.setEncoding('latin1').on('data', (text: string) => (body += text));
      answered.on('end', () => resolve(answer(answered.statusCode ?? 502, body)));
    });
    onward.on('error', () => resolve(answer(502, '')));
    onward.end();
  });
}

function answer(status: number, body: string): string {
  return `HTTP/1.1 ${status} Answered\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
}
