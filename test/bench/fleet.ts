import type { Browser } from 'playwright-core';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { outputOf } from '../lab/childProcess';
import { atLeast, atMost, mebibyte, printFigures, printTable, rounded, type Figure } from './figures';
import { findAll, openWithStandIn, type Found } from './fleetWindow';
import { Work } from './orders';
import { sharesOf } from './shares';
import { startProbedEditor, type ProbedEditor } from './probedWindow';
import { caFile, LATENCY, lowerBound, SLOTS, startStandIn, type StandIn } from './standIn';

/** Finding the clusters of a host against what could be, curl, and asking one after another: all over the same paths. */
export async function compareCrawl(browser: Browser, projects: number): Promise<void> {
  console.log('Finding clusters side by side with curl …');
  const editor = await startProbedEditor(browser);
  const standIn = await startStandIn(projects, projects, 'without');
  try {
    const window = await openWithStandIn(editor, standIn);
    const found = await findAll(window, standIn);
    const { paths } = found.seen;
    const bound = lowerBound(found.seen);
    const curl = await measureCurl(standIn, paths);
    const { url, token } = standIn;
    const single = await window.ask(z.number(), { order: 'oneAfterAnother', url, token, caFile, paths: [...paths] });
    // In a window of its own, so that it begins as cold as the search did.
    const other = await editor.open();
    const bare = await other.ask(Work, { order: 'nodeFetchAlone', url, token, caFile, paths: [...paths] });
    await other.close();
    const against = (milliseconds: number) => `${rounded(milliseconds / bound)} × the bound`;
    printFigures(
      `${projects.toLocaleString('en')} projects, no discovery: ${paths.length} requests, ${SLOTS} at a time, ${LATENCY} ms each`,
      [
        { what: 'lower bound', measured: bound / 1000, unit: 's' },
        { what: 'found, from the click to the last answer', measured: found.wall / 1000, unit: 's' },
        {
          what: '… of it computing in the extension host',
          measured: found.blocks.cpu / 1000,
          unit: 's',
          note: `${(found.blocks.cpu / paths.length).toFixed(2)} ms a request`,
        },
        {
          what: '… ÷ node-fetch alone, in the same extension host',
          measured: found.blocks.cpu / bare.cpu,
          unit: '',
          note: `${(bare.cpu / paths.length).toFixed(2)} ms a request`,
          ...atMost(1.5),
        },
        { what: '… ÷ lower bound', measured: found.wall / bound, unit: '', ...atMost(1.25) },
        ...(curl === undefined
          ? []
          : [
              { what: 'curl --parallel-max 8', measured: curl / 1000, unit: 's', note: against(curl) },
              { what: 'found ÷ curl', measured: found.wall / curl, unit: '', ...atMost(1.3) },
            ]),
        { what: 'one after another', measured: single / 1000, unit: 's', note: against(single) },
        { what: 'one after another ÷ found', measured: single / found.wall, unit: '', ...atLeast(6) },
        {
          what: 'first rows on the screen, from the click on “All clusters”',
          measured: found.firstRows,
          unit: 'ms',
          ...atMost(300),
        },
        { what: '… of the instance, from the click that opens the view', measured: found.opened, unit: 'ms' },
        { what: 'the row says that all are found', measured: found.told / 1000, unit: 's' },
      ],
    );
    await window.close();
    await printShares(editor, standIn);
  } finally {
    standIn.end();
    await editor.stop();
  }
}

