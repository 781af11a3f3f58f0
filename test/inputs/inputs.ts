import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Path of a file of test/inputs, wherever the bundle that asks was put. */
export function inputFile(name: string): string {
  let root = __dirname;
  while (!existsSync(join(root, 'test/inputs', name))) {
    if (dirname(root) === root) throw new Error(`test/inputs/${name} is not above ${__dirname}`);
    root = dirname(root);
  }
  return join(root, 'test/inputs', name);
}
