import assert from 'node:assert/strict';
import fc from 'fast-check';
import { readClusterList } from '../../../../src/core/importer/clusterList';
import type { ListEntry } from '../../../../src/core/importer/clusterList';
import { readCsv } from '../../../../src/core/importer/csv';
import { readPaste } from '../../../../src/core/importer/readPaste';
import { csvCell } from '../../../../src/core/model/tableCells';
import { exportClusters } from '../../../../src/features/export/export';
import { certificate } from '../../../gitlab/certificates';
import { cluster, group, instance } from '../inventory/clusters';

function entries(text: string): readonly ListEntry[] {
  const list = readClusterList(text);
  assert.ok('entries' in list, 'problem' in list ? list.problem : '');
  return list.entries;
}

const problem = (text: string): string => {
  const list = readClusterList(text);
  return 'problem' in list ? list.problem : assert.fail('it was read');
};

describe('a table in CSV', () => {
  it('may be separated by commas, semicolons or tabs, and end its lines in any way', () => {
    const cells = [
      ['a', 'b', 'c'],
      ['1', '', '3'],
    ];
    for (const separator of [',', ';', '\t']) {
      for (const end of ['\n', '\r\n', '\r']) {
        assert.deepEqual(readCsv(cells.map((line) => line.join(separator)).join(end)), cells);
      }
    }
  });

  it('may have line ends, quotes and separators within quotes, and lines without text', () => {
    assert.deepEqual(readCsv('a,b\n\n"x\r\ny","say ""hi"", please"\n,\n'), [
      ['a', 'b'],
      ['x\r\ny', 'say "hi", please'],
    ]);
    assert.deepEqual(readCsv('a,b\n"never closed,1'), [['a', 'b'], ['never closed,1']]);
    assert.deepEqual(readCsv('a,b\n1,'), [
      ['a', 'b'],
      ['1', ''],
    ]);
  });

  it('gives every text back that was written, without what guards a spreadsheet', () => {
    const texts = fc.string({ unit: fc.constantFrom(...'a;,"=-\n\r\t +@') }).filter((text) => text.trim() !== '');
    fc.assert(
      fc.property(fc.array(texts, { minLength: 2, maxLength: 5 }), (row) => {
        const guarded = row.map((text) => text.replace(/'/g, ''));
        const [, read] = readCsv(`x,y,z,u,v,w\n${guarded.map(csvCell).join(',')}\n`);
        assert.deepEqual(read?.slice(0, guarded.length), guarded);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('a list of clusters to add', () => {
  const clusters = [
    cluster(1, { name: '=production', environmentScope: 'production', managed: false }),
    cluster(2, { owner: group(3, 'shop'), managementProject: { id: 9, path: 'shop/ops', name: 'ops' } }),
    cluster(3, { owner: instance, enabled: false }),
  ];
  const wanted = [
    ['project', 'shop/web', '=production', 'production', true, false, undefined],
    ['group', 'shop', 'cluster-2', '*', true, true, 'shop/ops'],
    ['instance', undefined, 'cluster-3', '*', false, true, undefined],
  ];
  const facts = ({ level, path, values, managementProject }: ListEntry) => {
    const { name, environmentScope, enabled, managed } = values;
    return [level, path, name, environmentScope, enabled, managed, managementProject];
  };

  for (const format of ['csv', 'json'] as const) {
    it(`may be our own export as ${format}`, async () => {
      const exported = entries(await exportClusters(clusters, format, () => 'Example'));
      // Their order is the export's affair.
      const read = ['project', 'group', 'instance'].flatMap((level) => exported.filter((one) => one.level === level));
      assert.deepEqual(read.map(facts), wanted);
      assert.deepEqual(
        read.map(({ host, values, problem: why }) => [host, values.apiUrl, values.serviceToken, why]),
        clusters.map(({ host, platform }) => [host, platform?.apiUrl, undefined, undefined]),
      );
    });
  }

  it('keeps every attribute that an export has, here and where a line of it is pasted into a form', async () => {
    const one = cluster(
      4,
      { baseDomain: 'example.com', namespacePerEnvironment: false },
      { namespace: 'web', authorizationType: 'abac' },
    );
    const text = await exportClusters([one], 'json', () => 'Example');
    const pasted = readPaste(text);
    assert.ok('choices' in pasted);
    for (const values of [entries(text)[0]?.values, pasted.choices[0].values]) {
      const { baseDomain, namespacePerEnvironment, namespace, authorizationType } = values ?? {};
      assert.deepEqual(
        { baseDomain, namespacePerEnvironment, namespace, authorizationType },
        { baseDomain: 'example.com', namespacePerEnvironment: false, namespace: 'web', authorizationType: 'abac' },
      );
    }
  });

  it('may have columns for CA certificate and token, in many spellings', () => {
    const pem = certificate('edge').trim();
    const [one] = entries(
      `Project;Name;API URL;Environment scope;CA certificate;Token;Namespace\nshop/web;a;https://k8s.example.com;qa/*;"${pem}";EXAMPLE-token-1;web\n`,
    );
    assert.ok(one);
    const { caCert, serviceToken, namespace, environmentScope } = one.values;
    assert.deepEqual(
      [caCert?.trim(), serviceToken, namespace, environmentScope, one.path],
      [pem, 'EXAMPLE-token-1', 'web', 'qa/*', 'shop/web'],
    );
  });

  it('says of each cluster why it cannot be added', () => {
    const head = 'level,owner,name,apiUrl,enabled,caCert,token,note\n';
    const cases: readonly (readonly [string, RegExp])[] = [
      ['project,shop,a,https://k8s.example.com,,,,', /The column “level” must be/],
      [',,a,https://k8s.example.com,,,,', /The column “level” must be/],
      ['project,shop/web,a,https://k8s example,,,,', /API URL/],
      ['project,shop/web,a,https://k8s.example.com,maybe,,,', /“enabled” must be true or false, not “maybe”/],
      ['project,shop/web,a,https://k8s.example.com,,no certificate,,', /CA certificate/],
      ['project,shop/web,a,https://k8s.example.com,,,glpat-abcdefghijklmnopqrst,', /GitLab/],
      ['project,shop/web,a,,,,,Integration switched off', /Only its name is known/],
    ];
    for (const [line, why] of cases) assert.match(entries(head + line)[0]?.problem ?? '', why, line);
  });

  it('quotes no token where one cannot be used', () => {
    const list = entries('owner,name,apiUrl,token\nshop/web,a,https://k8s.example.com,"my secret words"\n');
    assert.doesNotMatch(JSON.stringify(list), /my secret words/);
    assert.ok(list[0]?.problem);
  });

  it('is refused with a reason where it is none', () => {
    assert.match(
      problem('name,scope\na,b\n'),
      /not a list of clusters\. It needs at least the columns level, owner, name/,
    );
    assert.match(problem('[{"a": 1}]'), /This JSON is not a list of clusters/);
    assert.match(problem('[{'), /not valid JSON/);
    assert.match(problem('name,apiUrl\n'), /There is no cluster in this list/);
    assert.match(problem('x'.repeat(10_485_761)), /too long/);
    assert.match(
      problem(`owner,name,apiUrl\n${'a/b,c,https://x.example.com\n'.repeat(5001)}`),
      /5001 clusters; at most 5000/,
    );
  });
});
