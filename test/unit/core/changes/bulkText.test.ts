import assert from 'node:assert/strict';
import { planChange } from '../../../../src/core/changes/bulkPlan';
import type { BulkChange } from '../../../../src/core/changes/bulkPlan';
import type { BulkOutcome } from '../../../../src/core/changes/bulkResult';
import { planText, resultText } from '../../../../src/core/changes/bulkText';
import { bulkQuestion, countRows, leftAlone, outcomeSentence } from '../../../../src/core/changes/bulkWords';
import { GitLabError } from '../../../../src/core/gitlab/errors';
import type { Cluster } from '../../../../src/core/model/cluster';
import { certificate } from '../../../gitlab/certificates';
import { cluster, hostUrl, instance, project } from '../inventory/clusters';

const options = { title: 'What would be changed', notes: ['Mind the gap.'], hostName: () => 'Example' };
const knowledge = { canWrite: ({ id }: { id: number }) => id !== 4, isArchived: () => false, known: () => [] };
const clusters = [
  cluster(1, { baseDomain: 'old.example.com' }),
  cluster(12, { owner: instance, name: 'production-eu' }),
  cluster(3, { owner: project(8, 'a/b'), baseDomain: 'new.example.com' }),
  cluster(4, { owner: project(8, 'a/b') }),
];
const change: BulkChange = { type: 'baseDomain', baseDomain: 'new.example.com' };

function lines(text: string): string[] {
  return text.split('\n').filter((line) => line !== '');
}

