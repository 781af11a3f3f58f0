import assert from 'node:assert/strict';
import { GitLabClient } from '../../../../src/core/gitlab/client';
import { parseHostUrl } from '../../../../src/core/model/host';
import type { HostUrl } from '../../../../src/core/model/host';
import { agentOpener } from '../../../../src/core/net/agents';
import { connectionReport } from '../../../../src/features/connection/connectionReport';
import type { ReportParts, Step } from '../../../../src/features/connection/reportSteps';
import { hostFetches } from '../../../../src/core/net/hostFetch';
import { lookAt } from '../../../../src/core/net/hostLook';
import { readTrust } from '../../../../src/core/net/ownCa';
import type { OwnCa } from '../../../../src/core/net/ownCa';
import { reportText } from '../../../../src/features/connection/reportText';
import { demoFleet, oldDemoFleet } from '../../../gitlab/demoFleet';
import { profileOf, withoutInstanceVersion } from '../../../gitlab/profiles';
import { startGitLab } from '../../../gitlab/server';
import type { GitLab } from '../../../gitlab/server';
import { addToken } from '../../../gitlab/populate';
import { pem, presents } from '../../../net/pem';
import { tlsFaults } from '../../../net/tlsServers';

const openAgent = agentOpener(() => undefined);
const now = new Date('2026-11-22T10:00:00Z');

function host(address: string): HostUrl {
  const parsed = parseHostUrl(address);
  assert.ok(parsed.ok);
  return parsed.url;
}

async function report(
  address: string,
  token: string | undefined,
  ownCa: OwnCa = {},
  changes: Partial<ReportParts> = {},
): Promise<readonly Step[]> {
  const url = host(address);
  const trust = await readTrust(ownCa);
  const { of } = hostFetches({ ownCa: () => ownCa, openAgent });
  const client =
    token === undefined
      ? undefined
      : new GitLabClient(url, token, { fetch: of(url), log: () => undefined, readDeadline: 5000, writeDeadline: 5000 });
  return connectionReport({
    url,
    trust,
    resolve: () => Promise.resolve(['192.0.2.7']),
    look: () => lookAt(url, trust, { openAgent }),
    client: () => Promise.resolve(client),
    now,
    ...changes,
  });
}

/** Outcome of each step, in a line. */
function outcomes(steps: readonly Step[]): string {
  return steps.map(({ name, outcome }) => `${name} ${outcome}`).join(', ');
}

function linesOf(steps: readonly Step[], name: Step['name']): string {
  return steps.find((step) => step.name === name)?.lines.join('\n') ?? '';
}

