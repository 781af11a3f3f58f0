import { setTimeout } from 'node:timers/promises';

/** Milliseconds; as long as Playwright waits here. */
const PATIENCE = 20_000;
const PAUSE = 100;

/**
 * Asserts what is to be seen or has arrived in a moment, again and again until it holds: several rows need not be drawn at
 * once. Throws what the last assertion threw.
 */
export async function eventually(assertion: () => Promise<void> | void): Promise<void> {
  const end = Date.now() + PATIENCE;
  for (;;) {
    try {
      return await assertion();
    } catch (error) {
      if (Date.now() > end) throw error;
    }
    await setTimeout(PAUSE);
  }
}
