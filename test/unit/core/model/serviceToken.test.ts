import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  claimsOf,
  serviceAccountOf,
  serviceTokenWarnings,
  serviceTokenWithin,
} from '../../../../src/core/model/serviceToken';

const now = new Date('2026-06-01T12:00:00Z');
const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const jwt = (claims: object): string => `${part({ alg: 'RS256', kid: 'x' })}.${part(claims)}.c2lnbmF0dXJl`;
const sub = 'system:serviceaccount:kube-system:gitlab';
const legacy = jwt({ iss: 'kubernetes/serviceaccount', sub });
const bound = (exp: string): string =>
  jwt({ iss: 'https://kubernetes.default.svc.cluster.local', sub, exp: Date.parse(exp) / 1000, aud: ['k'] });
const base64 = (text: string): string => Buffer.from(text).toString('base64');

describe('A service token', () => {
  const table: readonly (readonly [name: string, token: string, warning: RegExp | undefined, within?: string])[] = [
    ['of a Secret', legacy, undefined],
    ['of no known kind', 'EXAMPLE-NOT-A-TOKEN', undefined],
    ['that ended', bound('2023-11-14T23:20:00Z'), /expired on 2023-11-14/],
    ['that will end', bound('2026-06-01T13:00:00Z'), /expires on 2026-06-01 13:00 UTC/],
    ['of a person', jwt({ iss: 'https://login.example.com', sub: 'me', exp: 4e9 }), /expires on 2096-10-02/],
    ['in quotes', `"${legacy}"`, /quotation marks/, legacy],
    ['in typographic quotes', `“${legacy}”`, /quotation marks/, legacy],
    ['with the percent sign of zsh', `${legacy}%`, /A token never ends with %/, legacy],
    ['in base64', base64(legacy), /base64-encoded/, legacy],
    ['twice in base64', base64(base64(legacy)), /base64-encoded/, legacy],
    ['in base64 and quotes', `'${base64(legacy)}'`, /quotation marks/, legacy],
    ['broken over lines', legacy.replace(/.{40}/g, '$&\n'), /contains spaces/, legacy],
    ['with Bearer', `Bearer ${legacy}`, /Leave out “Bearer”/, legacy],
    ['with a header', `Authorization: Bearer ${legacy}`, /contains spaces/, legacy],
    ['with an invisible character', `${legacy}\u200b.`.slice(0, -1), /invisible characters/, legacy],
    ['with one inside', `${legacy.slice(0, 9)}\u2060${legacy.slice(9)}`, /invisible characters/, legacy],
    ['without its last part', legacy.split('.').slice(0, 2).join('.'), /incomplete/],
    ['without the end of its claims', legacy.slice(0, 60), /incomplete/],
    ['without its beginning', `ey${legacy.slice(5)}`, undefined],
    ['masked', '••••', /masked/],
    ['masked by stars', '********', /masked/],
    ['masked by GitLab', '[MASKED]', /masked/],
    ['left out', 'DATA+OMITTED', /masked/],
    ['that is a variable', '${TOKEN}', /masked/],
    ['that is a placeholder', '<your-token>', /masked/],
    ['shortened', `${legacy.slice(0, 20)}…`, /masked/],
    ['of GitLab', 'glpat-abcdefghijklmnopqrst', /token of GitLab/],
    ['of a new node', 'abcdef.0123456789abcdef', /bootstrap token/],
    ['of EKS', 'k8s-aws-v1.aHR0cHM6Ly9zdHM', /15 minutes/],
    ['of Google', 'ya29.example', /an hour/],
    ['of OpenShift', 'sha256~abcdefghijk', /24 hours/],
    ['of Rancher', 'kubeconfig-u-abc:xyz', /Rancher/],
    ['of Rancher, another', 'token-abcde:xyz', /Rancher/],
    ['of DigitalOcean', 'dop_v1_0123', /another service/],
    ['that is a certificate', 'LS0tLS1CRUdJTiBDRVJU', /certificate or key/],
    ['with other characters', 'abc§def', /No token contains such/],
  ];
  for (const [name, token, warning, within] of table) {
    it(`${name}: ${warning ? String(warning) : 'fine'}${within === undefined ? '' : ', and the clean one is offered'}`, () => {
      const [first] = serviceTokenWarnings(token.trim(), now);
      if (warning) assert.match(first ?? 'nothing', warning);
      else assert.equal(first, undefined);
      assert.equal(serviceTokenWithin(token), within);
    });
  }

  it('tells its account and its end', () => {
    assert.equal(serviceAccountOf(legacy), 'kube-system/gitlab');
    assert.equal(serviceAccountOf('x.y.z'), undefined);
    assert.equal(claimsOf(bound('2026-06-01T13:00:00Z'))?.expiresAt?.toISOString(), '2026-06-01T13:00:00.000Z');
  });

  it('is never quoted in what is said of it', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 12, unit: 'grapheme' }), (text) => {
        for (const said of serviceTokenWarnings(text.trim(), now))
          assert(!said.includes(text.trim()) || text.trim() === '');
      }),
    );
  });

  it('that is offered needs no further repair', () => {
    const piece = fc.constantFrom(legacy, base64(legacy), '"', '%', '\u200b', 'Bearer ', '\n', '{', '…');
    fc.assert(
      fc.property(fc.array(fc.oneof(piece, fc.string()), { maxLength: 5 }), (pieces) => {
        const within = serviceTokenWithin(pieces.join(''));
        if (within !== undefined) assert.equal(serviceTokenWithin(within) ?? within, within);
      }),
    );
  });
});
