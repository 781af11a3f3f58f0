import assert from 'node:assert/strict';
import { DiagnosisResults } from '../../../../src/core/diagnosis/results';
import { chosenClusters } from '../../../../src/features/doctor/chosenClusters';
import { countsInWords, doctorReport } from '../../../../src/features/doctor/doctorReport';
import type { Reported } from '../../../../src/features/doctor/doctorReport';
import type { Cluster, ClusterOwner } from '../../../../src/core/model/cluster';
import type { Diagnosis } from '../../../../src/core/diagnosis/ladder';
import { startKubernetes } from '../../../kubernetes/server';
import { pem, presentsApi } from '../../../net/pem';
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

describe('The report of a diagnosis', () => {
  let good: Reported;
  let bad: Reported;
  before(async () => {
    good = { cluster: 'Good', apiUrl: 'https://good.example.test', diagnosis: await diagnosis('api') };
    bad = {
      cluster: 'Bad [x](command:y)',
      apiUrl: 'https://bad.example.test',
      diagnosis: await diagnosis('apiExpired'),
    };
  });

  it('of one cluster begins with the verdict and one next step, then has every step', () => {
    const text = doctorReport([bad], ['Checked: now']);
    assert.match(text, /^# Bad \\\[x\\\]/);
    assert.match(text, /\n\*\*failed: Certificate expired\*\*\n/);
    assert.match(text, /Next step: Renew the API server’s certificate/);
    assert.match(text, /^- \*\*Name resolution: passed\*\* \(\d+ ms\)$/m);
    assert.match(text, /^- \*\*Kubernetes API: not asked\*\*$/m);
    assert.match(text, /Seen from this computer\./);
    assert.doesNotMatch(text, /\]\(command/);
  });

  it('of several has a table, what failed first', () => {
    const unasked: Reported = { cluster: 'Late', apiUrl: 'https://late.example.test', diagnosis: undefined };
    const text = doctorReport([good, unasked, bad], []);
    assert.match(text, /^# Diagnosis of 3 clusters\n\n\*\*1 failed, 0 with warnings, 1 passed, 1 not checked/);
    const rows = text.split('\n').filter((line) => line.startsWith('| ') && !line.includes('---'));
    assert.deepEqual(
      rows.slice(1).map((row) => row.split(' | ')[0]),
      ['| failed', '| not checked', '| passed'],
    );
    assert.match(countsInWords([good, bad]), /^1 failed, 0 with warnings, 1 passed$/);
  });

  it('of a cluster that passed says so', () => {
    assert.match(doctorReport([good], []), /\*\*Everything passed\.\*\*/);
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
    chosenClusters(rows, known).map(({ id }) => id);

  it('are those of the row, the owner, the host, the group, each once', () => {
    assert.deepEqual(ids({ type: 'cluster', cluster: below }, { type: 'cluster', cluster: below }), [1]);
    assert.deepEqual(ids({ type: 'owner', host: url, owner: ofGroup.owner, watched: true, fromWorkspace: false }), [2]);
    assert.deepEqual(ids({ type: 'branch', host: url, owner: ofGroup.owner, place: 'fleet' }), [1, 2]);
    assert.deepEqual(ids({ type: 'fleet', host: url }), [1, 2, 3]);
    assert.deepEqual(ids({ type: 'group', by: 'apiUrl', key: 'x' }, { type: 'cluster', cluster: below }), [1, 3]);
    assert.deepEqual(ids({ type: 'group', by: 'host', key: 'x' }), []);
  });
});
