import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import * as z from 'zod/mini';
import { bare, writeBareExtension } from './bareExtension';
import { atMost, printFigures, printTable, rounded, type Figure } from './figures';
import { ShownForm } from '../ui/forms';
import { findAll, openWithStandIn } from './fleetWindow';
import { Mark } from './orders';
import { startProbedEditor, type ProbedEditor, type ProbedWindow } from './probedWindow';
import { median } from './processFigures';
import { delayOf, filmScreen, watchScreen } from './screen';
import { startStandIn, type StandIn } from './standIn';

/** Windows of each kind: with ours opened and with the bare view opened, in turn. */
const WINDOWS = 5;

interface Opening {
  readonly view: string;
  /** The row that ends it: level, label and description. */
  readonly row: RegExp;
}

/**
 * From the click that opens the view, in windows whose extension host has run nothing yet, beside a view of one row of an
 * extension that does nothing else: the editor's own share on this machine.
 */
export async function measureOpening(browser: Browser, clusters: number): Promise<void> {
  console.log('Opening the view side by side with a bare one …');
  const folder = await mkdtemp(join(tmpdir(), 'gitlab-clusters-bench-'));
  const editor = await startProbedEditor(browser, [await writeBareExtension(folder)]);
  const standIn = await startStandIn(clusters, clusters, 'with');
  try {
    const first = await openWithStandIn(editor, standIn);
    await findAll(first, standIn);
    await first.workbench.runCommand('View: Show Explorer');
    const instance = await openEach(editor, first, standIn, { view: 'GitLab Clusters', row: /^3 cluster-/ });
    // Groups show at once what is remembered; of owners one would see no more than the host's row.
    const last = await editor.open(first);
    await last.workbench.runCommand('GitLab Clusters: Group By…');
    await last.workbench.choose('API URL');
    await last.workbench.openView('GitLab Clusters');
    await last.workbench.row(/^k8s-/).waitFor();
    await last.workbench.runCommand('View: Show Explorer');
    const groups = await openEach(editor, last, standIn, { view: 'GitLab Clusters', row: /^1 k8s-.* clusters?/ });
    await last.close();
    printFigures('From the click that opens the view', [
      ...pair('the first cluster of the instance on the screen', instance.rows, 'a bare view of one row', 6),
      ...pair('remembered groups on the screen', groups.rows, 'a bare view of one row', 4),
      ...pair('the form: from the click to its heading', instance.pages, 'a bare page', 3),
    ]);
  } finally {
    standIn.end();
    await editor.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

interface Pair {
  readonly ours: readonly number[];
  readonly others: readonly number[];
}

/** Opens ours and the bare view in turn, and from a row of the instance the form, from the bare row its page. */
async function openEach(editor: ProbedEditor, user: ProbedWindow, standIn: StandIn, opening: Opening) {
  const rows = { ours: Array<number>(), others: Array<number>() };
  const pages = { ours: Array<number>(), others: Array<number>() };
  for (let turn = 0; turn < WINDOWS; turn++) {
    const other = await editor.open(user);
    rows.others.push(await openOnce(other, { view: bare.view, row: new RegExp(`^1 ${bare.row}`) }));
    const row = other.workbench.row(bare.row);
    pages.others.push(await timeToHeading(other, bare.page, () => row.click()));
    await other.close();
    const window = await editor.open(user);
    const film = await filmScreen(window.workbench.page);
    standIn.clear();
    rows.ours.push(await openOnce(window, opening));
    if (turn === WINDOWS - 1)
      printTable('The last of these, milliseconds after the click', await story(window, standIn, film));
    const instance = window.workbench.row('Instance').filter({ hasText: /\d cluster/ });
    if (opening.row.source.includes('cluster-'))
      pages.ours.push(
        await timeToHeading(window, 'Add cluster', () => window.workbench.clickInline(instance, 'Add Cluster…')),
      );
    await window.close();
  }
  return { rows, pages };
}

async function openOnce({ workbench }: ProbedWindow, { view, row }: Opening): Promise<number> {
  const shown = await watchScreen(workbench.page, { pressed: 'mousedown', row });
  await workbench.openView(view);
  return delayOf(await shown());
}

/** Milliseconds from the press of a click to the heading of the page that it opens. */
async function timeToHeading(
  { workbench }: ProbedWindow,
  heading: string,
  click: () => Promise<void>,
): Promise<number> {
  const film = await filmScreen(workbench.page);
  await click();
  await new ShownForm(workbench).titled(heading);
  const shownAt = Date.now();
  return shownAt - (await film()).pressedAt;
}

/** The goal is on the ratio alone: milliseconds are the machine's. */
function pair(what: string, { ours, others }: Pair, reference: string, goal: number): Figure[] {
  return [
    {
      what: `${what}, median of ${ours.length}`,
      measured: median(ours),
      unit: 'ms',
      note: ours.map(rounded).join(' '),
    },
    { what: `… ${reference}`, measured: median(others), unit: 'ms', note: others.map(rounded).join(' ') },
    { what: `… ÷ ${reference}`, measured: median(ours) / median(others), unit: '', ...atMost(goal) },
  ];
}

/** What happened in a window after the click: in the extension host, at the stand-in, and on the screen. */
async function story(window: ProbedWindow, standIn: StandIn, film: Awaited<ReturnType<typeof filmScreen>>) {
  const { pressedAt, pictures } = await film();
  const marks = await window.ask(z.array(Mark), { order: 'marks' });
  const { exchanges } = await standIn.seen();
  const events = [
    ...marks
      .filter(({ name }) => name.endsWith('gitlab-clusters.gitlab-clusters'))
      .map(({ name, startTime }) => ({ at: startTime, what: name.split('/').at(-2) ?? name })),
    ...exchanges.flatMap(([path, came, answered]) => [
      { at: came, what: `→ ${path}` },
      ...(answered === null ? [] : [{ at: answered, what: `← ${path}` }]),
    ]),
    ...pictures.map(({ at, rows }) => ({ at, what: `rows: ${rows.slice(0, 4).join(' | ')}` })),
  ];
  return events
    .toSorted((one, other) => one.at - other.at)
    .filter(({ at }) => at - pressedAt < 1500)
    .map(({ at, what }) => [(at - pressedAt).toFixed(0), what.slice(0, 140)]);
}
