// `npm run bench`: the figures we hold ourselves to, measured in a real VS Code, as a table. Exits 1 when a goal is missed.
import { createVSIX } from '@vscode/vsce';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { Browser } from 'playwright-core';
import * as z from 'zod/mini';
import { demoFleet } from '../gitlab/demoFleet';
import { type GitLab, startGitLab } from '../gitlab/server';
import { launchBrowser } from '../lab/browser';
import { startEditorServer } from '../lab/editorServer';
import { newestEdition } from '../lab/fetchEditor';
import { root } from '../lab/paths';
import { openWorkbench, type Workbench } from '../lab/workbench';
import { openWithHosts } from '../ui/hosts';
import type { Editor } from '../ui/useEditor';
import { ActivationTimes, activationTimesFile } from './activationTimes';

interface Figure {
  readonly what: string;
  readonly measured: number;
  readonly unit: string;
  /** The most it may be. */
  readonly goal?: number;
}

const starts = 10;

/** How many requests the extension sends a host at a time (src/gitlab/hostGate.ts). */
const requestsAtOnce = 8;

/** Projects of the demo fleet that have clusters. */
const projects = [
  { id: 1, path: 'platform/payments-api' },
  { id: 2, path: 'platform/checkout-web' },
  { id: 4, path: 'platform/shared/observability' },
  { id: 5, path: 'platform/shared/edge/gateway' },
  { id: 6, path: 'mobile/app-backend' },
];

async function main(): Promise<void> {
  const sizes = await measureSizes();
  const browser = await launchBrowser();
  try {
    const figures = [...sizes, ...(await measureActivation(browser)), ...(await measureRequests(browser))];
    console.log(`\nVS Code ${newestEdition.vscode}, Node ${process.version}, ${process.platform}\n`);
    for (const { what, measured, unit, goal } of figures) {
      const verdict = goal === undefined ? '' : measured <= goal ? `goal ≤ ${goal}` : `MISSES the goal ≤ ${goal}`;
      console.log(
        `${what.padEnd(58)} ${String(Math.round(measured * 10) / 10).padStart(7)} ${unit.padEnd(3)} ${verdict}`,
      );
    }
    if (figures.some(({ measured, goal }) => goal !== undefined && !(measured <= goal))) process.exitCode = 1;
  } finally {
    await browser.close();
  }
}

async function measureSizes(): Promise<Figure[]> {
  const vsix = join(root, 'out', 'gitlab-clusters.vsix');
  await createVSIX({ cwd: root, packagePath: vsix, dependencies: false });
  const kilobytes = async (...files: string[]) => {
    const sizes = await Promise.all(files.map((file) => stat(join(root, file))));
    return sizes.reduce((sum, { size }) => sum + size / 1000, 0);
  };
  const { atStart, all } = await chunks();
  return [
    { what: 'package (.vsix)', measured: await kilobytes(relative(root, vsix)), unit: 'KB', goal: 250 },
    { what: 'extension, loaded at start', measured: await kilobytes(...atStart), unit: 'KB', goal: 200 },
    { what: `extension, all of it (${all.length} chunks)`, measured: await kilobytes(...all), unit: 'KB' },
    { what: 'form bundle', measured: await kilobytes('dist/clusterForm.js'), unit: 'KB', goal: 40 },
  ];
}

/** What esbuild.js notes of dist/extension.js and the chunks beside it: which of them loads which. */
const BuiltChunks = z.object({
  outputs: z.record(z.string(), z.object({ imports: z.array(z.object({ path: z.string(), kind: z.string() })) })),
});

/** The extension's chunks: those that are loaded together with dist/extension.js, itself included, and all. */
async function chunks(): Promise<{ readonly atStart: readonly string[]; readonly all: readonly string[] }> {
  const noted: unknown = JSON.parse(await readFile(join(root, 'dist', 'extension.meta.json'), 'utf8'));
  const { outputs } = z.parse(BuiltChunks, noted);
  const atStart = new Set(['dist/extension.js']);
  // What is added to a set while it is walked is walked too.
  for (const chunk of atStart) {
    for (const { path, kind } of outputs[chunk]?.imports ?? []) {
      if (kind === 'import-statement' && path in outputs) atStart.add(path);
    }
  }
  return { atStart: [...atStart], all: Object.keys(outputs) };
}

