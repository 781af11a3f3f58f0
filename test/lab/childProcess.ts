import { spawn } from 'node:child_process';

/** Where and how a child process runs. */
export interface RunOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
}

/**
 * Runs a program to its end and prints a line every few seconds while it works, so that a slow download is not mistaken
 * for a hang. Its own output is shown only when it fails.
 * @throws Error with the program's output when it ends with another code than 0
 */
export async function runQuietly(title: string, command: string, args: readonly string[], options: RunOptions = {}) {
  const started = Date.now();
  const elapsed = () => `${((Date.now() - started) / 1000).toFixed(0)} s`;
  console.log(`${title} …`);
  const ticker = setInterval(() => console.log(`  … ${elapsed()}`), 5000);
  try {
    return await outputOf(command, args, options);
  } finally {
    clearInterval(ticker);
    console.log(`  ${elapsed()}`);
  }
}

/** Runs a program and gives what it printed to standard output. npm is a batch file on Windows, hence the shell there. */
export function outputOf(command: string, args: readonly string[], options: RunOptions = {}): Promise<string> {
  const child = spawn(command, args, { ...options, shell: process.platform === 'win32' && command === 'npm' });
  let stdout = '';
  let all = '';
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
    all += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => (all += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve(stdout);
      else reject(new Error(`${command} ${args.join(' ')} ended with ${code}:\n${all.trim()}`));
    });
  });
}
