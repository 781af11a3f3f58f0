import assert from 'node:assert/strict';
import { addCluster } from '../gitlab/populate';
import type { ClusterRecord } from '../gitlab/world';
import { at, each, keysOf, levels, newCluster, openLab, ownerOf, pem } from './lab';

const gcp = {
  projectId: 'gcp-project',
  zone: 'us-central1-a',
  machineType: 'n1-standard-2',
  nodes: 3,
  endpoint: '111.111.111.111',
};

// GitLab API contract 9: what GitLab's own request specs assert, for the three levels.
for (const { level, list, add, writer } of levels) {
  describe(`clusters of one ${level}`, () => {
    const lab = openLab();
    const put = (cluster: ClusterRecord, body: object) => lab.ask(writer, 'PUT', `${list}/${cluster.id}`, { body });
    const own = (values = {}) => addCluster(lab.world, ownerOf(lab, level), values);

    it('answers 404 to every verb while the feature flag is off', async () => {
      const { id } = own();
      lab.gitlab.flagOff = true;
      const answers = await Promise.all([
        lab.ask(writer, 'GET', list),
        lab.ask(writer, 'GET', `${list}/${id}`),
        lab.ask(writer, 'POST', add, { body: newCluster() }),
        lab.ask(writer, 'PUT', `${list}/${id}`, { body: {} }),
        lab.ask(writer, 'DELETE', `${list}/${id}`),
      ]);
      for (const { status, json } of answers) {
        assert.deepEqual([status, json], [404, { message: '404 Not Found' }]);
      }
      assert.equal(lab.world.clusters.length, 1);
    });

    describe('list', () => {
      it('is 200 with pagination headers', async () => {
        own();
        const { status, json, headers } = await lab.ask(writer, 'GET', list);
        assert.equal(status, 200);
        assert.equal(each(json).length, 1);
        for (const name of ['X-Page', 'X-Per-Page', 'X-Next-Page', 'X-Prev-Page', 'X-Total', 'X-Total-Pages', 'Link']) {
          assert.ok(headers.has(name), name);
        }
      });

      it('holds clusters of this level and owner only', async () => {
        const mine = own();
        for (const owner of ['instance', lab.own, lab.sub, lab.foreign, lab.app, lab.tools, lab.other] as const) {
          if (owner !== ownerOf(lab, level)) {
            addCluster(lab.world, owner);
          }
        }
        const { json } = await lab.ask(writer, 'GET', list);
        assert.deepEqual(each(json), [mine.id]);
      });

      it('does not repeat the owner in each row', async () => {
        own();
        const { json } = await lab.ask(writer, 'GET', list);
        assert.ok(!keysOf(at(json, 0)).some((key) => ['project', 'group'].includes(key)));
      });
    });

    describe('get', () => {
      it('returns id, type, platform, provider, scope and domain', async () => {
        const cluster = own({ domain: 'example.com', platform: { namespace: 'space', caCert: pem } });
        const { status, json } = await lab.ask(writer, 'GET', `${list}/${cluster.id}`);
        assert.equal(status, 200);
        assert.equal(at(json, 'id'), cluster.id);
        assert.equal(at(json, 'provider_type'), 'user');
        assert.equal(at(json, 'platform_type'), 'kubernetes');
        assert.equal(at(json, 'environment_scope'), '*');
        assert.equal(at(json, 'cluster_type'), `${level}_type`);
        assert.equal(at(json, 'domain'), 'example.com');
        assert.equal(at(json, 'enabled'), true);
        assert.equal(at(json, 'managed'), true);
        assert.deepEqual(at(json, 'platform_kubernetes'), {
          api_url: cluster.platform?.apiUrl,
          namespace: 'space',
          authorization_type: 'rbac',
          ca_cert: pem,
        });
      });

      it('has exactly the keys of the contract and the owner', async () => {
        const { json } = await lab.ask(writer, 'GET', `${list}/${own().id}`);
        const owner = level === 'instance' ? [] : [level];
        const always = ['created_at', 'domain', 'enabled', 'environment_scope', 'id', 'managed', 'management_project'];
        const rest = ['cluster_type', 'name', 'namespace_per_environment', 'platform_kubernetes', 'platform_type'];
        const more = ['provider_gcp', 'provider_type', 'user'];
        assert.deepEqual(keysOf(json), [...owner, ...always, ...rest, ...more].sort());
      });

      it('names its owner', async () => {
        const { json } = await lab.ask(writer, 'GET', `${list}/${own().id}`);
        if (level === 'group') {
          const web_url = `${lab.gitlab.url}/groups/own`;
          assert.deepEqual(at(json, 'group'), { id: 1, web_url, name: 'Own' });
        } else if (level === 'project') {
          assert.equal(at(json, 'project', 'id'), 1);
          assert.equal(at(json, 'project', 'name'), 'App');
          assert.equal(at(json, 'project', 'path'), 'app');
          assert.equal(at(json, 'project', 'name_with_namespace'), 'Own / App');
          assert.equal(at(json, 'project', 'namespace', 'full_path'), 'own');
          assert.ok(!keysOf(at(json, 'project')).includes('default_branch'), 'private code stays hidden');
        }
      });

      it('names the user who added it, and null when that user is gone', async () => {
        const cluster = own();
        const path = `${list}/${cluster.id}`;
        const { json } = await lab.ask(writer, 'GET', path);
        assert.equal(at(json, 'user', 'id'), 1);
        assert.equal(at(json, 'user', 'username'), 'admin');
        cluster.creatorId = null;
        assert.equal(at((await lab.ask(writer, 'GET', path)).json, 'user'), null);
      });

      it('returns all seven fields of a GCP provider', async () => {
        own({ environmentScope: 'first' });
        const cluster = own({ provider: 'gcp', gcp });
        const { json } = await lab.ask(writer, 'GET', `${list}/${cluster.id}`);
        assert.deepEqual(at(json, 'provider_gcp'), {
          cluster_id: cluster.id,
          status_name: 'created',
          gcp_project_id: 'gcp-project',
          zone: 'us-central1-a',
          machine_type: 'n1-standard-2',
          num_nodes: 3,
          endpoint: '111.111.111.111',
        });
      });

      it('has no GCP provider for a cluster the user provided', async () => {
        const { json } = await lab.ask(writer, 'GET', `${list}/${own().id}`);
        assert.equal(at(json, 'provider_gcp'), null);
      });

      it('never returns the service token', async () => {
        const cluster = own({ platform: { token: 'very-secret' } });
        const { text } = await lab.ask(writer, 'GET', `${list}/${cluster.id}`);
        assert.ok(!text.includes('very-secret'));
      });

      it('is 404 for an unknown id', async () => {
        const { status, json } = await lab.ask(writer, 'GET', `${list}/4711`);
        assert.deepEqual([status, json], [404, { message: '404 Not found' }]);
      });

      it('is 404 for a cluster of another level or owner, whatever the verb', async () => {
        const elsewhere = addCluster(
          lab.world,
          level === 'project' ? lab.tools : level === 'group' ? lab.sub : lab.app,
        );
        for (const method of ['GET', 'PUT', 'DELETE']) {
          const { status, json } = await lab.ask(writer, method, `${list}/${elsewhere.id}`);
          assert.deepEqual([status, json], [404, { message: '404 Not found' }], method);
        }
        assert.ok(lab.world.clusters.includes(elsewhere));
      });
    });

    describe('add', () => {
      it('is 201 and stores what was sent', async () => {
        const namespace = level === 'instance' || level === 'group' ? {} : { namespace: 'my-space' };
        const platform = { ...namespace, ca_cert: pem, authorization_type: 'rbac' };
        const values = { domain: 'example.com', managed: false, enabled: false, namespace_per_environment: false };
        const { status, json } = await lab.ask(writer, 'POST', add, { body: newCluster(values, platform) });
        assert.equal(status, 201);
        const [cluster] = lab.world.clusters;
        assert.equal(at(json, 'id'), cluster?.id);
        assert.deepEqual(
          { ...cluster, id: 0, createdAt: '', updatedAt: '' },
          {
            id: 0,
            owner: level === 'instance' ? { level } : { level, id: 1 },
            createdAt: '',
            updatedAt: '',
            name: 'new-cluster',
            domain: 'example.com',
            enabled: false,
            managed: false,
            namespacePerEnvironment: false,
            environmentScope: '*',
            provider: 'user',
            provisioning: false,
            creatorId: lab.people[writer].id,
            managementProjectId: null,
            gcp: null,
            platform: {
              apiUrl: 'https://k8s.example.com',
              token: 'service-token',
              caCert: pem,
              namespace: level === 'project' ? 'my-space' : null,
              authorizationType: 'rbac',
            },
          },
        );
      });

      it('answers with the owner, as get does', async () => {
        const { json } = await lab.ask(writer, 'POST', add, { body: newCluster() });
        assert.deepEqual(
          ['project', 'group'].filter((key) => keysOf(json).includes(key)),
          level === 'instance' ? [] : [level],
        );
      });

      it('is enabled, managed, RBAC, scope * and one namespace per environment by default', async () => {
        const { json } = await lab.ask(writer, 'POST', add, { body: newCluster() });
        assert.equal(at(json, 'enabled'), true);
        assert.equal(at(json, 'managed'), true);
        assert.equal(at(json, 'namespace_per_environment'), true);
        assert.equal(at(json, 'environment_scope'), '*');
        assert.equal(at(json, 'domain'), null);
        assert.equal(at(json, 'platform_kubernetes', 'authorization_type'), 'rbac');
      });

      it('takes null as the default too', async () => {
        const nulls = { enabled: null, managed: null, namespace_per_environment: null, environment_scope: null };
        const body = newCluster(nulls, { authorization_type: null });
        const { status, json } = await lab.ask(writer, 'POST', add, { body });
        assert.equal(status, 201);
        assert.deepEqual(
          ['enabled', 'managed', 'namespace_per_environment', 'environment_scope'].map((key) => at(json, key)),
          [true, true, true, '*'],
        );
      });

      it('honours ABAC', async () => {
        const body = newCluster({}, { authorization_type: 'abac' });
        const { json } = await lab.ask(writer, 'POST', add, { body });
        assert.equal(at(json, 'platform_kubernetes', 'authorization_type'), 'abac');
      });

      it('stores a management project', async () => {
        lab.people.maintainer.admin = true;
        const { json } = await lab.ask(writer, 'POST', add, { body: newCluster({ management_project_id: 2 }) });
        assert.equal(at(json, 'management_project', 'id'), 2);
        assert.equal(at(json, 'management_project', 'path_with_namespace'), 'own/tools');
        assert.deepEqual(
          keysOf(at(json, 'management_project')),
          ['created_at', 'description', 'id', 'name', 'name_with_namespace', 'path', 'path_with_namespace'].sort(),
        );
      });

      it('refuses a bad API URL and creates nothing', async () => {
        const body = newCluster({}, { api_url: 'invalid_api_url' });
        const { status, json } = await lab.ask(writer, 'POST', add, { body });
        assert.equal(status, 400);
        assert.deepEqual(keysOf(at(json, 'message')), ['platform_kubernetes.api_url']);
        assert.equal(lab.world.clusters.length, 0);
      });

      it('allows a second cluster with another scope', async () => {
        own();
        const body = newCluster({ environment_scope: 'staging/*' });
        const { status, json } = await lab.ask(writer, 'POST', add, { body });
        assert.equal(status, 201);
        assert.equal(at(json, 'environment_scope'), 'staging/*');
        assert.equal(lab.world.clusters.length, 2);
      });

      it('says exactly what is missing when there is no name', async () => {
        const { name, ...body } = newCluster();
        assert.ok(name);
        const { status, json } = await lab.ask(writer, 'POST', add, { body });
        assert.deepEqual([status, json], [400, { error: 'name is missing' }]);
      });

      it('ignores parameters nobody declared, such as clusterable', async () => {
        const body = newCluster({ clusterable: { id: 99 }, provider: 'gcp', id: 5 }, { password: 'x' });
        const { status, json } = await lab.ask(writer, 'POST', add, { body });
        assert.equal(status, 201);
        assert.equal(at(json, 'provider_type'), 'user');
        assert.equal(lab.world.clusters[0]?.owner.level, level);
      });

      it('takes form encoding with bracketed names', async () => {
        const body =
          'name=by-form&enabled=false&platform_kubernetes_attributes[api_url]=https%3A%2F%2Fk8s.example.com' +
          '&platform_kubernetes_attributes[token]=t';
        const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
        const { status, json } = await lab.ask(writer, 'POST', add, { body, headers });
        assert.equal(status, 201);
        assert.equal(at(json, 'enabled'), false);
        assert.equal(at(json, 'platform_kubernetes', 'api_url'), 'https://k8s.example.com');
      });

      it('gives each cluster a new id, also after a delete', async () => {
        const first = await lab.ask(writer, 'POST', add, { body: newCluster() });
        await lab.ask(writer, 'DELETE', `${list}/${String(at(first.json, 'id'))}`);
        const second = await lab.ask(writer, 'POST', add, { body: newCluster() });
        assert.notEqual(at(first.json, 'id'), at(second.json, 'id'));
      });
    });

    describe('edit', () => {
      it('changes domain, managed, enabled and scope', async () => {
        const cluster = own();
        const body = { domain: 'new.example.com', managed: false, enabled: false, environment_scope: 'prod' };
        const { status, json } = await put(cluster, body);
        assert.equal(status, 200);
        assert.deepEqual(
          ['domain', 'managed', 'enabled', 'environment_scope'].map((key) => at(json, key)),
          ['new.example.com', false, false, 'prod'],
        );
        assert.equal(cluster.domain, 'new.example.com');
      });

      it('changes name, API URL and token of a cluster the user provided', async () => {
        const cluster = own();
        const platform = { api_url: 'https://new.example.com', token: 'new-token' };
        const { status, json } = await put(cluster, { name: 'renamed', platform_kubernetes_attributes: platform });
        assert.equal(status, 200);
        assert.equal(at(json, 'name'), 'renamed');
        assert.equal(at(json, 'platform_kubernetes', 'api_url'), 'https://new.example.com');
        assert.equal(cluster.platform?.token, 'new-token');
      });

      it('leaves alone what was not sent', async () => {
        const cluster = own({ domain: 'keep.example.com', enabled: false, platform: { caCert: pem } });
        const before = structuredClone({ ...cluster, name: 'renamed', updatedAt: '' });
        await put(cluster, { name: 'renamed' });
        assert.deepEqual({ ...cluster, updatedAt: '' }, before);
      });

      it('answers as get does, but for a project of null on the instance', async () => {
        const cluster = own();
        const { json } = await put(cluster, { name: 'renamed' });
        const { json: got } = await lab.ask(writer, 'GET', `${list}/${cluster.id}`);
        assert.ok(typeof got === 'object');
        assert.deepEqual(json, { ...got, ...(level === 'instance' ? { project: null } : {}) });
      });

      it('refuses a bad domain and changes nothing', async () => {
        const cluster = own({ domain: 'old.example.com' });
        const { status, json } = await put(cluster, { name: 'renamed', domain: 'bad_domain' });
        assert.equal(status, 400);
        assert.match(
          String(at(json, 'message', 'domain', 0)),
          /contains invalid characters \(valid characters: \[a-z0-9\\-\]\)/,
        );
        assert.deepEqual([cluster.name, cluster.domain], [`cluster-${cluster.id}`, 'old.example.com']);
      });

      for (const attribute of ['api_url', 'token', 'ca_cert'] as const) {
        it(`refuses a new ${attribute} on a GCP cluster`, async () => {
          const cluster = own({ name: 'gke', provider: 'gcp', gcp });
          const before = structuredClone(cluster);
          const value = { api_url: 'https://new.example.com', token: 'new-token', ca_cert: pem }[attribute];
          const { status, json } = await put(cluster, { platform_kubernetes_attributes: { [attribute]: value } });
          assert.equal(status, 400);
          const message = { 'platform_kubernetes.base': ['Cannot modify managed Kubernetes cluster'] };
          assert.deepEqual(json, { message });
          assert.deepEqual(cluster, before);
        });
      }

      it('changes the domain of a GCP cluster, whatever its managed flag says', async () => {
        const cluster = own({ name: 'gke', provider: 'gcp', managed: false, gcp });
        const { status, json } = await put(cluster, { domain: 'gcp.example.com', environment_scope: 'qa' });
        assert.equal(status, 200);
        assert.equal(at(json, 'domain'), 'gcp.example.com');
      });
    });

    describe('delete', () => {
      it('is 204 with no body at all, and the cluster is gone', async () => {
        const { id } = own();
        const { status, text, headers } = await lab.ask(writer, 'DELETE', `${list}/${id}`);
        assert.deepEqual([status, text, headers.get('Content-Type')], [204, '', null]);
        assert.equal(lab.world.clusters.length, 0);
      });

      it('is 404 the second time', async () => {
        const { id } = own();
        await lab.ask(writer, 'DELETE', `${list}/${id}`);
        const { status, json } = await lab.ask(writer, 'DELETE', `${list}/${id}`);
        assert.deepEqual([status, json], [404, { message: '404 Not found' }]);
      });
    });
  });
}

