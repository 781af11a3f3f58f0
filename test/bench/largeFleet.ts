import type { Browser } from 'playwright-core';
import { atMost, mebibyte, printFigures, type Figure } from './figures';
import { findAll, openWithStandIn } from './fleetWindow';
import { Blocks, Filtered, Recalled, type Work } from './orders';
import { startProbedEditor, type ProbedWindow } from './probedWindow';
import { median } from './processFigures';
import { delayOf, watchScreen } from './screen';
import { startStandIn } from './standIn';

/** Behind a dash, which no address has, each key of these leaves other rows than the one before. */
const numbers = ['123', '98', '505'];
/** Milliseconds in which VS Code gathers changes of a tree after it has shown one. */
const GATHERING = 250;

/** Thousands of clusters: what they hold, how the editor feels meanwhile, and how fast they are there the next time. */
export async function measureLargeFleet(browser: Browser, clusters: number): Promise<void> {
  console.log(`Working with ${clusters.toLocaleString('en')} clusters …`);
  const editor = await startProbedEditor(browser);
  const standIn = await startStandIn(clusters, clusters, 'with');
  try {
    const window = await openWithStandIn(editor, standIn);
    const found = await findAll(window, standIn);
    const typing = await typeFilters(window);
    // What is opened again shows groups at once; of owners one would see no more than the host's row.
    await window.workbench.runCommand('GitLab Clusters: Group By…');
    await window.workbench.choose('API URL');
    await window.workbench.row(/^k8s-/).waitFor();
    await window.workbench.openView('Explorer');
    // The same user's next windows, each with an extension host in which nothing has run yet.
    const second = await editor.open(window);
    await window.close();
    const recalled = await second.ask(Recalled, { order: 'recall', url: standIn.url, folder: editor.storage });
    if (recalled.clusters !== clusters) throw new Error(`${recalled.clusters} clusters were remembered`);
    const filtered = await second.ask(Filtered, { order: 'filter' });
    const third = await editor.open(second);
    await second.close();
    const restart = await openRemembered(third);
    await third.close();
    printFigures(`${clusters.toLocaleString('en')} clusters`, [
      { what: 'heap above the idle extension', measured: found.heap / mebibyte, unit: 'MB', ...atMost(60) },
      ...blockFigures('while they are found', found.blocks),
      {
        what: 'first rows on the screen, from the click on “All clusters”',
        measured: found.firstRows,
        unit: 'ms',
        ...atMost(300),
      },
      { what: '… of the instance, from the click that opens the view', measured: found.opened, unit: 'ms' },
      { what: 'filter: key to rows on the screen, median', measured: median(typing.keys), unit: 'ms', ...atMost(100) },
      { what: '… at worst', measured: Math.max(...typing.keys), unit: 'ms' },
      ...blockFigures('while one types', typing.blocks),
      work('JSON.parse of what is remembered, alone', recalled.parse),
      work('filter: key to rows given to VS Code, median', filtered.median),
      { what: '… ÷ that JSON.parse', measured: filtered.median.wall / recalled.parse.wall, unit: '', ...atMost(2) },
      { ...work('… at worst', filtered.worst), ...atMost(100) },
      { ...work('remembered: start to the first rows given to VS Code', recalled.toRows), ...atMost(100) },
      { what: '… ÷ that JSON.parse', measured: recalled.toRows.wall / recalled.parse.wall, unit: '', ...atMost(20) },
      work('… to the last', recalled.toEnd),
      {
        what: 'remembered: from the click that opens the view to groups on the screen',
        measured: restart.shown,
        unit: 'ms',
      },
      { what: '… event loop late meanwhile, at worst', measured: restart.blocks.max, unit: 'ms' },
    ]);
  } finally {
    standIn.end();
    await editor.stop();
  }
}

function work(what: string, { wall, cpu }: Work): Figure {
  return { what, measured: wall, unit: 'ms', note: `computing ${cpu.toFixed(0)} ms` };
}

function blockFigures(when: string, { p99, max, computing }: Blocks): Figure[] {
  return [
    { what: `event loop late ${when}, p99`, measured: p99, unit: 'ms', ...atMost(50) },
    { what: '… at worst', measured: max, unit: 'ms', note: `computing ${computing.toFixed(0)} ms` },
  ];
}

/** Types filters into the box, and looks at the rows after each key. */
async function typeFilters(window: ProbedWindow) {
  const { workbench } = window;
  const { page } = workbench;
  const keys: number[] = [];
  await workbench.clickViewTitle('Filter Clusters…');
  await workbench.inputBox('Filter Clusters').waitFor();
  await window.tell({ order: 'watch' });
  const press = async (key: string): Promise<number> => {
    await page.waitForTimeout(GATHERING);
    const changed = await watchScreen(page, { pressed: 'keydown' });
    await page.keyboard.press(key);
    return delayOf(await changed());
  };
  keys.push(await press('-'));
  for (const number of numbers) {
    for (const key of number) keys.push(await press(key));
    keys.push(await press('ControlOrMeta+Backspace'));
  }
  const blocks = await window.ask(Blocks, { order: 'watched' });
  await page.keyboard.press('Escape');
  return { keys, blocks };
}

/** Opens the view in a new window, which shows what was remembered as the last one did: in groups. */
async function openRemembered(window: ProbedWindow) {
  const { workbench } = window;
  await window.tell({ order: 'watch' });
  const rows = await watchScreen(workbench.page, { pressed: 'mousedown', row: /^1 k8s-.* clusters/ });
  await workbench.openView('GitLab Clusters');
  const shown = delayOf(await rows());
  return { shown, blocks: await window.ask(Blocks, { order: 'watched' }) };
}