/** What the extension host computes during a search, by part; in a window of its own, since the noting takes time too. */
async function printShares(editor: ProbedEditor, standIn: StandIn): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'gitlab-clusters-bench-'));
  try {
    const file = join(folder, 'search.cpuprofile');
    const window = await openWithStandIn(editor, standIn);
    const { seen } = await findAll(window, standIn, file);
    await window.close();
    const shares = await sharesOf(file);
    const all = shares.reduce((sum, [, milliseconds]) => sum + milliseconds, 0);
    printTable(
      'Where a search’s computing goes, of the thread that runs the extension',
      shares.map(([part, milliseconds]) => [
        part,
        `${((100 * milliseconds) / all).toFixed(0)} %`,
        `${(milliseconds / seen.paths.length).toFixed(2)} ms a request`,
      ]),
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What discovery spares: requests by what they are for, for few and many clusters, with it and without. */
export async function compareDiscovery(browser: Browser, projects: number): Promise<void> {
  console.log('Finding clusters with discovery and without …');
  const editor = await startProbedEditor(browser);
  const rows = [['clusters', 'discovery', 'requests', 'groups', 'pages', 'owners', 'seconds', '÷ bound', 'first rows']];
  try {
    for (const clusters of [projects / 20, projects / 5, projects]) {
      // Without it the requests are the same, however many clusters there are.
      for (const discovery of clusters < projects ? (['with'] as const) : (['with', 'without'] as const)) {
        const { seen, wall, firstRows } = await findIn(editor, projects, clusters, discovery);
        const count = (part: RegExp) => `${seen.paths.filter((path) => part.test(path)).length}`;
        rows.push([
          clusters.toLocaleString('en'),
          discovery,
          `${seen.paths.length}`,
          count(/discover/),
          count(/\/(groups|projects)\?/),
          count(/\/clusters/),
          (wall / 1000).toFixed(2),
          (wall / lowerBound(seen)).toFixed(2),
          `${firstRows} ms`,
        ]);
      }
    }
  } finally {
    await editor.stop();
  }
  printTable(`${projects.toLocaleString('en')} projects: requests by discovery, for pages of owners, for owners`, rows);
}

/** A Maintainer's first look at one host, in a window that is closed again: to an administrator discovery tells little. */
async function findIn(
  editor: ProbedEditor,
  projects: number,
  clusters: number,
  discovery: 'with' | 'without',
): Promise<Found> {
  const standIn = await startStandIn(projects, clusters, discovery, 'maintainer');
  try {
    const window = await openWithStandIn(editor, standIn);
    const found = await findAll(window, standIn);
    await window.close();
    return found;
  } finally {
    standIn.end();
  }
}

/** From few projects to many, each found in a window of its own. */
export async function measureGrowth(browser: Browser, sizes: readonly number[]): Promise<void> {
  const editor = await startProbedEditor(browser);
  const rows = [
    [
      'projects',
      'discovery',
      'requests',
      'seconds',
      '÷ bound',
      'first rows',
      'heap',
      'block p99',
      'at worst',
      'computing',
    ],
  ];
  const ratios: Figure[] = [];
  try {
    for (const discovery of ['with', 'without'] as const) {
      const all: Found[] = [];
      for (const size of sizes) {
        console.log(`Finding ${size.toLocaleString('en')} clusters ${discovery} discovery …`);
        const found = await findIn(editor, size, size, discovery);
        const { seen, wall, heap, blocks, firstRows } = found;
        all.push(found);
        rows.push([
          size.toLocaleString('en'),
          discovery,
          seen.paths.length.toLocaleString('en'),
          (wall / 1000).toFixed(2),
          (wall / lowerBound(seen)).toFixed(2),
          `${firstRows} ms`,
          `${(heap / mebibyte).toFixed(1)} MB`,
          ...[blocks.p99, blocks.max, blocks.computing].map((block) => `${block.toFixed(0)} ms`),
        ]);
      }
      ratios.push(...growthOf(all, sizes, discovery));
    }
  } finally {
    await editor.stop();
  }
  printTable('Growth: as many clusters as projects', rows);
  printFigures('No worse than linear: per project, the most ÷ the second most', ratios);
}

function growthOf(all: readonly Found[], sizes: readonly number[], discovery: string): Figure[] {
  const [before, most] = all.slice(-2);
  const [smaller = Number.NaN, largest = Number.NaN] = sizes.slice(-2);
  if (!before || !most) return [];
  const ratio = (of: (found: Found) => number) => of(most) / largest / (of(before) / smaller);
  return [
    {
      what: `requests, ${discovery} discovery`,
      measured: ratio(({ seen }) => seen.paths.length),
      unit: '',
      ...atMost(1.1),
    },
    { what: `seconds, ${discovery} discovery`, measured: ratio(({ wall }) => wall), unit: '', ...atMost(1.1) },
    { what: `heap, ${discovery} discovery`, measured: ratio(({ heap }) => heap), unit: '', ...atMost(1.1) },
  ];
}

/** curl over the same paths, as many at a time: milliseconds, its start included; undefined where there is no curl. */
async function measureCurl({ url, token }: StandIn, paths: readonly string[]): Promise<number | undefined> {
  const there = await outputOf('curl', ['--parallel', '--version']).then(
    () => true,
    () => false,
  );
  if (!there) return void console.log('No curl to compare with.');
  const folder = await mkdtemp(join(tmpdir(), 'gitlab-clusters-bench-'));
  try {
    const file = join(folder, 'addresses');
    await writeFile(file, paths.map((path) => `url = "${url}${path}"\noutput = "/dev/null"\n`).join(''));
    const options = ['--silent', '--show-error', '--fail', '--cacert', caFile, '--header', `PRIVATE-TOKEN: ${token}`];
    const began = performance.now();
    await outputOf('curl', ['--parallel', '--parallel-max', `${SLOTS}`, ...options, '--config', file]);
    return performance.now() - began;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
