import assert from 'node:assert/strict';
import { addCluster } from '../gitlab/populate';
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
