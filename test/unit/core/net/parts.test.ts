import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { GitLabError } from '../../../../src/core/gitlab/errors';
import type { TlsReason } from '../../../../src/core/gitlab/errors';
import { explain } from '../../../../src/core/gitlab/explain';
import { parseHostUrl } from '../../../../src/core/model/host';
import { agentOpener } from '../../../../src/core/net/agents';
import { chainText } from '../../../../src/core/net/chainText';
import { decoded, readTrust } from '../../../../src/core/net/ownCa';
import { proxyOf } from '../../../../src/core/net/proxyWords';
import { probe } from '../../../../src/core/net/tlsProbe';
import { tlsReason } from '../../../../src/core/net/tlsReason';
import { pem, pemPath, presents, presentsApi } from '../../../net/pem';
import { secure } from '../../../net/tlsServers';

describe('A proxy decision', () => {
  const decisions: readonly (readonly [string | undefined, string | undefined])[] = [
    [undefined, undefined],
    ['', undefined],
    ['DIRECT', undefined],
    ['DIRECT; PROXY a:1', undefined],
    ['PROXY proxy.example.com:3128', 'proxy.example.com:3128'],
    ['PROXY proxy.example.com:3128; DIRECT', 'proxy.example.com:3128'],
    ['HTTPS maria:secret@proxy.example.com:443', 'proxy.example.com:443'],
    ['PROXY maria:p@ss@proxy.example.com:3128', 'proxy.example.com:3128'],
    ['SOCKS5 [::1]:1080', '[::1]:1080'],
  ];
  for (const [decision, proxy] of decisions)
    it(`“${decision}” is ${proxy ?? 'a direct connection'}, without credentials`, () =>
      assert.equal(proxyOf(decision), proxy));
});

describe('A system error', () => {
  const errors: readonly (readonly [string | undefined, string, TlsReason | undefined])[] = [
    ['ECONNREFUSED', 'connect ECONNREFUSED 127.0.0.1:1', undefined],
    ['ECONNRESET', 'socket hang up', undefined],
    [undefined, 'unable to get local issuer certificate', undefined],
    ['SELF_SIGNED_CERT_IN_CHAIN', '', 'unknownIssuer'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'error:100000f7:SSL routines:OPENSSL_internal:WRONG_VERSION_NUMBER', 'notTls'],
    ['EPROTO', 'write EPROTO error:0A00010B:SSL routines:ssl3_get_record:wrong version number:record.c:1', 'notTls'],
    ['ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION', 'OPENSSL_internal:TLSV1_ALERT_PROTOCOL_VERSION', 'oldProtocol'],
    ['EPROTO', 'SSL routines:ssl3_read_bytes:ssl/tls alert handshake failure', 'refused'],
    ['ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE', 'OPENSSL_internal:SSLV3_ALERT_HANDSHAKE_FAILURE', 'refused'],
    ['ERR_SSL_DECRYPTION_FAILED_OR_BAD_RECORD_MAC', 'decryption failed or bad record mac', 'other'],
    ['CERT_REVOKED', 'certificate revoked', 'other'],
    ['UNSPECIFIED', 'EE certificate key too weak', 'weakKey'],
    ['UNSPECIFIED', 'CA certificate key too weak', 'weakKey'],
    ['UNSPECIFIED', 'CA signature digest algorithm too weak', 'weakSignature'],
    ['UNSPECIFIED', 'excluded subtree violation', 'nameConstraints'],
    ['UNSPECIFIED', 'a verdict of the next OpenSSL', 'other'],
    ['INVALID_PURPOSE', 'unsuitable certificate purpose', 'purpose'],
    ['UNSPECIFIED', 'request to https://a/name_constraint failed, reason: EE certificate key too weak', 'weakKey'],
  ];
  for (const [code, message, reason] of errors)
    it(`${code} is ${reason ?? 'no TLS failure'}`, () => assert.equal(tlsReason(code, message), reason));

  it('of any reason has a title and a sentence', () => {
    const reasons: readonly TlsReason[] = [
      ...(['unknownIssuer', 'selfSigned', 'expired', 'notYetValid', 'wrongName'] as const),
      ...(['weakKey', 'weakSignature', 'nameConstraints', 'purpose'] as const),
      ...(['oldProtocol', 'notTls', 'refused', 'other'] as const),
    ];
    const titles = reasons.map((reason) => explain(new GitLabError('tls', { tls: { reason } })).title);
    assert.equal(new Set(titles).size, reasons.length);
  });
});

