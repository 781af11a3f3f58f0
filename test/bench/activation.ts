import { appendFileSync } from 'node:fs';
import Module from 'node:module';
import * as vscode from 'vscode';
import { activationTimesFile, type ActivationTimes } from './activationTimes';

/** VS Code calls this in a new extension host: activates the extension once, as VS Code does, with two clocks in between. */
export async function run(): Promise<void> {
  const extension = vscode.extensions.getExtension('gitlab-clusters.gitlab-clusters');
  if (!extension) throw new Error('VS Code does not know the extension');
  const times = watchLoading(vscode.Uri.joinPath(extension.extensionUri, 'dist', 'extension.js').fsPath);
  await extension.activate();
  appendFileSync(process.env[activationTimesFile] ?? '', `${JSON.stringify(times)}\n`);
}

/** Puts a clock around Node's loading of one file and around the `activate` it exports; milliseconds, NaN until it happened. */
function watchLoading(file: string): ActivationTimes {
  const times = { load: NaN, activate: NaN };
  const nodeLoads: unknown = Reflect.get(Module, '_load');
  if (typeof nodeLoads !== 'function') throw new Error('This Node loads modules in another way');
  Reflect.set(Module, '_load', function (this: unknown, ...call: unknown[]) {
    const started = performance.now();
    const loaded: unknown = Reflect.apply(nodeLoads, this, call);
    if (call[0] !== file || typeof loaded !== 'object' || loaded === null) return loaded;
    times.load = performance.now() - started;
    const activate: unknown = Reflect.get(loaded, 'activate');
    if (typeof activate !== 'function') return loaded;
    const timed = (...context: unknown[]) => {
      const called = performance.now();
      const result: unknown = Reflect.apply(activate, loaded, context);
      times.activate = performance.now() - called;
      return result;
    };
    return { ...loaded, activate: timed };
  });
  return times;
}