describe('clusters of projects and groups', () => {
  const lab = openLab();

  it('store a namespace on a project cluster', async () => {
    const { id } = addCluster(lab.world, lab.app);
    const body = { platform_kubernetes_attributes: { namespace: 'new-space' } };
    const { status, json } = await lab.ask('maintainer', 'PUT', `/projects/1/clusters/${id}`, { body });
    assert.deepEqual([status, at(json, 'platform_kubernetes', 'namespace')], [200, 'new-space']);
  });

  it('change the namespace of a GCP cluster', async () => {
    const { id } = addCluster(lab.world, lab.app, { name: 'gke', provider: 'gcp', gcp });
    const body = { platform_kubernetes_attributes: { namespace: 'new-space' } };
    const { status } = await lab.ask('maintainer', 'PUT', `/projects/1/clusters/${id}`, { body });
    assert.equal(status, 200);
  });

  it('refuse an invalid namespace and create nothing', async () => {
    const body = newCluster({}, { namespace: 'invalid_namespace' });
    const { status, json } = await lab.ask('maintainer', 'POST', '/projects/1/clusters/user', { body });
    assert.equal(status, 400);
    assert.match(String(at(json, 'message', 'platform_kubernetes.namespace', 0)), /can contain only lowercase letters/);
    assert.equal(lab.world.clusters.length, 0);
  });

  it('refuse an invalid namespace on edit and change nothing', async () => {
    const cluster = addCluster(lab.world, lab.app);
    const body = { domain: 'new.example.com', platform_kubernetes_attributes: { namespace: 'invalid_namespace' } };
    const { status, json } = await lab.ask('maintainer', 'PUT', `/projects/1/clusters/${cluster.id}`, { body });
    assert.equal(status, 400);
    assert.match(String(at(json, 'message', 'platform_kubernetes.namespace', 0)), /can contain only lowercase letters/);
    assert.equal(cluster.domain, null);
  });

  it('answer a public project with what its code tells', async () => {
    lab.app.visibility = 'public';
    const { id } = addCluster(lab.world, lab.app);
    const { json } = await lab.ask('maintainer', 'GET', `/projects/1/clusters/${id}`);
    assert.equal(at(json, 'project', 'default_branch'), 'main');
  });

  it('take a full path for the id', async () => {
    const inSub = addCluster(lab.world, lab.sub);
    const inLib = addCluster(lab.world, lab.lib);
    const ofGroup = await lab.ask('maintainer', 'GET', '/groups/own%2Fsub/clusters');
    const ofProject = await lab.ask('maintainer', 'GET', '/projects/own%2FSub%2Flib/clusters');
    assert.deepEqual([each(ofGroup.json), each(ofProject.json)], [[inSub.id], [inLib.id]]);
  });

  it('show null for a platform that is not there yet', async () => {
    const { id } = addCluster(lab.world, lab.app, { provider: 'gcp', provisioning: true, platform: null, gcp });
    const { json } = await lab.ask('maintainer', 'GET', `/projects/1/clusters/${id}`);
    assert.equal(at(json, 'platform_kubernetes'), null);
    assert.equal(at(json, 'provider_gcp', 'status_name'), 'creating');
  });
});
