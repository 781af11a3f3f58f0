// `npm run bench`: the figures we hold ourselves to, measured in a real VS Code, as tables. Exits 1 when a goal is missed.
// Words behind it choose: `npm run bench -- sizes` one part, `npm run bench -- fleet` all that is about thousands of
// clusters. `--small` takes a tenth of the projects, to try the bench itself; `--profile` leaves what the extension host
// computes while it finds clusters in `artifacts/`, for the developer tools of a browser.
import { cpus, loadavg } from 'node:os';
import type { Browser } from 'playwright-core';
import { launchBrowser } from '../lab/browser';
import { newestEdition } from '../lab/fetchEditor';
import { measureRequests } from './connections';
import { measureEditorsStart } from './editorsStart';
import { missedGoals, printFigures } from './figures';
import { compareCrawl, compareDiscovery, measureGrowth } from './fleet';
import { measureLargeFleet } from './largeFleet';
import { measureOpening } from './opening';
import { measureResolver } from './resolver';
import { measureSizes } from './sizes';
import { measureActivation } from './starts';

const small = process.argv.includes('--small');
const thousand = small ? 100 : 1000;

/** By the word that chooses it. */
const parts: Readonly<Record<string, (browser: Browser) => Promise<void>>> = {
  sizes: async () => printFigures('Sizes', await measureSizes()),
  starts: async (browser) =>
    printFigures('Start', [...(await measureActivation(browser)), ...(await measureEditorsStart(browser))]),
  opening: (browser) => measureOpening(browser, thousand),
  resolver: async () => printFigures('Resolver', await measureResolver(thousand)),
  connections: async (browser) => printFigures('Connections', await measureRequests(browser)),
  crawl: (browser) => compareCrawl(browser, thousand),
  discovery: (browser) => compareDiscovery(browser, thousand),
  growth: (browser) => measureGrowth(browser, [thousand / 10, thousand, thousand * 10]),
  large: (browser) => measureLargeFleet(browser, thousand * 10),
};
const fleetParts = ['crawl', 'discovery', 'growth', 'large'];

async function main(): Promise<void> {
  const words = process.argv.slice(2).filter((word) => !word.startsWith('--'));
  const chosen = new Set(words.flatMap((word) => (word === 'fleet' ? fleetParts : word)));
  const unknown = [...chosen].filter((word) => !(word in parts));
  if (unknown.length > 0)
    throw new Error(`Parts are ${Object.keys(parts).join(', ')}, and fleet; not ${unknown.join()}`);
  const [load = 0] = loadavg();
  console.log(
    `VS Code ${newestEdition.vscode}, Node ${process.version}, ${process.platform}, ${cpus().length} cores, load ${load.toFixed(1)}`,
  );
  const browser = await launchBrowser();
  try {
    for (const [word, measure] of Object.entries(parts))
      if (chosen.size === 0 || chosen.has(word)) await measure(browser);
  } finally {
    await browser.close();
  }
  const missed = missedGoals();
  console.log(missed === 0 ? '\nAll goals met.' : `\n${missed} goals missed.`);
  if (missed > 0) process.exitCode = 1;
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
