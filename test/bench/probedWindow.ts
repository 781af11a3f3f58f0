import { createServer, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import type { Browser } from 'playwright-core';
import * as z from 'zod/mini';
import { startEditorServer } from '../lab/editorServer';
import { newestEdition } from '../lab/fetchEditor';
import { root } from '../lab/paths';
import { openWorkbench, type Workbench } from '../lab/workbench';
import { Answered, type Order, ordersPort } from './orders';

/** A window of VS Code with the extension, and with somebody in its extension host who measures. */
export interface ProbedWindow {
  readonly workbench: Workbench;
  /** Has something measured in the extension host. */
  readonly ask: <T extends z.ZodMiniType>(answer: T, order: Order) => Promise<z.output<T>>;
  /** The same where no answer is expected. */
  readonly tell: (order: Order) => Promise<void>;
  readonly close: () => Promise<void>;
}

export interface ProbedEditor {
  /** A window with an extension host of its own; with `sameUserAs`, of the same user. */
  readonly open: (sameUserAs?: ProbedWindow) => Promise<ProbedWindow>;
  /** Where the extension keeps what it remembers. */
  readonly storage: string;
  readonly stop: () => Promise<void>;
}

/** Milliseconds in which VS Code goes on starting after its window is there, and ending after it is gone. */
const SETTLING = 3000;

/** Starts a VS Code whose windows can be measured from inside and seen from outside; `extensions` are there as installed. */
export async function startProbedEditor(browser: Browser, extensions: readonly string[] = []): Promise<ProbedEditor> {
  const waiting: ((socket: Socket) => void)[] = [];
  const orders = createServer((socket) => waiting.shift()?.(socket));
  await new Promise<void>((resolve) => orders.listen(0, '127.0.0.1', resolve));
  const server = await startEditorServer({
    edition: newestEdition,
    extensions,
    allowTests: true,
    env: { [ordersPort]: String(portOf(orders.address())) },
  });
  return {
    storage: join(server.folder, 'data/data/User/globalStorage/gitlab-clusters.gitlab-clusters'),
    async open(sameUserAs) {
      const connected = new Promise<Socket>((resolve) => waiting.push(resolve));
      const workbench = await openWorkbench(browser, server, {
        tests: join(root, 'out/bench/probe.js'),
        ...(sameUserAs && { sameUserAs: sameUserAs.workbench }),
      });
      const window = probed(workbench, await connected);
      await setTimeout(SETTLING);
      return window;
    },
    async stop() {
      orders.close();
      await server.stop();
    },
  };
}

function probed(workbench: Workbench, socket: Socket): ProbedWindow {
  const lines = createInterface(socket)[Symbol.asyncIterator]();
  const ask: ProbedWindow['ask'] = async (answer, order) => {
    socket.write(`${JSON.stringify(order)}\n`);
    const line = await lines.next();
    if (line.done) throw new Error(`The extension host ended instead of doing “${order.order}”`);
    const reply = Answered.parse(JSON.parse(line.value));
    if ('failure' in reply) throw new Error(`${order.order}: ${reply.failure}`);
    return answer.parse(reply.answer);
  };
  return {
    workbench,
    ask,
    tell: async (order) => void (await ask(z.unknown(), order)),
    async close() {
      socket.end();
      await workbench.testsEnded;
      await workbench.page.close();
      await setTimeout(SETTLING);
    },
  };
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new Error('Nobody listens for orders');
  return address.port;
}
