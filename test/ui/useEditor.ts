import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { demoFleet, oldDemoFleet } from '../gitlab/demoFleet';
import type { World } from '../gitlab/world';
import { launchBrowser } from '../lab/browser';
import { type EditorServer, startEditorServer } from '../lab/editorServer';
import { findEdition } from '../lab/fetchEditor';
import { installed } from '../lab/paths';
import { leaksIn, placesOfFolder, placesOfWindow, watchPage, type Place } from '../lab/secretSearch';
import { openWorkbench, type Workbench, type WorkbenchOptions } from '../lab/workbench';

/** What a UI test gets; valid while its `describe` runs. */
export interface Editor {
  /** Opens a window, closed when the test ends; so call it in tests and in `beforeEach`, not in `before`. */
  readonly open: (options?: WorkbenchOptions) => Promise<Workbench>;
  /** The server behind the windows: for the user's settings.json. */
  readonly server: () => EditorServer;
  /**
   * What must be found nowhere but in the secret storage: the tokens of the demo fleets, everything that is stored there,
   * and what a test adds. All windows are searched when their test ends, the server's folder and output when it stops.
   */
  readonly secrets: Set<string>;
  /** Searches all windows as they are now, for what is shown only for a while. */
  readonly searchWindows: (when: string) => Promise<void>;
  /** `1.139.1`; for the names of screenshots. */
  readonly version: string;
}

/**
 * Call this in a `describe`: starts a VS Code with the extension installed from its package, ends it afterwards, and keeps
 * a picture of every open window when a test fails. The environment variable VSCODE_VERSION says which VS Code.
 */
export function useEditor(): Editor {
  const edition = findEdition(process.env['VSCODE_VERSION'] ?? '');
  const windows = new Map<Workbench, readonly Place[]>();
  const secrets = new Set([...knownSecrets, ...[demoFleet(), oldDemoFleet()].flatMap(tokensOf)]);
  const leaks = new Set<string>();
  let searched = 0;
  let began = 0;
  let listening = 0;
  let test = '';
  let browser: Browser | undefined;
  let server: EditorServer | undefined;

  const running = () => {
    if (!browser || !server) throw new Error('The editor runs only while tests and hooks do');
    return { browser, server };
  };

  const search = (when: string, places: readonly Place[]) => {
    searched += places.length;
    for (const leak of leaksIn(places, secrets)) leaks.add(`${when}: ${leak}`);
  };
  const searchWindow = async (window: Workbench, when: string) => {
    search(when, windows.get(window) ?? []);
    if (window.page.isClosed()) return;
    for (const stored of (await window.readSecrets()).values()) secrets.add(stored);
    search(when, await placesOfWindow(window.page));
  };
  /** Before it closes, whoever closes it. */
  const searchAtTheEnd = (window: Workbench) => {
    const close = window.close.bind(window);
    window.close = async () => {
      await searchWindow(window, test).catch((error: unknown) => leaks.add(`${test}: not searched: ${String(error)}`));
      await close();
    };
  };

  before(async function () {
    this.timeout(120_000);
    began = performance.now();
    listening = signalListeners();
    server = await startEditorServer({ edition, extensions: [installedExtension()] });
    browser = await launchBrowser();
  });

  beforeEach(function () {
    test = this.currentTest?.title ?? '';
  });

  afterEach(async function () {
    const name = this.currentTest?.fullTitle().replaceAll(/[^\w]+/g, '-');
    const isFailed = this.currentTest?.state === 'failed';
    // All of them first: closing one closes the others of the same user.
    for (const [index, window] of [...windows.keys()].entries()) {
      if (isFailed) await window.screenshot(`failed-${edition.vscode}-${name}-${index}`).catch(() => {});
    }
    for (const window of windows.keys()) await window.close();
    windows.clear();
  });

  after(async () => {
    await browser?.close();
    if (server)
      search('after all', [{ name: 'output', text: server.output() }, ...(await placesOfFolder(server.folder))]);
    await server?.stop();
    assert.equal(signalListeners(), listening, 'a signal listener stayed behind');
    console.log(`    ${Math.round((performance.now() - began) / 1000)} s in all, windows and hooks included`);
    console.log(`    secrets found outside their place: ${leaks.size} (${secrets.size} sought in ${searched} places)`);
    assert.deepEqual([...leaks], []);
  });

  return {
    version: edition.vscode,
    secrets,
    searchWindows: async (when) => {
      for (const window of windows.keys()) await searchWindow(window, when);
    },
    server: () => running().server,
    open: async (options) => {
      const settings = { ...quiet, ...options?.settings };
      const workbench = await openWorkbench(running().browser, running().server, { ...options, settings });
      windows.set(workbench, watchPage(workbench.page));
      searchAtTheEnd(workbench);
      return workbench;
    },
  };
}

/** A tooltip covers the rows below the pointer's; milliseconds until one comes. A test about tooltips asks for them. */
const quiet = { 'workbench.hover.delay': 1_000_000 };

/** Whoever starts a browser or a server listens to these, and must not when it is gone: the files of a run add up. */
function signalListeners(): number {
  return ['SIGINT', 'SIGTERM', 'SIGHUP'].reduce((sum, signal) => sum + process.listenerCount(signal), 0);
}

/** Service tokens the tests type into the form. */
const knownSecrets = ['kubernetes-secret', 'not-for-this-field'];

function tokensOf({ tokens }: World): string[] {
  return tokens.map(({ value }) => value);
}

function installedExtension(): string {
  const name = existsSync(installed)
    ? readdirSync(installed).find((each) => each.startsWith('gitlab-clusters.'))
    : undefined;
  if (!name) throw new Error('The packaged extension is not installed yet: run `npm test -- package`');
  return join(installed, name);
}
