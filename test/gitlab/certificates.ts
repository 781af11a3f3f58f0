import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const folder = 'test/gitlab/certificates';

/** Text of one of the PEM files of this folder, wherever the bundle that asks was put. */
export function certificate(name: 'production-eu' | 'staging-expired' | 'edge'): string {
  let root = __dirname;
  while (!existsSync(join(root, folder))) {
    if (dirname(root) === root) {
      throw new Error(`${folder} is not above ${__dirname}`);
    }
    root = dirname(root);
  }
  return readFileSync(join(root, folder, `${name}.pem`), 'utf8');
}
