import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import * as z from 'zod/mini';
import { apiUrlProblem, apiUrlWarnings, apiUrlWithin } from '../../../../src/core/model/apiUrl';
import { inputFile } from '../../../inputs/inputs';

const table = z
  .object({
    addressable: z.string(),
    cases: z.array(z.object({ text: z.string(), validator: z.string(), client: z.string() })),
  })
  .parse(JSON.parse(readFileSync(inputFile('apiUrls.json'), 'utf8')));

/** What no name server resolves, though both libraries take it. */
const unresolvable =
  /^https?:\/\/(https?:?\/\/|[^/?#]*[!~,;='%]|[^/?#]*\.\.|256\.|1\.2\.3\.4\.5)|:(0|65536|99999|123456)$/;

describe(`An API URL is judged as Addressable ${table.addressable} and Ruby’s URI do`, () => {
  for (const { text, validator, client } of table.cases) {
    // Odd blanks at the ends are removed before anything is sent.
    if (text.trim() !== text.replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, '')) continue;
    const works = validator === 'ok' && client !== 'bad URI' && client !== 'no host' && !unresolvable.test(text);
    const isPlain = client !== 'not ASCII' || /^https:\/\/(münchen|k8s\.example\.com\/grün)/.test(text);
    it(`${JSON.stringify(text)} is ${works && isPlain ? 'accepted' : 'refused'}`, () => {
      assert.equal(apiUrlProblem(text) === undefined, works && isPlain, apiUrlProblem(text) ?? 'accepted');
      if (works && isPlain && client === 'not ASCII') assert.match(apiUrlWarnings(text).join(), /in ASCII/);
    });
  }

  const meant: readonly (readonly [string, string | undefined])[] = [
    ['https://k8s.example.com:6443', undefined],
    ['https://k8s.example.com/', undefined],
    ['"https://k8s.example.com"', 'https://k8s.example.com'],
    ['<https://k8s.example.com:6443>,', 'https://k8s.example.com:6443'],
    ['Https://K8s.example.com:6443', 'https://k8s.example.com:6443'],
    ['https://https://k8s.example.com', 'https://k8s.example.com'],
    ['https://k8s.example.com\u200b', 'https://k8s.example.com'],
    ['https://k8s.example.com\\', 'https://k8s.example.com'],
    ['https://k8s.example.com\\n', 'https://k8s.example.com'],
    ['"https://k8s.example.com:6443\\r\\n"', 'https://k8s.example.com:6443'],
    ['‹https://k8s.example.com›', 'https://k8s.example.com'],
    ['k8s.example.com:6443', 'https://k8s.example.com:6443'],
    ['https://[2001:db8::1]', undefined],
    ['(https://[2001:db8::1]:6443)', 'https://[2001:db8::1]:6443'],
    ['https://münchen.example', 'https://xn--mnchen-3ya.example'],
    ['https://r.example.com/k8s/clusters/c-abc12/api/v1', 'https://r.example.com/k8s/clusters/c-abc12'],
    ['https://k8s.example.com/api', 'https://k8s.example.com'],
    ['https://k8s.example.com/apis/apps/v1/deployments', 'https://k8s.example.com'],
    ['https://k8s.example.com/version?timeout=32s', 'https://k8s.example.com'],
    ['https://k8s-{{env}}.example.com', undefined],
    ['hello', undefined],
    ['', undefined],
  ];
  for (const [text, within] of meant) {
    it(`${JSON.stringify(text)} offers ${within ?? 'nothing'}`, () => assert.equal(apiUrlWithin(text), within));
  }

  it('offers only what it accepts', () => {
    const part = fc.constantFrom(
      'https://',
      'HTTP:',
      'k8s.example.com',
      ':6443',
      '/api/v1',
      '"',
      '\\',
      '{',
      '[::1]',
      '@',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(part, fc.string({ unit: 'grapheme' })), { maxLength: 5 }), (parts) => {
        const within = apiUrlWithin(parts.join(''));
        if (within !== undefined) assert.equal(apiUrlProblem(within), undefined);
      }),
    );
  });

  for (const path of ['/api', '/api/', '/api/v1', '/x/api/v1', '/apis', '/healthz', '/api/v1/nodes?limit=1']) {
    it(`${path} behind the address is told`, () => {
      assert.match(apiUrlWarnings(`https://k8s.example.com${path}`).join(), /appends \/api\/v1 itself/);
    });
  }
  it('a path of a proxy is fine', () => {
    assert.deepEqual(apiUrlWarnings('https://r.example.com/k8s/clusters/c-abc12'), []);
    assert.deepEqual(apiUrlWarnings('https://example.com/rapi/v10x'), []);
  });
});
