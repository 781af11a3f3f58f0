import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Browser, chromium, type LaunchOptions } from 'playwright-core';
import * as z from 'zod/mini';
import { runQuietly } from './childProcess';
import { downloads, moveInPlace, root } from './paths';

const common: LaunchOptions = {
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  // The server the windows are of exits this process (editorServer.ts), and the browser ends with it.
  handleSIGINT: false,
  handleSIGTERM: false,
  handleSIGHUP: false,
};

/**
 * Starts a headless browser. On Linux the one from npm, so that it is the same everywhere and nothing has to be installed
 * by hand; elsewhere the Chrome or Edge that is there. `CHROME=/path/to/chrome` overrides both.
 */
export async function launchBrowser(): Promise<Browser> {
  const own = process.env['CHROME'];
  if (own) return await chromium.launch({ ...common, executablePath: own });
  if (process.platform === 'win32') return await chromium.launch({ ...common, channel: 'msedge' });
  if (process.platform === 'darwin') return await chromium.launch({ ...common, channel: 'chrome' });
  const folder = await unpackBrowser();
  const env = {
    ...process.env,
    LD_LIBRARY_PATH: join(folder, 'al2023', 'lib'),
    FONTCONFIG_FILE: join(folder, 'fonts.conf'),
  };
  return await chromium.launch({ ...common, executablePath: join(folder, 'chromium'), env });
}

/**
 * Unpacks the browser inside @sparticuz/chromium once. The package unpacks into the temporary folder, and adds the
 * libraries a bare machine lacks (nss, nspr) only where it believes to be on Amazon's Linux: both are told by environment
 * variables, in a process of its own so that they reach nothing else.
 */
async function unpackBrowser(): Promise<string> {
  const manifest: unknown = JSON.parse(
    await readFile(join(root, 'node_modules/@sparticuz/chromium/package.json'), 'utf8'),
  );
  const { version } = z.parse(z.object({ version: z.string() }), manifest);
  const target = join(downloads, `chromium-${version}`);
  if (existsSync(target)) return target;
  const partial = `${target}.${process.pid}.partial`;
  await mkdir(partial, { recursive: true });
  try {
    const script = 'import chromium from "@sparticuz/chromium"; await chromium.executablePath()';
    await runQuietly(
      `Unpacking the browser (Chromium ${version})`,
      process.execPath,
      ['--input-type=module', '-e', script],
      {
        cwd: root,
        env: { ...process.env, TMPDIR: partial, AWS_LAMBDA_JS_RUNTIME: 'nodejs24.x' },
      },
    );
    // Its own fonts.conf knows only the folders of Amazon's Linux. These fonts first, then those of the machine (CJK, emoji).
    const fonts = [join(target, 'fonts'), '/usr/share/fonts'].map((folder) => `<dir>${folder}</dir>`).join('');
    const cache = `<cachedir>${join(target, 'fonts-cache')}</cachedir>`;
    await writeFile(join(partial, 'fonts.conf'), `<?xml version="1.0"?><fontconfig>${fonts}${cache}</fontconfig>\n`);
    await moveInPlace(partial, target);
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
  return target;
}
