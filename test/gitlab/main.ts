import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { demoFleet, oldDemoFleet } from './demoFleet';
import { generatedFleet } from './generatedFleet';
import { oldVersion, profileOf } from './profiles';
import { startGitLab, type GitLabOptions } from './server';

/*
 * Serves stand-in GitLabs in a process of their own until standard input closes or SIGTERM or SIGINT arrives:
 *   --demo              the two demo hosts (the default)
 *   --fleet N           one host with N projects and as many clusters
 *   --clusters N        other than as many
 *   --seed N            of the fleet, 1 by default
 *   --version V         of the fleet's GitLab, such as 17.8.0 to have no discovery
 *   --latency MS        before each answer
 *   --tls-key FILE --tls-cert FILE
 * Prints one line of JSON once all of them listen:
 *   {"hosts":[{"name":"…","url":"…","token":"…","tokens":{"<what for>":"…"}}]}
 * A line `requests` on standard input is answered by one line {"requests":N,"connections":N} over all hosts,
 * `exchanges` by one line [[path, received, answered], …] (milliseconds since 1970, null for no answer), and `clear`
 * starts both again.
 */
const { values } = parseArgs({
  options: {
    demo: { type: 'boolean' },
    fleet: { type: 'string' },
    clusters: { type: 'string' },
    seed: { type: 'string' },
    version: { type: 'string' },
    latency: { type: 'string' },
    'tls-key': { type: 'string' },
    'tls-cert': { type: 'string' },
  },
});

async function main(): Promise<void> {
  const hosts = values.fleet === undefined ? demoHosts() : [fleetHost(Number(values.fleet))];
  const running = await Promise.all(hosts.map(({ options }) => startGitLab({ ...options, ...fromArguments() })));
  console.log(
    JSON.stringify({
      hosts: hosts.map(({ name, token, tokens }, at) => ({ name, url: running[at]?.url, token, tokens })),
    }),
  );
  const end = () => process.exit(0);
  process.on('SIGTERM', end);
  process.on('SIGINT', end);
  process.stdin.on('data', (line) => {
    const asked = String(line).trim();
    if (asked === 'requests') {
      const sum = (count: (of: (typeof running)[number]) => number) =>
        running.reduce((all, one) => all + count(one), 0);
      console.log(
        JSON.stringify({ requests: sum((one) => one.requests.length), connections: sum((one) => one.connections) }),
      );
    } else if (asked === 'exchanges') {
      const all = running.flatMap(({ requests }) => requests);
      console.log(
        JSON.stringify(all.map(({ path, receivedAt, answeredAt }) => [path, receivedAt, answeredAt ?? null])),
      );
    } else if (asked === 'clear') {
      running.forEach((one) => one.clearRequests());
    }
  });
  process.stdin.on('close', end);
  process.stdin.resume();
}

interface DemoHost {
  readonly name: string;
  readonly token: string;
  readonly tokens: Record<string, string>;
  readonly options: GitLabOptions;
}

function demoHosts(): DemoHost[] {
  return [
    {
      name: 'Example GitLab',
      token: 'demo-admin-token',
      tokens: { administrator: 'demo-admin-token', maintainer: 'demo-maintainer', developer: 'demo-developer' },
      options: { world: demoFleet() },
    },
    {
      name: 'Old GitLab',
      token: 'old-admin-token',
      tokens: { administrator: 'old-admin-token', maintainer: 'old-maintainer' },
      options: { world: oldDemoFleet(), profile: profileOf(oldVersion), subPath: '/gitlab' },
    },
  ];
}

function fleetHost(projects: number): DemoHost {
  const clusters = Number(values.clusters ?? projects);
  return {
    name: 'Fleet',
    token: 'fleet-maintainer',
    tokens: { administrator: 'fleet-admin', maintainer: 'fleet-maintainer' },
    options: {
      world: generatedFleet({ projects, clusters, seed: Number(values.seed ?? 1) }),
      profile: profileOf(values.version),
    },
  };
}

function fromArguments(): Pick<GitLabOptions, 'latency' | 'tls'> {
  const { 'tls-key': key, 'tls-cert': cert } = values;
  const tls =
    key !== undefined && cert !== undefined ? { tls: { key: readFileSync(key), cert: readFileSync(cert) } } : {};
  return { latency: Number(values.latency ?? 0), ...tls };
}

void main();
