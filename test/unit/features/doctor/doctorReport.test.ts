import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { DiagnosisResults } from '../../../../src/core/diagnosis/results';
import { chosenClusters } from '../../../../src/features/doctor/chosenClusters';
import { countsInWords, doctorReport } from '../../../../src/features/doctor/doctorReport';
import type { ReportParts, Reported } from '../../../../src/features/doctor/doctorReport';
import type { Cluster, ClusterOwner } from '../../../../src/core/model/cluster';
import type { Diagnosis } from '../../../../src/core/diagnosis/ladder';
import { startKubernetes } from '../../../kubernetes/server';
import { pem, presentsApi } from '../../../net/pem';
import { codeSpan, inlineText, tableRow } from '../../../../src/features/doctor/reportMarkdown';
import { diagnosed } from '../../core/diagnosis/surroundings';
import { cluster, url } from '../tree/knowledge';

async function diagnosis(leaf: Parameters<typeof presentsApi>[0]): Promise<Diagnosis> {
  const server = await startKubernetes({ tls: presentsApi(leaf) });
  try {
    return await diagnosed({ apiUrl: `https://k8s.example.test:${server.port}`, caCert: pem('clusterRoot') });
  } finally {
    await server.close();
  }
}

const parts: ReportParts = { about: ['Checked: now'], running: false, order: 'result' };

