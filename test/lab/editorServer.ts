import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { mkdtemp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as z from 'zod/mini';
import { outputOf } from './childProcess';
import { type Edition, fetchEditor } from './fetchEditor';
import { root } from './paths';

export interface EditorServerOptions {
  readonly edition: Edition;
  /** A packaged extension to install, as a user would get it. */
  readonly vsix?: string;
  /** Folders of extensions that are there as if installed: each with its package.json, built. */
  readonly extensions?: readonly string[];
  /**
   * Lets windows load extensions and test suites from their address. Only then, because VS Code shows no notifications (and
   * 1.100 no dialogs) when it is driven like that.
   */
  readonly allowTests?: boolean;
  /** Added to the environment of the server, hence of the extension hosts. */
  readonly env?: Readonly<Record<string, string>>;
}

/** A running VS Code server; every browser window opened on `authority` gets an extension host of its own. */
export interface EditorServer {
  readonly edition: Edition;
  /** `127.0.0.1:port` */
  readonly authority: string;
  /** Replaces the user's settings.json, which all windows of this server share. */
  readonly writeUserSettings: (settings: Readonly<Record<string, unknown>>) => Promise<void>;
  /** Where it keeps everything: settings, logs, caches. */
  readonly folder: string;
  /** What it has printed so far. */
  readonly output: () => string;
  /** The text of the user's settings.json, or `{}` while there is none. */
  readonly readUserSettings: () => Promise<string>;
  /** Kills the extension hosts at once, as a crash or a computer that is switched off does. Gives how many there were. */
  readonly killExtensionHosts: () => Promise<number>;
  /** Ends the server with everything it started and removes its folders. */
  readonly stop: () => Promise<void>;
}

const signals = ['SIGTERM', 'SIGHUP', 'SIGINT'] as const;

/** For a quiet screen: newer versions open a chat panel, and every version a welcome page. */
const quiet = {
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.welcomePage.walkthroughs.openOnInstall': false,
  'chat.disableAIFeatures': true,
  'chat.commandCenter.enabled': false,
  'security.workspace.trust.startupPrompt': 'never',
  'extensions.autoUpdate': false,
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  'update.mode': 'none',
  'git.openRepositoryInParentFolders': 'never',
};

/** Starts a VS Code server with folders of its own on a free port and waits until it answers. */
export async function startEditorServer(options: EditorServerOptions): Promise<EditorServer> {
  const { edition, vsix, extensions = [], allowTests, env } = options;
  const main = join(await fetchEditor(edition), 'out', 'server-main.js');
  const folder = await mkdtemp(join(tmpdir(), 'gitlab-clusters-vscode-'));
  const settingsFile = join(folder, 'data', 'data', 'User', 'settings.json');
  const folders = ['--server-data-dir', join(folder, 'data'), '--extensions-dir', join(folder, 'extensions')];
  const license = '--accept-server-license-terms';

  await writeJson(join(folder, 'data', 'data', 'Machine', 'settings.json'), quiet);
  if (extensions.length > 0) {
    const list = await Promise.all(extensions.map(listExtension));
    await writeJson(join(folder, 'extensions', 'extensions.json'), list);
  }
  if (vsix) {
    await outputOf(process.execPath, [main, ...folders, license, '--install-extension', vsix, '--force']);
  }
  const child = spawn(
    process.execPath,
    [
      ...['--require', join(root, 'test', 'lab', 'mintKey.cjs')],
      ...['--require', join(root, 'test', 'lab', 'writeLogs.cjs')],
      main,
      ...folders,
      license,
      ...['--host', '127.0.0.1', '--port', '0', '--without-connection-token', '--telemetry-level', 'off'],
      ...(allowTests ? ['--enable-smoke-test-driver'] : []),
    ],
    // A process group of its own, so that stopping it stops the extension hosts too. stdin stays shut.
    { detached: process.platform !== 'win32', stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } },
  );
  let output = '';
  const keep = (chunk: Buffer) => {
    output += chunk.toString();
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const removeNow = () => {
    killTree(child);
    rmSync(folder, { recursive: true, force: true });
  };
  process.once('exit', removeNow);
  const stopListening = exitWhenTold();
  const stop = async () => {
    process.off('exit', removeNow);
    stopListening();
    const ended = child.exitCode === null ? new Promise((resolve) => child.once('exit', resolve)) : undefined;
    killTree(child);
    await ended;
    await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  };
  try {
    return {
      edition,
      folder,
      output: () => output,
      authority: await readAuthority(child),
      writeUserSettings: (settings) => writeJson(settingsFile, settings),
      readUserSettings: () => readFile(settingsFile, 'utf8').catch(() => '{}'),
      killExtensionHosts: () => killExtensionHosts(child),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** An entry of VS Code's list of installed extensions; `location` may be anywhere. */
async function listExtension(folder: string) {
  const manifest: unknown = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  const shape = z.object({ publisher: z.string(), name: z.string(), version: z.string() });
  const { publisher, name, version } = z.parse(shape, manifest);
  const location = { $mid: 1, path: pathToFileURL(folder).pathname, scheme: 'file' };
  return { identifier: { id: `${publisher}.${name}` }, version, location };
}

/** Of this server alone: they are in its process group. */
async function killExtensionHosts({ pid: server }: ChildProcess): Promise<number> {
  const lines = (await outputOf('ps', ['-A', '-o', 'pid=,pgid=,args='])).split('\n');
  const hosts = lines.flatMap((line) => {
    const [, pid, group, args = ''] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    return Number(group) === server && args.includes('--type=extensionHost') ? Number(pid) : [];
  });
  for (const host of hosts) process.kill(host, 'SIGKILL');
  return hosts.length;
}

/** Waits for the line in which the server says where it listens. */
function readAuthority(child: ChildProcess): Promise<string> {
  let output = '';
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`VS Code did not start within 60 s:\n${output}`)), 60_000);
    const read = (chunk: Buffer) => {
      output += chunk.toString();
      const address = /available at https?:\/\/([^\s/]+)/.exec(output)?.[1];
      if (!address) return;
      clearTimeout(timer);
      resolve(address.replace('localhost', '127.0.0.1'));
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`VS Code ended with ${code} before it was ready:\n${output}`)));
  });
}

/**
 * Makes sure that our `exit` listeners run: a signal alone would end this process without them, and the end of the npm
 * script that started it would not end it at all. Gives what ends that: every test file is bundled with its own copy of
 * this module, so whatever stayed behind would add up over a run.
 */
function exitWhenTold(): () => void {
  for (const signal of signals) process.on(signal, exitNow);
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid !== parent) process.exit(1);
  }, 1000).unref();
  return () => {
    clearInterval(watch);
    for (const signal of signals) process.off(signal, exitNow);
  };
}

function exitNow(): void {
  process.exit(1);
}

function killTree(child: ChildProcess): void {
  if (child.pid === undefined || child.exitCode !== null) return;
  try {
    if (process.platform === 'win32') spawnSync('taskkill', ['/pid', String(child.pid), '/T', '/F']);
    else process.kill(-child.pid, 'SIGKILL');
  } catch {
    // It ended by itself in between.
  }
}

async function writeJson(file: string, content: unknown): Promise<void> {
  await mkdir(join(file, '..'), { recursive: true });
  await writeFile(file, JSON.stringify(content, undefined, 2));
}
