// Builds everything, then runs one of the built programs: `node test/lab/buildAndRun.mjs lab/start --smoke`. In one process,
// so that Ctrl-C and the signals npm passes on reach the program itself.
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const { status } = spawnSync(process.execPath, ['esbuild.js', '--tests'], { stdio: 'inherit' });
if (status !== 0) process.exit(1);
const program = resolve('out', `${process.argv[2]}.js`);
process.argv.splice(1, 2, program);
await import(pathToFileURL(program).href);
