// Finds secrets where they do not belong: in everything VS Code keeps, shows, logs and asks for.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Frame, Page } from 'playwright-core';

/** A place a secret could have got to, and what is there. */
export interface Place {
  readonly name: string;
  readonly text: string;
}

/** Anything shorter is no secret and turns up by chance. */
const SHORTEST = 6;

/** Names the places in which one of the secrets is found. The secret itself is not repeated. */
export function leaksIn(places: readonly Place[], secrets: Iterable<string>): string[] {
  const sought = [...secrets].filter((secret) => secret.length >= SHORTEST);
  return places.flatMap(({ name, text }) =>
    sought
      .filter((secret) => text.includes(secret))
      .map((secret) => `${name}: …${text.slice(Math.max(0, text.indexOf(secret) - 60), text.indexOf(secret))}•••`),
  );
}

/** Notes from now on what a window's console says and which addresses it asks for. The list grows. */
export function watchPage(page: Page): readonly Place[] {
  const seen: Place[] = [];
  page.on('console', (message) => seen.push({ name: 'console', text: message.text() }));
  page.on('pageerror', (error) => seen.push({ name: 'error', text: `${error.message} ${error.stack ?? ''}` }));
  page.on('request', (request) => {
    seen.push({ name: 'address', text: `${request.url()} ${request.headers()['referer'] ?? ''}` });
  });
  return seen;
}

/** What a window shows and stores now, in the workbench and in its webviews. What the browser seals stays sealed. */
export async function placesOfWindow(page: Page): Promise<Place[]> {
  const cookies = { name: 'cookies', text: JSON.stringify(await page.context().cookies()) };
  const frames = await Promise.all(
    page.frames().map(async (frame) =>
      (await Promise.all([placesShown(frame), placesStored(frame)])).flat().map(({ name, text }) => ({
        name: frame === page.mainFrame() ? name : `webview ${name}`,
        text,
      })),
    ),
  );
  return [cookies, { name: 'window title', text: await page.title() }, ...frames.flat()];
}

/** Text and attributes; what is typed into a field is neither. */
async function placesShown(frame: Frame): Promise<Place[]> {
  const shown = await frame
    .evaluate(() => [document.documentElement.outerHTML, document.documentElement.textContent])
    .catch(nothingWhereGone(frame));
  return shown.map((text) => ({ name: 'shown', text: (text ?? '').replaceAll('\u00a0', ' ') }));
}

async function placesStored(frame: Frame): Promise<Place[]> {
  const stored = await frame.evaluate(readStorage).catch(nothingWhereGone(frame));
  return stored.map(([name, text]) => ({ name, text }));
}

/** A webview may go away while it is searched; the window itself may not. */
function nothingWhereGone(frame: Frame): (error: unknown) => [] {
  return (error) => {
    if (!frame.parentFrame()) throw error;
    return [];
  };
}

/** Runs in the page: every entry of its storages, as pairs of a name and a text. */
async function readStorage(): Promise<(readonly [string, string])[]> {
  const entries: (readonly [string, string])[] = [];
  for (const [name, storage] of [
    ['localStorage', localStorage],
    ['sessionStorage', sessionStorage],
  ] as const) {
    for (const [key, value] of Object.entries(storage)) entries.push([`${name} ${key}`, `${key} ${String(value)}`]);
  }
  const settled = <T>(request: IDBRequest<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error ?? new Error('not readable'));
    });
  const textOf = (value: unknown): string => {
    if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) return new TextDecoder().decode(value);
    return typeof value === 'string'
      ? value
      : JSON.stringify(value, (_key, part: unknown) => (ArrayBuffer.isView(part) ? textOf(part) : part));
  };
  for (const { name = '' } of await indexedDB.databases()) {
    const database = await settled(indexedDB.open(name));
    for (const store of database.objectStoreNames) {
      const content = database.transaction(store).objectStore(store);
      const [keys, values] = await Promise.all([settled(content.getAllKeys()), settled(content.getAll())]);
      for (const [index, key] of keys.entries())
        entries.push([`${name} ${store} ${textOf(key)}`, `${textOf(key)} ${textOf(values[index])}`]);
    }
    database.close();
  }
  return entries;
}

/** Every file below a folder: settings, their history, logs, caches. */
export async function placesOfFolder(folder: string): Promise<Place[]> {
  const files = await readdir(folder, { recursive: true, withFileTypes: true });
  return await Promise.all(
    files
      .filter((file) => file.isFile())
      .map(async ({ parentPath, name }) => {
        const file = join(parentPath, name);
        return { name: file.slice(folder.length + 1), text: await readFile(file, 'latin1').catch(() => '') };
      }),
  );
}
