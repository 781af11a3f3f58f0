import assert from 'node:assert/strict';
import { ADDRESSES_AT_ONCE, diagnoseAll } from '../../../../src/core/diagnosis/diagnose';
import type { Diagnosis, Registration } from '../../../../src/core/diagnosis/ladder';
import { startKubernetes } from '../../../kubernetes/server';
import type { Kubernetes } from '../../../kubernetes/server';
import { pem } from '../../../net/pem';
import { surroundings } from './surroundings';

/** Registrations of `servers`, so many each, with the CAs given in turn. */
function registrationsOf(servers: readonly Kubernetes[], each: number, cas: readonly string[]): Registration[] {
  return Array.from({ length: each * servers.length }, (_unused, index) => {
    const port = servers[index % servers.length]?.port;
    const caCert = cas[Math.floor(index / servers.length) % cas.length];
    return { apiUrl: `https://k8s.example.test:${port}`, caCert, gitlabVersion: undefined };
  });
}

function total(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0);
}

describe('A diagnosis of many clusters', () => {
  const servers: Kubernetes[] = [];
  const start = async (count: number, delay: number): Promise<void> => {
    for (let index = 0; index < count; index++) servers.push(await startKubernetes({ delay }));
  };
  afterEach(async () => {
    await Promise.all(servers.splice(0).map((server) => server.close()));
  });

  it('asks every address once, with two handshakes for each stored CA and one to find the cause', async () => {
    await start(3, 0);
    const registrations = registrationsOf(servers, 20, [pem('clusterRoot'), pem('secondRoot')]);
    const results = new Map<number, Diagnosis>();
    await diagnoseAll(registrations, surroundings(), (index, diagnosis) => results.set(index, diagnosis));
    assert.equal(results.size, 60);
    for (const { requests, connections } of servers) {
      assert.deepEqual(requests, ['GET /version', 'GET /livez']);
      assert.equal(connections, 2 * 2 + 1);
    }
    for (const [index, { outcome, problem }] of results) {
      const right = registrations[index]?.caCert === pem('clusterRoot');
      assert.equal(outcome, right ? 'passed' : 'failed');
      assert.equal(problem?.title, right ? undefined : 'Another CA');
    }
  });

  it('ends with what is known when it is cancelled', async () => {
    await start(20, 20);
    const cancelled = new AbortController();
    let results = 0;
    const run = diagnoseAll(
      registrationsOf(servers, 1, [pem('clusterRoot')]),
      surroundings(),
      () => {
        if (++results === 3) cancelled.abort(new Error('cancelled'));
      },
      cancelled.signal,
    );
    await assert.rejects(run, /cancelled/);
    assert.ok(results < 20, `${results} results`);
  });

  it('takes 500 clusters on 50 addresses in little more than their handshakes need', async function () {
    this.timeout(60_000);
    await start(50, 200);
    const started = performance.now();
    const asked = new Map<string, number>();
    let right = 0;
    await diagnoseAll(registrationsOf(servers, 10, [pem('clusterRoot')]), surroundings(), (_index, diagnosis) => {
      if (diagnosis.outcome === 'passed') right++;
      const took = diagnosis.steps.reduce((sum, { milliseconds = 0 }) => sum + milliseconds, 0);
      asked.set(diagnosis.apiUrl, took);
    });
    const wall = performance.now() - started;
    assert.equal(right, 500);
    const handshakes = total(servers.map(({ connections }) => connections));
    const requests = total(servers.map((server) => server.requests.length));
    assert.equal(handshakes, 100);
    assert.equal(requests, 100);
    // What all addresses took, eight at a time: no order of theirs can be quicker.
    const bound = total([...asked.values()]) / ADDRESSES_AT_ONCE;
    console.log(
      `      500 clusters on 50 addresses: ${Math.round(wall)} ms ÷ ${Math.round(bound)} ms = ${(wall / bound).toFixed(2)};` +
        ` ${requests} requests, ${handshakes} handshakes (${requests / 500} and ${handshakes / 500} per cluster)`,
    );
    // Figures of a busy computer vary; one address after another would be 8.
    assert.ok(wall / bound <= 2, `${wall} ms`);
  });
});
