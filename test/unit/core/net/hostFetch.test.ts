import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Agent } from 'node:https';
import { GitLabError } from '../../../../src/core/gitlab/errors';
import type { TlsReason } from '../../../../src/core/gitlab/errors';
import { GitLabClient } from '../../../../src/core/gitlab/client';
import { explain } from '../../../../src/core/gitlab/explain';
import { writeAfter } from '../../../../src/core/gitlab/failureKinds';
import { parseHostUrl } from '../../../../src/core/model/host';
import type { HostUrl } from '../../../../src/core/model/host';
import { agentOpener } from '../../../../src/core/net/agents';
import { hostFetches } from '../../../../src/core/net/hostFetch';
import type { OwnCa } from '../../../../src/core/net/ownCa';
import { startGitLab } from '../../../gitlab/server';
import type { GitLab } from '../../../gitlab/server';
import { pem, pemPath, presents, presentsApi } from '../../../net/pem';
import type { ApiCaName, Presented } from '../../../net/pem';
import { secure, tlsFaults } from '../../../net/tlsServers';
import type { FaultyServer } from '../../../net/tlsServers';

const openAgent = agentOpener(() => undefined);

function host(address: string): HostUrl {
  const parsed = parseHostUrl(address);
  assert.ok(parsed.ok);
  return parsed.url;
}

const token = 'glpat-marked-token';

/** Sends a read with a token; the status, or the GitLabError that is thrown. */
async function send(url: HostUrl, ownCa: OwnCa = {}): Promise<number | GitLabError> {
  return answerOf(hostFetches({ ownCa: () => ownCa, openAgent }), url);
}

async function answerOf(fetches: ReturnType<typeof hostFetches>, url: HostUrl): Promise<number | GitLabError> {
  try {
    const headers = { 'PRIVATE-TOKEN': token, Connection: 'keep-alive' };
    const response = await fetches.of(url)(`${url}/api/v4/version`, { headers });
    await response.text();
    return response.status;
  } catch (error) {
    if (error instanceof GitLabError) return error;
    throw error;
  }
}

async function failureOf(url: HostUrl, ownCa: OwnCa = {}): Promise<GitLabError> {
  const failure = await send(url, ownCa);
  assert.ok(failure instanceof GitLabError, `answered ${String(failure)}`);
  return failure;
}

