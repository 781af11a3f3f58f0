// Runs before every npm script that needs packages (`prestart`, `pretest`, …), on whatever Node ≥ 20.19 is there.
// Installs when node_modules is missing or older than the lock file, so that one command suffices on a fresh clone.
// No dependencies, because there may be none yet.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';

const windows = process.platform === 'win32';
/** npm writes this file last, and touches it on every install. */
const installed = 'node_modules/.package-lock.json';
/** Node 24 from the npm package `node`: first on PATH in every npm script. */
const node = windows ? 'node_modules/node/bin/node.exe' : 'node_modules/.bin/node';

/** @param {string[]} args what npm shall do; its output is shown as it comes, and a line now and then while it is silent. */
async function npm(args) {
  const started = Date.now();
  const ticker = setInterval(() => console.log(`  … ${Math.round((Date.now() - started) / 1000)} s`), 10_000);
  const child = spawn('npm', args, { stdio: 'inherit', shell: windows });
  const status = await new Promise((resolve) => child.once('close', resolve).once('error', () => resolve(1)));
  clearInterval(ticker);
  if (status !== 0) {
    console.error(`\`npm ${args.join(' ')}\` failed. Check the connection to your npm registry, then try again.`);
    process.exit(1);
  }
}

/** Whether Node 24 is there and starts: npm 11 installs it without running its install script unless told to. */
const nodeRuns = () => existsSync(node) && spawnSync(node, ['--version']).status === 0;

const isCurrent = existsSync(installed) && statSync(installed).mtimeMs >= statSync('package-lock.json').mtimeMs;
if (!isCurrent) {
  const started = Date.now();
  console.log('Installing the packages of package-lock.json (about 380, 330 MB on disk, once): npm ci');
  await npm(['ci', '--no-audit', '--no-fund', '--loglevel=error', '--foreground-scripts']);
  console.log(`Installed in ${((Date.now() - started) / 1000).toFixed(0)} s.`);
}
if (!nodeRuns()) {
  console.log('Installing Node 24 into node_modules: npm rebuild node');
  await npm(['rebuild', 'node', '--loglevel=error', '--ignore-scripts=false', '--foreground-scripts']);
}
