import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { launchBrowser } from '../lab/browser';
import { type EditorServer, startEditorServer } from '../lab/editorServer';
import { findEdition } from '../lab/fetchEditor';
import { installed } from '../lab/paths';
import { openWorkbench, type Workbench, type WorkbenchOptions } from '../lab/workbench';

/** What a UI test gets; valid while its `describe` runs. */
export interface Editor {
  /** Opens a window, closed when the test ends; so call it in tests and in `beforeEach`, not in `before`. */
  readonly open: (options?: WorkbenchOptions) => Promise<Workbench>;
  /** The server behind the windows: for the user's settings.json. */
  readonly server: () => EditorServer;
  /** `1.139.1`; for the names of screenshots. */
  readonly version: string;
}

/**
 * Call this in a `describe`: starts a VS Code with the extension installed from its package, ends it afterwards, and keeps
 * a picture of every open window when a test fails. The environment variable VSCODE_VERSION says which VS Code.
 */
export function useEditor(): Editor {
  const edition = findEdition(process.env['VSCODE_VERSION'] ?? '');
  const windows = new Set<Workbench>();
  let browser: Browser | undefined;
  let server: EditorServer | undefined;

  const running = () => {
    if (!browser || !server) throw new Error('The editor runs only while tests and hooks do');
    return { browser, server };
  };

  before(async function () {
    this.timeout(120_000);
    server = await startEditorServer({ edition, extensions: [installedExtension()] });
    browser = await launchBrowser();
  });

  afterEach(async function () {
    const name = this.currentTest?.fullTitle().replaceAll(/[^\w]+/g, '-');
    for (const [index, window] of [...windows].entries()) {
      const isFailed = this.currentTest?.state === 'failed';
      if (isFailed) await window.screenshot(`failed-${edition.vscode}-${name}-${index}`).catch(() => {});
      await window.close();
    }
    windows.clear();
  });

  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  return {
    version: edition.vscode,
    server: () => running().server,
    open: async (options) => {
      const workbench = await openWorkbench(running().browser, running().server, options);
      windows.add(workbench);
      return workbench;
    },
  };
}

function installedExtension(): string {
  const name = existsSync(installed)
    ? readdirSync(installed).find((each) => each.startsWith('gitlab-clusters.'))
    : undefined;
  if (!name) throw new Error('The packaged extension is not installed yet: run `npm test -- package`');
  return join(installed, name);
}
