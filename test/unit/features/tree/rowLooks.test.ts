import assert from 'node:assert/strict';
import { commands } from '../../../../src/contributions';
import type { DiagnosisNote } from '../../../../src/core/diagnosis/results';
import type { HostIdentity } from '../../../../src/core/gitlab/identity';
import type { Cluster, UnreadableCluster } from '../../../../src/core/model/cluster';
import { nodeId } from '../../../../src/editor/clusterNodes';
import type { ClusterTreeNode } from '../../../../src/editor/clusterNodes';
import { children } from '../../../../src/features/tree/rows/rowOf';
import { present } from '../../../../src/features/tree/rows/rowOf';
import { certificate } from '../../../gitlab/certificates';
import {
  admin,
  cluster,
  everyKind,
  failed,
  host,
  hostNode,
  hostUrl,
  instance,
  knowing,
  maintainer,
  ownerNode,
  project,
  projectNode,
  reader,
} from './knowledge';

function lookOf(changes: Partial<Cluster>, knowledge = knowing()) {
  return present({ type: 'cluster', cluster: { ...cluster, ...changes } }, knowledge);
}

function withCa(caCert: string | undefined): Partial<Cluster> {
  return { platform: { apiUrl: 'https://k8s.example.com', namespace: undefined, authorizationType: 'rbac', caCert } };
}

