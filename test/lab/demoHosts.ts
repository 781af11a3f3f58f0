import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import * as z from 'zod/mini';
import { root } from './paths';

/** A host of the stand-in GitLab, in the shape the command `gitlabClusters.addHost` takes. */
export interface DemoHost {
  readonly name: string;
  readonly url: string;
  readonly token: string;
  readonly projects: readonly Watched[];
  readonly groups: readonly Watched[];
}

interface Watched {
  readonly id: number;
  readonly path: string;
}

const announcement = z.object({
  hosts: z.array(z.object({ name: z.string(), url: z.string(), token: z.string() })),
});

/** Starts the stand-in GitLabs of the demo; they end with their standard input, that is, with us. */
export async function startDemoHosts(): Promise<{ hosts: readonly DemoHost[]; stop: () => Promise<void> }> {
  const program = join(root, 'out', 'gitlab', 'main.js');
  const child = spawn(process.execPath, [program, '--demo'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const { hosts } = z.parse(announcement, JSON.parse(await firstLine(child)));
  return {
    hosts: await Promise.all(
      hosts.map(async ({ name, url, token }) => ({
        ...{ name, url, token },
        projects: await ownersWithClusters(`${url}/api/v4/projects`, token),
        groups: await ownersWithClusters(`${url}/api/v4/groups`, token),
      })),
    ),
    stop: async () => {
      if (child.exitCode !== null) return;
      const ended = once(child, 'exit');
      child.kill();
      await ended;
    },
  };
}

function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`The stand-in GitLab ended with ${code}`)));
    if (child.stdout) createInterface(child.stdout).once('line', resolve);
  });
}

const owners = z.array(
  z.object({ id: z.int(), path_with_namespace: z.optional(z.string()), full_path: z.optional(z.string()) }),
);

/** The projects or groups that own a cluster: what a user of this host would watch. */
async function ownersWithClusters(address: string, token: string): Promise<Watched[]> {
  const get = async (path: string): Promise<unknown> => {
    const response = await fetch(`${address}${path}`, { headers: { 'PRIVATE-TOKEN': token } });
    return response.ok ? await response.json() : [];
  };
  const watched: Watched[] = [];
  for (const { id, path_with_namespace, full_path } of z.parse(owners, await get('?per_page=100'))) {
    const clusters = z.parse(z.array(z.unknown()), await get(`/${id}/clusters`));
    if (clusters.length > 0) watched.push({ id, path: path_with_namespace ?? full_path ?? '' });
  }
  return watched;
}
