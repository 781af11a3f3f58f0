import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FrameLocator, Locator } from 'playwright-core';
import * as z from 'zod/mini';
import { root } from '../lab/paths';
import type { Workbench } from '../lab/workbench';

/** The form in front, found by what a person reads on it. */
export class ShownForm {
  readonly frame: FrameLocator;
  private readonly workbench: Workbench;

  constructor(workbench: Workbench) {
    this.workbench = workbench;
    this.frame = workbench.page
      .locator('iframe.webview.ready:visible')
      .last()
      .contentFrame()
      .locator('iframe#active-frame')
      .contentFrame();
  }

  /** Waits until this form is in front. */
  async titled(heading: string): Promise<this> {
    await this.frame.getByRole('heading', { name: heading, level: 1 }).waitFor();
    return this;
  }

  /** A control by its label. */
  field(label: string): Locator {
    return this.frame.getByLabel(new RegExp(`^${label}( \\((required|read-only)\\))?$`));
  }

  button(name: string): Locator {
    return this.frame.getByRole('button', { name, exact: true });
  }

  /** The projects found, as options to choose from. */
  get projects(): Locator {
    return this.frame.getByRole('listbox').getByRole('option');
  }

  get summary(): Locator {
    return this.frame.getByRole('alert');
  }

  /** What is said below a field, waiting for it. */
  async noteAt(label: string): Promise<string> {
    const notes = await this.field(label).getAttribute('aria-describedby');
    const id = notes?.split(' ').find((each) => each.endsWith('-notes')) ?? '';
    const note = this.frame.locator(`#${id} .note`).first();
    await note.waitFor();
    return await note.innerText();
  }

  /** Waits until the keys go to the control with this label. */
  async focusAt(label: string): Promise<void> {
    await this.field(label).and(this.frame.locator(':focus')).waitFor();
  }

  /** What is over the control with the focus, of the summary above the fields and the buttons below them. */
  async coveredAtFocus(): Promise<readonly string[]> {
    return this.summary.evaluate(async (summary) => {
      // Once the page has scrolled.
      await new Promise(requestAnimationFrame);
      const { top = 0, bottom = 0 } = document.activeElement?.getBoundingClientRect() ?? {};
      const edges = [summary, document.querySelector('footer')];
      return edges.flatMap((edge) => {
        if (!edge || getComputedStyle(edge).position !== 'sticky') return [];
        const over = edge.getBoundingClientRect();
        // Where a text area is higher than the room between them, its end may be below.
        const isOver = edge === summary ? over.bottom > top + 1 : over.top < Math.min(bottom, top + 40) - 1;
        return isOver ? [`${edge.tagName} ${over.top}–${over.bottom} over ${top}–${bottom}`] : [];
      });
    });
  }

  /** Tells the page, as the extension would about the first edit, that a field is wrong. */
  async answerLate(label: string, message: string): Promise<void> {
    await this.field(label).evaluate((field, late) => {
      const findings = [{ field: field.id, severity: 'error', message: late }];
      window.postMessage({ type: 'checked', edit: 1, findings, certificates: [] });
      // Until it has been heard.
      return new Promise((resolve) => window.setTimeout(resolve));
    }, message);
  }

  /** Pastes a text into a field, as the keys do. */
  async paste(label: string, text: string): Promise<void> {
    await this.field(label).evaluate((field, pasted) => {
      const clipboardData = new DataTransfer();
      clipboardData.setData('text/plain', pasted);
      field.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
    }, text);
  }

  /** Pastes a text into a field; milliseconds until the page shows what was understood of it. */
  async timeToPreview(label: string, text: string): Promise<number> {
    return this.field(label).evaluate(async (field, pasted) => {
      const clipboardData = new DataTransfer();
      clipboardData.setData('text/plain', pasted);
      const shown = new Promise<void>((resolve) => {
        const look = (): boolean => document.querySelector('.preview:not([hidden]) h2') !== null;
        const observer = new MutationObserver(() => {
          if (!look()) return;
          observer.disconnect();
          // What was changed is seen with the next frame.
          requestAnimationFrame(() => resolve());
        });
        observer.observe(document.body, { subtree: true, childList: true, attributes: true });
      });
      const began = performance.now();
      field.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
      await shown;
      return performance.now() - began;
    }, text);
  }

  /** Fails where axe finds something on the form. */
  async passesAxe(state: string): Promise<void> {
    const page = await this.workbench.form();
    // Run inside the form's own page: from outside, axe would walk through all of VS Code first.
    await page.evaluate(await readFile(join(root, 'node_modules', 'axe-core', 'axe.min.js'), 'utf8'));
    const { violations, passes } = z.parse(
      axeResult,
      await page.evaluate(`axe.run(document).then(({ violations, passes }) => ({
        violations: violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => id + ': ' + html)),
        passes: passes.length,
      }))`),
    );
    assert.ok(passes > 15, `axe saw little of the form (${state}): ${passes} rules`);
    assert.deepEqual(violations, [], state);
  }
}

const axeResult = z.object({ violations: z.array(z.string()), passes: z.number() });

/** Adds a cluster of this name, with an address and a scope of its own, by the form that is open or about to. */
export async function addByForm(workbench: Workbench, name: string): Promise<void> {
  const form = await new ShownForm(workbench).titled('Add cluster');
  await form.field('Name').fill(name);
  await form.field('API URL').fill(`https://${name}.k8s.example.com`);
  await form.field('Service token').fill('kubernetes-secret');
  await form.field('Environment scope').fill(`${name}/*`);
  await form.button('Add Cluster').click();
}
