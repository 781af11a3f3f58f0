import assert from 'node:assert/strict';
import * as z from 'zod/mini';
import { exportClusters, exportColumns } from '../../../../src/features/export/export';
import type { Cluster } from '../../../../src/core/model/cluster';
import type { NameOnlyCluster } from '../../../../src/core/inventory/ownerRecord';
import { certificate } from '../../../gitlab/certificates';
import { cluster, hostUrl, instance, project } from '../../core/inventory/clusters';

const hostName = (): string => 'Work, "main"';

/** Reads CSV as RFC 4180 says, as a check on what was written. */
function readCsv(text: string): string[][] {
  const rows: string[][] = [[]];
  let cell = '';
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '"') {
      for (at++; text[at] !== '"' || text[at + 1] === '"'; at++) {
        cell += text[at] ?? assert.fail('an open quote');
        if (text[at] === '"') at++;
      }
    } else if (text[at] === ',') {
      rows.at(-1)?.push(cell);
      cell = '';
    } else if (text.startsWith('\r\n', at)) {
      rows.at(-1)?.push(cell);
      rows.push([]);
      cell = '';
      at++;
    } else cell += text[at] ?? '';
  }
  assert.deepEqual(rows.pop(), []);
  return rows;
}

const odd = (name: string): Cluster => cluster(1, { name, managementProject: { id: 3, path: 'a/b', name: 'B' } });

