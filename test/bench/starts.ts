import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import * as z from 'zod/mini';
import { startEditorServer } from '../lab/editorServer';
import { newestEdition } from '../lab/fetchEditor';
import { root } from '../lab/paths';
import { openWorkbench } from '../lab/workbench';
import { ActivationTimes, activationTimesFile } from './activationTimes';
import { atMost, type Figure } from './figures';
import { median } from './processFigures';

const starts = 10;

/** Every start has a window and an extension host of its own. */
export async function measureActivation(browser: Browser): Promise<Figure[]> {
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
        ...atMost(20),
      },
    ];
  } finally {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}
