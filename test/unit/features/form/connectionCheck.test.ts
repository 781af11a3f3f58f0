import assert from 'node:assert/strict';
import { diagnoseAll } from '../../../../src/core/diagnosis/diagnose';
import type { Diagnosis } from '../../../../src/core/diagnosis/ladder';
import { draftOf } from '../../../../src/core/model/clusterDraft';
import type { ClusterDraft } from '../../../../src/core/model/clusterDraft';
import { ConnectionCheck } from '../../../../src/features/form/connectionCheck';
import type { ConnectionPort } from '../../../../src/features/form/connectionCheck';
import { toForm } from '../../../../src/features/form/protocol';
import type { ToForm } from '../../../../src/features/form/protocol';
import { startKubernetes } from '../../../kubernetes/server';
import type { Kubernetes } from '../../../kubernetes/server';
import { pem, presentsApi } from '../../../net/pem';
import { surroundings } from '../../core/diagnosis/surroundings';
import { clusterWith } from './drafts';

type Connection = Extract<ToForm, { type: 'connection' }>;

describe('Check, beside the API URL of a form,', () => {
  let server: Kubernetes;
  const posted: Connection[] = [];
  const shown: Diagnosis[] = [];
  let before: () => Promise<void> = () => Promise.resolve();
  const port: ConnectionPort = {
    diagnose: async (typed, signal) => {
      await before();
      const found: Diagnosis[] = [];
      const registration = { ...typed, gitlabVersion: undefined };
      await diagnoseAll([registration], surroundings(), (_index, one) => found.push(one), signal);
      return found[0];
    },
    show: (diagnosis) => void shown.push(diagnosis),
  };
  const post = (message: ToForm): void => {
    const parsed = toForm.parse(message);
    if (parsed.type === 'connection') posted.push(parsed);
  };
  const draft = (changes: Partial<ClusterDraft> = {}): ClusterDraft => ({
    ...draftOf(clusterWith()),
    apiUrl: ` https://k8s.example.test:${server.port} `,
    caCert: pem('clusterRoot'),
    serviceToken: '',
    ...changes,
  });
  const states = (): readonly string[] => posted.map(({ state }) => state);

  beforeEach(async () => {
    posted.length = 0;
    shown.length = 0;
    before = () => Promise.resolve();
    const rights = ['get namespaces'];
    server = await startKubernetes({
      tls: presentsApi('api', 'clusterRoot'),
      tokens: { 'marked-token': { username: 'gitlab', rights } },
    });
  });
  afterEach(() => server.close());

  it('goes the way of a diagnosis with what is typed, and shows every step', async () => {
    const check = new ConnectionCheck(port, post);
    await check.check(draft());
    assert.deepEqual(states(), ['checking', 'checked']);
    assert.equal(posted[1]?.verdict, 'Everything passed.');
    assert.deepEqual(posted[1].steps.slice(0, 2), ['API URL: passed', 'Name resolution: passed']);
    assert.equal(posted[1].certificate, undefined);
    check.showSteps();
    assert.equal(shown.length, 1);
  });

  it('offers the root that was presented, which passes once it is used', async () => {
    const check = new ConnectionCheck(port, post);
    await check.check(draft({ caCert: pem('secondRoot') }));
    const offered = posted[1]?.certificate;
    assert.match(posted[1]?.verdict ?? '', /^Another CA\. /);
    assert.equal(offered?.subject, 'CN=kubernetes');
    assert.match(offered.sha256, /^([0-9A-F]{2}:){31}[0-9A-F]{2}$/);
    await check.check(draft({ caCert: offered.pem }));
    assert.equal(posted[3]?.verdict, 'Everything passed.');
  });

  it('offers nothing where the server does not send its root', async () => {
    const alone = await startKubernetes();
    try {
      const check = new ConnectionCheck(port, post);
      await check.check(draft({ apiUrl: `https://k8s.example.test:${alone.port}`, caCert: pem('secondRoot') }));
      assert.equal(posted[1]?.certificate, undefined);
    } finally {
      await alone.close();
    }
  });

  it('counts a CA certificate that is to be removed as none', async () => {
    const check = new ConnectionCheck(port, post);
    await check.check(draft({ removeCaCert: true }));
    assert.match(posted[1]?.verdict ?? '', /^No CA stored\. /);
  });

  it('checks a token that is typed, which never goes back to the page', async () => {
    const check = new ConnectionCheck(port, post);
    await check.check(draft({ serviceToken: 'marked-token', managed: true }));
    assert.match(posted[1]?.verdict ?? '', /^Token lacks rights\. /);
    assert.ok(server.received.includes('Bearer marked-token'));
    assert.doesNotMatch(JSON.stringify(posted), /marked-token/);
  });

  it('drops a result when what it is about is edited, and keeps it with any other edit', async () => {
    const check = new ConnectionCheck(port, post);
    check.edited(draft());
    await check.check(draft());
    check.edited(draft({ name: 'other' }));
    assert.deepEqual(states(), ['checking', 'checked']);
    check.edited(draft({ apiUrl: 'https://other.example.test' }));
    check.edited(draft());
    assert.deepEqual(states(), ['checking', 'checked', 'none']);
    check.showSteps();
    assert.deepEqual(shown, []);
  });

  it('can be stopped, and connects to nothing then', async () => {
    const check = new ConnectionCheck(port, post);
    before = () => Promise.resolve(check.stop());
    await check.check(draft());
    assert.deepEqual(states(), ['checking', 'none']);
    assert.equal(server.connections, 0);
  });

  it('says nothing where the address is not agreed to', async () => {
    const check = new ConnectionCheck({ ...port, diagnose: () => Promise.resolve(undefined) }, post);
    await check.check(draft());
    assert.deepEqual(states(), ['checking', 'none']);
  });
});
