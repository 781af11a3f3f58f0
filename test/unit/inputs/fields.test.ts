import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { apiUrlWithin } from '../../../src/core/model/apiUrl';
import { isCertificate, readCertificates } from '../../../src/core/model/certificate';
import { certificateWithin } from '../../../src/core/model/certificateText';
import type { ClusterDraft } from '../../../src/core/model/clusterDraft';
import { textOfBytes } from '../../../src/core/model/fileText';
import { parseGitRemote, projectPathOn } from '../../../src/core/model/gitRemote';
import { parseHostUrl } from '../../../src/core/model/host';
import { serviceTokenWithin } from '../../../src/core/model/serviceToken';
import { inputFile } from '../../inputs/inputs';
import { findingsOf, goodDraft } from '../features/form/drafts';
import { countCases } from './counting';

/** Of `ca.pem`. */
const CA = 'BB:EA:3B:7F:96:2C:27:0B:9F:2B:F7:55:B2:40:2F:5A:D3:2E:40:EB:4F:F8:61:7A:FE:4A:18:57:78:0A:74:1E';

const text = (name: string): string => textOfBytes(readFileSync(inputFile(name)));
const about = (field: keyof ClusterDraft, value: string): string[] =>
  findingsOf(goodDraft({ [field]: value })).map((line) => line.replace(` ${field}:`, ''));

function fingerprintsOf(pem: string | undefined): string[] {
  return readCertificates(pem ?? '').map((entry) => (isCertificate(entry) ? entry.sha256 : entry.problem));
}

const { it: counted } = countCases('Inputs in fields');

