import { existsSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { runQuietly } from './childProcess';
import { downloads, moveInPlace } from './paths';

/** A VS Code that can be had from npm: the package code-server carries its server and workbench. */
export interface Edition {
  /** What VS Code calls itself (`vscode.version`). */
  readonly vscode: string;
  readonly codeServer: string;
}

/** The newest VS Code on npm. */
export const newestEdition: Edition = { vscode: '1.139.1', codeServer: '4.139.1' };

/** The floor of package.json's `engines.vscode`. */
export const oldestEdition: Edition = { vscode: '1.100.3', codeServer: '4.100.3' };

/** Every edition the suites run in. */
export const editions: readonly Edition[] = [newestEdition, oldestEdition];

/** Finds an edition by the start of its version: `1.139`. */
export function findEdition(version: string): Edition {
  const found = editions.find((edition) => edition.vscode.startsWith(version));
  if (!found) throw new Error(`No VS Code ${version} here, only ${editions.map((each) => each.vscode).join(' and ')}`);
  return found;
}

/**
 * Fetches an edition once and gives the folder with its `out/server-main.js`. Works in a folder of its own, renamed at the
 * end, so that an interrupted download is never taken for a whole one. No install scripts run: VS Code works without
 * the native modules they would build (it logs that spdlog, watchdog and friends are missing).
 */
export async function fetchEditor({ vscode, codeServer }: Edition): Promise<string> {
  const target = join(downloads, `vscode-server-${vscode}`);
  if (existsSync(target)) return target;
  const partial = `${target}.${process.pid}.partial`;
  await rm(partial, { recursive: true, force: true });
  await mkdir(partial, { recursive: true });
  try {
    const name = `code-server@${codeServer}`;
    const cwd = partial;
    await runQuietly(`Fetching VS Code ${vscode} (${name} from npm, about 45 MB)`, 'npm', ['pack', name], { cwd });
    await runQuietly('Unpacking it', 'tar', ['-xzf', `code-server-${codeServer}.tgz`], { cwd });
    await runQuietly(
      'Installing what it needs (about 130 packages)',
      'npm',
      ['install', '--omit=dev', '--omit=optional', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'],
      { cwd: join(partial, 'package', 'lib', 'vscode') },
    );
    await moveInPlace(join(partial, 'package', 'lib', 'vscode'), target);
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
  return target;
}
