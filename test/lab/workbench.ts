// Drives VS Code's window the way a person does: with clicks and keys, found by what a person reads.
//
//   const server = await startEditorServer({ edition: newestEdition });
//   const browser = await launchBrowser();
//   const workbench = await openWorkbench(browser, server, { settings: { 'workbench.colorTheme': themes.dark } });
//   await workbench.openView('GitLab Clusters');
//   await workbench.row('Production').waitFor();
//   await workbench.chooseFromMenu(workbench.row('Production'), 'Delete Cluster…');
//   await workbench.answerDialog('Delete');
//
// In a UI test `useEditor()` of test/ui/useEditor.ts does the first two lines and cleans up. Everything that finds
// something gives a Playwright locator or waits by itself (20 s at most), so tests need no sleeps. A new window is a new
// user: secrets and state live in the browser's storage, settings in a file that `openWorkbench` overwrites.
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { format } from 'node:util';
import type { Browser, Frame, Locator, Page } from 'playwright-core';
import * as z from 'zod/mini';
import type { EditorServer } from './editorServer';
import { outputMark } from './outputMark';
import { artifacts, root } from './paths';

/** The themes every version of VS Code brings, by the names settings know them by. */
export const themes = {
  light: 'Default Light Modern',
  dark: 'Default Dark Modern',
  highContrast: 'Default High Contrast',
} as const;

export interface WorkbenchOptions {
  /**
   * A built suite that exports `run()`: VS Code loads the checkout as an extension under development, runs the suite in its
   * extension host, and `testsEnded` gives its exit code. Needs a server with `allowTests`.
   */
  readonly tests?: string;
  /** A folder to open, in Restricted Mode; an empty window unless given. */
  readonly folder?: string;
  /** The user's settings.json. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Where the window reaches the server: its own address unless given. Each address has a storage of its own. */
  readonly authority?: string;
  /** What the extension finds in the secret storage, by key, as if an earlier window had put it there. */
  readonly secrets?: ReadonlyMap<string, string>;
  /**
   * The display language of the user, such as `de`: the extension's texts are in it, VS Code's own stay English, since its
   * language packs are not there.
   */
  readonly language?: string | undefined;
  /** A window that has this one's storage (secrets, state): the same user's second window. */
  readonly sameUserAs?: Workbench;
}

/** What a tree row shows and what a screen reader says of it. */
export interface Row {
  readonly label: string;
  readonly description: string;
  readonly ariaLabel: string;
  /** 1 for the top. */
  readonly level: number;
  readonly expanded: boolean | undefined;
}

/** Opens a window and waits until VS Code shows its parts. */
export async function openWorkbench(
  browser: Browser,
  server: EditorServer,
  options: WorkbenchOptions = {},
): Promise<Workbench> {
  if (!options.sameUserAs) await server.writeUserSettings(options.settings ?? {});
  const authority = options.authority ?? server.authority;
  const context =
    options.sameUserAs?.page.context() ??
    (await browser.newContext({
      viewport: { width: 1280, height: 900 },
      ...(options.secrets && { storageState: storageWith(options.secrets, `http://${authority}`) }),
    }));
  context.setDefaultTimeout(20_000);
  const page = await context.newPage();
  if (options.language) await page.addInitScript(`globalThis._VSCODE_NLS_LANGUAGE = '${options.language}';`);
  const testsEnded = new Promise<number>((resolve) => {
    void page.exposeFunction('codeAutomationExit', resolve);
  });
  await page.exposeFunction('codeAutomationLog', printTestOutput);
  await page.goto(windowAddress({ authority }, options));
  await page.locator('.activitybar .action-item').first().waitFor();
  return new Workbench(page, testsEnded);
}

