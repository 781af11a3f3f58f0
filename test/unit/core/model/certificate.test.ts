import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import fc from 'fast-check';
import { isCertificate, readCertificates, validityOf } from '../../../../src/core/model/certificate';
import { certificate } from '../../../gitlab/certificates';

const pem = certificate('production-eu');
const expired = certificate('staging-expired');

function problemsOf(text: string): string[] {
  return readCertificates(text).map((entry) => (isCertificate(entry) ? 'certificate' : entry.problem));
}

describe('Certificates in a PEM text', () => {
  it('are decoded, names most specific part first', () => {
    const [only, ...rest] = readCertificates(expired);
    assert(only && isCertificate(only));
    assert.deepEqual(rest, []);
    assert.equal(only.subject, 'CN=Staging Kubernetes CA, O=Example Platform');
    assert.equal(only.issuer, only.subject);
    assert.equal(only.validTo.toISOString().slice(0, 4), '2023');
    assert.equal(only.sha256, new X509Certificate(expired).fingerprint256);
  });

  const accepted: readonly (readonly [string, string, number])[] = [
    ['as it comes', pem, 1],
    ['with CRLF', pem.replace(/\n/g, '\r\n'), 1],
    ['with text before and junk behind', `subject=CN\n${pem}trailing`, 1],
    ['with an older header', pem.replaceAll('CERTIFICATE', 'X509 CERTIFICATE'), 1],
    ['as a bundle', pem + expired, 2],
    ['after a private key', `-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n${pem}`, 1],
  ];
  for (const [name, text, count] of accepted) {
    it(`are read ${name}`, () => assert.deepEqual(problemsOf(text), Array(count).fill('certificate')));
  }

  it('of a blank text are none', () => assert.deepEqual(readCertificates(' \n'), []));

  it('that cannot be read are told, and the others are read all the same', () => {
    const garbage = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n';
    assert.deepEqual(problemsOf(`${garbage}${pem}-----BEGIN CERTIFICATE-----\nMII`), [
      'This is not a valid X.509 certificate.',
      'certificate',
      'The end of this certificate is missing.',
    ]);
    assert.deepEqual(problemsOf('hello'), ['This text holds no PEM certificate.']);
  });

  it('are capped in size and number', () => {
    assert.deepEqual(problemsOf('x'.repeat(1_000_001)), ['The certificate is too large to be decoded.']);
    const many = problemsOf(pem.repeat(150));
    assert.equal(many.length, 101);
    assert.equal(many.at(-1), 'Only the first 100 certificates are decoded.');
  });

  it('never throw, whatever the text', function () {
    this.timeout(60_000);
    const part = fc.constantFrom('-----BEGIN CERTIFICATE-----', '-----END CERTIFICATE-----', '\n', 'AAAA', pem);
    fc.assert(
      fc.property(fc.array(fc.oneof(part, fc.string())), (parts) => void readCertificates(parts.join(''))),
      { numRuns: 10_000 },
    );
  });

  it('are valid between their dates only', () => {
    const [only] = readCertificates(expired);
    assert(only && isCertificate(only));
    const at = (offset: number, from: Date): Date => new Date(from.getTime() + offset);
    assert.equal(validityOf(only, at(-1, only.validFrom)), 'notYetValid');
    assert.equal(validityOf(only, only.validFrom), 'valid');
    assert.equal(validityOf(only, only.validTo), 'valid');
    assert.equal(validityOf(only, at(1, only.validTo)), 'expired');
  });
});