describe('The report of a connection', () => {
  let gitlab: GitLab;
  before(async () => {
    gitlab = await startGitLab({ world: demoFleet(), tls: presents('good', 'issuing') });
  });
  after(() => gitlab.close());

  it('tells each step of a connection that works', async () => {
    const steps = await report(gitlab.url, 'demo-admin-token', { ca: pem('company') });
    assert.equal(outcomes(steps), 'address ok, route ok, tls ok, token ok, version ok, instance ok');
    assert.equal(linesOf(steps, 'address'), '127.0.0.1 → 127.0.0.1');
    assert.equal(linesOf(steps, 'route'), 'Direct, no proxy');
    assert.match(
      linesOf(steps, 'tls'),
      /^TLSv1\.3, trusted through the CA of this host\n1\. CN=gitlab\.example\.test, until 2126/,
    );
    assert.match(
      linesOf(steps, 'token'),
      /^@root \(.+\), administrator\nScopes: api, admin_mode\nExpires: 2099-12-31$/,
    );
    assert.match(linesOf(steps, 'version'), /^GitLab \d+\.\d+.* EE$/);
    assert.equal(linesOf(steps, 'instance'), 'Readable.');
  });

  it('stops at a certificate nobody vouches for, and shows it; no token is sent', async () => {
    gitlab.clearRequests();
    const steps = await report(gitlab.url, 'demo-admin-token');
    assert.equal(outcomes(steps), 'address ok, route ok, tls failed, token skipped, version skipped, instance skipped');
    assert.match(linesOf(steps, 'tls'), /Certificate not trusted\n.*trust it for this host.*\n1\. CN=gitlab/);
    assert.deepEqual(gitlab.requests, []);
  });

  it('stops at a name nobody knows', async () => {
    const unknown = Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' });
    const steps = await report(
      'https://gitlab.invalid',
      'demo-admin-token',
      {},
      {
        resolve: () => Promise.reject(unknown),
        look: () =>
          Promise.resolve({
            probe: { outcome: 'unreachable', code: 'ENOTFOUND', proxy: undefined },
            trustedBy: undefined,
          }),
      },
    );
    assert.equal(
      outcomes(steps),
      'address failed, route failed, tls skipped, token skipped, version skipped, instance skipped',
    );
    assert.match(
      linesOf(steps, 'address'),
      /gitlab\.invalid cannot be resolved \(ENOTFOUND\)\.\nNext: check the spelling/,
    );
  });

  it('stops at a proxy that asks for a sign-in', async () => {
    const steps = await report(
      'https://gitlab.invalid',
      'demo-admin-token',
      {},
      {
        resolve: () => Promise.reject(Object.assign(new Error('no'), { code: 'ENOTFOUND' })),
        look: () =>
          Promise.resolve({
            probe: { outcome: 'proxyRefused', status: 407, proxy: 'proxy.example.com:3128' },
            trustedBy: undefined,
          }),
      },
    );
    assert.match(outcomes(steps), /^address ok, route failed, tls skipped/);
    assert.match(linesOf(steps, 'address'), /is not known here \(ENOTFOUND\); the proxy looks it up/);
    assert.match(linesOf(steps, 'route'), /^Through the proxy proxy\.example\.com:3128\nProxy asks for a sign-in\n/);
  });

  it('stops where another service listens', async () => {
    const server = await tlsFaults.plainHttp();
    try {
      const steps = await report(`https://127.0.0.1:${server.port}`, 'demo-admin-token');
      assert.match(outcomes(steps), /route ok, tls failed, token skipped/);
      assert.match(linesOf(steps, 'tls'), /^No TLS on this port\n/);
    } finally {
      await server.close();
    }
  });

  it('stops where nothing listens', async () => {
    const server = await tlsFaults.plainHttp();
    await server.close();
    const steps = await report(`https://127.0.0.1:${server.port}`, 'demo-admin-token');
    assert.match(outcomes(steps), /^address ok, route failed, tls skipped/);
    assert.match(linesOf(steps, 'route'), /ECONNREFUSED/);
  });

  it('warns of plain http', async () => {
    const plain = await startGitLab({ world: demoFleet() });
    try {
      const steps = await report(plain.url, 'demo-admin-token');
      assert.equal(outcomes(steps), 'address ok, route ok, tls warning, token ok, version ok, instance ok');
      assert.match(linesOf(steps, 'tls'), /uses http, so the access token can be intercepted/);
    } finally {
      await plain.close();
    }
  });

  it('stops at a token that GitLab does not know, and at none', async () => {
    const unknown = await report(gitlab.url, 'demo-nobody', { ca: pem('company') });
    assert.match(outcomes(unknown), /tls ok, token failed, version skipped, instance skipped/);
    assert.match(linesOf(unknown, 'token'), /^Access token not accepted\n/);
    const none = await report(gitlab.url, undefined, { ca: pem('company') });
    assert.match(outcomes(none), /tls ok, token failed, version skipped, instance skipped/);
  });

  it('says that an ordinary user may not read instance clusters', async () => {
    const steps = await report(gitlab.url, 'demo-maintainer', { ca: pem('company') });
    assert.match(outcomes(steps), /token ok, version ok, instance warning/);
    assert.match(linesOf(steps, 'instance'), /the user is not an administrator/);
  });

  it('tells a fine-grained token for what it is, and warns of its end alone', async () => {
    const maria = gitlab.world.users.find(({ username }) => username === 'maria');
    assert.ok(maria);
    addToken(gitlab.world, maria, 'marked-fine', { scopes: ['granular'] });
    addToken(gitlab.world, maria, 'marked-ending', { scopes: ['granular'], expiresAt: '2026-11-30' });
    for (const [token, outcome] of [
      ['marked-fine', 'ok'],
      ['marked-ending', 'warning'],
    ] as const) {
      const steps = await report(gitlab.url, token, { ca: pem('company') });
      assert.match(outcomes(steps), new RegExp(`token ${outcome}, version ok`));
      assert.match(linesOf(steps, 'token'), /Scopes: granular\n(.*\n)+It is fine-grained: its permissions decide/);
      assert.doesNotMatch(linesOf(steps, 'token'), /can read no cluster|can only read|“api”/);
    }
  });

  it('says that Admin Mode is missing', async () => {
    const world = demoFleet();
    world.settings.adminMode = true;
    const root = world.users.find(({ admin }) => admin);
    assert.ok(root);
    addToken(world, root, 'marked-narrow', { scopes: ['read_api'], expiresAt: '2026-11-30' });
    const server = await startGitLab({ world });
    try {
      const steps = await report(server.url, 'marked-narrow');
      assert.match(outcomes(steps), /token warning, version ok, instance warning/);
      assert.match(linesOf(steps, 'token'), /Expires: 2026-11-30\nNext: the token expires soon.*\nIt can only read/);
      assert.match(linesOf(steps, 'instance'), /Admin Mode is on, and the token lacks the scope “admin_mode”/);
      const text = reportText('Connection to X', ['Host: X'], steps);
      assert.match(text, /Result: connected, with warnings\./);
      assert.match(text, /^\[ok\] Name resolution \(\d+ ms\)$/m);
      assert.match(text, /^\[ok\] Route$/m);
      assert.match(text, /^\[warning\] Instance clusters \(\d+ ms\)$/m);
      assert.doesNotMatch(text, /marked-narrow/);
    } finally {
      await server.close();
    }
  });

  it('says that the integration is switched off', async () => {
    const server = await startGitLab({ world: demoFleet() });
    server.flagOff = true;
    try {
      const steps = await report(server.url, 'demo-admin-token');
      assert.match(linesOf(steps, 'instance'), /feature flag “certificate_based_clusters” is off/);
    } finally {
      await server.close();
    }
  });

  it('says what an old GitLab cannot tell', async () => {
    const server = await startGitLab({ world: oldDemoFleet(), profile: profileOf(withoutInstanceVersion) });
    try {
      const steps = await report(server.url, 'old-admin-token');
      assert.match(linesOf(steps, 'token'), /Scopes and expiry: unknown/);
      assert.match(linesOf(steps, 'instance'), /older than 13\.2/);
    } finally {
      await server.close();
    }
  });

  it('ends when it is cancelled', async () => {
    const cancelled = new AbortController();
    cancelled.abort();
    await assert.rejects(report(gitlab.url, 'demo-admin-token', {}, { signal: cancelled.signal }), {
      kind: 'cancelled',
    });
  });
});