/** The address of a window on this server, for any browser. */
export function windowAddress(
  { authority }: Pick<EditorServer, 'authority'>,
  { folder, tests }: WorkbenchOptions = {},
): string {
  const query = new URLSearchParams(folder ? { folder } : { ew: 'true' });
  const remote = (path: string) => `vscode-remote://${authority}${path}`;
  const payload = [
    ['extensionDevelopmentPath', remote(root)],
    ['extensionTestsPath', remote(tests ?? '')],
  ];
  if (tests) query.set('payload', JSON.stringify(payload));
  return `http://${authority}/?${query}`;
}

/** VS Code reports everything its extension host prints; of that we show the suite's own lines, or all for VSCODE_LOG=1. */
function printTestOutput(type: string, args: readonly unknown[]): void {
  const line = format(...args);
  if (line.startsWith(outputMark)) console.log(line.slice(outputMark.length));
  else if (process.env['VSCODE_LOG']) console.log(`${type} ${line}`);
}

export class Workbench {
  /** For what this class has no words for. */
  readonly page: Page;
  /** Resolves to 0 when the suite given as `tests` passed, to 1 when not. */
  readonly testsEnded: Promise<number>;

  constructor(page: Page, testsEnded: Promise<number>) {
    this.page = page;
    this.testsEnded = testsEnded;
  }

  async close(): Promise<void> {
    await this.page.context().close();
  }

  /** Keeps a picture as `artifacts/<name>.png`. */
  async screenshot(name: string): Promise<void> {
    await mkdir(artifacts, { recursive: true });
    await this.page.screenshot({ path: join(artifacts, `${name}.png`), animations: 'disabled' });
  }

  /** Clicks a view container's icon in the Activity Bar. */
  async openView(container: string): Promise<void> {
    const tab = this.page.locator(`.activitybar .action-item:has([aria-label^="${container}"])`);
    // VS Code restores its own side bar while it starts: clicking the icon of what is open already would close it.
    if ((await tab.getAttribute('class'))?.includes('checked')) return;
    await tab.click();
    await this.page.locator(`.sidebar .composite.title:has-text("${container}")`).waitFor();
  }

  /** Runs a command from the palette by what it is called there: `GitLab Clusters: Add Host…`. */
  async runCommand(title: string): Promise<void> {
    // A window that has just opened may not know the command yet, and an open palette does not learn of it.
    for (let attempt = 1; attempt <= 5; attempt++) {
      await this.page.keyboard.press('F1');
      await this.typeQuickInput(`>${title}`);
      const command = this.quickPick(title);
      if (await happens(command.waitFor({ timeout: 3_000 }))) return await command.click();
      await this.page.keyboard.press('Escape');
    }
    throw new Error(`The palette has no command “${title}”`);
  }

  // Tree

  /** The rows shown in the side bar (VS Code renders only what fits in the window). */
  get rows(): Locator {
    return this.page.locator('.sidebar .monaco-list-row[role=treeitem]');
  }

  /** The first row with this label. With `level` (1 for the top), the first such row there. */
  row(label: string | RegExp, level?: number): Locator {
    const exact = typeof label === 'string' ? new RegExp(`^${escapeRegExp(label)}$`) : label;
    const rows = level === undefined ? this.rows : this.rows.and(this.page.locator(`[aria-level="${level}"]`));
    return rows.filter({ has: this.page.locator('.label-name').filter({ hasText: exact }) }).first();
  }

  /** Gives the keys to the view's rows, by a command, and waits until they have them. */
  async focusView(container: string): Promise<void> {
    await this.runCommand(`${container}: Focus on ${container} View`);
    await this.page.locator('.sidebar .monaco-list:focus').waitFor();
  }

  /** The row the keys act on, while the rows have the focus. */
  get focusedRow(): Locator {
    return this.page.locator('.sidebar .monaco-list:focus .monaco-list-row.focused');
  }

