import { existsSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { resolve } from 'node:path';

/** The checkout. npm runs every script there, and the built programs in out/ cannot tell from their own place. */
export const root = process.cwd();

/** What is downloaded once and kept: editions of VS Code, the browser. */
export const downloads = resolve(root, '.vscode-test');

/** Screenshots and logs of the last run; kept by CI. */
export const artifacts = resolve(root, 'artifacts');

/** The extension as VS Code installed it from its package (installPackage.ts), in a folder named after its version. */
export const installed = resolve(root, 'out', 'installed');

/** Gives something whole its final name. Another run may have been faster: then its copy stays. */
export async function moveInPlace(whole: string, target: string): Promise<void> {
  await rename(whole, target).catch((error: unknown) => {
    if (!existsSync(target)) throw error;
  });
}
