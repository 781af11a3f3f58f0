import assert from 'node:assert/strict';
import { rejectionOf } from '../../../../src/features/form/rejection';
import { searchManagementProjects } from '../../../../src/features/form/managementProjects';
import { getCluster } from '../../../../src/core/gitlab/clusters';
import { addCluster, editCluster } from '../../../../src/core/gitlab/clusterWrites';
import { presentOwner } from '../../../../src/core/gitlab/presentOwner';
import type { ClusterOwner } from '../../../../src/core/model/cluster';
import { draftOf, toAddFields, toEditFields } from '../../../../src/core/model/clusterDraft';
import type { ClusterDraft } from '../../../../src/core/model/clusterDraft';
import { differences } from '../../../../src/core/model/differences';
import { json, text } from '../../../gitlab/answer';
import type { Answer } from '../../../gitlab/answer';
import { openConnection } from '../../core/gitlab/connection';
import { goodDraft, pem } from './drafts';

const project: ClusterOwner = { level: 'project', id: 1, path: 'platform/payments-api' };
const group: ClusterOwner = { level: 'group', id: 1, path: 'platform' };
const instance: ClusterOwner = { level: 'instance' };

describe('A form against GitLab', () => {
  const connection = openConnection();
  const client = (token?: string) => connection.client(token);
  const lastBody = (method: string): unknown =>
    JSON.parse(connection.gitlab.requests.findLast((request) => request.method === method)?.body ?? 'null');
  const rejection = async (draft: ClusterDraft, owner = project, token?: string) => {
    try {
      await addCluster(client(token), owner, toAddFields(draft));
    } catch (error) {
      return rejectionOf(error, draft);
    }
    return assert.fail('GitLab accepted it');
  };

  for (const owner of [project, group, instance]) {
    it(`adds a cluster of ${owner.level} with exactly these words`, async () => {
      const draft = goodDraft({ environmentScope: 'new/*', caCert: pem, baseDomain: 'new.example.com' });
      const added = await addCluster(client(), owner, toAddFields(draft));
      assert.deepEqual(lastBody('POST'), {
        name: 'new',
        domain: 'new.example.com',
        enabled: true,
        managed: true,
        namespace_per_environment: true,
        environment_scope: 'new/*',
        platform_kubernetes_attributes: {
          api_url: 'https://k8s.example.com',
          token: 'secret',
          ca_cert: pem,
          authorization_type: 'rbac',
        },
      });
      assert.deepEqual(differences(toAddFields(draft), added), []);
    });
  }

  it('edits one field, and keeps the namespace per environment that a bare edit would turn on', async () => {
    const before = await getCluster(client(), project, 5);
    const record = connection.gitlab.world.clusters.find(({ id }) => id === 5);
    assert(record);
    record.namespacePerEnvironment = false;
    const cluster = await getCluster(client(), project, 5);
    const fields = toEditFields({ ...draftOf(cluster), baseDomain: 'moved.example.com' }, cluster);
    const edited = await editCluster(client(), project, 5, fields);
    assert.deepEqual(lastBody('PUT'), { domain: 'moved.example.com', namespace_per_environment: false });
    assert.deepEqual(edited, { ...before, namespacePerEnvironment: false, baseDomain: 'moved.example.com' });
  });

  it('replaces token and certificate under the nested attributes', async () => {
    const cluster = await getCluster(client(), project, 5);
    const draft = { ...draftOf(cluster), serviceToken: 'new', removeCaCert: true, managementProject: undefined };
    const edited = await editCluster(client(), project, 5, toEditFields(draft, cluster));
    assert.deepEqual(lastBody('PUT'), {
      namespace_per_environment: cluster.namespacePerEnvironment,
      ...(cluster.managementProject && { management_project_id: null }),
      platform_kubernetes_attributes: { token: 'new', ca_cert: '' },
    });
    assert.equal(edited.platform?.caCert, undefined);
  });

  it('lands each complaint on its field', async () => {
    const draft = goodDraft({ apiUrl: 'https://10.0.0.1', environmentScope: 'staging', baseDomain: 'a_b' });
    const { problems, summary } = await rejection(draft);
    assert.deepEqual(problems.map(({ field }) => field).sort(), ['apiUrl', 'baseDomain', 'environmentScope']);
    assert.match(
      problems.find(({ field }) => field === 'apiUrl')?.message ?? '',
      /GitLab said: “is blocked: Requests to the local network are not allowed”\. 10\.0\.0\.1 is a local address.*unless an administrator/,
    );
    assert.deepEqual(summary, ['GitLab did not accept the values.']);
  });

  it('says what helps where a name leads to a local address, or is not on the allow list', async () => {
    const { settings } = connection.gitlab.world;
    settings.resolves['kind.example.com'] = '10.1.2.3';
    const told = async () => (await rejection(goodDraft({ apiUrl: 'https://kind.example.com' }))).problems[0]?.message;
    assert.match((await told()) ?? '', /local network are not allowed”\. .*administrator of GitLab can allow it/);
    settings.denyOutbound = true;
    assert.match((await told()) ?? '', /Allow List are denied”\. .*administrator of GitLab can allow it/);
    const typo = await rejection(goodDraft({ apiUrl: 'https://-k8s.example.com' }));
    assert.doesNotMatch(typo.problems[0]?.message ?? '', /administrator/, 'nothing an administrator could do');
  });

  it('explains a missing role in the summary', async () => {
    const { problems, summary } = await rejection(goodDraft({ environmentScope: 'x' }), project, 'demo-developer');
    assert.deepEqual(problems, []);
    assert.match(summary.join(), /does not permit this.*Maintainer role/);
  });

  const shapes: readonly (readonly [string, Answer, readonly string[], RegExp])[] = [
    [
      'one sentence of the parameter layer',
      json(400, { error: 'name is missing, platform_kubernetes_attributes[token] is missing' }),
      ['name', 'serviceToken'],
      /^GitLab did not accept the values\.$/,
    ],
    ['a message alone', json(400, { message: '400 Bad request - something' }), [], /something/],
    [
      'fields with lists',
      json(400, { message: { name: [' has to be present'] } }),
      ['name'],
      /^GitLab did not accept the values\.$/,
    ],
    [
      'fields with bare strings',
      json(400, { message: { environment_scope: 'is odd' } }),
      ['environmentScope'],
      /^GitLab did not accept/,
    ],
    [
      'the whole record',
      json(400, { message: { base: ['Cannot modify provider during creation'] } }),
      [],
      /GitLab said: “Cannot modify provider during creation”/,
    ],
    [
      'the platform as a whole',
      json(400, { message: { 'platform_kubernetes.base': ['Cannot modify managed Kubernetes cluster'] } }),
      [],
      /GitLab said: “Cannot modify managed/,
    ],
    [
      'a field we do not know',
      json(400, { message: { cloud_cover: ['is low'] } }),
      [],
      /GitLab said: “cloud_cover: is low”/,
    ],
    ['a nested error', json(400, { message: { error: 'too often' } }), [], /too often/],
    [
      'an OAuth error',
      json(403, { error: 'insufficient_scope', error_description: 'x', scope: 'api' }),
      [],
      /lacks a scope/,
    ],
    ['plain text', text(429, 'Retry later\n'), [], /limits the number of requests/],
  ];
  for (const [name, answer, fields, summaryWords] of shapes) {
    it(`understands ${name}`, async () => {
      connection.gitlab.onRequest(({ request }) => (request.method === 'POST' ? answer : undefined));
      const { problems, summary } = await rejection(goodDraft());
      assert.deepEqual(
        problems.map(({ field }) => field),
        fields,
      );
      assert.match(summary.join(' '), summaryWords);
    });
  }
});