  /** Goes up from the focused row to one that contains this, key by key, as one does who looks where the focus is. */
  async focusUpTo(text: string): Promise<void> {
    for (let key = 1; key <= 20; key++) {
      const focused = await this.focusedRow.innerText();
      if (focused.includes(text)) return;
      await this.page.keyboard.press('ArrowUp');
      await happens(this.focusedRow.filter({ hasNotText: focused }).waitFor({ timeout: 3_000 }));
    }
    throw new Error(`No row above contains “${text}”`);
  }

  /** What all shown rows say, from top to bottom. */
  async readRows(): Promise<Row[]> {
    return await this.rows.evaluateAll((elements) =>
      elements
        .sort((a, b) => a.getBoundingClientRect().top - b.getBoundingClientRect().top)
        .map((element) => ({
          label: element.querySelector('.label-name')?.textContent ?? '',
          description: element.querySelector('.label-description')?.textContent ?? '',
          ariaLabel: element.getAttribute('aria-label') ?? '',
          level: Number(element.getAttribute('aria-level')),
          expanded: element.hasAttribute('aria-expanded')
            ? element.getAttribute('aria-expanded') === 'true'
            : undefined,
        })),
    );
  }

  /** Takes the pointer off the rows: the tooltip of the one it rests on would cover those below. */
  async pointAside(): Promise<void> {
    const { width, height } = this.page.viewportSize() ?? { width: 1280, height: 900 };
    await this.page.mouse.move(width - 60, height * 0.4);
  }

  /** Opens a collapsed row; does nothing when it is open. */
  async expand(row: Locator): Promise<void> {
    await row.waitFor();
    if ((await row.getAttribute('aria-expanded')) === 'true') return;
    await this.pointAside();
    await row.locator('.monaco-tl-twistie').click();
    await row.and(this.page.locator('[aria-expanded=true]')).waitFor();
    await this.pointAside();
  }

  /** Clicks one of the icons a row shows under the pointer. */
  async clickInline(row: Locator, action: string): Promise<void> {
    await this.pointAside();
    await row.hover();
    await row.locator(`.actions .action-label[aria-label="${action}"]`).click();
    await this.pointAside();
  }

  /** Opens a row's context menu and clicks an item. */
  async chooseFromMenu(row: Locator, item: string): Promise<void> {
    await this.openMenu(row);
    const chosen = this.menuItems.filter({ hasText: new RegExp(`^${escapeRegExp(item)}$`) });
    // A menu ignores a mouse button that comes up within 100 ms of its opening, or more on a busy machine.
    for (const delay of [150, 500, 1500]) {
      await chosen.click({ delay });
      if (await happens(chosen.waitFor({ state: 'hidden', timeout: 1_000 }))) return await this.pointAside();
    }
    throw new Error(`The menu stayed open after a click on “${item}”`);
  }

  /** Opens a row's context menu and gives its items' titles; Escape closes it again. */
  async readMenu(row: Locator): Promise<string[]> {
    await this.openMenu(row);
    const titles = await this.menuItems.allInnerTexts();
    await this.page.keyboard.press('Escape');
    await this.pointAside();
    return titles.map((title) => title.trim()).filter((title) => title !== '');
  }

  private get menuItems(): Locator {
    return this.page.locator('.monaco-menu-container .action-item .action-label:not(.separator)');
  }

  private async openMenu(row: Locator): Promise<void> {
    // A row that VS Code draws again in the moment of the click has no menu then; a person clicks once more.
    for (const timeout of [4_000, 20_000]) {
      await this.pointAside();
      await row.click({ button: 'right' });
      if (await happens(this.menuItems.first().waitFor({ timeout }))) return;
      await this.page.keyboard.press('Escape');
    }
    throw new Error('No menu opened');
  }

  /** Clicks an icon in the title bar of a view or of the side bar. */
  async clickViewTitle(action: string): Promise<void> {
    await this.page.locator('.sidebar .title, .sidebar .pane-header').first().hover();
    await this.page
      .locator(
        `.sidebar .title-actions [aria-label^="${action}"], .sidebar .pane-header .actions [aria-label^="${action}"]`,
      )
      .first()
      .click();
  }

