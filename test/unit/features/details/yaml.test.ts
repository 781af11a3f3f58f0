import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { load } from 'js-yaml';
import { toYaml } from '../../../../src/features/details/yaml';
import type { YamlValue } from '../../../../src/features/details/yaml';

describe('YAML', () => {
  it('goes without quotes where a text is plainly harmless, and has certificates as blocks', () => {
    const pem = '-----BEGIN CERTIFICATE-----\nMIIB+/=\n-----END CERTIFICATE-----';
    assert.equal(
      toYaml({
        name: 'production-eu',
        url: 'https://k8s.example.com:6443/x',
        id: 12,
        none: null,
        left: undefined,
        'GCP project': { nodes: 3, nothing: {} },
        list: [{ subject: 'CN=ca, O=Example', ca: pem }, 'a', []],
        empty: [],
      }),
      `name: production-eu
url: https://k8s.example.com:6443/x
id: 12
none: null
GCP project:
  nodes: 3
  nothing: {}
list:
  - subject: CN=ca, O=Example
    ca: |-
      -----BEGIN CERTIFICATE-----
      MIIB+/=
      -----END CERTIFICATE-----
  - a
  - []
empty: []
`,
    );
  });

  for (const text of [
    'Yes',
    'null',
    'a:',
    'a: b',
    'a #b',
    'a ',
    '12:30',
    '- a',
    '\ufeffa',
    'a\n\nb',
    'a\n b',
    'a\nb\n',
  ]) {
    it(`quotes ${JSON.stringify(text)}`, () => {
      assert.equal(toYaml({ key: text }), `key: ${JSON.stringify(text)}\n`);
    });
  }

  it('is read back by another reader as what it was, whatever it holds', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 12 }),
      fc.string({ unit: fc.constantFrom(...'ab :#-\n\t "\'|>[]{}&*!%@`,?~='), maxLength: 8 }),
    );
    const { value } = fc.letrec<{ value: YamlValue }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 3 },
        text,
        fc.integer(),
        fc.boolean(),
        fc.constant(null),
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(text, tie('value'), { maxKeys: 3, noNullPrototype: true }),
      ),
    }));
    fc.assert(
      fc.property(fc.dictionary(text, value, { maxKeys: 4, noNullPrototype: true }), (fields) => {
        const written = toYaml(fields);
        assert.deepEqual(written === '' ? {} : load(written), fields);
      }),
      { numRuns: 500 },
    );
  }).timeout(20_000);
});