describe('A host with a private CA', () => {
  const open: GitLab[] = [];
  const gitlab = async (tls: Presented): Promise<GitLab> => {
    const started = await startGitLab({ tls });
    open.push(started);
    return started;
  };
  afterEach(async () => {
    await Promise.all(open.splice(0).map((each) => each.close()));
  });

  it('is not trusted by itself, and sends no request then', async () => {
    const server = await gitlab(presents('good', 'issuing'));
    const failure = await failureOf(host(server.url));
    assert.equal(failure.kind, 'tls');
    assert.equal(failure.tls?.reason, 'unknownIssuer');
    assert.deepEqual(server.requests, []);
  });

  it('is trusted with its root in a PEM file', async () => {
    const server = await gitlab(presents('good', 'issuing'));
    assert.equal(await send(host(server.url), { caFile: pemPath('company') }), 401);
  });

  it('is trusted with its root as text', async () => {
    const server = await gitlab(presents('good', 'issuing'));
    assert.equal(await send(host(server.url), { ca: pem('company') }), 401);
  });

  it('is trusted with the intermediate alone, since few servers send their root', async () => {
    const server = await gitlab(presents('good', 'issuing'));
    assert.equal(await send(host(server.url), { ca: pem('issuing') }), 401);
  });

  it('is trusted with the one certificate it sends, be that no CA at all', async () => {
    const server = await gitlab(presents('good'));
    assert.equal(await send(host(server.url), { ca: pem('good') }), 401);
  });

  it('is trusted with its own self-signed certificate', async () => {
    const server = await gitlab(presents('lone'));
    assert.equal(await send(host(server.url), { ca: pem('lone') }), 401);
  });

  it('is not trusted because another host’s CA is', async () => {
    const one = await gitlab(presents('good', 'issuing'));
    const another = await gitlab(presents('good', 'issuing'));
    const trusted = host(one.url);
    const fetches = hostFetches({ ownCa: (url) => (url === trusted ? { ca: pem('company') } : {}), openAgent });
    assert.equal(await answerOf(fetches, trusted), 401);
    const failure = await answerOf(fetches, host(another.url));
    assert.ok(failure instanceof GitLabError && failure.tls?.reason === 'unknownIssuer');
  });

  it('works with the editor’s CAs too when its own does not fit, and reuses that connection', async () => {
    const server = await gitlab(presents('moved', 'other'));
    const opened: boolean[] = [];
    const fetches = hostFetches({
      ownCa: () => ({ ca: pem('company') }),
      // The editor trusts the other CA.
      openAgent: (secure, certificates) => {
        opened.push(certificates.length > 0);
        return certificates.length > 0
          ? openAgent(secure, certificates)
          : new Agent({ keepAlive: true, ca: [pem('other')] });
      },
    });
    for (let request = 0; request < 5; request++) assert.equal(await answerOf(fetches, host(server.url)), 401);
    assert.deepEqual(opened, [true, false]);
    assert.equal(server.connections, 1);
  });

  it('is trusted from the moment the setting says so', async () => {
    const server = await gitlab(presents('good', 'issuing'));
    let ownCa: OwnCa = {};
    const fetches = hostFetches({ ownCa: () => ownCa, openAgent });
    assert.ok((await answerOf(fetches, host(server.url))) instanceof GitLabError);
    ownCa = { caFile: pemPath('company') };
    assert.equal(await answerOf(fetches, host(server.url)), 401);
    ownCa = {};
    assert.ok((await answerOf(fetches, host(server.url))) instanceof GitLabError);
  });

  it('is trusted once its CA file is mended, without a change of the setting', async () => {
    const server = await gitlab(presents('good', 'issuing'));
    const folder = await mkdtemp(join(tmpdir(), 'gitlab-clusters-ca-'));
    try {
      const caFile = join(folder, 'ca.pem');
      const fetches = hostFetches({ ownCa: () => ({ caFile }), openAgent });
      const failure = await answerOf(fetches, host(server.url));
      assert.ok(failure instanceof GitLabError);
      assert.match(failure.tls?.caProblem ?? '', /cannot be read \(ENOENT\)/);
      assert.match(explain(failure).sentence, /ca\.pem cannot be read/);
      await writeFile(caFile, pem('company'));
      assert.equal(await answerOf(fetches, host(server.url)), 401);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('opens no more connections for 100 requests than run at once', async () => {
    const server = await gitlab(presents('good', 'issuing'));
    const fetches = hostFetches({ ownCa: () => ({ ca: pem('company') }), openAgent });
    for (let round = 0; round < 12; round++)
      await Promise.all(Array.from({ length: 8 }, () => answerOf(fetches, host(server.url))));
    assert.equal(server.requests.length, 96);
    assert.ok(server.connections <= 8, `${server.connections} connections`);
  });

  it('says what it presented when its CA file does not fit', async () => {
    const server = await gitlab(presents('moved', 'other'));
    const failure = await failureOf(host(server.url), { caFile: pemPath('company') });
    const { title, sentence } = explain(failure);
    assert.equal(title, 'Certificate not trusted');
    assert.match(sentence, /comes from “CN=Another Root CA.*, and not from .*CA file.*“CN=Example Company Root CA/);
  });

  it('says what it presented when its chain changed since it was trusted', async () => {
    const server = await gitlab(presents('moved', 'other'));
    const failure = await failureOf(host(server.url), { ca: pem('company') });
    assert.equal(failure.tls?.reason, 'unknownIssuer');
    assert.deepEqual(
      failure.tls.trusted?.map(({ subject }) => subject),
      ['CN=Example Company Root CA, O=Example Company'],
    );
    const { title, sentence } = explain(failure);
    assert.equal(title, 'Certificate chain changed');
    assert.match(sentence, /\(“CN=Example Company Root CA.*”\), but from “CN=Another Root CA/s);
  });
});

describe('A secure connection that fails', () => {
  interface Case {
    readonly what: string;
    readonly start: () => Promise<FaultyServer>;
    readonly reason: TlsReason;
    readonly trusted?: boolean | ApiCaName;
    readonly title: string;
    readonly sentence: RegExp;
    /** Subjects of the presented chain. */
    readonly presented?: readonly string[];
  }

  const serving = (tls: Presented) => () => secure(tls);
  const leaf = 'CN=gitlab.example.test';
  const issuing = 'CN=Example Company Issuing CA, O=Example Company';

  const cases: readonly Case[] = [
    {
      what: 'whose CA nobody knows',
      start: serving(presents('good', 'issuing')),
      reason: 'unknownIssuer',
      title: 'Certificate not trusted',
      sentence: /comes from “CN=Example Company Root CA, O=Example Company”, which this editor does not know/,
      presented: [leaf, issuing],
    },
    {
      what: 'whose CA nobody knows, though its root is sent',
      start: serving(presents('good', 'issuing', 'company')),
      reason: 'unknownIssuer',
      title: 'Certificate not trusted',
      sentence: /comes from “CN=Example Company Root CA, O=Example Company”/,
      presented: [leaf, issuing, 'CN=Example Company Root CA, O=Example Company'],
    },
    {
      what: 'whose certificate is self-signed',
      start: serving(presents('lone')),
      reason: 'selfSigned',
      title: 'Self-signed certificate',
      sentence: /that it issued itself \(“CN=gitlab\.example\.test”\)/,
      presented: [leaf],
    },
    {
      what: 'whose certificate has expired',
      start: serving(presents('expired', 'issuing')),
      reason: 'expired',
      trusted: true,
      title: 'Certificate expired',
      sentence: /“CN=gitlab\.example\.test” expired on 2025-01-01\. Ask the host’s administrator to renew it/,
    },
    {
      what: 'whose certificate is not valid yet',
      start: serving(presents('future', 'issuing')),
      reason: 'notYetValid',
      trusted: true,
      title: 'Certificate not valid yet',
      sentence: /is valid from 2100-01-01 on, and this computer says it is \d{4}-\d\d-\d\d\. Check its clock/,
    },
    {
      what: 'whose certificate is for other names',
      start: serving(presents('elsewhere', 'issuing')),
      reason: 'wrongName',
      trusted: true,
      title: 'Certificate for another name',
      sentence: /is for gitlab\.elsewhere\.test, git\.elsewhere\.test, 192\.0\.2\.1, not for the name in its address/,
    },
    {
      what: 'whose certificate has a common name alone, another one',
      start: serving(presentsApi('apiOtherCommonName')),
      reason: 'wrongName',
      trusted: 'clusterRoot',
      title: 'Certificate for another name',
      sentence: /is for “old\.example\.test” alone, its common name.*Add the host with that name/,
    },
    {
      what: 'whose key is weak',
      start: serving(presentsApi('apiWeakKey')),
      reason: 'weakKey',
      trusted: 'clusterRoot',
      title: 'Certificate with a weak key',
      sentence: /key of “CN=kube-apiserver” is too short/,
    },
    {
      what: 'whose certificate is signed with SHA-1',
      start: serving(presentsApi('apiSha1')),
      reason: 'weakSignature',
      trusted: 'clusterRoot',
      title: 'Certificate signed with SHA-1',
      sentence: /chain of “CN=kube-apiserver” is signed with SHA-1/,
    },
    {
      what: 'whose CA may not issue for its name',
      start: serving(presentsApi('apiConstrained', 'constrainedIssuing')),
      reason: 'nameConstraints',
      trusted: 'clusterRoot',
      title: 'CA not allowed to issue for this name',
      sentence: /The name constraints of “CN=kubernetes”/,
    },
    {
      what: 'whose certificate is for clients',
      start: serving(presentsApi('apiClientOnly')),
      reason: 'purpose',
      trusted: 'clusterRoot',
      title: 'Certificate not meant for servers',
      sentence: /“CN=kube-apiserver” must not be used by a server/,
    },
    {
      what: 'whose host speaks nothing newer than TLS 1.1',
      start: tlsFaults.oldProtocol,
      reason: 'oldProtocol',
      title: 'TLS too old',
      sentence: /speaks TLSv1\.1 at best/,
    },
    {
      what: 'where plain http answers',
      start: tlsFaults.plainHttp,
      reason: 'notTls',
      title: 'No TLS on this port',
      sentence: /does not speak TLS.*Check the port/s,
    },
    {
      what: 'where SSH answers',
      start: tlsFaults.ssh,
      reason: 'notTls',
      title: 'No TLS on this port',
      sentence: /does not speak TLS/,
    },
    {
      what: 'whose host wants a client certificate (TLS 1.2)',
      start: () => tlsFaults.clientCertificate('TLSv1.2'),
      reason: 'refused',
      trusted: true,
      title: 'Secure connection refused',
      sentence: /client certificate/,
    },
    {
      what: 'whose host wants a client certificate (TLS 1.3)',
      start: () => tlsFaults.clientCertificate('TLSv1.3'),
      reason: 'refused',
      trusted: true,
      title: 'Secure connection refused',
      sentence: /client certificate/,
    },
  ];

  for (const { what, start, reason, trusted, title, sentence, presented } of cases) {
    it(`tells one ${what}, and gives no token away`, async () => {
      const server = await start();
      try {
        const failure = await failureOf(
          host(`https://127.0.0.1:${server.port}`),
          typeof trusted === 'string' ? { ca: pem(trusted) } : trusted ? { ca: pem('company') } : {},
        );
        assert.equal(failure.kind, 'tls');
        assert.equal(failure.tls?.reason, reason);
        const words = explain(failure);
        assert.equal(words.title, title);
        assert.match(words.sentence, sentence);
        if (presented)
          assert.deepEqual(
            failure.tls.presented?.certificates.map(({ subject }) => subject),
            presented,
          );
        assert.doesNotMatch(server.received, /marked-token/);
        // Nothing of a write can have arrived.
        assert.equal(writeAfter(failure), 'none');
        assert.doesNotMatch(words.sentence, /Test Connection/);
      } finally {
        await server.close();
      }
    });
  }

  it('is tried once, and a write through it is not of unknown outcome', async () => {
    const server = await secure(presentsApi('apiWeakKey'));
    try {
      const url = host(`https://127.0.0.1:${server.port}`);
      let sent = 0;
      const { of } = hostFetches({ ownCa: () => ({ ca: pem('clusterRoot') }), openAgent });
      const client = new GitLabClient(url, token, {
        fetch: (address, init) => {
          sent++;
          return of(url)(address, init);
        },
        log: () => undefined,
        readDeadline: 5000,
        writeDeadline: 5000,
      });
      for (const method of ['GET', 'POST', 'PUT', 'DELETE'] as const)
        await assert.rejects(client.requestNothing(method, '/version'), { kind: 'tls' });
      assert.equal(sent, 4);
    } finally {
      await server.close();
    }
  });

  it('is a network failure where the host just hangs up, and nothing was sent then', async () => {
    const server = await tlsFaults.closing();
    try {
      const failure = await failureOf(host(`https://127.0.0.1:${server.port}`));
      assert.equal(failure.kind, 'network');
      assert.equal(writeAfter(failure), 'none');
      assert.match(explain(failure).sentence, /closed while it was being secured \(ECONNRESET\), and nothing was sent/);
    } finally {
      await server.close();
    }
  });
});
