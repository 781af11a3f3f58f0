import assert from 'node:assert/strict';
import { getCluster, listClusters } from '../../../../src/core/gitlab/clusters';
import { addCluster, deleteCluster, editCluster, fieldOf } from '../../../../src/core/gitlab/clusterWrites';
import { isReadable, type ClusterOwner } from '../../../../src/core/model/cluster';
import type { ClusterFields } from '../../../../src/core/model/clusterFields';
import { json } from '../../../gitlab/answer';
import { certificate } from '../../../gitlab/certificates';
import { demoFleet, oldDemoFleet } from '../../../gitlab/demoFleet';
import { oldVersion, profileOf } from '../../../gitlab/profiles';
import { failure, openConnection } from './connection';

const owners: readonly (readonly [ClusterOwner, cluster: number, path: string, add: string])[] = [
  [{ level: 'project', id: 1, path: 'platform/payments-api' }, 6, '/projects/1/clusters', '/projects/1/clusters/user'],
  [{ level: 'group', id: 1, path: 'platform' }, 3, '/groups/1/clusters', '/groups/1/clusters/user'],
  [{ level: 'instance' }, 2, '/admin/clusters', '/admin/clusters/add'],
];
const payments: ClusterOwner = { level: 'project', id: 1, path: 'platform/payments-api' };

const full: Required<ClusterFields> = {
  name: 'everything',
  baseDomain: 'example.com',
  enabled: false,
  managed: false,
  namespacePerEnvironment: false,
  environmentScope: 'everything/*',
  managementProjectId: 3,
  apiUrl: 'https://35.111.51.20',
  serviceToken: 'sesame-open',
  caCert: certificate('edge').trim(),
  namespace: 'cluster-5-namespace',
  authorizationType: 'abac',
};