/** Every start has a window and an extension host of its own. */
async function measureActivation(browser: Browser): Promise<Figure[]> {
  console.log(`Starting VS Code ${starts} times …`);
  const folder = await mkdtemp(join(tmpdir(), 'gitlab-clusters-bench-'));
  const file = join(folder, 'times');
  const server = await startEditorServer({
    edition: newestEdition,
    allowTests: true,
    env: { [activationTimesFile]: file },
  });
  try {
    for (let start = 0; start < starts; start++) {
      const workbench = await openWorkbench(browser, server, { tests: join(root, 'out', 'bench', 'activation.js') });
      if ((await workbench.testsEnded) !== 0) throw new Error('The extension did not activate');
      await workbench.close();
    }
    const lines = (await readFile(file, 'utf8')).trim().split('\n');
    const times = lines.map((line) => z.parse(ActivationTimes, JSON.parse(line)));
    return [
      {
        what: `loading the bundle, median of ${times.length}`,
        measured: median(times.map((each) => each.load)),
        unit: 'ms',
      },
      {
        what: `activate(), median of ${times.length}`,
        measured: median(times.map((each) => each.activate)),
        unit: 'ms',
        goal: 20,
      },
    ];
  } finally {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** What a stand-in GitLab sees of the extension in use. */
async function measureRequests(browser: Browser): Promise<Figure[]> {
  console.log('Counting requests and connections …');
  const gitlab = await startGitLab({ world: demoFleet() });
  const server = await startEditorServer({ edition: newestEdition, extensions: [root] });
  const editor: Pick<Editor, 'open'> = { open: (options) => openWorkbench(browser, server, options) };
  try {
    const host = { url: gitlab.url, name: 'Example GitLab', token: 'demo-admin-token', projects };
    const first = await openWithHosts(editor, [host]);
    await first.openView('Explorer');

    // The same user's next window: the host is listed, the view stays hidden, a command activates the extension.
    const window = await openWorkbench(browser, server, { sameUserAs: first });
    await first.page.close();
    const known = gitlab.requests.length;
    await window.runCommand('GitLab Clusters: Show Log');
    await window.page.getByRole('tab', { name: 'Output' }).waitFor();
    const beforeShown = gitlab.requests.length - known;

    await window.openView('GitLab Clusters');
    await window.expand(window.row(host.name));
    for (const { path } of projects) await window.expand(window.row(path.split('/').at(-1) ?? path));
    const { requests, connections } = await refreshUntil(100, window, gitlab);
    return [
      { what: 'requests before the view is first shown', measured: beforeShown, unit: '', goal: 0 },
      { what: `connections for ${requests} requests`, measured: connections, unit: '', goal: requestsAtOnce },
    ];
  } finally {
    await server.stop();
    await gitlab.close();
  }
}

/** Refreshes everything shown until so many more requests were sent; counts the connections opened meanwhile. */
async function refreshUntil(count: number, window: Workbench, gitlab: GitLab) {
  const before = { requests: gitlab.requests.length, connections: gitlab.connections };
  const sent = () => gitlab.requests.length - before.requests;
  while (sent() < count) {
    const already = sent();
    await window.clickViewTitle('Refresh All');
    for (let waited = 0; sent() < already + projects.length; waited += 50) {
      if (waited > 15_000) throw new Error('Refreshing sent nothing');
      await setTimeout(50);
    }
  }
  return { requests: sent(), connections: gitlab.connections - before.connections };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return ((sorted[middle] ?? NaN) + (sorted[sorted.length - 1 - middle] ?? NaN)) / 2;
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
