import assert from 'node:assert/strict';
import { commands } from '../../../../src/contributions';
import { changesOf } from '../../../../src/core/journal/history';
import { json } from '../../../gitlab/answer';
import { certificate } from '../../../gitlab/certificates';
import { demoFleet } from '../../../gitlab/demoFleet';
import { dropConnection } from '../../../gitlab/faults';
import type { Answer } from '../../editor/scriptedDialogs';
import { flowLabs } from '../flowLab';
import type { FlowLab } from '../flowLab';

const PLAN = 'Planned changes of clusters';
const RESULTS = 'Results of changing clusters';
const projects = [{ id: 1, path: 'platform/payments-api' }];
const k8s = (name: string) => `https://${name}.k8s.example.com:6443`;

describe('Adding the clusters of a list', () => {
  const open = flowLabs();
  let lab: FlowLab;

  const posts = () => lab.gitlab.requests.filter(({ method, path }) => method === 'POST' && path.includes('/clusters'));
  const plan = () => lab.dialogs.texts.get(PLAN) ?? '';
  const results = () => lab.dialogs.texts.get(RESULTS) ?? '';
  /** Runs the command with a list on the clipboard. */
  const add = (list: string, ...answers: readonly Answer[]) => {
    lab.dialogs.clipboard = list;
    lab.dialogs.will(['Add Clusters From List', 'From the Clipboard'], ...answers);
    return lab.commands[commands.addClustersFromList]();
  };
  /** A line for each cluster: path, name, scope, then a token. */
  const list = (...lines: readonly (readonly [string, string, string, string?])[]) =>
    [
      'host,level,owner,name,apiUrl,environmentScope,token',
      ...lines.map(([path, name, scope, token = `token-of-${name}-1`]) => {
        const level = path === '' ? 'instance' : path.includes('/') ? 'project' : 'group';
        return [lab.host.url, level, path, name, k8s(name), scope, token].join(',');
      }),
    ].join('\n');

  beforeEach(async () => {
    lab = await open({ world: demoFleet(), token: 'demo-maintainer', projects });
    await lab.read();
  });
  afterEach(() => lab.dialogs.assertAllAsked());

  it('shows a table first, and sends nothing where the question is cancelled', async () => {
    await add(list(['platform/checkout-web', 'one', 'one/*'], ['platform', 'two', 'two']), [
      'Add 2 clusters?',
      undefined,
    ]);
    assert.match(plan(), /Will be added: 2\n.*\n +platform\/checkout-web +one +one\/\* +https:\/\/one\.k8s/);
    assert.deepEqual(posts(), []);
    assert.doesNotMatch(plan(), /token-of/);
  });

  it('adds each with its own token, CA and scope, and notes it as one change that can be undone', async () => {
    const pem = certificate('edge').trim();
    const rows = [
      { level: 'project', owner: 'platform/checkout-web', name: 'one', apiUrl: k8s('one'), environmentScope: 'one/*' },
      { level: 'group', owner: 'platform', name: 'two', apiUrl: k8s('two'), environmentScope: 'two', managed: false },
    ].map((row, index) => ({ ...row, host: lab.host.url, caCert: pem, serviceToken: `token-number-${index}` }));
    await add(
      JSON.stringify(rows),
      ['Add 2 clusters?', 'Add 2 Clusters'],
      ['Added 2 clusters.', 'Undo'],
      ['Delete 2 clusters', undefined],
    );
    assert.deepEqual(
      ['one', 'two'].map((name) => {
        const record = lab.record(name);
        return [record?.platform?.token, record?.platform?.caCert?.trim(), record?.environmentScope, record?.managed];
      }),
      [
        ['token-number-0', pem, 'one/*', true],
        ['token-number-1', pem, 'two', false],
      ],
    );
    await Promise.all(lab.undone);
    assert.equal(lab.undone.length, 1);
    const { writes } = await lab.journal.read();
    const [change] = changesOf(writes);
    assert.deepEqual(
      change?.writes.map(({ kind, outcome }) => `${kind} ${outcome}`),
      ['add done', 'add done'],
    );
    assert.match(results(), /Added: 2\n(.*\n)+.*added with the ID \d+/);
    const everything = JSON.stringify([lab.dialogs.shown, [...lab.dialogs.texts], writes]);
    assert.doesNotMatch(everything, /token-number/);
  });

  it('asks for the token of each API URL once where the list has none', async () => {
    const lines = [
      ['platform/checkout-web', 'one', 'a', ''],
      ['platform', 'one', 'b', ''],
      ['platform', 'two', 'c', ''],
    ] as const;
    await add(
      list(...lines),
      [`Service Token for ${k8s('one')}`, 'token-for-both-1'],
      [`Service Token for ${k8s('two')}`, 'token-for-two-2'],
      ['Add 3 clusters?', 'Add 3 Clusters'],
    );
    const tokens = lab.gitlab.world.clusters.slice(-3).map(({ platform }) => platform?.token);
    assert.deepEqual(tokens.sort(), ['token-for-both-1', 'token-for-both-1', 'token-for-two-2']);
    assert.doesNotMatch(JSON.stringify([lab.dialogs.shown, [...lab.dialogs.texts]]), /token-for/);
  });

  it('stops where no token is given', async () => {
    await add(list(['platform', 'one', 'a', '']), ['Service Token for', undefined]);
    assert.equal(lab.dialogs.texts.size, 0);
    assert.deepEqual(posts(), []);
  });

  it('says of each that cannot be added why, and adds the others', async () => {
    const other = `https://elsewhere.example.com,project,a/b,far,${k8s('far')},x,token-of-far-1`;
    await add(
      `${list(
        ['platform/checkout-web', 'taken', 'production'],
        ['platform/nowhere', 'lost', 'x'],
        ['platform', 'first', 'twice'],
        ['platform', 'second', 'twice'],
      )}\n${other}`,
      ['Add 1 cluster?', 'Add 1 Cluster'],
    );
    for (const why of [
      /taken +Environment scope: “production-us” \(id 10\) already has this scope/,
      /lost +Not found in GitLab: it was deleted or moved/,
      /second +Another cluster of this list has the same environment scope: first/,
      /far +The host https:\/\/elsewhere\.example\.com is not listed here/,
    ]) {
      assert.match(plan(), why);
    }
    assert.ok(lab.record('first'));
    assert.equal(lab.record('second'), undefined);
  });

  it('goes to a host the user chooses where the list names none that is listed', async () => {
    const elsewhere = list(['platform', 'one', 'a']).replaceAll(lab.host.url, 'https://old.example.com');
    await add(elsewhere, ['Add 1 cluster?', 'Add 1 Cluster']);
    assert.equal(lab.record('one')?.owner.level, 'group');
  });

  it('adds nothing that is there already, so that a list can be added again', async () => {
    const text = list(['platform', 'one', 'a'], ['platform', 'two', 'b']);
    await add(text, ['Add 2 clusters?', 'Add 2 Clusters']);
    lab.gitlab.clearRequests();
    await add(text);
    assert.match(plan(), /No change needed: 2/);
    assert.deepEqual(posts(), []);
  });

  it('repeats no write by itself, and looks first where the user does', async () => {
    let lost = 0;
    lab.gitlab.onRequest((exchange) => {
      if (exchange.request.method !== 'POST' || lost++ > 0) return undefined;
      // GitLab adds it, and its answer is lost; so are the looks after it.
      exchange.gitlab();
      return dropConnection(exchange);
    });
    await add(list(['platform', 'one', 'a'], ['platform', 'two', 'b']), ['Add 2 clusters?', 'Add 2 Clusters']);
    assert.equal(posts().length, 2);
    assert.equal(lab.gitlab.world.clusters.filter(({ name }) => name === 'one' || name === 'two').length, 2);
  });

  it('leaves alone what somebody took meanwhile', async () => {
    await add(list(['platform', 'one', 'a']), [
      'Add 1 cluster?',
      () => {
        const taken = lab.record('platform-default');
        assert.ok(taken);
        taken.environmentScope = 'a';
        return 'Add 1 Cluster';
      },
    ]);
    assert.deepEqual(posts(), []);
    assert.match(results(), /Could not be changed: 1\n.*\n.*“platform-default” \(id 3\) already has this scope/);
  });

  it('can be cancelled, and continued', async () => {
    const many = Array.from({ length: 12 }, (_, index) => ['platform', `c${index}`, `s${index}`] as const);
    lab.dialogs.onReport = (message, cancel) => {
      if (message.startsWith('4 of 12')) cancel();
    };
    await add(list(...many), ['Add 12 clusters?', 'Add 12 Clusters'], ['Added ', 'Continue']);
    assert.equal(lab.gitlab.world.clusters.filter(({ name }) => /^c\d+$/.test(name)).length, 12);
    assert.equal(posts().length, 12);
  });

  it('says that the token may only read, and sends nothing', async () => {
    lab = await open({ world: demoFleet(), token: 'demo-reader', projects });
    await add(list(['platform', 'one', 'a']));
    assert.match(plan(), /The host is read-only/);
    assert.deepEqual(posts(), []);
  });

  it('tells a list that cannot be read from one that can', async () => {
    await add(
      'name\nx\n',
      ['This is not a list of clusters. It needs', 'Choose Another List…'],
      ['Add Clusters From List', undefined],
    );
    assert.deepEqual(lab.dialogs.find('This is not a list').kind, 'error');
  });

  it('takes a whole page of GitLab’s refusals as results', async () => {
    lab.gitlab.onRequest(({ request }) =>
      request.method === 'POST' ? json(400, { message: { base: ['no'] } }) : undefined,
    );
    await add(list(['platform', 'one', 'a']), ['Add 1 cluster?', 'Add 1 Cluster'], ['Failed: 1', undefined]);
    assert.match(results(), /Failed: 1/);
  });
});
