// `npm test`: every check there is, each a program of its own, then their times, then one line with the sum of what mocha
// counted. Words select checks (`npm test -- unit`, `npm test -- ui 1.139`); from the first option on, all goes to mocha
// (`npm test -- ui 1.139 -g "adds a host"`). No imports of our own: it must run, and count, even when nothing builds.
import { spawn } from 'node:child_process';
import { readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

interface Check {
  readonly name: string;
  readonly command: readonly string[];
  /** Whether mocha runs there and leaves its counts (countingReporter.cjs); else the check counts only when it fails. */
  readonly mocha?: boolean;
  readonly env?: Readonly<Record<string, string>>;
  /** What must have run before, also when only this one is selected. */
  readonly needs?: readonly string[];
  /** Runs only when it is named: it takes long, and holds what a shorter check holds in small. */
  readonly optIn?: boolean;
  /** Runs beside the others and shows its output when it is done. */
  readonly background?: boolean;
  /** Checks in a row with the same word here run at the same time, since they wait more than they compute. */
  readonly together?: string;
}

interface Result {
  readonly name: string;
  readonly seconds: number;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** Each failed test's title and error. */
  readonly failures: readonly string[];
}

/** The VS Code of package.json's `engines` and the newest one on npm (test/lab/fetchEditor.ts). */
const editors = ['1.139', '1.100'];

const words = process.argv.slice(2);
const firstOption = words.findIndex((word) => word.startsWith('-'));
const selected = firstOption < 0 ? words : words.slice(0, firstOption);
const mochaOptions = firstOption < 0 ? [] : words.slice(firstOption);

const node = process.execPath;
const mocha = [node, 'node_modules/mocha/bin/mocha.js', '--reporter', 'test/lab/countingReporter.cjs', '--forbid-only'];
/** Two files at a time, each in a process of its own: a test waits more than it computes. */
const sideBySide = ['--parallel', '--jobs', '2'];
/**
 * The newest editor runs all UI tests; the oldest one of each feature, the title of which says so. Whoever asks for other
 * tests there gets them.
 */
const mainWays = (version: string): readonly string[] =>
  version === editors[0] || mochaOptions.some((option) => /^(-g|-f|--f?grep)\b/.test(option))
    ? []
    : ['--fgrep', '[main way]'];
/**
 * Files of UI tests, those that take longest first: the last ones decide how long one of two lanes has nothing to do. What
 * is not named here is as long as its text.
 */
const longUiTests = ['form', 'tree', 'fleet', 'hosts', 'welcome', 'doctor', 'secrets', 'tokens', 'remoteEditor'];
const longestFirst = readdirSync('test/ui')
  .filter((file) => file.endsWith('.test.ts'))
  .map((file) => ({ name: basename(file, '.test.ts'), size: statSync(join('test/ui', file)).size }))
  .toSorted((one, other) => rank(one.name) - rank(other.name) || other.size - one.size)
  .map(({ name }) => `out/ui/${name}.test.js`);

/** No test measures time by this: it only ends what hangs, so it is no trap on a busy machine. */
const patience = ['--timeout', '20000'];

/** Judges test/inputs and prints how many of its cases are right. */
const inputs = 'out/unit/inputs/**/*.test.js';

const checks: readonly Check[] = [
  { name: 'types', command: ['npm', 'run', '--silent', 'typecheck'], background: true },
  { name: 'lint', command: ['npm', 'run', '--silent', 'lint'], background: true },
  { name: 'l10n', command: [node, 'test/lab/l10nBundle.mts'] },
  { name: 'build', command: [node, 'esbuild.js', '--tests'] },
  {
    name: 'unit',
    command: [...mocha, ...sideBySide, ...patience, ...mochaOptions, '--ignore', inputs, 'out/unit/**/*.test.js'],
    mocha: true,
    needs: ['build'],
  },
  {
    name: 'inputs',
    command: [...mocha, ...patience, ...mochaOptions, inputs],
    env: { INPUT_RUNS: '10000' },
    mocha: true,
    needs: ['build'],
  },
  {
    name: 'contract',
    command: [...mocha, ...patience, ...mochaOptions, 'out/contract/**/*.test.js'],
    mocha: true,
    needs: ['build'],
  },
  ...editors.map((version) => ({
    name: `editor ${version}`,
    together: 'editor',
    command: [node, 'out/lab/runEditorTests.js', version],
    mocha: true,
    needs: ['build'],
  })),
  { name: 'package', command: [node, 'out/lab/installPackage.js'], needs: ['build'] },
  ...editors.map((version) => ({
    name: `ui ${version}`,
    command: [...mocha, ...sideBySide, '--timeout', '120000', ...mainWays(version), ...mochaOptions, ...longestFirst],
    mocha: true,
    env: { VSCODE_VERSION: version },
    needs: ['build', 'package'],
  })),
  {
    name: `companies ${editors[0]}`,
    command: [...mocha, '--timeout', '120000', ...mochaOptions, 'out/companies/**/*.test.js'],
    mocha: true,
    env: { VSCODE_VERSION: editors[0] ?? '' },
    needs: ['build', 'package'],
    optIn: true,
  },
];

const nothingCounted = { passed: 0, failed: 0, skipped: 0, failures: [] };

const results = await runAll(choose());
for (const { name, failures } of results)
  for (const failure of failures) console.log(`FAILED in ${name}: ${failure}\n`);
for (const { name, seconds, passed, failed } of results) {
  const state = failed > 0 ? 'FAILED' : 'ok';
  console.log(
    `${name.padEnd(14)} ${seconds.toFixed(1).padStart(7)} s  ${state.padEnd(6)} ${passed > 0 ? `${passed} passed` : ''}`,
  );
}
console.log(`${'all'.padEnd(14)} ${(performance.now() / 1000).toFixed(1).padStart(7)} s\n`);
const sum = (key: 'passed' | 'failed' | 'skipped') => results.reduce((total, result) => total + result[key], 0);
const skipped = sum('skipped') > 0 ? `, ${sum('skipped')} skipped` : '';
console.log(`${sum('passed')} passed, ${sum('failed')} failed${skipped}`);
process.exitCode = sum('failed') === 0 && results.length > 0 ? 0 : 1;

function rank(name: string): number {
  const at = longUiTests.indexOf(name);
  return at < 0 ? longUiTests.length : at;
}

/** The checks the command line names, and what they need. */
function choose(): readonly Check[] {
  const versions = selected.filter((word) => editors.includes(word));
  const names = selected.filter((word) => !editors.includes(word));
  const unknown = names.filter((name) => !checks.some((check) => check.name.split(' ')[0] === name));
  if (unknown.length > 0) console.error(`There is no check called ${unknown.join(', ')}.`);
  const wanted = checks.filter((check) => {
    const [first = '', version] = check.name.split(' ');
    return (
      (names.length === 0 ? !check.optIn : names.includes(first)) &&
      (versions.length === 0 || !version || versions.includes(version))
    );
  });
  const needed = new Set(wanted.flatMap((check) => check.needs ?? []));
  return checks.filter((check) => wanted.includes(check) || needed.has(check.name));
}

/** Runs checks one after the other, those of the background and those that go together at the same time. */
async function runAll(chosen: readonly Check[]): Promise<readonly Result[]> {
  const background = chosen.filter((check) => check.background).map((check) => run(check, true));
  const turns: Check[][] = [];
  for (const check of chosen.filter((one) => !one.background)) {
    const last = turns.at(-1);
    if (check.together !== undefined && last?.[0]?.together === check.together) last.push(check);
    else turns.push([check]);
  }
  const results: Result[] = [];
  for (const turn of turns) results.push(...(await Promise.all(turn.map((check, at) => run(check, at > 0)))));
  return [...(await Promise.all(background)), ...results];
}

/** `meanwhile`: its output is shown when it is done. */
async function run(check: Check, meanwhile: boolean): Promise<Result> {
  const started = performance.now();
  const counts = join(tmpdir(), `gitlab-clusters-counts-${process.pid}-${check.name.replaceAll(' ', '-')}.json`);
  if (!meanwhile) console.log(`\n== ${check.name}`);
  const { code, output } = await spawnCheck(check, counts, meanwhile);
  if (meanwhile) console.log(`\n== ${check.name} (meanwhile)\n${output.trim()}`);
  const counted = check.mocha ? readCounts(counts) : { ...nothingCounted, failed: code === 0 ? 0 : 1 };
  // A program that ended badly although every test passed has failed all the same: it crashed before or after them.
  const failed = code !== 0 && counted.failed === 0 ? 1 : counted.failed;
  return { ...counted, failed, name: check.name, seconds: (performance.now() - started) / 1000 };
}

function spawnCheck(
  check: Check,
  counts: string,
  meanwhile: boolean,
): Promise<{ code: number | null; output: string }> {
  const [command = '', ...args] = check.command;
  const env = { ...process.env, ...check.env, TEST_COUNTS: counts };
  const shell = process.platform === 'win32' && command === 'npm';
  const child = spawn(command, args, {
    env,
    shell,
    stdio: ['ignore', meanwhile ? 'pipe' : 'inherit', meanwhile ? 'pipe' : 'inherit'],
  });
  let output = '';
  child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  return new Promise((resolve) => {
    child.once('error', (error) => resolve({ code: 1, output: error.message }));
    child.once('close', (code) => resolve({ code, output }));
  });
}

/** What mocha counted; nothing there means it never got to its end. */
function readCounts(file: string): Omit<Result, 'name' | 'seconds'> {
  try {
    const counts: unknown = JSON.parse(readFileSync(file, 'utf8'));
    const read = (key: string): unknown => Object.entries(counts ?? {}).find(([name]) => name === key)?.[1];
    const [passed, failed, skipped] = [Number(read('passed')), Number(read('failed')), Number(read('skipped'))];
    return { passed, failed, skipped, failures: [read('failures')].flat().map(String) };
  } catch {
    return { ...nothingCounted, failed: 1 };
  } finally {
    rmSync(file, { force: true });
  }
}
