// `npm run pictures`: makes the pictures of the README again, from the extension as it is and a stand-in GitLab.
import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import { demoFleet } from '../gitlab/demoFleet';
import { startGitLab } from '../gitlab/server';
import { launchBrowser } from '../lab/browser';
import { startEditorServer } from '../lab/editorServer';
import { newestEdition } from '../lab/fetchEditor';
import { root } from '../lab/paths';
import { smallPng } from '../lab/smallPng';
import { openWorkbench, themes, type Workbench } from '../lab/workbench';
import { startKubernetes } from '../kubernetes/server';
import { pem, presentsApi } from '../net/pem';
import { eventually } from './eventually';
import { ShownForm } from './forms';
import { openWithHosts } from './hosts';

/** What README.md may have at most, bytes. */
const LIMIT = 40_000;

const settings = {
  'workbench.colorTheme': themes.light,
  'workbench.hover.delay': 1_000_000,
  'breadcrumbs.enabled': false,
  'editor.minimap.enabled': false,
  'editor.fontFamily': "'DejaVu Sans Mono', Menlo, Consolas, monospace",
  'editor.fontSize': 12,
  'editor.lineNumbers': 'off',
  'editor.renderLineHighlight': 'none',
  'editor.occurrencesHighlight': 'off',
  'editor.scrollbar.vertical': 'hidden',
  'editor.scrollbar.horizontal': 'hidden',
  'editor.overviewRulerBorder': false,
  'editor.hideCursorInOverviewRuler': true,
  'editor.padding.bottom': 0,
};

interface Picture {
  readonly name: string;
  /** Of the window. */
  readonly size: { readonly width: number; readonly height: number };
  /** Brings the window to what is to be seen, and gives the part of it that is kept; all of it unless given. */
  readonly show: (workbench: Workbench) => Promise<Locator | undefined>;
}

const documentOf = (workbench: Workbench): Locator => workbench.page.locator('.editor-group-container').first();

/** Lets the document in front have the whole window. */
async function widen(workbench: Workbench): Promise<void> {
  await workbench.runCommand('View: Toggle Primary Side Bar Visibility');
  await workbench.page.locator('.sidebar').first().waitFor({ state: 'hidden' });
}

async function groupByScope(workbench: Workbench): Promise<void> {
  await workbench.row('All clusters').locator('.monaco-tl-twistie').click();
  await workbench.row('All clusters').filter({ hasText: 'just now' }).waitFor();
  await workbench.runCommand('GitLab Clusters: Group By…');
  await workbench.choose('Environment scope');
  await workbench.row('production').waitFor();
}

