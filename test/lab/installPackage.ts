// Packages the extension and has VS Code itself install it, once for all UI tests: they use what a user gets.
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { outputOf } from './childProcess';
import { fetchEditor, newestEdition } from './fetchEditor';
import { installed, root } from './paths';

async function main(): Promise<void> {
  const vsix = join(root, 'out', 'gitlab-clusters.vsix');
  await outputOf(process.execPath, [join(root, '.ci', 'package.mjs'), vsix]);
  const server = join(await fetchEditor(newestEdition), 'out', 'server-main.js');
  await rm(installed, { recursive: true, force: true });
  const folders = ['--extensions-dir', installed, '--server-data-dir', join(installed, '.server')];
  const install = ['--accept-server-license-terms', '--install-extension', vsix, '--force'];
  console.log((await outputOf(process.execPath, [server, ...folders, ...install])).trim().split('\n').at(-1));
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