  /** Welcome text of an empty view, with its buttons and links. */
  get welcome(): Locator {
    return this.page.locator('.sidebar .welcome-view-content');
  }

  // Quick pick and input box

  /** The open quick pick or input box. */
  get quickInput(): Locator {
    return this.page.locator('.quick-input-widget:visible');
  }

  /** The items of the open quick pick. */
  get quickPicks(): Locator {
    return this.quickInput.locator('.quick-input-list .monaco-list-row');
  }

  /** Replaces the text of the open quick pick or input box. */
  async typeQuickInput(text: string): Promise<void> {
    await this.quickInput.locator('input.input').fill(text);
  }

  /** Presses Enter and waits until the box has closed: VS Code has one for all, so the next to open would be closed. */
  async acceptQuickInput(): Promise<void> {
    await this.page.keyboard.press('Enter');
    await this.quickInput.waitFor({ state: 'hidden' });
  }

  /** An item of the open quick pick by its label. */
  quickPick(label: string | RegExp): Locator {
    const exact = typeof label === 'string' ? new RegExp(`^${escapeRegExp(label)}$`) : label;
    const name = this.page.locator('.quick-input-list-label .label-name').filter({ hasText: exact });
    return this.quickPicks.filter({ has: name }).first();
  }

  /** Chooses an item of the open quick pick by its label. */
  async choose(label: string | RegExp): Promise<void> {
    await this.quickPick(label).click();
  }

  /** Waits for an input box (known by its title, prompt or placeholder), fills it and presses Enter. */
  async answerInput(known: string | RegExp, text: string): Promise<void> {
    await this.inputBox(known).waitFor();
    await this.typeQuickInput(text);
    await this.page.keyboard.press('Enter');
  }

  /** The open quick pick or input box, if its title, prompt or placeholder contains this. */
  inputBox(known: string | RegExp): Locator {
    const placeholder =
      typeof known === 'string' ? this.page.getByPlaceholder(known) : this.page.getByPlaceholder(known);
    const text = this.page.locator('.quick-input-title, .quick-input-message').filter({ hasText: known });
    return this.quickInput
      .filter({ has: placeholder })
      .or(this.quickInput.filter({ has: text }))
      .first();
  }

  /** The prompt of the open input box, or what it says is wrong with the text. */
  get inputMessage(): Locator {
    return this.quickInput.locator('.quick-input-message');
  }

  // Notifications and dialogs

  /** A notification toast that contains this text. */
  notification(text: string | RegExp = ''): Locator {
    return this.page.locator('.notifications-toasts .notification-list-item').filter({ hasText: text }).first();
  }

  /** The texts of all toasts shown. */
  async readNotifications(): Promise<string[]> {
    return await this.page.locator('.notifications-toasts .notification-list-item-message').allInnerTexts();
  }

  /** Clicks a button of a notification. */
  async answerNotification(text: string | RegExp, button: string): Promise<void> {
    const exact = new RegExp(`^${escapeRegExp(button)}$`);
    await this.notification(text).locator('.monaco-button').filter({ hasText: exact }).click();
  }

  /** What the status bar says, for a few seconds where it is about what went well. */
  status(text: string | RegExp): Locator {
    return this.page.locator('.statusbar-item').filter({ hasText: text }).first();
  }

  /** The open modal dialog. */
  get dialog(): Locator {
    return this.page.locator('.monaco-dialog-box');
  }

  /** What the modal dialog says: its message and the smaller text below. Waits for the dialog. */
  async readDialog(): Promise<{ message: string; detail: string; buttons: string[] }> {
    await this.dialog.waitFor();
    const detail = this.dialog.locator('.dialog-message-detail');
    return {
      message: await this.dialog.locator('.dialog-message-text').innerText(),
      detail: (await detail.isVisible()) ? await detail.innerText() : '',
      buttons: await this.dialog.locator('.dialog-buttons .monaco-button').allInnerTexts(),
    };
  }

