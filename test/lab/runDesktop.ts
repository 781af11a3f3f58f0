// `npm run test:desktop`: the suite of test/editor in a desktop build of VS Code, where one can be downloaded.
import { downloadAndUnzipVSCode, runTests, SilentReporter } from '@vscode/test-electron';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { editions } from './fetchEditor';
import { root } from './paths';

async function main(): Promise<void> {
  for (const { vscode } of editions) await runSuite(vscode, await download(vscode));
}

async function download(version: string): Promise<string> {
  console.log(`Downloading the desktop VS Code ${version} (about 150 MB, once) …`);
  try {
    return await downloadAndUnzipVSCode({ version, reporter: new SilentReporter() });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(
      `The desktop VS Code ${version} cannot be downloaded here (${reason}); \`npm test\` runs the same suite without it.`,
      { cause: error },
    );
  }
}

async function runSuite(version: string, vscodeExecutablePath: string): Promise<void> {
  const hasDisplay = process.env['DISPLAY'] ?? process.env['WAYLAND_DISPLAY'];
  if (process.platform === 'linux' && !hasDisplay) {
    throw new Error('The desktop VS Code needs a display, and there is none; try `xvfb-run npm run test:desktop`.');
  }
  console.log(`The editor suite in the desktop VS Code ${version}`);
  const user = await mkdtemp(join(tmpdir(), 'gitlab-clusters-desktop-'));
  try {
    await runTests({
      vscodeExecutablePath,
      extensionDevelopmentPath: root,
      extensionTestsPath: join(root, 'out', 'editor', 'index.js'),
      launchArgs: ['--user-data-dir', user, '--disable-extensions', '--disable-workspace-trust'],
    });
  } finally {
    await rm(user, { recursive: true, force: true });
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