describe('The report of a diagnosis', () => {
  let good: Reported;
  let bad: Reported;
  before(async () => {
    good = {
      cluster: 'Good',
      owner: 'a/b',
      host: 'Z',
      apiUrl: 'https://good.example.test',
      diagnosis: await diagnosis('api'),
    };
    bad = {
      cluster: 'Bad [x](command:y)',
      owner: 'Project a/b_c',
      host: 'Example',
      apiUrl: 'https://bad.example.test',
      diagnosis: await diagnosis('apiExpired'),
    };
  });

  it('of one cluster begins with the verdict and one next step, then has every step', () => {
    const text = doctorReport([bad], parts);
    assert.match(text, /^# `Bad \[x\]\u2060?\(command:y\)` \(Project `a\/b_c` at `Example`\)\n/);
    assert.match(text, /\n\*\*failed: Certificate expired\*\*\n/);
    assert.match(text, /Next step: Renew the API server’s certificate/);
    assert.match(text, /^- \*\*Name resolution: passed\*\* \(\d+ ms\)$/m);
    assert.match(text, /^- \*\*Kubernetes API: not asked\*\*$/m);
    assert.match(text, /Seen from this computer\./);
    assert.match(text, /^API URL: `https:\/\/bad\.example\.test` \(this computer\)$/m);
    // Nothing has to be escaped that people read in the source.
    assert.doesNotMatch(text, /\\/);
    const outside = text.replace(/(`+)[^`]+\1/g, '');
    assert.doesNotMatch(outside, /\]\(|command:|https:\/\//);
  });

  it('of several has a table, what failed first', () => {
    const unasked: Reported = { ...good, cluster: 'Late', host: 'Y', diagnosis: undefined };
    const text = doctorReport([good, unasked, bad], parts);
    assert.match(text, /^# Diagnosis of 3 clusters\n\n\*\*1 failed, 0 with warnings, 1 passed, 1 not checked/);
    const rows = text.split('\n').filter((line) => line.startsWith('| ') && !line.includes('---'));
    assert.deepEqual(
      rows.slice(1).map((row) => row.split(' | ')[0]),
      ['| failed', '| not checked', '| passed'],
    );
    assert.match(countsInWords([good, bad]), /^1 failed, 0 with warnings, 1 passed$/);
  });

  it('of several can be sorted', () => {
    const slow: Reported = { ...good, cluster: 'Slow', host: 'A', apiUrl: 'https://slow.example.test' };
    assert.ok(good.diagnosis);
    const steps = good.diagnosis.steps.map((step) => ({ ...step, milliseconds: 60_000 }));
    const all = [bad, good, { ...slow, diagnosis: { ...good.diagnosis, steps } }];
    const sorted = (order: ReportParts['order']): readonly string[] =>
      [...doctorReport(all, { ...parts, order }).matchAll(/^## `(\w+)/gm)].map(([, name = '']) => name);
    assert.deepEqual(sorted('result'), ['Bad', 'Good', 'Slow']);
    assert.deepEqual(sorted('cluster'), ['Bad', 'Good', 'Slow']);
    assert.deepEqual(sorted('host'), ['Slow', 'Bad', 'Good']);
    assert.deepEqual(sorted('apiUrl'), ['Bad', 'Good', 'Slow']);
    assert.equal(sorted('time')[0], 'Slow');
  });

  it('that still grows says how much is to go, and shows what is known', () => {
    const unasked: Reported = { ...bad, cluster: 'Late', diagnosis: undefined };
    const text = doctorReport([good, unasked], { ...parts, running: true });
    assert.match(text, /Running…\n\n\*\*0 failed, 0 with warnings, 1 passed, 1 to go\*\*/);
    assert.match(text, /^\| not checked yet \| `Late`/m);
    assert.match(text, /^## `Good`/m);
    assert.doesNotMatch(text, /^## `Late`/m);
  });

  it('has what a token may do as a table', () => {
    assert.ok(good.diagnosis);
    const table = { head: ['Right', 'Allowed', 'Without'], rows: [['get x|y', 'no', 'Jobs fail.']] };
    const steps = good.diagnosis.steps.map((step) => (step.name === 'token' ? { ...step, table } : step));
    const text = doctorReport([{ ...good, diagnosis: { ...good.diagnosis, steps } }], parts);
    assert.match(
      text,
      /^ {2}\| Right \| Allowed \| Without \|\n {2}\| --- .*\n {2}\| `get x\\\|y` \| no \| Jobs fail\. \|$/m,
    );
  });

  it('lets no foreign text act', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary-ascii', maxLength: 60 }), (text) => {
        for (const written of [codeSpan(text), inlineText(text), inlineText(`“${text}” is`)]) {
          const outside = written
            .replace(/(?<!`)(`+)(?!`)[\s\S]*?(?<!`)\1(?!`)/g, '·')
            .replace(/\\[!-/:-@[-`{-~]/g, '·');
          assert.doesNotMatch(outside, /[\\`*_[\]<>|&~$]|:\/\/|^[-+=#]|^\d+[.)]/, written);
        }
        assert.equal(
          tableRow([codeSpan(text)])
            .replace(/\\\|/g, '')
            .split('|').length,
          3,
        );
      }),
    );
  });

  it('of a cluster that passed says so', () => {
    assert.match(doctorReport([good], parts), /\*\*Everything passed\.\*\*/);
  });

  it('is kept for rows until API URL or CA certificate change', () => {
    const results = new DiagnosisResults();
    let told = 0;
    results.onDidChange(() => told++);
    assert.ok(bad.diagnosis);
    results.keep(cluster, bad.diagnosis);
    results.tell();
    assert.equal(told, 1);
    assert.equal(results.of(cluster)?.title, 'Certificate expired');
    const { platform } = cluster;
    assert.ok(platform);
    assert.equal(results.of({ ...cluster, platform: { ...platform, caCert: pem('clusterRoot') } }), undefined);
    assert.equal(results.of({ ...cluster, id: 99 }), undefined);
    results.dispose();
  });
});

describe('The clusters of rows', () => {
  const at = (id: number, owner: ClusterOwner): Cluster => ({ ...cluster, id, owner });
  const below = at(1, { level: 'project', id: 7, path: 'group/app' });
  const ofGroup = at(2, { level: 'group', id: 3, path: 'group' });
  const beside = at(3, { level: 'project', id: 8, path: 'groups/app' });
  const known = {
    groupBy: 'apiUrl' as const,
    group: (key: string) =>
      key === 'x' ? { key, label: 'x', clusters: [below, beside], named: [], unknown: undefined } : undefined,
    known: () => ({ clusters: [below, ofGroup, beside] }),
  };
  const ids = (...rows: Parameters<typeof chosenClusters>[0]): number[] =>
    chosenClusters(rows, known, () => [beside, below]).map(({ id }) => id);

  it('are those of the row, the owner, the host, the group, the warnings, each once', () => {
    assert.deepEqual(ids({ type: 'cluster', cluster: below }, { type: 'cluster', cluster: below }), [1]);
    assert.deepEqual(ids({ type: 'owner', host: url, owner: ofGroup.owner, watched: true, fromWorkspace: false }), [2]);
    assert.deepEqual(ids({ type: 'branch', host: url, owner: ofGroup.owner, place: 'fleet' }), [1, 2]);
    assert.deepEqual(ids({ type: 'fleet', host: url }), [1, 2, 3]);
    assert.deepEqual(ids({ type: 'warnings', host: url }), [3, 1]);
    assert.deepEqual(ids({ type: 'group', by: 'apiUrl', key: 'x' }, { type: 'cluster', cluster: below }), [1, 3]);
    assert.deepEqual(ids({ type: 'group', by: 'host', key: 'x' }), []);
  });
});