describe('cluster endpoints', () => {
  const connection = openConnection();
  /** Method, path and parsed body of everything that was sent. */
  const sent = (): unknown[] =>
    connection.gitlab.requests.map(({ method, path, body }) => {
      const parsed: unknown = body === '' ? undefined : JSON.parse(body);
      return parsed === undefined
        ? `${method} ${path.replace('/api/v4', '')}`
        : [`${method} ${path.replace('/api/v4', '')}`, parsed];
    });

  for (const [owner, id, path, add] of owners) {
    describe(`of the level ${owner.level}`, () => {
      it('lists, by pages of 100', async () => {
        const listed = await listClusters(connection.client(), owner);
        assert(listed.filter(isReadable).some((cluster) => cluster.id === id));
        assert.deepEqual(sent(), [`GET ${path}?page=1&per_page=100`]);
      });

      it('gets one', async () => {
        const cluster = await getCluster(connection.client(), owner, id);
        assert.equal(cluster.id, id);
        assert.deepEqual(cluster.owner, owner);
        assert.deepEqual(sent(), [`GET ${path}/${id}`]);
      });

      it('adds with every attribute, the nested ones under platform_kubernetes_attributes', async () => {
        const added = await addCluster(connection.client(), owner, full);
        assert.deepEqual(sent(), [
          [
            `POST ${add}`,
            {
              name: 'everything',
              domain: 'example.com',
              enabled: false,
              managed: false,
              namespace_per_environment: false,
              environment_scope: 'everything/*',
              management_project_id: 3,
              platform_kubernetes_attributes: {
                api_url: 'https://35.111.51.20',
                token: 'sesame-open',
                ca_cert: full.caCert,
                namespace: 'cluster-5-namespace',
                authorization_type: 'abac',
              },
            },
          ],
        ]);
        assert.deepEqual(
          {
            ...added,
            id: 0,
            createdAt: undefined,
          },
          {
            detail: 'full',
            host: added.host,
            owner,
            id: 0,
            name: 'everything',
            enabled: false,
            managed: false,
            namespacePerEnvironment: false,
            environmentScope: 'everything/*',
            baseDomain: 'example.com',
            provider: 'user',
            platform: {
              apiUrl: 'https://35.111.51.20',
              namespace: 'cluster-5-namespace',
              authorizationType: 'abac',
              caCert: full.caCert,
            },
            gcp: undefined,
            managementProject: { id: 3, path: 'platform/cluster-management', name: 'Cluster Management' },
            createdAt: undefined,
            createdBy: { name: 'Administrator', username: 'root' },
          },
        );
        assert.equal(connection.gitlab.world.clusters.at(-1)?.platform?.token, 'sesame-open');
      });

      it('edits exactly the given fields', async () => {
        const edited = await editCluster(connection.client(), owner, id, {
          name: 'new-cluster-name',
          baseDomain: 'new-domain.com',
          apiUrl: 'https://new-api-url.com',
          namespacePerEnvironment: false,
        });
        assert.deepEqual(sent(), [
          [
            `PUT ${path}/${id}`,
            {
              name: 'new-cluster-name',
              domain: 'new-domain.com',
              namespace_per_environment: false,
              platform_kubernetes_attributes: { api_url: 'https://new-api-url.com' },
            },
          ],
        ]);
        assert.equal(edited.platform?.apiUrl, 'https://new-api-url.com');
        assert.equal(edited.baseDomain, 'new-domain.com');
      });

      it('deletes', async () => {
        await deleteCluster(connection.client(), owner, id);
        assert.deepEqual(sent(), [`DELETE ${path}/${id}`]);
        assert.equal(
          connection.gitlab.world.clusters.some((cluster) => cluster.id === id),
          false,
        );
        await failure(deleteCluster(connection.client(), owner, id), 'notFound');
      });
    });
  }

  it('clear what may be cleared: management project, domain, CA certificate', async () => {
    const group: ClusterOwner = { level: 'group', id: 1, path: 'platform' };
    await editCluster(connection.client(), group, 3, { managementProjectId: null, baseDomain: '', caCert: '' });
    assert.deepEqual(sent(), [
      [
        'PUT /groups/1/clusters/3',
        { domain: '', management_project_id: null, platform_kubernetes_attributes: { ca_cert: '' } },
      ],
    ]);
    const cluster = await getCluster(connection.client(), group, 3);
    assert.deepEqual(
      [cluster.managementProject, cluster.baseDomain, cluster.platform?.caCert],
      [undefined, undefined, undefined],
    );
  });

  it('list more clusters than fit a page', async () => {
    const { world } = connection.gitlab;
    const template = world.clusters.find(({ id }) => id === 6);
    assert(template);
    for (let n = 0; n < 250; n++) world.clusters.push({ ...template, id: 1000 + n, environmentScope: `bulk/${n}` });
    assert.equal((await listClusters(connection.client(), payments)).length, 255);
    assert.equal(connection.gitlab.requests.length, 3);
  });

  it('tell a switched-off integration from a project that is not there', async () => {
    await failure(listClusters(connection.client(), { level: 'project', id: 999, path: 'x' }), 'notFound');
    await failure(listClusters(connection.client(), { level: 'group', id: 999, path: 'x' }), 'notFound');
    connection.gitlab.flagOff = true;
    for (const [owner] of owners) await failure(listClusters(connection.client(), owner), 'clustersUnavailable');
  });

  it('tell what a role may not do', async () => {
    await failure(listClusters(connection.client('demo-developer'), { level: 'instance' }), 'forbidden');
    await failure(listClusters(connection.client('demo-plain-admin'), { level: 'instance' }), 'forbidden');
    assert.equal((await listClusters(connection.client('demo-developer'), payments)).length, 5);
    await failure(deleteCluster(connection.client('demo-developer'), payments, 6), 'forbidden');
    await failure(deleteCluster(connection.client('demo-reader'), payments, 6), 'insufficientScope');
  });

  it('hand over GitLab’s complaints with the fields they are about', async () => {
    const client = connection.client();
    const complaints = async (fields: ClusterFields) => {
      const error = await failure(addCluster(client, payments, { ...full, ...fields }), 'invalid');
      return error.problems.map(({ field }) => field && fieldOf(field));
    };
    assert.deepEqual(await complaints({ name: '' }), ['name']);
    assert.deepEqual(await complaints({ apiUrl: '' }), ['apiUrl']);
    assert.deepEqual(await complaints({ apiUrl: 'ftp://x', baseDomain: 'a_b' }), ['baseDomain', 'apiUrl']);
    assert.deepEqual(await complaints({ environmentScope: 'staging' }), ['environmentScope']);
    assert.deepEqual(await complaints({ serviceToken: '' }), ['serviceToken']);
    assert.deepEqual(await complaints({ caCert: 'nonsense' }), ['caCert']);
    assert.deepEqual(await complaints({ namespace: '-x-' }), ['namespace']);
    assert.deepEqual(await complaints({ authorizationType: 'other' }), ['authorizationType']);
    assert.deepEqual(await complaints({ managementProjectId: 8 }), ['managementProjectId']);
    assert.deepEqual(
      (await failure(editCluster(client, payments, 8, { apiUrl: 'https://x.example.com' }), 'invalid')).problems.map(
        ({ field }) => field,
      ),
      ['platform_kubernetes.base'],
    );
    assert.equal(fieldOf('platform_kubernetes.base'), undefined);
  });

  describe('with odd entries in a list', () => {
    const odd: readonly (readonly [what: string, entry: unknown, problem: RegExp])[] = [
      ['an id that is a text', { id: '7', name: 'x' }, /^id: /],
      ['no id', { name: 'x' }, /^id: /],
      ['null', null, /^answer: /],
      ['a text', 'x', /^answer: /],
      ['a platform that is a list', { id: 7, platform_kubernetes: [] }, /^platform_kubernetes: /],
      ['a name with another type', { id: 7, name: { secret: 'do-not-show' } }, /^name: /],
      ['enabled as a text', { id: 7, enabled: 'yes' }, /^enabled: /],
      ['a management project without an id', { id: 7, management_project: { name: 'x' } }, /^management_project\.id: /],
    ];
    for (const [what, entry, problem] of odd) {
      it(`keeps the others beside ${what}, and says what is wrong without quoting it`, async () => {
        connection.gitlab.onRequest(() => json(200, [{ id: 1, name: 'good' }, entry, { id: 2, name: 'good too' }]));
        const listed = await listClusters(connection.client(), payments);
        assert.deepEqual(
          listed.map((one) => (isReadable(one) ? one.id : one.index)),
          [1, 1, 2],
        );
        const [, bad] = listed;
        assert(bad && !isReadable(bad));
        assert.match(bad.problem, problem);
        assert.doesNotMatch(bad.problem, /do-not-show/);
      });
    }

    it('shows a cluster once that came on two pages', async () => {
      connection.gitlab.onRequest(() => json(200, [{ id: 1, name: 'a' }, { id: 2 }, { id: 1, name: 'a' }]));
      assert.deepEqual(
        (await listClusters(connection.client(), payments)).filter(isReadable).map(({ id }) => id),
        [1, 2],
      );
    });
  });

  it('take no other record for the one that was asked for', async () => {
    connection.gitlab.onRequest(() => json(200, { id: 1, username: 'root' }));
    await failure(getCluster(connection.client(), payments, 6), 'protocol');
    await failure(editCluster(connection.client(), payments, 6, { name: 'x' }), 'unknownOutcome');
  });

  describe('and what GitLab leaves out', () => {
    const read = async (payload: { readonly id: number; readonly [key: string]: unknown }) => {
      connection.gitlab.onRequest(() => json(200, payload));
      return getCluster(connection.client(), payments, payload.id);
    };

    it('is unknown where it was not told, and the usual where there is one', async () => {
      const cluster = await read({ id: 7 });
      assert.deepEqual(cluster, {
        detail: 'full',
        host: cluster.host,
        owner: payments,
        id: 7,
        name: '',
        enabled: undefined,
        managed: undefined,
        namespacePerEnvironment: undefined,
        environmentScope: '*',
        baseDomain: undefined,
        provider: 'user',
        platform: undefined,
        gcp: undefined,
        managementProject: undefined,
        createdAt: undefined,
        createdBy: undefined,
      });
    });

    it('is none where it is null or empty, and odd dates are no dates', async () => {
      const platform_kubernetes = { api_url: null, namespace: '', authorization_type: null, ca_cert: '' };
      const cluster = await read({
        id: 7,
        name: null,
        domain: '',
        user: null,
        created_at: 'soon',
        platform_kubernetes,
      });
      assert.deepEqual(cluster.platform, {
        apiUrl: '',
        namespace: undefined,
        authorizationType: undefined,
        caCert: undefined,
      });
      assert.deepEqual([cluster.baseDomain, cluster.createdBy, cluster.createdAt], [undefined, undefined, undefined]);
    });

    it('may be more than we know: providers, types and keys to come', async () => {
      const cluster = await read({ id: 7, provider_type: 'azure', cluster_type: 'galaxy_type', status: { deep: [1] } });
      assert.equal(cluster.provider, 'azure');
    });

    it('is read from the examples of GitLab’s documentation', async () => {
      const cluster = await read({
        id: 18,
        name: 'cluster-1',
        domain: 'example.com',
        created_at: '2019-01-02T20:18:12.563Z',
        provider_type: 'user',
        platform_type: 'kubernetes',
        environment_scope: '*',
        cluster_type: 'project_type',
        user: { id: 1, name: 'Administrator', username: 'root', state: 'active' },
        platform_kubernetes: {
          api_url: 'https://104.197.68.152',
          namespace: 'cluster-1-namespace',
          authorization_type: 'rbac',
          ca_cert: '-----BEGIN CERTIFICATE-----\r\nhFiK1L61owwDQYJKoZIhvcNAQELBQAw\r\n-----END CERTIFICATE-----',
        },
        management_project: {
          id: 2,
          description: null,
          name: 'project2',
          name_with_namespace: 'John Doe8 / project2',
          path: 'project2',
          path_with_namespace: 'namespace2/project2',
          created_at: '2019-10-11T02:55:54.138Z',
        },
      });
      assert.equal(cluster.createdAt?.toISOString(), '2019-01-02T20:18:12.563Z');
      assert.deepEqual(cluster.managementProject, { id: 2, path: 'namespace2/project2', name: 'project2' });
      assert.deepEqual(cluster.createdBy, { name: 'Administrator', username: 'root' });
      assert.equal(cluster.platform?.namespace, 'cluster-1-namespace');
    });

    it('tells of a GCP cluster what GitLab knows', async () => {
      const cluster = await getCluster(connection.client(), payments, 8);
      assert.equal(cluster.provider, 'gcp');
      assert.deepEqual(cluster.gcp, {
        status: 'created',
        projectId: 'example-payments',
        zone: 'europe-west3-a',
        machineType: 'n1-standard-4',
        nodes: 3,
        endpoint: '35.198.10.27',
      });
    });
  });
});

describe('cluster endpoints of an old GitLab', () => {
  const connection = openConnection(() => ({
    world: oldDemoFleet(),
    profile: profileOf(oldVersion),
    subPath: '/gitlab',
  }));

  it('tell neither enabled nor managed', async () => {
    const [cluster] = await listClusters(connection.client('old-maintainer'), { level: 'project', id: 1, path: 'x' });
    assert(cluster && isReadable(cluster));
    assert.deepEqual(
      [cluster.enabled, cluster.managed, cluster.namespacePerEnvironment],
      [undefined, undefined, undefined],
    );
  });
});

describe('cluster endpoints of a GitLab without instance clusters', () => {
  const connection = openConnection(() => ({ world: demoFleet(), profile: profileOf('13.1.11') }));

  it('say that it is not offered', async () => {
    await failure(listClusters(connection.client(), { level: 'instance' }), 'unsupported');
  });
});
