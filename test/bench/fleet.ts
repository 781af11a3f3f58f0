// The figures of a fleet in plain Node: a stand-in GitLab in a process of its own, over TLS, 20 ms before each answer.
// Prints one table per thing compared; the words `compare`, `discovery` and `growth` select some of them. `--quick` leaves
// out ten thousand projects without discovery.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { Agent } from 'node:https';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import fetch from 'node-fetch';
import * as z from 'zod/mini';
import type { Fetch } from '../../src/gitlab/client';
import { parseHostUrl } from '../../src/model/host';
import type { HostUrl } from '../../src/model/host';
import { outputOf } from '../lab/childProcess';
import { root } from '../lab/paths';
import type { CrawlFigures, Work } from './fleetFigures';
import { measureCrawl, measureFinding, measureMemory, measureOneAfterAnother } from './fleetFigures';

const LATENCY = 20;
const SLOTS = 8;
const withDiscovery = '18.2.1-ee';
const withoutDiscovery = '17.8.0';
const certificateFile = join(root, 'test/gitlab/certificates/localhost.pem');
const keyFile = join(root, 'test/gitlab/certificates/localhost-key.pem');
const ca = readFileSync(certificateFile, 'utf8');

interface StandIn {
  readonly host: HostUrl;
  readonly token: string;
  readonly end: () => void;
}

const listening = z.object({
  hosts: z.array(z.object({ url: z.string(), tokens: z.object({ administrator: z.string() }) })),
});

