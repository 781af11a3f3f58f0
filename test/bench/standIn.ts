import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import * as z from 'zod/mini';
import { root } from '../lab/paths';

/** Milliseconds before each answer. */
export const LATENCY = 20;
/** Requests at a time, as the extension sends them. */
export const SLOTS = 8;
/** The stand-in's own certificate, trusted for its host alone. */
export const caFile = join(root, 'test/gitlab/certificates/localhost.pem');
const keyFile = join(root, 'test/gitlab/certificates/localhost-key.pem');
/** The last GitLab without discovery, and one with it. */
const versions = { without: '17.8.0', with: '18.2.1-ee' } as const;

/** The administrator sees all of it; the Maintainer of most top-level groups is whom discovery spares something. */
export type Holder = 'administrator' | 'maintainer';

/** What a stand-in saw. */
export interface Seen {
  /** Paths with their queries, in the order they came. */
  readonly paths: readonly string[];
  /** Milliseconds since 1970: when the first came, and when the last answer went out. */
  readonly began: number;
  readonly ended: number;
  /** Each path with the moments it came and was answered. */
  readonly exchanges: readonly (readonly [path: string, came: number, answered: number | null])[];
}

export interface StandIn {
  readonly url: string;
  readonly token: string;
  /** Whose token that is. */
  readonly holder: Holder;
  /** Forgets what it saw. */
  readonly clear: () => void;
  readonly seen: () => Promise<Seen>;
  readonly end: () => void;
}

const listening = z.object({
  hosts: z.array(z.object({ url: z.string(), tokens: z.record(z.enum(['administrator', 'maintainer']), z.string()) })),
});
const exchanges = z.array(z.tuple([z.string(), z.number(), z.nullable(z.number())]));

/** A GitLab with so many projects and clusters, in a process of its own, over TLS. */
export async function startStandIn(
  projects: number,
  clusters: number,
  discovery: keyof typeof versions,
  holder: Holder = 'administrator',
): Promise<StandIn> {
  const fleet = ['--fleet', `${projects}`, '--clusters', `${clusters}`, '--version', versions[discovery]];
  const way = ['--latency', `${LATENCY}`, '--tls-key', keyFile, '--tls-cert', caFile];
  const child = spawn(process.execPath, [join(root, 'out/gitlab/main.js'), ...fleet, ...way], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface(child.stdout);
  const nextLine = (): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const closed = (): void => reject(new Error('the stand-in GitLab has ended'));
      child.once('close', closed);
      lines.once('line', (line) => {
        child.off('close', closed);
        resolve(JSON.parse(line));
      });
    });
  const [host] = listening.parse(await nextLine()).hosts;
  if (!host) throw new Error('the stand-in GitLab listens nowhere');
  return {
    url: host.url,
    token: host.tokens[holder],
    holder,
    clear: () => void child.stdin.write('clear\n'),
    seen: async () => {
      child.stdin.write('exchanges\n');
      const all = exchanges.parse(await nextLine());
      return {
        paths: all.map(([path]) => path),
        began: all[0]?.[1] ?? Number.NaN,
        exchanges: all,
        ended: all.reduce((last, [, , answered]) => Math.max(last, answered ?? 0), 0),
      };
    },
    end: () => child.stdin.end(),
  };
}

/** No client can be faster: so many requests, so many at a time, each as long as the stand-in waits. In milliseconds. */
export function lowerBound({ paths }: Pick<Seen, 'paths'>): number {
  return Math.ceil(paths.length / SLOTS) * LATENCY;
}