/** A tooltip as a person reads it: escapes taken out again. */
function read(markdown: string): string {
  return markdown.replace(/\\([!-/:-@[-`{-~])/g, '$1');
}

describe('A host’s row', () => {
  it('says in the tooltip where GitLab does not tell what the token may do', () => {
    const tooltip = (identity: HostIdentity): string => read(present(hostNode, knowing({ identity })).tooltip);
    const words = /doesn’t report token scopes/;
    assert.match(tooltip({ ...maintainer, token: undefined }), words);
    assert.doesNotMatch(tooltip(maintainer), words);
    const learnt = tooltip({ ...maintainer, token: undefined, canWrite: false });
    assert.match(learnt, /Read-only/);
    assert.doesNotMatch(learnt, words);
  });

  it('has the name as label and who we are there as description', () => {
    const look = present(hostNode, knowing());
    assert.equal(look.label, 'Example');
    assert.equal(look.description, '@mia · GitLab 17.11');
    assert.equal(look.accessibilityLabel, 'Example, @mia, GitLab 17.11. GitLab host at https://gitlab.example.com.');
  });

  const descriptions = [
    ['nothing before it is asked', knowing({ state: 'unasked' }), ''],
    ['that the token may only read', knowing({ identity: reader }), '@mia · GitLab 17.11 · read-only'],
    ['no version where GitLab does not tell it', knowing({ identity: { ...maintainer, version: undefined } }), '@mia'],
    ['that there is no token', knowing({ state: { state: 'noToken' } }), 'no token'],
    ['why it failed', knowing({ state: failed('tokenExpired') }), 'Access token expired'],
  ] as const;
  for (const [what, knowledge, description] of descriptions) {
    it(`says ${what}`, () => assert.equal(present(hostNode, knowledge).description, description));
  }

  it('says the address where another host has the same name', () => {
    const twin = { ...host, url: hostUrl('https://twin.example.com') };
    const look = present(hostNode, knowing({ hosts: [host, twin], state: 'unasked' }));
    assert.equal(look.description, 'gitlab.example.com');
  });

  it('has address, user, version, scopes and expiry in the tooltip', () => {
    assert.equal(
      read(present(hostNode, knowing({ identity: admin })).tooltip),
      [
        '**Example**',
        '',
        'Address: https://gitlab.example.com  ',
        'User: Administrator (@root), administrator  ',
        'Version: 17.11.2-ee, Enterprise Edition  ',
        'Token scopes: api, admin_mode  ',
        'Token expires: 2027-01-31',
      ].join('\n'),
    );
  });

  it('says in the tooltip why a host is read-only', () => {
    assert.match(read(present(hostNode, knowing({ identity: reader })).tooltip), /lacks the scope “api”/);
  });

  it('starts open with few hosts and closed with many', () => {
    const hosts = [1, 2, 3, 4].map((n) => ({ ...host, url: hostUrl(`https://h${n}.example.com`) }));
    const node = { type: 'host', host: hosts[0] ?? host } as const;
    assert.equal(present(node, knowing({ hosts: hosts.slice(0, 3) })).collapsible, 'expanded');
    assert.equal(present(node, knowing({ hosts })).collapsible, 'collapsed');
  });
});

describe('An owner’s row', () => {
  it('has the last part of the path as label and ends with the whole path', () => {
    const look = present(projectNode, knowing({ owners: [[project, [cluster]]] }));
    assert.equal(look.label, 'app');
    assert.equal(look.description, '1 cluster · group/app');
    assert.equal(look.accessibilityLabel, 'app, 1 cluster, group/app. Project group/app at Example.');
  });

  it('marks what an open folder was cloned from', () => {
    const look = present(ownerNode(project, { watched: false, fromWorkspace: true }), knowing());
    assert.equal(look.description, 'open folder · group/app');
    assert.match(read(look.tooltip), /Watch it to keep it/);
  });

  it('tells a failure in words, and no number of clusters', () => {
    const look = present(projectNode, knowing({ owners: [[project, failed('clustersUnavailable')]] }));
    assert.equal(look.description, 'Cluster integration switched off · group/app');
    assert.doesNotMatch(read(look.tooltip), /Clusters: \d/);
  });

  it('says in the tooltip why nothing can be changed', () => {
    assert.match(read(present(projectNode, knowing({ identity: reader })).tooltip), /Read-only/);
    assert.doesNotMatch(read(present(projectNode, knowing()).tooltip), /Read-only/);
  });
});

describe('A cluster’s row', () => {
  const descriptions: readonly (readonly [string, Partial<Cluster>, string])[] = [
    ['the environment scope', {}, '*'],
    ['that it is disabled', { enabled: false }, 'disabled · *'],
    ['that it is not managed', { managed: false, environmentScope: 'prod/*' }, 'prod/* · not managed'],
    ['the provider where it is not user', { provider: 'gcp' }, '* · Google GKE'],
    ['a provider we do not know in GitLab’s word', { provider: 'azure' }, '* · azure'],
    ['all of it', { enabled: false, managed: false, provider: 'aws' }, 'disabled · * · not managed · Amazon EKS'],
    ['nothing about what an old GitLab does not tell', { enabled: undefined, managed: undefined }, '*'],
  ];
  for (const [what, changes, description] of descriptions) {
    it(`says ${what}`, () => assert.equal(lookOf(changes).description, description));
  }

  const expired = certificate('staging-expired');
  const validities = [
    ['that its CA certificate expired', '2023-03-02', 'CA expired · *'],
    ['so on the very day', '2023-03-01T00:00:01Z', 'CA expired · *'],
    ['that it expires within a day', '2023-02-28T12:00:00Z', 'CA expires within a day · *'],
    ['that it expires in a day', '2023-02-27T12:00:00Z', 'CA expires in 1 day · *'],
    ['that it expires in a few days', '2023-02-27', 'CA expires in 2 days · *'],
    ['that it expires within a month', '2023-01-31', 'CA expires in 29 days · *'],
    ['nothing of it before', '2023-01-30', '*'],
  ] as const;
  for (const [what, now, description] of validities) {
    it(`says ${what}`, () => {
      const look = lookOf(withCa(expired), knowing({ now: new Date(now) }));
      assert.equal(look.description, description);
      // Read in the order that is seen.
      assert.ok(look.accessibilityLabel.startsWith(`production, ${description.replaceAll(' · ', ', ')}.`));
    });
  }

  it('names the CA certificate and its end in the tooltip, and says what an expired one means', () => {
    const tooltip = (now: string) => read(lookOf(withCa(expired), knowing({ now: new Date(now) })).tooltip);
    assert.match(tooltip('2023-03-02'), /CA certificate: CN=.*, expired on 2023-03-01\b/);
    assert.match(tooltip('2023-03-02'), /has expired: Kubernetes clients do not accept it/);
    assert.match(tooltip('2022-01-01'), /CA certificate: CN=.*, valid until 2023-03-01\b/);
    assert.doesNotMatch(tooltip('2022-01-01'), /expired/);
    assert.match(read(lookOf(withCa(undefined)).tooltip), /CA certificate: none/);
    assert.match(read(lookOf({}).tooltip), /CA certificate: given, cannot be decoded/);
  });

  it('says its state as a sentence for screen readers', () => {
    assert.equal(
      lookOf({ managed: false }).accessibilityLabel,
      'production, *, not managed. Enabled cluster for all environments, Project group/app at Example.',
    );
    assert.equal(
      lookOf({ enabled: false, environmentScope: 'prod/*' }).accessibilityLabel,
      'production, disabled, prod/*. Cluster for environments prod/*, Project group/app at Example.',
    );
  });

  const labels = [
    ['', 'Cluster 12 (no name)'],
    [' \n ', 'Cluster 12 (no name)'],
    ['line\r\nbreak', 'line break'],
    ['<b>bold</b> [link](https://evil.example)', '<b>bold</b> [link]\u2060(https://evil.example)'],
    ['a\u202etxt.exe', 'a txt.exe'],
  ] as const;
  for (const [name, label] of labels) {
    it(`shows the name ${JSON.stringify(name)} as text on one line`, () => assert.equal(lookOf({ name }).label, label));
  }

  it('tells state by icon too: disabled, added manually, in a cloud, unknown, with an expired CA', () => {
    assert.deepEqual(lookOf({ enabled: false }).icon, { id: 'circle-slash', color: 'disabledForeground' });
    assert.deepEqual(lookOf({}).icon, { id: 'server-environment' });
    assert.deepEqual(lookOf({ provider: 'gcp' }).icon, { id: 'cloud' });
    assert.deepEqual(lookOf({ enabled: undefined }).icon, { id: 'server-environment' });
    assert.deepEqual(lookOf(withCa(expired)).icon, { id: 'warning', color: 'list.warningForeground' });
    assert.equal(lookOf({ ...withCa(expired), enabled: false }).icon.id, 'circle-slash');
  });

  it('is coloured by what a diagnosis found, and by nothing that was only claimed', () => {
    const iconAfter = (outcome: DiagnosisNote['outcome'], title: string | undefined, changes: Partial<Cluster> = {}) =>
      lookOf(changes, knowing({ diagnosis: { at: new Date(), outcome, title } })).icon;
    assert.deepEqual(iconAfter('passed', undefined), { id: 'server-environment', color: 'charts.green' });
    assert.deepEqual(iconAfter('warning', 'old'), { id: 'warning', color: 'list.warningForeground' });
    assert.deepEqual(iconAfter('failed', 'no'), { id: 'error', color: 'list.errorForeground' });
    assert.equal(iconAfter('passed', undefined, { enabled: false }).id, 'circle-slash');
    const { description } = lookOf({}, knowing({ diagnosis: { at: new Date(), outcome: 'failed', title: 'Refused' } }));
    assert.equal(description, 'Refused, just now · *', 'what is wrong comes first');
  });

  it('warns of a CA that is not valid yet, and of a provider that failed or is not done', () => {
    const early = lookOf(withCa(expired), knowing({ now: new Date('2017-01-01') }));
    assert.equal(early.description, 'CA not valid yet · *');
    assert.match(read(early.tooltip), /not valid before .*is not valid yet: Kubernetes clients/s);
    const warning = { id: 'warning', color: 'list.warningForeground' };
    assert.deepEqual(early.icon, warning);
    const gcp = { projectId: 'p', zone: 'z', machineType: 'n1', nodes: 3, endpoint: undefined };
    for (const [status, words] of [
      ['errored', 'creation failed'],
      ['creating', 'being created'],
      ['scheduled', 'being created'],
    ] as const) {
      const look = lookOf({ provider: 'gcp', gcp: { ...gcp, status } });
      assert.deepEqual([look.description, look.icon], [`${words} · * · Google GKE`, warning]);
    }
    assert.deepEqual(lookOf({ provider: 'gcp', gcp: { ...gcp, status: 'created' } }).icon, { id: 'cloud' });
  });

  it('has everything GitLab told in the tooltip', () => {
    const lines = read(lookOf({}).tooltip).split(/ {2}\n|\n\n/);
    const created = lines.pop() ?? '';
    assert.match(created, /^Created: .*2026.* by Mia \(@mia\)$/);
    assert.deepEqual(lines, [
      '**production**',
      'Host: Example',
      'Location: Project group/app',
      'ID: 12',
      'State: enabled',
      'Environment scope: *',
      'Managed by GitLab: yes',
      'Namespace per environment: yes',
      'API URL: https://k8s.example.com:6443',
      'Namespace: app',
      'Authorization type: rbac',
      'CA certificate: given, cannot be decoded',
      'Base domain: apps.example.com',
      'Management project: group/ops',
      'Provider: added manually',
    ]);
  });

  it('says in the tooltip what an old GitLab does not tell, and why nothing can be changed', () => {
    const tooltip = read(lookOf({ enabled: undefined, platform: undefined }, knowing({ identity: reader })).tooltip);
    assert.match(tooltip, /State: not reported by this GitLab version/);
    assert.match(tooltip, /API URL: none yet/);
    assert.match(tooltip, /Read-only/);
  });

  it('does without creator, date and management project', () => {
    const tooltip = read(lookOf({ createdAt: undefined, createdBy: undefined, managementProject: undefined }).tooltip);
    assert.doesNotMatch(tooltip, /Created|Management project/);
  });

  it('opens its document', () => {
    const node = { type: 'cluster', cluster } as const;
    assert.deepEqual(present(node, knowing()).command, {
      id: commands.openCluster,
      title: 'Show cluster details',
      arguments: [node],
    });
  });
});

describe('A message’s row', () => {
  for (const kind of everyKind) {
    it(`says what is wrong, what to do and does it: ${kind}`, () => {
      const [row] = children(projectNode, knowing({ owners: [[project, failed(kind)]] }));
      assert.equal(row?.type, 'message');
      const look = present(row, knowing());
      // What is to be done comes first after a long text, which a narrow side bar would show nothing else of.
      const both = [row.text, row.action?.title ?? ''];
      const isLong = both.join('').length > 42;
      assert.deepEqual([look.label, look.description], isLong ? both.reverse() : both);
      assert.equal(look.command?.id, row.action?.command);
      assert.deepEqual(look.command?.arguments, row.action?.argument ? [row.action.argument] : []);
      const words = `${row.text}. ${row.action?.title}: press Enter. ${row.detail}`;
      assert.equal(look.accessibilityLabel, isLong ? `${row.action?.title}, ${words}` : words);
      assert.equal(look.icon.id, kind === 'clustersUnavailable' ? 'info' : 'error');
    });
  }

  it('that only says “Loading…” is quiet, but can be started again', () => {
    const [row] = children(projectNode, knowing());
    const look = row && present(row, knowing());
    assert.deepEqual(
      [look?.label, look?.description, look?.icon.id, look?.command?.id],
      ['Loading…', '', 'loading~spin', commands.refreshOwner],
    );
    assert.equal(look?.accessibilityLabel, 'Loading. Start again: press Enter.');
  });
});

describe('A cluster that cannot be read', () => {
  it('says which one and why, and opens GitLab', () => {
    const unreadable: UnreadableCluster = {
      detail: 'unreadable',
      host: host.url,
      owner: project,
      index: 2,
      problem: 'id: invalid_type',
    };
    const look = present({ type: 'unreadable', cluster: unreadable }, knowing());
    assert.equal(look.label, 'Cluster no. 3 cannot be read');
    assert.equal(look.description, 'id: invalid_type');
    assert.match(look.accessibilityLabel, /The others are not affected\./);
    assert.equal(look.command?.id, commands.openOwnerPage);
  });
});

describe('No row', () => {
  const nasty =
    '**b** [x](command:evil) <img src=x onerror=alert(1)> ![i](https://evil.example/p) &lt; $(trash)\n# h `c` ~~s~~';
  const rows: readonly ClusterTreeNode[] = [
    { type: 'host', host: { ...host, name: nasty } },
    ownerNode({ level: 'project', id: 7, path: `group/${nasty}` }),
    {
      type: 'cluster',
      cluster: { ...cluster, name: nasty, environmentScope: nasty, baseDomain: nasty, provider: nasty },
    },
    {
      type: 'unreadable',
      cluster: { detail: 'unreadable', host: host.url, owner: instance, index: 0, problem: nasty },
    },
    { type: 'message', name: 'x', parent: hostNode, text: nasty, detail: nasty, severity: 'error', action: undefined },
  ];
  for (const row of rows) {
    it(`lets a name become markup in the tooltip, or a second line anywhere: ${row.type}`, () => {
      const look = present(row, knowing({ hosts: [{ ...host, name: nasty }] }));
      const own = look.tooltip.replace(/^\*\*(.*)\*\*$/m, '$1');
      // What is left after taking out escaped marks has no mark that Markdown or HTML could act on.
      assert.doesNotMatch(own.replace(/\\[!-/:-@[-`{-~]/g, ''), /[*_`<>&[\]()!#~$]/);
      // Messages are made of our own words and texts that were made one line before.
      if (row.type !== 'message') assert.doesNotMatch(look.label + look.description + look.accessibilityLabel, /\n/);
      assert.equal(look.id, nodeId(row));
    });
  }
});
