import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { isCertificate, readCertificates } from '../../../../src/core/model/certificate';
import { caRemarks } from '../../../../src/core/model/caRules';
import { certificateWithin } from '../../../../src/core/model/certificateText';
import { inputFile } from '../../../inputs/inputs';

const now = new Date('2027-06-01T12:00:00Z');
const read = (name: string): string => readFileSync(inputFile(name), 'utf8');
const ca = read('ca.pem');
const [intermediate = '', root = ''] = read('intermediate-then-root.pem').split(/(?<=-----END CERTIFICATE-----\n)/);

describe('What is said of a CA text', () => {
  const table: readonly (readonly [name: string, text: string, ...said: RegExp[]])[] = [
    ['a root', ca],
    ['two roots', ca + read('ca-2.pem')],
    ['a root and its intermediate', root + intermediate],
    ['an intermediate and its root', intermediate + root, /^information GitLab before 16/],
    [
      'an intermediate alone',
      intermediate,
      /^warning CN=kubernetes-ca.* is an intermediate CA, and its root is missing/,
    ],
    ['an intermediate and a strange root', intermediate + read('ca-2.pem'), /^warning .* its root is missing/],
    ['a client certificate', read('client-certificate.pem'), /^warning CN=kubernetes-admin.* is a client certificate/],
    ['a server certificate', read('server-certificate.pem'), /^warning CN=kube-apiserver is not a CA certificate. If/],
    ['a self-signed server', read('self-signed-server.pem'), /^warning .* works only if it is the API server’s own/],
    [
      'a self-signed server by its common name',
      read('self-signed-cn-only.pem'),
      /^warning .* CI jobs \(kubectl\) refuse/,
    ],
    ['dates of the year 1', read('go-zero-time.pem'), /^warning CN=kube-ca, O=Example Org has expired/],
    ['a CA without a name', read('no-subject.pem')],
    ['a CA and a cut one', `${ca}${root.slice(0, 200)}`, /^warning .* can’t read all its certificates/],
    ['a CA and a glued one behind', `${ca}${root.trim()} #\n${root}`, /^warning .* can’t read all its certificates/],
    ['no X.509', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----', /^error .* not a valid X.509/],
    ['glued', read('glued.pem'), /^error Nothing may follow/],
    ['with trust settings', read('trusted-certificate.pem'), /^error GitLab does not read TRUSTED CERTIFICATE/],
  ];
  for (const [name, text, ...said] of table) {
    it(`${name}: ${said.length === 0 ? 'nothing' : String(said[0])}`, () => {
      const remarks = caRemarks(text, now).map(({ severity, message }) => `${severity} ${message}`);
      assert.equal(remarks.length, said.length, remarks.join('\n'));
      said.forEach((pattern, index) => assert.match(remarks[index] ?? '', pattern));
    });
  }

  it('depends on the version of GitLab only for the order in a bundle', () => {
    assert.deepEqual(caRemarks(intermediate + root, now, '16.0.1'), []);
    assert.equal(caRemarks(intermediate + root, now, '15.11.0').length, 1);
    for (const old of ['11.7.0', '12.10.14']) {
      assert.match(caRemarks(intermediate + root, now, old)[0]?.message ?? '', /reads the first certificate only/);
      assert.deepEqual(caRemarks(root + intermediate, now, old), []);
    }
  });

  it('base64 of a client certificate is not offered as a CA', () => {
    assert.equal(certificateWithin(Buffer.from(read('client-certificate.pem')).toString('base64')), undefined);
  });
});

describe('The words of a certificate', () => {
  const only = (name: string) => {
    const [first] = readCertificates(read(name));
    assert(first && isCertificate(first));
    return first;
  };
  it('have dates before the year 100 as they are', () => {
    const { validFrom, validTo } = only('go-zero-time.pem');
    assert.deepEqual(
      [validFrom, validTo].map((date) => date.toISOString().slice(0, 10)),
      ['0001-01-01', '0001-01-01'],
    );
  });
  it('show characters that change the direction', () => {
    assert.equal(only('direction-in-subject.pem').subject, 'CN=kube\\u202Eac, O=Example Org');
  });
  it('say so where there is no subject', () => assert.equal(only('no-subject.pem').subject, ''));
});
