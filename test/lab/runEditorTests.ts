// Runs the suite of test/editor inside the extension host of a VS Code from npm: `node out/lab/runEditorTests.js 1.100`.
import { join } from 'node:path';
import { launchBrowser } from './browser';
import { startEditorServer } from './editorServer';
import { findEdition } from './fetchEditor';
import { root } from './paths';
import { openWorkbench } from './workbench';

async function main(): Promise<number> {
  const server = await startEditorServer({ edition: findEdition(process.argv[2] ?? ''), allowTests: true });
  const browser = await launchBrowser();
  try {
    const workbench = await openWorkbench(browser, server, { tests: join(root, 'out', 'editor', 'index.js') });
    return await workbench.testsEnded;
  } finally {
    await browser.close();
    await server.stop();
  }
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