describe('exporting', () => {
  it('writes every column, unknown ones empty', async () => {
    const ca = certificate('edge');
    const named: NameOnlyCluster = {
      detail: 'nameOnly',
      host: hostUrl(),
      level: 'project',
      path: 'a/b',
      ownerId: 2,
      id: 9,
      name: 'n',
      reason: 'clustersUnavailable',
    };
    const text = await exportClusters(
      [cluster(5, { owner: instance, enabled: undefined, createdAt: undefined }, { caCert: ca }), named],
      'csv',
      hostName,
    );
    const [head, first, second, ...rest] = readCsv(text);
    assert.deepEqual(head, [...exportColumns]);
    const got = Object.fromEntries(exportColumns.map((column, index) => [column, first?.[index]]));
    assert.match(got['caExpiry'] ?? '', /^\d{4}-\d\d-\d\dT/);
    assert.match(got['caSubject'] ?? '', /CN=/);
    assert.deepEqual(
      { ...got, caExpiry: '', caSubject: '' },
      {
        hostName: 'Work, "main"',
        host: hostUrl(),
        level: 'instance',
        owner: '',
        name: 'cluster-5',
        id: '5',
        apiUrl: 'https://k8s.example.com:6443',
        environmentScope: '*',
        enabled: '',
        managed: 'true',
        provider: 'user',
        caSubject: '',
        caExpiry: '',
        managementProject: '',
        ownerId: '',
        webUrl: `${hostUrl()}/admin/clusters/5`,
        namespacePerEnvironment: 'true',
        namespace: '',
        baseDomain: '',
        authorizationType: 'rbac',
        managementProjectId: '',
        createdAt: '',
        note: '',
      },
    );
    assert.deepEqual(second?.slice(2, 6), ['project', 'a/b', 'n', '9']);
    assert.equal(second?.at(-1), 'Cluster integration switched off');
    assert.deepEqual(rest, []);
  });

  it('goes by host, path and name, and names first the hosts that may have more', async () => {
    const other = hostUrl('https://other.example.com');
    const clusters = [
      cluster(3, { owner: project(2, 'b/x'), name: 'b10' }),
      cluster(2, { owner: project(2, 'b/x'), name: 'b9' }),
      cluster(4, { host: other }),
      cluster(1, { owner: project(1, 'a/x'), name: 'z' }),
    ];
    const host = { url: other, name: 'Other', projects: [], groups: [] };
    const names = (url: string): string => (url === other ? 'Other' : 'Main');
    const unsearched = [{ host, why: 'no token', searchable: false }];
    for (const format of ['csv', 'json', 'markdown'] as const) {
      const text = await exportClusters(clusters, format, names, unsearched);
      const at = ['not searched', '/a/x/-/clusters/1', '/b/x/-/clusters/2', '/b/x/-/clusters/3', '/clusters/4'].map(
        (part) => text.replaceAll('\\', '').indexOf(part),
      );
      assert.ok(
        !at.includes(-1) && at.every((place, index) => place > (at[index - 1] ?? -1)),
        `${format} ${at.join()}`,
      );
    }
  });

  for (const start of ['=', '+', '-', '@', '\t', '\r', '\n', ' =', '\uff1d']) {
    it(`keeps a spreadsheet from running a name that begins with ${JSON.stringify(start)}`, async () => {
      const name = `${start}HYPERLINK("http://evil","x")`;
      const [, row] = readCsv(await exportClusters([odd(name)], 'csv', hostName));
      assert.equal(row?.[4], `'${name}`);
    });
  }

  for (const within of [';', '; ', '\t', '\n', '\r\n \t', ';"', ';;']) {
    for (const sign of ['=', '+', '-', '@', '\uff1d', '\uff0b', '\uff0d', '\uff20']) {
      it(`keeps a spreadsheet from running what comes after ${JSON.stringify(within + sign)}`, async () => {
        const text = await exportClusters([odd(`a${within}${sign}1+1`)], 'csv', hostName);
        const [, row] = readCsv(text);
        assert.equal(row?.[4], `a${within}'${sign}1+1`);
        // However it is split, quotes in the middle of a field are not heeded.
        for (const field of text.split(/[;\t\r\n]/))
          assert.doesNotMatch(field, /^[\s"]*[=+\-@\uff1d\uff0b\uff0d\uff20]/);
      });
    }
  }

  it('is quick where a server sends a name of nothing but blanks', async () => {
    const began = performance.now();
    await exportClusters([odd(`a${'\t'.repeat(300_000)}b`)], 'csv', hostName);
    assert.ok(performance.now() - began < 2000);
  });

  it('leaves alone what is no formula, and quotes what could be split', async () => {
    const text = await exportClusters([odd('a;b-c=d'), odd('a-b@c'), odd('a "=1')], 'csv', hostName);
    assert.deepEqual(
      readCsv(text).map((row) => row[4]),
      ['name', 'a "=1', 'a-b@c', 'a;b-c=d'],
    );
    assert.match(text, /,"a;b-c=d",/);
    assert.match(text, /,a-b@c,/);
  });

  for (const name of ['a,b', 'a"b', 'a\r\nb', 'a\nb', ' a ', 'ünï', '']) {
    it(`keeps ${JSON.stringify(name)} one cell`, async () => {
      const [, row] = readCsv(await exportClusters([odd(name)], 'csv', hostName));
      assert.equal(row?.length, exportColumns.length);
      assert.equal(row[4], name);
    });
  }

  it('writes JSON with all keys and null for what is unknown', async () => {
    const text = await exportClusters([odd('=1+1'), cluster(2, { enabled: undefined })], 'json', hostName);
    const read = z.array(z.record(z.string(), z.unknown())).parse(JSON.parse(text));
    assert.deepEqual(read.map(Object.keys), [[...exportColumns], [...exportColumns]]);
    assert.deepEqual([read[0]?.['name'], read[0]?.['managementProject'], read[1]?.['enabled']], ['=1+1', 'a/b', null]);
    assert.deepEqual(JSON.parse(await exportClusters([], 'json', hostName)), []);
  });

  it('writes Markdown whose cells cannot end a cell, a line or become markup', async () => {
    const text = await exportClusters(
      [odd('a|b\nc\r\nd <img src=x> [x](http://evil) `c` *e* \\|')],
      'markdown',
      hostName,
    );
    const lines = text.trimEnd().split('\n');
    assert.equal(lines.length, 3);
    for (const line of lines) {
      const bars = line.replaceAll(/\\./g, '').split('|').length - 1;
      assert.equal(bars, exportColumns.length + 1, line);
    }
    assert.ok(!/(?<!\\)[<[`*]/.test(lines[2] ?? ''), lines[2]);
  });

  it('writes Markdown in which GitLab finds no reference', async () => {
    const lines = (await exportClusters([odd('@all #1 !2 $3 &4 ~5 %6 ^7')], 'markdown', hostName)).split('\n');
    assert.match(lines[2] ?? '', /\\@all \\#1 \\!2 \\\$3 \\&4 \\~5 \\%6 \\\^7/);
  });

  for (const [apiUrl, exported] of [
    ['https://admin:hunter2@k8s.example.com', 'https://k8s.example.com'],
    [' HTTP://hunter2@K8S.example.com:80/a@b?c@d', ' HTTP://K8S.example.com:80/a@b?c@d'],
    ['https://a@b:hunter2@k8s.example.com', 'https://k8s.example.com'],
    ['https://admin:hunter2%@k8s.example.com', 'https://k8s.example.com'],
    ['https:admin:hunter2@k8s.example.com', 'https:k8s.example.com'],
    ['https://admin:hunter2@not a host', 'https://not a host'],
    ['https://k8s.example.com/@a', 'https://k8s.example.com/@a'],
  ] as const) {
    it(`leaves out user name and password of ${apiUrl}, and nothing else`, async () => {
      const text = await exportClusters([cluster(1, {}, { apiUrl })], 'json', hostName);
      assert.deepEqual(z.parse(z.array(z.looseObject({ apiUrl: z.string() })), JSON.parse(text))[0]?.apiUrl, exported);
      for (const format of ['csv', 'markdown'] as const)
        assert.doesNotMatch(await exportClusters([cluster(1, {}, { apiUrl })], format, hostName), /hunter2/);
    });
  }

  for (const format of ['csv', 'json', 'markdown'] as const) {
    it(`puts nothing invisible into ${format}`, async () => {
      const name = 'a\u202eb\u200bc\u2066d\ufeffe\u00adf\u0007g\u2028h👩\u200d🚀';
      const text = await exportClusters([odd(name)], format, () => 'Work\u200f');
      assert.ok(text.includes('abcdefgh👩\u200d🚀'), JSON.stringify(text));
      assert.ok(text.includes('Work') && !text.includes('\u200f'));
    });
  }

  it('can be given up', async () => {
    const clusters = Array.from({ length: 20_000 }, (_, index) => cluster(index));
    const cancel = new AbortController();
    const writing = exportClusters(clusters, 'json', hostName, [], cancel.signal);
    cancel.abort();
    await assert.rejects(writing, { name: 'AbortError' });
  });
});
