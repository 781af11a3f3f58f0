import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import * as vscode from 'vscode';
import * as z from 'zod/mini';
import { commands } from '../../src/contributions';
import { nodeFetchAlone } from './nodeFetchAlone';
import { oneAfterAnother } from './oneAfterAnother';
import { Mark, Order, ordersPort } from './orders';
import { heapInUse, watchLoop } from './processFigures';
import { recalledTree } from './recalledTree';

/** VS Code calls this in a new extension host: does what the bench asks until it hangs up. */
export async function run(): Promise<void> {
  const bench = connect(Number(process.env[ordersPort]), '127.0.0.1');
  const obey = obedient();
  for await (const line of createInterface(bench)) {
    const reply = await obey(Order.parse(JSON.parse(line))).then(
      (answer) => ({ answer }),
      (error: unknown) => ({ failure: String(error) }),
    );
    bench.write(`${JSON.stringify(reply)}\n`);
  }
}

function obedient(): (order: Order) => Promise<unknown> {
  let watched: ReturnType<typeof watchLoop> | undefined;
  let tree: Awaited<ReturnType<typeof recalledTree>> | undefined;
  return async (order) => {
    switch (order.order) {
      case 'addHost':
        return vscode.commands.executeCommand(commands.addHost, order);
      case 'heap':
        return heapInUse();
      case 'watch':
        return void (watched = watchLoop(order.profile));
      case 'watched':
        return watched?.();
      case 'oneAfterAnother':
        return oneAfterAnother(order);
      case 'nodeFetchAlone':
        return nodeFetchAlone(order);
      case 'recall':
        tree = await recalledTree(order.url, vscode.Uri.file(order.folder));
        return tree.recalled;
      case 'marks':
        return marksOf(Reflect.get(globalThis, 'MonacoPerformanceMarks'));
      case 'filter':
        return tree?.filter();
    }
  };
}

/** The editor keeps its marks there (vs/base/common/performance). */
const marking = z.object({ getMarks: z.custom<() => unknown>((value) => typeof value === 'function') });

function marksOf(editors: unknown): readonly Mark[] {
  return z.array(Mark).parse(marking.parse(editors).getMarks());
}