/** A GitLab with so many projects and clusters; `token` is an administrator's, who sees all of it. */
async function standIn(projects: number, clusters: number, version: string): Promise<StandIn> {
  const program = join(__dirname, '../gitlab/main.js');
  const fleet = [
    '--fleet',
    `${projects}`,
    '--clusters',
    `${clusters}`,
    '--version',
    version,
    '--latency',
    `${LATENCY}`,
  ];
  const child = spawn(process.execPath, [program, ...fleet, '--tls-key', keyFile, '--tls-cert', certificateFile], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface(child.stdout);
  const line = await new Promise<string>((resolve, reject) => {
    lines.once('line', resolve);
    child.once('close', () => reject(new Error('the stand-in GitLab ended before it listened')));
  });
  const [started] = listening.parse(JSON.parse(line)).hosts;
  const parsed = parseHostUrl(started?.url ?? '');
  if (!parsed.ok || !started) throw new Error(`the stand-in GitLab listens at ${line}`);
  return { host: parsed.url, token: started.tokens.administrator, end: () => child.stdin.end() };
}

/** node-fetch over TLS with kept connections, as many as asked for. */
function fetchOver(connections: number): { readonly fetch: Fetch; readonly close: () => void } {
  const agent = new Agent({ keepAlive: true, maxSockets: connections, ca });
  return { fetch: (url, init) => fetch(url, { ...init, agent }), close: () => agent.destroy() };
}

/** curl over the same addresses, eight at a time: milliseconds; undefined where there is no curl that can. */
async function measureCurl(addresses: readonly string[], token: string): Promise<number | undefined> {
  const folder = await mkdtemp(join(tmpdir(), 'fleet-'));
  try {
    await outputOf('curl', ['--parallel', '--version']);
    const file = join(folder, 'addresses');
    await writeFile(file, addresses.map((address) => `url = "${address}"\noutput = "/dev/null"\n`).join(''));
    const options = [
      '--silent',
      '--show-error',
      '--fail',
      '--cacert',
      certificateFile,
      '--header',
      `PRIVATE-TOKEN: ${token}`,
    ];
    const began = performance.now();
    await outputOf('curl', ['--parallel', '--parallel-max', `${SLOTS}`, ...options, '--config', file]);
    return performance.now() - began;
  } catch (error) {
    console.log(`no curl to compare with: ${String(error).split('\n')[0]}`);
    return undefined;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const lowerBound = ({ addresses }: CrawlFigures): number => Math.ceil(addresses.length / SLOTS) * LATENCY;
const seconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(2)} s`;
const ms = (milliseconds: number): string => `${milliseconds.toFixed(milliseconds < 10 ? 1 : 0)} ms`;
const mb = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(1)} MB`;
const work = ({ wall, cpu }: Work): [string, string] => [ms(wall), `computing ${ms(cpu)}`];
let missed = 0;

function verdict(value: number, goal: number, kind: 'atMost' | 'atLeast' = 'atMost', unit = ''): string {
  const met = kind === 'atMost' ? value <= goal : value >= goal;
  if (!met) missed++;
  return `${met ? 'goal' : 'MISSES the goal'} ${kind === 'atMost' ? '≤' : '≥'} ${goal}${unit}`;
}

function table(title: string, rows: readonly (readonly string[])[]): void {
  const widths = rows.reduce<number[]>((most, row) => row.map((cell, at) => Math.max(cell.length, most[at] ?? 0)), []);
  console.log(`\n${title}`);
  for (const row of rows)
    console.log(
      `  ${row
        .map((cell, at) => cell.padEnd(widths[at] ?? 0))
        .join('  ')
        .trimEnd()}`,
    );
}

async function crawlOf(at: StandIn): Promise<CrawlFigures> {
  const way = fetchOver(SLOTS);
  try {
    const figures = await measureCrawl(way.fetch, at.host, at.token, SLOTS);
    if (figures.outcome !== 'complete') throw new Error(`the crawl ended ${figures.outcome}`);
    return figures;
  } finally {
    way.close();
  }
}

async function compareAtThousand(): Promise<void> {
  const at = await standIn(1000, 1000, withoutDiscovery);
  try {
    await crawlOf(at); // Compiles what is measured next.
    const crawl = await crawlOf(at);
    const curl = await measureCurl(crawl.addresses, at.token);
    const single = fetchOver(1);
    const one = await measureOneAfterAnother(single.fetch, crawl.addresses, at.token);
    single.close();
    const bound = lowerBound(crawl);
    table(`1,000 projects, no discovery, ${crawl.addresses.length} requests, ${SLOTS} at a time, ${LATENCY} ms each`, [
      ['lower bound', seconds(bound), '1.00', ''],
      ['crawl', seconds(crawl.wall), (crawl.wall / bound).toFixed(2), verdict(crawl.wall / bound, 1.25)],
      ['of it computing', seconds(crawl.cpu), '', `${(crawl.cpu / crawl.addresses.length).toFixed(2)} ms a request`],
      ...(curl === undefined
        ? []
        : [
            ['curl --parallel-max 8', seconds(curl), (curl / bound).toFixed(2), ''],
            ['crawl ÷ curl', '', (crawl.wall / curl).toFixed(2), verdict(crawl.wall / curl, 1.3)],
          ]),
      ['one after another', seconds(one), (one / bound).toFixed(2), ''],
      ['one after another ÷ crawl', '', (one / crawl.wall).toFixed(2), verdict(one / crawl.wall, 6, 'atLeast')],
      ['first rows', ms(crawl.firstRows), '', verdict(crawl.firstRows, 300, 'atMost', ' ms')],
    ]);
  } finally {
    at.end();
  }
}

async function discoveryAtThousand(): Promise<void> {
  const rows = [
    [
      'clusters',
      'requests',
      'groups asked',
      'pages',
      'owners read',
      'seconds',
      '÷ bound',
      'first rows',
      'without: requests',
      'seconds',
    ],
  ];
  for (const clusters of [50, 200, 1000]) {
    const [on, off] = [await standIn(1000, clusters, withDiscovery), await standIn(1000, clusters, withoutDiscovery)];
    try {
      const crawl = await crawlOf(on);
      const without = await crawlOf(off);
      const count = (part: RegExp): number => crawl.addresses.filter((address) => part.test(address)).length;
      rows.push([
        `${clusters}`,
        `${crawl.addresses.length}`,
        `${count(/discover/)}`,
        `${count(/\/(groups|projects)\?/)}`,
        `${count(/\/clusters/)}`,
        seconds(crawl.wall),
        (crawl.wall / lowerBound(crawl)).toFixed(2),
        ms(crawl.firstRows),
        `${without.addresses.length}`,
        seconds(without.wall),
      ]);
    } finally {
      on.end();
      off.end();
    }
  }
  table('1,000 projects with discovery', rows);
}

async function growth(): Promise<void> {
  const rows = [
    [
      'projects = clusters',
      'discovery',
      'requests',
      'seconds',
      '÷ bound',
      'computing',
      'heap',
      'peak',
      'block p99',
      'max',
    ],
  ];
  const perProject = new Map<string, number>();
  for (const version of [withDiscovery, withoutDiscovery]) {
    for (const size of [100, 1000, 10_000]) {
      if (size === 10_000 && version === withoutDiscovery && process.argv.includes('--quick')) continue;
      const at = await standIn(size, size, version);
      try {
        const crawl = await crawlOf(at);
        rows.push([
          size.toLocaleString('en'),
          version === withDiscovery ? 'yes' : 'no',
          `${crawl.addresses.length}`,
          seconds(crawl.wall),
          (crawl.wall / lowerBound(crawl)).toFixed(2),
          seconds(crawl.cpu),
          mb(crawl.heap),
          mb(crawl.heapPeak),
          ms(crawl.blocks.p99),
          ms(crawl.blocks.max),
          ms(crawl.blocks.computing),
        ]);
        perProject.set(`${version} ${size}`, crawl.wall / size);
        if (size === 10_000 && version === withDiscovery) await atTenThousand(crawl);
      } finally {
        at.end();
      }
    }
  }
  table('Growth', rows);
  for (const version of [withDiscovery, withoutDiscovery]) {
    const ratio =
      (perProject.get(`${version} 10000`) ?? Number.NaN) / (perProject.get(`${version} 1000`) ?? Number.NaN);
    if (!Number.isNaN(ratio)) {
      console.log(`  time per project, 10,000 ÷ 1,000 (${version}): ${ratio.toFixed(2)}  ${verdict(ratio, 1.2)}`);
    }
  }
}

async function atTenThousand(crawl: CrawlFigures): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'fleet-'));
  const file = join(folder, 'remembered.json');
  try {
    const found = await measureFinding(crawl.fleet);
    const kept = { read: () => readFile(file, 'utf8'), write: (text: string) => writeFile(file, text) };
    const memory = await measureMemory(crawl.fleet, kept);
    const again = await measureMemory(crawl.fleet, kept);
    const { p99, max, computing } = crawl.blocks;
    table(`${crawl.fleet.clusters.length.toLocaleString('en')} clusters`, [
      ['heap above idle', mb(crawl.heap), '', verdict(crawl.heap / 2 ** 20, 60, 'atMost', ' MB')],
      ['block while crawling, p99', ms(p99), '', verdict(p99, 50, 'atMost', ' ms')],
      ['block while crawling, worst', ms(max), `computing ${ms(computing)}`, ''],
      ['filter box opens: prepared in', ...work(found.prepare), ''],
      [
        'a key to the filtered tree, median',
        ...work(found.medianKey),
        verdict(found.medianKey.wall, 20, 'atMost', ' ms'),
      ],
      [
        'a key to the filtered tree, worst',
        ...work(found.worstKey),
        verdict(found.worstKey.wall, 100, 'atMost', ' ms'),
      ],
      ['all grouped by API URL, each sorted', ...work(found.groupByApiUrl), ''],
      ['all sorted by name', ...work(found.sortByName), ''],
      ['remembered: size', mb(memory.size), '', ''],
      ['remembered: written in', ...work(memory.write), ''],
      [
        'remembered: read to the tree, first',
        ...work(memory.toRows),
        verdict(memory.toRows.wall, 100, 'atMost', ' ms'),
      ],
      ['remembered: read to the tree, again', ...work(again.toRows), ''],
      [
        'block meanwhile, worst',
        ms(memory.blocks.max),
        `computing ${ms(memory.blocks.computing)}`,
        verdict(memory.blocks.max, 50, 'atMost', ' ms'),
      ],
    ]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function main(): Promise<void> {
  const [load = 0] = loadavg();
  console.log(`Node ${process.version}, ${cpus().length} cores, load ${load.toFixed(1)}`);
  const parts = { compare: compareAtThousand, discovery: discoveryAtThousand, growth };
  const named = process.argv.filter((word) => word in parts);
  for (const [name, part] of Object.entries(parts)) if (named.length === 0 || named.includes(name)) await part();
  console.log(missed === 0 ? '\nAll goals met.' : `\n${missed} goals missed.`);
  if (missed > 0) process.exitCode = 1;
}

void main();
