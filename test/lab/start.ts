// `npm start`: a real VS Code with this extension and two stand-in GitLabs, all on loopback and all new each time.
// `npm start -- --smoke` does the same without a person: waits for clusters in the tree and keeps a picture.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { launchBrowser } from './browser';
import { type DemoHost, startDemoHosts } from './demoHosts';
import { type EditorServer, startEditorServer } from './editorServer';
import { newestEdition } from './fetchEditor';
import { root } from './paths';
import { openWorkbench, windowAddress } from './workbench';

async function main(): Promise<void> {
  const demo = await startDemoHosts();
  const server = await startEditorServer({
    edition: newestEdition,
    extensions: [root, join(root, 'test', 'demo')],
    env: { GITLAB_CLUSTERS_DEMO: JSON.stringify(demo.hosts) },
  });
  if (!process.argv.includes('--smoke')) return invite(server, demo.hosts);
  await look(server, demo.hosts);
  await server.stop();
  await demo.stop();
}

function invite(server: EditorServer, hosts: readonly DemoHost[]): void {
  const address = windowAddress(server);
  console.log('\nStand-in GitLabs, for trying out “Add GitLab Host…” after removing one:');
  for (const { name, url, token } of hosts) console.log(`  ${name}: ${url} (token ${token})`);
  console.log(`\nVS Code ${server.edition.vscode} with GitLab Clusters is ready. Open this address in a browser:\n`);
  console.log(`  ${address}\n`);
  console.log('After a change: `npm run watch` in another terminal, then reload the page. Ctrl-C ends everything.');
  openInDesktop(address);
}

/** Opens the address where there is a desktop to open it on. */
function openInDesktop(address: string): void {
  const openers: Partial<Record<NodeJS.Platform, readonly string[]>> = {
    darwin: ['open', address],
    win32: ['cmd', '/c', 'start', '""', address.replaceAll('&', '^&')],
  };
  const hasDesktop = process.env['DISPLAY'] ?? process.env['WAYLAND_DISPLAY'];
  const [command, ...args] = openers[process.platform] ?? (hasDesktop ? ['xdg-open', address] : []);
  if (!command) return;
  spawn(command, args, { stdio: 'ignore', detached: true })
    .once('error', () => {})
    .unref();
}

/** Opens a window by itself and walks down the tree until a cluster shows. */
async function look(server: EditorServer, hosts: readonly DemoHost[]): Promise<void> {
  const browser = await launchBrowser();
  const workbench = await openWorkbench(browser, server);
  // Tall enough for all rows: VS Code renders only what fits.
  await workbench.page.setViewportSize({ width: 1280, height: 1600 });
  try {
    for (const { name, projects } of hosts) {
      await workbench.expand(workbench.row(name));
      for (const { path } of projects) await workbench.expand(workbench.row(path.split('/').at(-1) ?? path));
    }
    await workbench.row('production-eu').waitFor();
    await workbench.row('rack-a').waitFor();
    for (const { level, label, description } of await workbench.readRows()) {
      console.log(`${'  '.repeat(level)}${label}  ${description}`);
    }
    console.log('VS Code shows the clusters of both hosts: artifacts/start.png');
  } finally {
    await workbench.screenshot('start');
    await browser.close();
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
