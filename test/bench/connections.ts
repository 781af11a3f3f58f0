import { setTimeout } from 'node:timers/promises';
import type { Browser } from 'playwright-core';
import { demoFleet } from '../gitlab/demoFleet';
import { type GitLab, startGitLab } from '../gitlab/server';
import { startEditorServer } from '../lab/editorServer';
import { newestEdition } from '../lab/fetchEditor';
import { root } from '../lab/paths';
import { openWorkbench, type Workbench } from '../lab/workbench';
import { openWithHosts } from '../ui/hosts';
import type { Editor } from '../ui/useEditor';
import { atMost, type Figure } from './figures';

/** How many requests the extension sends a host at a time (src/core/gitlab/hostGate.ts). */
const requestsAtOnce = 8;

/** Projects of the demo fleet that have clusters. */
const projects = [
  { id: 1, path: 'platform/payments-api' },
  { id: 2, path: 'platform/checkout-web' },
  { id: 4, path: 'platform/shared/observability' },
  { id: 5, path: 'platform/shared/edge/gateway' },
  { id: 6, path: 'mobile/app-backend' },
];

/** What a stand-in GitLab sees of the extension in use. */
export async function measureRequests(browser: Browser): Promise<Figure[]> {
  console.log('Counting requests and connections …');
  const gitlab = await startGitLab({ world: demoFleet() });
  const server = await startEditorServer({ edition: newestEdition, extensions: [root] });
  const editor: Pick<Editor, 'open'> = { open: (options) => openWorkbench(browser, server, options) };
  try {
    const host = { url: gitlab.url, name: 'Example GitLab', token: 'demo-admin-token', projects };
    const first = await openWithHosts(editor, [host]);
    await first.openView('Explorer');

    // The same user's next window: the host is listed, the view stays hidden, a command activates the extension.
    const window = await openWorkbench(browser, server, { sameUserAs: first });
    await first.page.close();
    const known = gitlab.requests.length;
    await window.runCommand('GitLab Clusters: Show Log');
    await window.page.getByRole('tab', { name: 'Output' }).waitFor();
    const beforeShown = gitlab.requests.length - known;

    await window.openView('GitLab Clusters');
    await window.expand(window.row(host.name));
    for (const { path } of projects) await window.expand(window.row(path.split('/').at(-1) ?? path));
    const { requests, connections } = await refreshUntil(100, window, gitlab);
    return [
      { what: 'requests before the view is first shown', measured: beforeShown, unit: '', ...atMost(0) },
      { what: `connections for ${requests} requests`, measured: connections, unit: '', ...atMost(requestsAtOnce) },
    ];
  } finally {
    await server.stop();
    await gitlab.close();
  }
}

/** Refreshes everything shown until so many more requests were sent; counts the connections opened meanwhile. */
async function refreshUntil(count: number, window: Workbench, gitlab: GitLab) {
  const before = { requests: gitlab.requests.length, connections: gitlab.connections };
  const sent = () => gitlab.requests.length - before.requests;
  while (sent() < count) {
    const already = sent();
    await window.clickViewTitle('Refresh All');
    for (let waited = 0; sent() < already + projects.length; waited += 50) {
      if (waited > 15_000) throw new Error('Refreshing sent nothing');
      await setTimeout(50);
    }
  }
  return { requests: sent(), connections: gitlab.connections - before.connections };
}
