import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { portOf } from '../net/connectProxy';

/** A second address of a server, from which everything takes its time to arrive, as over a VPN. */
export interface LongWay {
  /** `127.0.0.1:port` */
  readonly authority: string;
  /** Milliseconds that what is sent from now on is under way to the server. */
  delay: number;
  readonly close: () => Promise<void>;
}

/** Starts one that takes no longer than the straight way until `delay` is set. */
export async function startLongWay(authority: string): Promise<LongWay> {
  const target = Number(new URL(`http://${authority}`).port);
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(target, '127.0.0.1');
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        near.destroy();
        far.destroy();
      });
    }
    const underWay: Buffer[] = [];
    near.on('data', (bytes) => {
      underWay.push(bytes);
      // Whatever its time, the oldest arrives first.
      setTimeout(() => far.write(underWay.shift() ?? ''), way.delay);
    });
    far.on('data', (bytes) => near.write(bytes));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const way: LongWay = {
    authority: `127.0.0.1:${portOf(server.address())}`,
    delay: 0,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
  return way;
}