const pictures: readonly Picture[] = [
  {
    name: 'tree-and-form',
    size: { width: 880, height: 580 },
    show: async (workbench) => {
      await workbench.chooseFromMenu(workbench.row('production-eu'), 'Edit Cluster…');
      const form = await new ShownForm(workbench).titled('Edit production-eu');
      await form.frame.getByText('CN=Production EU Kubernetes CA').first().waitFor();
      await form.field('API URL').fill('http://eu-central.k8s.example.com:6443');
      await form.field('API URL').blur();
      await form.frame
        .getByText('Kubernetes API', { exact: true })
        .first()
        .evaluate((heading) => heading.scrollIntoView());
      return undefined;
    },
  },
  {
    name: 'groups',
    size: { width: 880, height: 440 },
    show: async (workbench) => {
      await groupByScope(workbench);
      await workbench.expand(workbench.row('production'));
      await workbench.expand(workbench.row('staging'));
      return workbench.page.locator('.part.sidebar');
    },
  },
  {
    name: 'plan',
    size: { width: 900, height: 260 },
    show: async (workbench) => {
      await groupByScope(workbench);
      await workbench.chooseFromMenu(workbench.row('production'), 'Change Clusters…');
      await workbench.choose('Set Base Domain…');
      await workbench.answerInput('New base domain', 'apps.example.com');
      await workbench.answerDialog('Review');
      await workbench.tab('Planned changes of clusters').waitFor();
      await workbench.page.locator('.codelens-decoration a').first().waitFor();
      await widen(workbench);
      return documentOf(workbench);
    },
  },
  {
    name: 'connection',
    size: { width: 720, height: 520 },
    show: async (workbench) => {
      await workbench.chooseFromMenu(workbench.row('Example GitLab'), 'Test Connection');
      await workbench.tab('Connection to Example GitLab').waitFor();
      await workbench.page.locator('.monaco-editor .view-lines').filter({ hasText: 'Result: ' }).waitFor();
      await widen(workbench);
      return documentOf(workbench);
    },
  },
  {
    name: 'diagnosis',
    size: { width: 820, height: 420 },
    show: async (workbench) => {
      await workbench.chooseFromMenu(workbench.row('production-eu'), 'Diagnose Cluster');
      await workbench.answerDialog('Connect');
      await workbench.tab(/Diagnosis of/).waitFor();
      await workbench.page.locator('.monaco-editor .view-lines').filter({ hasText: 'failed' }).waitFor();
      await widen(workbench);
      return documentOf(workbench);
    },
  },
  {
    name: 'migration',
    size: { width: 1000, height: 420 },
    show: async (workbench) => {
      await workbench.runCommand('GitLab Clusters: Show Migration Table');
      await workbench.answerDialog('Continue');
      await workbench.tab(/Moves to the GitLab agent/).waitFor();
      await workbench.page.getByText('week by week').first().waitFor();
      await widen(workbench);
      return documentOf(workbench);
    },
  },
];

async function main(): Promise<void> {
  const wanted = process.argv.slice(2);
  const folder = join(root, 'media', 'screenshots');
  await mkdir(folder, { recursive: true });
  const server = await startEditorServer({ edition: newestEdition, extensions: [root] });
  const browser = await launchBrowser();
  const kubernetes = await startKubernetes({ tls: presentsApi('api', 'clusterRoot') });
  for (const { name, size, show } of pictures.filter((each) => wanted.length === 0 || wanted.includes(each.name))) {
    const world = demoFleet();
    const platform = world.clusters.find((cluster) => cluster.name === 'production-eu')?.platform;
    if (platform && name === 'diagnosis') {
      Object.assign(platform, { apiUrl: `https://localhost:${kubernetes.port}`, caCert: pem('secondRoot') });
    }
    const gitlab = await startGitLab({ world });
    const projects = [{ id: 1, path: 'platform/payments-api' }];
    const host = { url: gitlab.url, token: 'demo-admin-token', name: 'Example GitLab', projects };
    const workbench = await openWithHosts(
      { open: (options) => openWorkbench(browser, server, options) },
      [host],
      settings,
    );
    try {
      await workbench.row('staging').waitFor();
      // Tall enough for all rows until everything is found.
      await workbench.page.setViewportSize({ width: size.width, height: 900 });
      const part = await show(workbench);
      await workbench.page.setViewportSize(size);
      await eventually(async () => {
        const box = await workbench.page.locator('.part.statusbar').boundingBox();
        assert.equal(Math.round((box?.y ?? 0) + (box?.height ?? 0)), size.height);
      });
      const shot = await (part ?? workbench.page).screenshot({ animations: 'disabled', caret: 'hide' });
      const small = await smallPng(browser, shot);
      await writeFile(join(folder, `${name}.png`), small);
      console.log(`media/screenshots/${name}.png: ${small.length} bytes`);
      if (small.length > LIMIT) throw new Error(`${name}.png is larger than ${LIMIT} bytes.`);
    } catch (error) {
      await workbench.screenshot(`failed-picture-${name}`);
      throw error;
    } finally {
      await workbench.close();
      await gitlab.close();
    }
  }
  await browser.close();
  await kubernetes.close();
  await server.stop();
}

main().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
