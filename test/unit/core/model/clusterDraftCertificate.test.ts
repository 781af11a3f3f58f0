import assert from 'node:assert/strict';
import fc from 'fast-check';
import { caTextProblem, certificateWithin, MAX_CA_TEXT } from '../../../../src/core/model/certificateText';
import { certificateProblems } from '../../../gitlab/clusters/rules';
import { expiredPem, pem } from '../../features/form/drafts';

const base64 = Buffer.from(pem).toString('base64');
const kubeconfig = (data: string): string =>
  `apiVersion: v1\nkind: Config\nclusters:\n- cluster:\n    certificate-authority-data: ${data}\n    server: https://k8s\n  name: a\nusers:\n- name: a\n  user:\n    token: secret\n`;
const key = '-----BEGIN RSA PRIVATE KEY-----\nMII\n-----END RSA PRIVATE KEY-----';

describe('A CA text', () => {
  const accepted: Record<string, string> = {
    PEM: pem,
    'PEM with CRLF': pem.replace(/\n/g, '\r\n'),
    'PEM after other text': `subject=/CN=x\n${pem}`,
    'PEM before junk': `${pem}\njunk`,
    'an expired certificate': expiredPem,
    'a bundle': `${pem}\n${expiredPem}`,
    'an older header': pem.replaceAll('CERTIFICATE', 'X509 CERTIFICATE'),
  };
  for (const [name, text] of Object.entries(accepted)) {
    it(`that is ${name} is fine, and needs no repair`, () => {
      assert.equal(caTextProblem(text), undefined);
      assert.deepEqual(certificateProblems(text.trim()), []);
      assert.equal(certificateWithin(text), undefined);
    });
  }

  const refused: readonly (readonly [string, string, RegExp, string | undefined])[] = [
    ['too long', `${pem}\n${'x'.repeat(MAX_CA_TEXT)}`, /too long/, undefined],
    ['a private key', key, /holds a private key/, undefined],
    ['a certificate with its key', `${pem}\n${key}`, /holds a private key/, pem],
    ['a kubeconfig', kubeconfig(base64), /is a kubeconfig/, pem],
    [
      'a kubeconfig in JSON',
      JSON.stringify({ 'certificate-authority-data': base64 }, undefined, 2),
      /is a kubeconfig/,
      pem,
    ],
    [
      'a kubeconfig with two authorities',
      kubeconfig(base64) + kubeconfig(`${base64.slice(0, -4)}AAAA`),
      /is a kubeconfig/,
      undefined,
    ],
    [
      'a kubeconfig that names a file',
      'clusters:\n- cluster:\n    certificate-authority: /etc/ca.crt',
      /is a kubeconfig/,
      undefined,
    ],
    ['base64 of PEM', base64, /base64-encoded twice/, pem],
    ['base64 of PEM in lines', base64.replace(/.{76}/g, '$&\n'), /base64-encoded twice/, pem],
    ['literal \\n', pem.replace(/\n/g, '\\n'), /line breaks of the certificate are written as/, pem],
    ['PEM on one line', pem.replace(/\n/g, ''), /must be on a line of its own/, pem],
    ['PEM with blanks for line breaks', pem.replace(/\n/g, ' '), /must be on a line of its own/, pem],
    ['indented', pem.replace(/^/gm, '    '), /must be on a line of its own|end of the certificate/, pem],
    ['cut off', pem.slice(0, -30), /end of the certificate is missing/, undefined],
    ['full of other characters', pem.replace('M', '%'), /characters that do not belong/, undefined],
    [
      'empty inside',
      '-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----',
      /characters that do not belong/,
      undefined,
    ],
    [
      'a certificate request',
      pem.replaceAll('CERTIFICATE', 'CERTIFICATE REQUEST'),
      /not a certificate in PEM form/,
      undefined,
    ],
    [
      'a public key',
      '-----BEGIN PUBLIC KEY-----\nMII\n-----END PUBLIC KEY-----',
      /not a certificate in PEM form/,
      undefined,
    ],
    ['something else', 'hello', /not a certificate in PEM form/, undefined],
  ];
  for (const [name, text, problem, within] of refused) {
    it(`that is ${name} is refused${within === undefined ? '' : ', and the certificate inside is offered'}`, () => {
      assert.match(caTextProblem(text) ?? 'accepted', problem);
      assert.equal(certificateWithin(text), within);
    });
  }

  it('is only ever repaired into one the form accepts', () => {
    const part = fc.constantFrom(pem, base64, kubeconfig(base64), key, '\n', ' ', '\\n', '-----BEGIN CERTIFICATE-----');
    fc.assert(
      fc.property(fc.array(fc.oneof(part, fc.string()), { maxLength: 5 }), (parts) => {
        const within = certificateWithin(parts.join(''));
        if (within !== undefined) assert.equal(caTextProblem(within), undefined);
      }),
    );
  });
});