  /** Clicks a button of the modal dialog and waits until that dialog is gone; another one may follow at once. */
  async answerDialog(button: string): Promise<void> {
    const exact = new RegExp(`^${escapeRegExp(button)}$`);
    const answered = await this.dialog.elementHandle();
    await this.dialog.locator('.dialog-buttons .monaco-button').filter({ hasText: exact }).click();
    await answered?.waitForElementState('hidden');
  }

  // Editors

  /** The tab of an editor by its title. */
  tab(title: string | RegExp): Locator {
    return this.page.locator('.tabs-container .tab').filter({ hasText: title }).first();
  }

  /** The document inside the shown webview (the form). Waits until there is one; Playwright pierces it from there. */
  async form(): Promise<Frame> {
    const outer = this.page.locator('iframe.webview.ready:visible').last();
    const inner = outer.contentFrame().locator('iframe#active-frame[src*="fake.html"]');
    await inner.waitFor({ state: 'attached' });
    const frame = await (await inner.elementHandle())?.contentFrame();
    if (!frame) throw new Error('The webview went away while it was being opened');
    return frame;
  }

  // Storage

  /** The secrets an extension keeps for this user, by key. */
  async readSecrets(): Promise<Map<string, string>> {
    const sealed = await this.page.evaluate((key) => localStorage.getItem(key), SECRETS);
    const secrets = new Map<string, string>();
    for (const [fullKey, value] of Object.entries(sealed ? unsealSecrets(sealed) : {})) {
      const parsed = z.safeParse(secretKey, JSON.parse(fullKey));
      if (parsed.success) secrets.set(parsed.data.key, value);
    }
    return secrets;
  }
}

/** Whether what is waited for came in time. */
function happens(waiting: Promise<void>): Promise<boolean> {
  return waiting.then(
    () => true,
    () => false,
  );
}

const extensionId = 'gitlab-clusters.gitlab-clusters';
const secretKey = z.object({ extensionId: z.literal(extensionId), key: z.string() });
/** Under which VS Code keeps all secrets in the browser's storage. */
const SECRETS = 'secrets.provider';

/** The storage of a browser in which the extension has these secrets. */
function storageWith(secrets: ReadonlyMap<string, string>, origin: string) {
  const stored: Record<string, string> = {};
  for (const [key, value] of secrets) stored[JSON.stringify({ extensionId, key })] = value;
  const value = sealSecrets(stored);
  return { cookies: [], origins: [{ origin, localStorage: [{ name: SECRETS, value }] }] };
}

/** The opposite of `unsealSecrets`. */
function sealSecrets(secrets: Readonly<Record<string, string>>): string {
  const [key, iv] = [randomBytes(32), randomBytes(12)];
  const cipher = createCipheriv('aes-256-gcm', key, iv);
  const sealed = Buffer.concat([cipher.update(JSON.stringify(secrets)), cipher.final()]);
  return Buffer.concat([key, iv, sealed, cipher.getAuthTag()]).toString('base64');
}

/**
 * Opens what VS Code keeps in the browser's storage: base64 of a 32-byte key half, a 12-byte IV and AES-256-GCM's output with
 * its 16-byte tag. The other half of the key is the server's, all zeros (mintKey.cjs).
 */
function unsealSecrets(sealed: string): Record<string, string> {
  const bytes = Buffer.from(sealed, 'base64');
  const opened = createDecipheriv('aes-256-gcm', bytes.subarray(0, 32), bytes.subarray(32, 44));
  opened.setAuthTag(bytes.subarray(-16));
  const text = opened.update(bytes.subarray(44, -16)).toString() + opened.final().toString();
  return z.parse(z.record(z.string(), z.string()), JSON.parse(text));
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
