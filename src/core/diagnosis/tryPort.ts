import { connect } from 'node:net';

/** Whether something accepts connections at an address and port; closed again at once. Never throws. */
export function tryPort(address: string, port: number, deadline: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: address, port, timeout: deadline });
    const end = (open: boolean): void => {
      socket.destroy();
      resolve(open);
    };
    socket.once('connect', () => end(true));
    socket.once('timeout', () => end(false));
    socket.once('error', () => end(false));
  });
}