describe('Inputs out of public reports, in a field', () => {
  const offered = (name: string, said: RegExp): void => {
    counted(`${name} as CA certificate: ${String(said)}, and ca.pem is offered`, () => {
      assert.match(about('caCert', text(name))[0] ?? 'fine', said);
      assert.equal(fingerprintsOf(certificateWithin(text(name)))[0], CA);
    });
  };
  offered('base64-in-quotes.txt', /^error .*base64-encoded twice/);
  offered('blank-lines.pem', /^error .*doubled line breaks/);
  offered('end-line-with-comment.pem', /^error Nothing may follow/);
  offered('glued.pem', /^error Nothing may follow/);
  offered('trusted-certificate.pem', /^error GitLab does not read TRUSTED/);

  counted('utf16le-bom.pem as a file is ca.pem', () => {
    assert.deepEqual(fingerprintsOf(text('utf16le-bom.pem')), [CA]);
    assert.deepEqual(about('caCert', text('utf16le-bom.pem')), []);
  });
  const said = (name: string, ...lines: readonly RegExp[]): void => {
    counted(`${name} as CA certificate: ${lines.length === 0 ? 'fine' : String(lines[0])}`, () => {
      const all = about('caCert', text(name));
      assert.equal(all.length, lines.length, all.join('\n'));
      lines.forEach((line, index) => assert.match(all[index] ?? '', line));
    });
  };
  said('ca.pem');
  said('no-subject.pem');
  said('intermediate-then-root.pem', /^information GitLab before 16/);
  said('intermediate.pem', /^warning .* its root is missing/);
  said('client-certificate.pem', /^warning .* is a client certificate/);
  said('server-certificate.pem', /^warning .* is not a CA certificate/);
  said('self-signed-server.pem', /^warning .* only if it is the API server’s own/);
  said('self-signed-cn-only.pem', /^warning .* CI jobs \(kubectl\) refuse it/);
  said('go-zero-time.pem', /^warning .* has expired/);
  counted('client-certificate.pem in base64 as CA certificate: refused, and not offered', () => {
    const base64 = Buffer.from(text('client-certificate.pem')).toString('base64');
    assert.match(about('caCert', base64)[0] ?? 'fine', /^error/);
    assert.equal(certificateWithin(base64), undefined);
  });
  counted('go-zero-time.pem has the year 1', () => {
    const [entry] = readCertificates(text('go-zero-time.pem'));
    assert(entry && isCertificate(entry));
    assert.equal(entry.validTo.toISOString().slice(0, 10), '0001-01-01');
  });
  counted('direction-in-subject.pem shows the character', () => {
    const [entry] = readCertificates(text('direction-in-subject.pem'));
    assert(entry && isCertificate(entry));
    assert.equal(entry.subject, 'CN=kube\\u202Eac, O=Example Org');
  });

  const urls: readonly (readonly [string, RegExp, string?])[] = [
    ['Https://k8s.example.com:6443', /^error .*lower case/, 'https://k8s.example.com:6443'],
    ['https://k8s-{{env}}.example.com:6443', /^error GitLab can’t read/],
    ['https://k8s.example.com\\', /^error GitLab can’t read/, 'https://k8s.example.com'],
    ['https://k8s.example.com/%0a', /^error GitLab can’t read/],
    ['https://k8s.example.com\u200b', /^error .*invisible character \(U\+200B\)/, 'https://k8s.example.com'],
    ['https://rancher.example.com/k8s/clusters/c-abc12/api/v1', /^warning GitLab appends \/api\/v1 itself/],
    ['"https://k8s.example.com"', /^error/, 'https://k8s.example.com'],
    ['https://https://k8s.example.com', /^error .*two schemes/, 'https://k8s.example.com'],
  ];
  for (const [url, line, within] of urls) {
    counted(`API URL ${JSON.stringify(url)}: ${String(line)}`, () => {
      assert.match(about('apiUrl', url)[0] ?? 'fine', line);
      if (within !== undefined) assert.equal(apiUrlWithin(url), within);
    });
  }

  const jwt =
    'eyJhbGciOiJSUzI1NiIsImtpZCI6IngifQ.eyJpc3MiOiJodHRwczovL2t1YmVybmV0ZXMuZGVmYXVsdC5zdmMuY2x1c3Rlci5sb2NhbCIsImV4cCI6MTcwMDAwMzYwMCwiaWF0IjoxNzAwMDAwMDAwLCJzdWIiOiJzeXN0ZW06c2VydmljZWFjY291bnQ6a3ViZS1zeXN0ZW06Z2l0bGFiIn0.c2ln';
  const tokens: readonly (readonly [name: string, string, RegExp, string?])[] = [
    ['in quotes', `"${jwt}"`, /quotation marks/, jwt],
    ['with a percent sign', `${jwt}%`, /ends with %/, jwt],
    ['two of three parts', jwt.split('.').slice(0, 2).join('.'), /incomplete/],
    ['masked', '••••', /masked/],
    ['of a request', jwt, /expired on 2023-11-14/],
    ['of Google', 'ya29.example', /an hour/],
  ];
  for (const [name, token, line, within] of tokens) {
    counted(`Service token ${name}: ${String(line)}`, () => {
      const [first = 'fine'] = about('serviceToken', token);
      assert.match(first, /^warning/);
      assert.match(first, line);
      assert.equal(serviceTokenWithin(token), within);
    });
  }

  const hosts: readonly (readonly [string, string | RegExp])[] = [
    ['https://gitlab.example.com,', 'https://gitlab.example.com'],
    ['(https://gitlab.example.com)', 'https://gitlab.example.com'],
    ['https://{{gitlab_host}}', /placeholder/],
    ['https://gitlab..example.com', /two dots/],
    ['https://gitlab.example.com/group/project/-/clusters', 'https://gitlab.example.com'],
  ];
  for (const [address, expected] of hosts) {
    counted(`GitLab host ${address}: ${String(expected)}`, () => {
      const parsed = parseHostUrl(address);
      if (typeof expected === 'string') assert.equal(parsed.ok && parsed.url, expected);
      else assert.match(parsed.ok ? 'accepted' : parsed.problem, expected);
      if (address.includes('/-/')) assert.match((parsed.ok && parsed.note) || '', /the rest is the address of a page/);
    });
  }
  const remotes: readonly (readonly [string, string])[] = [
    ['git@[git.example.com:2222]:group/project.git', 'https://git.example.com'],
    ['first.last@corp.example@git.example.com:group/project.git', 'https://git.example.com'],
    ['git@git.bücher.example:group/project.git', 'https://git.bücher.example'],
    ['https://gitlab.example.com./group/project.git', 'https://gitlab.example.com.'],
  ];
  for (const [remote, host] of remotes) {
    counted(`Git remote ${remote} at ${host}: group/project`, () => {
      const [read, at] = [parseGitRemote(remote), parseHostUrl(host)];
      assert(read && at.ok);
      assert.equal(projectPathOn(at.url, read), 'group/project');
    });
  }
});