describe('the table of a change of many clusters', () => {
  it('says what changes from what to what, what cannot and why, and what is so already', () => {
    const rows = planChange(clusters, change, knowledge);
    assert.deepEqual(countRows(rows), { changes: 2, cannot: 1, unchanged: 1 });
    assert.deepEqual(lines(planText(rows, options)), [
      'What would be changed',
      'Mind the gap.',
      'Will be changed: 2',
      '  Location  Name           ID  Field        Before              After',
      '  shop/web  cluster-1      1   Base domain  old.example.com  →  new.example.com',
      '  Instance  production-eu  12  Base domain  (none)           →  new.example.com',
      'Cannot be changed: 1',
      '  Location  Name       ID  Reason',
      '  a/b       cluster-4  4   The host is read-only: its access token has no scope “api”.',
      'No change needed: 1',
      '  Location  Name       ID',
      '  a/b       cluster-3  3',
    ]);
  });

  it('names the host where there are several', () => {
    const elsewhere: Cluster = { ...cluster(2), host: hostUrl('https://other.example.com') };
    const text = planText(planChange([...clusters, elsewhere], change, knowledge), {
      ...options,
      hostName: (url) => (url === elsewhere.host ? 'Other' : 'Example'),
    });
    assert.match(text, /^ {2}Host {5}Location/m);
    assert.match(text, /^ {2}Other {4}shop\/web {2}cluster-2/m);
  });

  it('tells certificates apart and never shows a service token', () => {
    const [before] = [cluster(1, {}, { caCert: certificate('edge') })];
    const text = planText(
      planChange(
        [before],
        { type: 'connection', caCert: certificate('production-eu'), replacesServiceToken: true },
        knowledge,
      ),
      options,
    );
    assert.match(text, /CA certificate +CN=\S.*, until \d{4}-\d\d-\d\d, [0-9A-F:]{11}… +→ +CN=.*until \d{4}/);
    assert.match(text, /Service token +\(not shown\) +→ +replaced$/m);
    assert.doesNotMatch(text, /BEGIN CERTIFICATE/);
  });

  const questions: readonly (readonly [BulkChange, string])[] = [
    [{ type: 'enable' }, 'Enable 2 clusters?'],
    [{ type: 'disable' }, 'Disable 2 clusters?'],
    [{ type: 'delete' }, 'Delete 2 clusters from GitLab?'],
    [{ type: 'baseDomain', baseDomain: ' a.example ' }, 'Set the base domain of 2 clusters to a.example?'],
    [{ type: 'baseDomain', baseDomain: '' }, 'Remove the base domain from 2 clusters?'],
    [
      { type: 'managementProject', project: { id: 1, path: 'a/ops', name: 'Ops' } },
      'Make a/ops the management project of 2 clusters?',
    ],
    [{ type: 'managementProject', project: undefined }, 'Remove the management project from 2 clusters?'],
    [{ type: 'connection', apiUrl: 'x', replacesServiceToken: false }, 'Replace the API URL of 2 clusters?'],
    [{ type: 'connection', caCert: 'x', replacesServiceToken: false }, 'Replace the CA certificate of 2 clusters?'],
    [{ type: 'connection', replacesServiceToken: true }, 'Replace the service token of 2 clusters?'],
    [
      { type: 'connection', apiUrl: 'x', caCert: 'y', replacesServiceToken: true },
      'Replace the connection of 2 clusters?',
    ],
  ];
  for (const [asked, question] of questions) {
    it(`is asked for as “${question}”`, () => {
      const rows = [cluster(1), cluster(2)].map((one) => ({ cluster: one, verdict: 'delete' }) as const);
      assert.equal(bulkQuestion([...rows, { cluster: cluster(3), verdict: 'unchanged' }], asked), question);
    });
  }

  it('is asked for with the number of hosts where there are several, and says what is left alone', () => {
    const elsewhere: Cluster = { ...cluster(2), host: hostUrl('https://other.example.com') };
    const disable: BulkChange = { type: 'disable' };
    const rows = planChange([cluster(1), elsewhere, cluster(4), cluster(5, { enabled: false })], disable, knowledge);
    assert.equal(bulkQuestion(rows, disable), 'Disable 2 clusters of 2 hosts?');
    assert.deepEqual(leftAlone(rows), ['Cannot be changed: 1', 'No change needed: 1']);
    const [only] = planChange([cluster(1)], disable, knowledge);
    assert.ok(only);
    assert.equal(bulkQuestion([only], disable), 'Disable 1 cluster?');
    assert.deepEqual(leftAlone([only]), []);
  });

  it('is followed by one sentence that leaves nothing out and says nothing of what did not happen', () => {
    const [row] = planChange([cluster(1)], change, knowledge);
    assert.ok(row);
    const told = (...outcomes: readonly BulkOutcome[]): string =>
      outcomeSentence(outcomes.map((result) => ({ row, result })));
    const changed: BulkOutcome = { outcome: 'changed', cluster: cluster(1), ignored: [] };
    assert.equal(told(changed), 'Changed 1 cluster.');
    assert.equal(told(changed, { outcome: 'deleted' }, { outcome: 'gone' }), 'Changed 1 cluster. Deleted 2 clusters.');
    assert.equal(
      told(
        changed,
        { ...changed, ignored: ['enabled'] },
        { outcome: 'failed', error: new GitLabError('forbidden') },
        { outcome: 'outdated', cluster: cluster(1), moved: [], now: [] },
        { outcome: 'notBegun', error: new GitLabError('cancelled') },
        { outcome: 'unchanged' },
        { outcome: 'cannot', reason: 'x' },
      ),
      'Changed 2 clusters. Failed: 2. Not started: 1. Partly applied by GitLab: 1. No change needed: 1. Could not be changed: 1.',
    );
    assert.equal(told({ outcome: 'unchanged' }), 'No cluster was changed. No change needed: 1.');
  });

  it('lists what goes, with what tells one from the other', () => {
    const rows = planChange(
      [clusters[0], cluster(4)].flatMap((one) => one ?? []),
      { type: 'delete' },
      knowledge,
    );
    assert.deepEqual(lines(planText(rows, { ...options, notes: [] })).slice(1, 5), [
      'Will be deleted: 1',
      '  Location  Name       ID  Environment scope  API URL',
      '  shop/web  cluster-1  1   *                  https://k8s.example.com:6443',
      'Cannot be changed: 1',
    ]);
  });

  it('keeps what a server says in its line', () => {
    const [row] = planChange([cluster(1, { name: 'a\nCannot be changed: 7\u202e' })], change, knowledge);
    assert.ok(row);
    assert.match(planText([row], options), /^ {2}shop\/web {2}a Cannot be changed: 7 {2}1/m);
  });

  it('says of a cluster that somebody changed meanwhile what it was and what it is', () => {
    const [row] = planChange([cluster(1)], { type: 'delete' }, knowledge);
    assert.ok(row);
    const moved: BulkOutcome = {
      outcome: 'outdated',
      cluster: cluster(1),
      moved: [
        { field: 'name', before: 'cluster-1', after: 'production' },
        { field: 'apiUrl', before: undefined, after: 'https://other.example.com' },
      ],
      now: [],
    };
    assert.match(
      resultText([{ row, result: moved }], options),
      /since the preview; skipped: Name cluster-1 → production, API URL \(none\) → https:\/\/other\.example\.com$/m,
    );
  });

  it('says afterwards what became of each, what failed first, and of a change host, field, before, after and time', () => {
    const rows = planChange(clusters.slice(0, 3), change, knowledge);
    const outcomes: readonly BulkOutcome[] = [
      { outcome: 'changed', cluster: cluster(1), ignored: ['baseDomain'] },
      { outcome: 'failed', error: new GitLabError('forbidden') },
      { outcome: 'unchanged' },
    ];
    const results = rows.flatMap((row, index) => {
      const result = outcomes[index];
      return result ? [{ row, result, at: new Date(2026, 0, 2, 3, 4, 5) }] : [];
    });
    const time = new Date(2026, 0, 2, 3, 4, 5).toLocaleString(undefined, { dateStyle: 'short', timeStyle: 'medium' });
    const text = lines(resultText(results, { ...options, notes: [] }));
    assert.equal(text[1], 'Failed: 1');
    assert.match(text[3] ?? '', /^ {2}Example {2}Instance {2}production-eu {2}12 {2}\S.*\.$/);
    assert.deepEqual(text.slice(4), [
      'Changed: 1',
      '  Host     Location  Name       ID  Field        Before              After            Result                                    Time',
      `  Example  shop/web  cluster-1  1   Base domain  old.example.com  →  new.example.com  changed, but GitLab ignored: Base domain  ${time}`,
      'No change needed: 1',
      '  Host     Location  Name       ID  Result',
      '  Example  a/b       cluster-3  3   no change needed',
    ]);
  });
});
