import type { Browser } from 'playwright-core';
import * as z from 'zod/mini';
import { atMost, rounded, type Figure } from './figures';
import { Mark } from './orders';
import { startProbedEditor } from './probedWindow';
import { median } from './processFigures';

const STARTS = 6;
const ours = 'gitlab-clusters.gitlab-clusters';
/** An extension of the editor's own package, which it starts in the same window; about as large as this one. */
const beside = 'vscode.git';

/**
 * What the editor itself counts as the start of an extension, as in *Developer: Show Running Extensions*: loading its code
 * and the call of `activate()`. Both in the same windows, since on a busy machine each waits for others too.
 */
export async function measureEditorsStart(browser: Browser): Promise<Figure[]> {
  console.log(`Opening the view in ${STARTS} new windows …`);
  const editor = await startProbedEditor(browser);
  const [mine, others]: [number[], number[]] = [[], []];
  try {
    for (let start = 0; start < STARTS; start++) {
      const window = await editor.open();
      await window.workbench.openView('GitLab Clusters');
      await window.workbench.page.getByText('Add GitLab Host').first().waitFor();
      const marks = await window.ask(z.array(Mark), { order: 'marks' });
      mine.push(startOf(ours, marks));
      others.push(startOf(beside, marks));
      await window.close();
    }
  } finally {
    await editor.stop();
  }
  const [here, there] = [median(mine), median(others)];
  return [
    {
      what: `start as the editor counts it, median of ${STARTS}`,
      measured: here,
      unit: 'ms',
      note: `the editor's own Git: ${rounded(there)} ms`,
    },
    { what: '… ÷ the editor’s own Git', measured: here / there, unit: '', ...atMost(0.7) },
  ];
}

/** Milliseconds: loading and activating. Throws where the extension was not started. */
function startOf(extension: string, marks: readonly Mark[]): number {
  const at = (name: string): number => {
    const mark = marks.find((one) => one.name === `code/extHost/${name}/${extension}`);
    if (!mark) throw new Error(`${extension} was not started: no mark ${name}`);
    return mark.startTime;
  };
  const loading = at('didLoadExtensionCode') - at('willLoadExtensionCode');
  return loading + at('didActivateExtension') - at('willActivateExtension');
}