describe('A host’s own CA', () => {
  const subjects = async (own: Parameters<typeof readTrust>[0]): Promise<string[]> =>
    decoded(await readTrust(own)).map(({ subject }) => /CN=([^,]+)/.exec(subject)?.[1] ?? '');
  const written = async (content: string | Buffer, run: (file: string) => Promise<void>): Promise<void> => {
    const folder = await mkdtemp(join(tmpdir(), 'gitlab-clusters-ca-'));
    try {
      await writeFile(join(folder, 'ca'), content);
      await run(join(folder, 'ca'));
    } finally {
      await rm(folder, { recursive: true });
    }
  };

  it('may be a file, a text, or both', async () => {
    assert.deepEqual(await subjects({}), []);
    assert.deepEqual(await subjects({ caFile: pemPath('company') }), ['Example Company Root CA']);
    assert.deepEqual(await subjects({ caFile: pemPath('company'), ca: pem('other') }), [
      'Example Company Root CA',
      'Another Root CA',
    ]);
  });

  it('may be a bundle with comments and a damaged certificate in it', () =>
    written(
      `# Roots\r\n${pem('company')}\n-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n${pem('other')}`,
      async (caFile) => {
        assert.deepEqual(await subjects({ caFile }), ['Example Company Root CA', 'Another Root CA']);
        assert.equal((await readTrust({ caFile })).problem, undefined);
      },
    ));

  it('may be a DER file', () =>
    written(new X509Certificate(pem('company')).raw, async (caFile) =>
      assert.deepEqual(await subjects({ caFile }), ['Example Company Root CA']),
    ));

  it('that holds no certificate is told, and the rest counts', () =>
    written('not a certificate', async (caFile) => {
      const trust = await readTrust({ caFile, ca: pem('other') });
      assert.match(trust.problem ?? '', /holds no certificate that can be read/);
      assert.equal(trust.certificates.length, 1);
    }));

  it('that is a folder, or too large, is told', async () => {
    assert.match((await readTrust({ caFile: tmpdir() })).problem ?? '', /cannot be read|too large/);
    await written(Buffer.alloc(1_000_001), async (caFile) =>
      assert.match((await readTrust({ caFile })).problem ?? '', /too large/),
    );
  });

  it('is read without a throw, whatever the text', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.oneof(fc.string(), fc.constantFrom('-----BEGIN CERTIFICATE-----', '\n', pem('other').slice(0, 200))),
        ),
        async (parts) => {
          const { certificates, problem } = await readTrust({ ca: parts.join('') });
          assert.ok(certificates.length > 0 || problem !== undefined);
        },
      ),
      { numRuns: 2000 },
    ));
});

describe('A look at a certificate', () => {
  it('sends nothing but the handshake, and tells what was presented', async () => {
    const server = await secure(presents('good', 'issuing', 'company'));
    try {
      const url = parseHostUrl(`https://127.0.0.1:${server.port}`);
      assert.ok(url.ok);
      const seen = await probe(url.url, { openAgent: agentOpener(() => undefined) });
      assert.ok(seen.outcome === 'secure' && seen.presented);
      assert.equal(seen.reason, 'unknownIssuer');
      assert.deepEqual(seen.presented.names, [
        'localhost',
        '127.0.0.1',
        'gitlab.example.test',
        '*.gitlab.example.test',
      ]);
      assert.deepEqual(
        seen.presented.certificates.map(({ selfSigned }) => selfSigned),
        [false, false, true],
      );
      assert.equal(server.received, '');
      const text = chainText(seen.presented, new Date('2026-11-22'));
      assert.match(
        text,
        /^1\. The host’s own certificate\n {3}Subject: CN=gitlab\.example\.test\n {3}Issuer: CN=Example/,
      );
      assert.match(text, /\n\n2\. Intermediate CA, sent by the host\n/);
      assert.match(text, /\n\n3\. Root CA, sent by the host\n(.*\n){3} {3}SHA-256: ([0-9A-F]{2}:){31}[0-9A-F]{2}$/);
    } finally {
      await server.close();
    }
  });

  it('tells why a certificate is refused that Node has no code for', async () => {
    const server = await secure(presentsApi('apiSha1'));
    try {
      const url = parseHostUrl(`https://127.0.0.1:${server.port}`);
      assert.ok(url.ok);
      const openAgent = agentOpener(() => undefined);
      const seen = await probe(url.url, { openAgent, certificates: [pem('clusterRoot')] });
      assert.ok(seen.outcome === 'secure');
      assert.equal(seen.reason, 'weakSignature');
      assert.equal(server.received, '');
    } finally {
      await server.close();
    }
  });

  it('ends by itself where nobody answers', async () => {
    const url = parseHostUrl('https://127.0.0.1:1');
    assert.ok(url.ok);
    const seen = await probe(url.url, { openAgent: agentOpener(() => undefined) });
    assert.deepEqual(seen, { outcome: 'unreachable', code: 'ECONNREFUSED', proxy: undefined });
  });
});
