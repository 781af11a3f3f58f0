import type { Page } from 'playwright-core';

/** When something was pressed and when its effect was on the screen; milliseconds since 1970. */
export interface Effect {
  readonly pressedAt: number;
  readonly shownAt: number;
}

export interface Awaited {
  readonly pressed: 'mousedown' | 'keydown';
  /** A row that reads like this: level, label and description with spaces between. Without it any change of the rows. */
  readonly row?: RegExp;
}

/** Milliseconds from the press to the screen. */
export function delayOf({ pressedAt, shownAt }: Effect): number {
  return shownAt - pressedAt;
}

/**
 * Waits for the effect of the next press on the rows of the side bar. Both moments are taken in the page itself: the
 * press when VS Code gets it, the effect in the frame that paints it.
 */
export async function watchScreen(page: Page, { pressed, row }: Awaited): Promise<() => Promise<Effect>> {
  const watching = await page.evaluateHandle(watchRows, { pressed, row: row?.source });
  return () => watching.evaluate(({ done }) => done);
}

/** Runs in the page. */
function watchRows({ pressed, row }: { readonly pressed: Awaited['pressed']; readonly row: string | undefined }) {
  const sideBar = document.querySelector('.sidebar');
  if (!sideBar) throw new Error('There is no side bar');
  const texts = (): string[] =>
    [...sideBar.querySelectorAll('.monaco-list-row[role=treeitem]')].map((element) =>
      [
        element.getAttribute('aria-level'),
        element.querySelector('.label-name')?.textContent,
        element.querySelector('.label-description')?.textContent,
      ].join(' '),
    );
  const wanted = row === undefined ? undefined : new RegExp(row);
  const before = texts().join('\n');
  const isThere = (): boolean => (wanted ? texts().some((text) => wanted.test(text)) : texts().join('\n') !== before);
  let pressedAt = Number.NaN;
  document.addEventListener(pressed, () => (pressedAt = Date.now()), { capture: true, once: true });
  const done = new Promise<{ pressedAt: number; shownAt: number }>((resolve, reject) => {
    const deadline = setTimeout(
      () => reject(new Error(`Waited in vain for ${row ?? 'a change'}; there is:\n${texts().join('\n')}`)),
      180_000,
    );
    const observer = new MutationObserver(() => {
      if (!isThere()) return;
      clearTimeout(deadline);
      observer.disconnect();
      requestAnimationFrame(() => resolve({ pressedAt, shownAt: Date.now() }));
    });
    observer.observe(sideBar, { subtree: true, childList: true, characterData: true });
  });
  // In an object, since the page would be waited for otherwise.
  return { done };
}

/** Rows as they were on the screen from some moment on; milliseconds since 1970. */
export interface Picture {
  readonly at: number;
  readonly rows: readonly string[];
}

/** Notes the next press and how the rows of the side bar change after it, until the function given back is called. */
export async function filmScreen(page: Page): Promise<() => Promise<{ pressedAt: number; pictures: Picture[] }>> {
  const filming = await page.evaluateHandle(filmRows);
  return () => filming.evaluate((film) => ({ pressedAt: film.pressedAt, pictures: film.pictures }));
}

/** Runs in the page. */
function filmRows() {
  const film: { pressedAt: number; pictures: { at: number; rows: string[] }[] } = {
    pressedAt: Number.NaN,
    pictures: [],
  };
  document.addEventListener('mousedown', () => (film.pressedAt = Date.now()), { capture: true, once: true });
  let last = '';
  new MutationObserver(() => {
    const rows = [...document.querySelectorAll('.sidebar .monaco-list-row[role=treeitem]')].map(
      (row) =>
        `${row.querySelector('.label-name')?.textContent} ${row.querySelector('.label-description')?.textContent}`,
    );
    if (rows.join() === last) return;
    last = rows.join();
    film.pictures.push({ at: Date.now(), rows });
  }).observe(document.body, { subtree: true, childList: true, characterData: true });
  return film;
}