describe('Projects that may manage a cluster', () => {
  const connection = openConnection();
  const search = async (owner: ClusterOwner, text: string, token: string, isAdmin = false) => {
    const { projects } = await searchManagementProjects(
      connection.client(token),
      owner,
      text,
      isAdmin,
      new AbortController().signal,
    );
    return projects.map(({ path }) => path).sort();
  };

  it('of a project are its neighbours', async () => {
    assert.deepEqual(await search(project, '', 'demo-maintainer'), [
      'platform/checkout-web',
      'platform/cluster-management',
      'platform/payments-api',
    ]);
    assert.deepEqual(await search(project, 'cluster', 'demo-maintainer'), ['platform/cluster-management']);
  });

  it('of a group are those of the group and its subgroups', async () => {
    const found = await search(group, '', 'demo-maintainer');
    assert.ok(found.includes('platform/shared/edge/gateway'), found.join());
    assert.ok(
      found.every((path) => path.startsWith('platform/')),
      found.join(),
    );
  });

  it('of the instance are all an administrator sees', async () => {
    assert.ok((await search(instance, 'vault', 'demo-admin-token', true)).includes('hidden/vault'));
  });

  it('are those where the owner is now, though it is known by the path it had', async () => {
    const [platform] = connection.gitlab.world.groups;
    assert(platform);
    platform.path = 'infra';
    const owners = [project, group].map((owner) => presentOwner(owner, () => Promise.resolve(connection.client())));
    for (const { read } of owners) {
      assert.deepEqual(await search(await read(), 'cluster', 'demo-maintainer'), ['infra/cluster-management']);
      assert.equal(await read(), await read());
    }
    const asked = connection.gitlab.requests.flatMap(({ path }) => /\/(?:projects|groups)\/\d+/.exec(path) ?? []);
    assert.deepEqual(asked, ['/projects/1', '/groups/1']);
  });

  it('are sought where the owner was, as long as GitLab does not tell where it is', async () => {
    const { read } = presentOwner(project, () => Promise.resolve(connection.client('demo-maintainer')));
    const answersAgain = connection.gitlab.onRequest(() => json(403, { message: '403 Forbidden' }));
    assert.deepEqual(await read(), project);
    const [platform] = connection.gitlab.world.groups;
    assert(platform);
    platform.path = 'infra';
    answersAgain();
    assert.deepEqual(await read(), { ...project, path: 'infra/payments-api' });
  });

  it('are not waited for once the form is closed', async () => {
    const owner = presentOwner(project, () => Promise.resolve(connection.client()));
    connection.gitlab.onRequest(() => {
      owner.dispose();
      return 'taken';
    });
    assert.deepEqual(await owner.read(), project);
    assert.match(connection.log.join(), /cancelled/);
  });

  it('need the Maintainer role, but for administrators', async () => {
    assert.deepEqual(await search(project, '', 'demo-developer'), []);
    assert.match(connection.gitlab.requests.at(-1)?.path ?? '', /min_access_level=40/);
  });

  it('are searched page by page, but not without end', async () => {
    const page = Array.from({ length: 100 }, (_, id) => ({ id, name: 'x', path_with_namespace: `elsewhere/x${id}` }));
    connection.gitlab.onRequest(({ request }) => {
      const number = Number(new URL(request.path, 'http://x').searchParams.get('page'));
      return json(200, page, { 'X-Next-Page': `${number + 1}` });
    });
    const found = await searchManagementProjects(
      connection.client(),
      project,
      'elsewhere',
      false,
      new AbortController().signal,
    );
    assert.deepEqual(found, { projects: [], more: true });
    assert.equal(connection.gitlab.requests.length, 5);
  });
});
