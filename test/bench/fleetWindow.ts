import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { artifacts } from '../lab/paths';
import { Blocks } from './orders';
import type { ProbedEditor, ProbedWindow } from './probedWindow';
import { delayOf, watchScreen } from './screen';
import { caFile, type Seen, type StandIn } from './standIn';

/** What it takes the extension, with its tree shown, to find every cluster of a host. */
export interface Found {
  /** Milliseconds from the click that opens "All clusters" to the stand-in's last answer. */
  readonly wall: number;
  /** From the click to the first group or project with clusters on the screen. */
  readonly firstRows: number;
  /** From the click that opens the view, and with it the host, to the first cluster of the instance on the screen. */
  readonly opened: number;
  /** From the click until the row on the screen says that everything was found just now. */
  readonly told: number;
  readonly seen: Seen;
  /** Bytes above what the extension host held when the extension ran and nothing was shown yet. */
  readonly heap: number;
  readonly blocks: Blocks;
}

const name = 'Fleet';
/** An owner below "All clusters", with its count. The instance is known by then: its own row above was opened. */
const ownerRow = /^3 (?!Instance).* [\d,]+ clusters?( ·|$)/;

/** A new user's window that lists one GitLab, the view not opened yet. */
export async function openWithStandIn(editor: ProbedEditor, { url, token }: StandIn): Promise<ProbedWindow> {
  const window = await editor.open();
  await window.tell({ order: 'addHost', url, token, name, caFile });
  return window;
}

/**
 * Opens the view, in which the host's row opens by itself; gives the milliseconds from the click to the first cluster,
 * NaN for a Maintainer, who sees none of the instance.
 */
async function showHost({ workbench }: ProbedWindow, { holder }: StandIn): Promise<number> {
  if (holder === 'maintainer') {
    await workbench.openView('GitLab Clusters');
    await workbench.row('All clusters').waitFor();
    return Number.NaN;
  }
  const first = await watchScreen(workbench.page, { pressed: 'mousedown', row: /^3 cluster-/ });
  await workbench.openView('GitLab Clusters');
  const opened = delayOf(await first());
  // The instance's own row opens by itself, with a tenth of all clusters: below it nothing else would be in sight.
  const instance = workbench.row('Instance').filter({ hasText: /\d cluster/ });
  await instance.locator('.monaco-tl-twistie').click();
  await instance.and(workbench.page.locator('[aria-expanded=false]')).waitFor();
  await workbench.row('All clusters').waitFor();
  return opened;
}

/**
 * Opens the view, then "All clusters" with a click, as a person does, and waits for the end. With `profile`, a file, what
 * the extension host computes meanwhile is noted there.
 */
export async function findAll(
  window: ProbedWindow,
  standIn: StandIn,
  profile = process.argv.includes('--profile')
    ? join(artifacts, `finding-${new URL(standIn.url).port}.cpuprofile`)
    : undefined,
): Promise<Found> {
  const { page } = window.workbench;
  const idle = await window.ask(z.number(), { order: 'heap' });
  const opened = await showHost(window, standIn);
  standIn.clear();
  if (profile !== undefined) await mkdir(artifacts, { recursive: true });
  await window.tell({ order: 'watch', ...(profile !== undefined && { profile }) });
  const first = await watchScreen(page, { pressed: 'mousedown', row: ownerRow });
  const last = await watchScreen(page, { pressed: 'mousedown', row: /^2 All clusters .*clusters? · just now/ });
  await window.workbench.row('All clusters').locator('.monaco-tl-twistie').click();
  const firstShown = await first();
  const lastShown = await last();
  const blocks = await window.ask(Blocks, { order: 'watched' });
  const seen = await standIn.seen();
  return {
    wall: seen.ended - firstShown.pressedAt,
    firstRows: delayOf(firstShown),
    opened,
    told: delayOf(lastShown),
    seen,
    heap: (await window.ask(z.number(), { order: 'heap' })) - idle,
    blocks,
  };
}
