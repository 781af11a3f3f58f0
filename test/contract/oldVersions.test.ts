import assert from 'node:assert/strict';
import { addCluster } from '../gitlab/populate';
import { oldVersion, profileOf, withoutInstanceVersion } from '../gitlab/profiles';
import { at, each, keysOf, levels, newCluster, openLab, ownerOf } from './lab';

// GitLab API contract 1.5 and 11.2: the trap that is in every version.
for (const { level, list, writer } of levels) {
  describe(`PUT without namespace_per_environment at the ${level}`, () => {
    const lab = openLab();
    const edit = async (body: object) => {
      const cluster = addCluster(lab.world, ownerOf(lab, level), { namespacePerEnvironment: false });
      const { json } = await lab.ask(writer, 'PUT', `${list}/${cluster.id}`, { body });
      assert.equal(at(json, 'namespace_per_environment'), cluster.namespacePerEnvironment);
      return cluster.namespacePerEnvironment;
    };

    it('turns it back to true', async () => {
      assert.equal(await edit({ domain: 'new.example.com' }), true);
    });

    it('even when nothing at all is sent, or null', async () => {
      assert.equal(await edit({}), true);
      lab.world.clusters.length = 0;
      assert.equal(await edit({ namespace_per_environment: null }), true);
    });

    it('is avoided by sending it', async () => {
      assert.equal(await edit({ domain: 'new.example.com', namespace_per_environment: false }), false);
    });
  });
}

// GitLab API contract 10
describe('GitLab 13.6', () => {
  const lab = openLab({ profile: oldVersion });

  it('does not return enabled, managed and namespace_per_environment', async () => {
    const { id } = addCluster(lab.world, lab.app);
    const { json } = await lab.ask('maintainer', 'GET', `/projects/1/clusters/${id}`);
    const missing = ['enabled', 'managed', 'namespace_per_environment'].filter((key) => keysOf(json).includes(key));
    assert.deepEqual(missing, []);
    assert.ok(keysOf(json).includes('management_project'));
  });

  it('stores them on add, but silently ignores enabled and managed on PUT', async () => {
    const body = newCluster({ enabled: false, managed: false });
    const added = await lab.ask('maintainer', 'POST', '/projects/1/clusters/user', { body });
    const [cluster] = lab.world.clusters;
    assert.deepEqual([added.status, cluster?.enabled, cluster?.managed], [201, false, false]);
    const path = `/projects/1/clusters/${String(at(added.json, 'id'))}`;
    const edited = await lab.ask('maintainer', 'PUT', path, { body: { enabled: true, managed: 'nonsense' } });
    assert.deepEqual([edited.status, cluster?.enabled, cluster?.managed], [200, false, false]);
  });

  it('has the namespace_per_environment trap though it does not return the value', async () => {
    const cluster = addCluster(lab.world, lab.app, { namespacePerEnvironment: false });
    await lab.ask('maintainer', 'PUT', `/projects/1/clusters/${cluster.id}`, { body: { name: 'x' } });
    assert.equal(cluster.namespacePerEnvironment, true);
  });

  it('asks for Maintainer to read', async () => {
    const { id } = addCluster(lab.world, lab.app);
    for (const path of ['/projects/1/clusters', `/projects/1/clusters/${id}`, '/groups/1/clusters']) {
      const { status, json } = await lab.ask('developer', 'GET', path);
      assert.deepEqual([status, json], [403, { message: '403 Forbidden' }]);
    }
    assert.equal((await lab.ask('maintainer', 'GET', '/projects/1/clusters')).status, 200);
  });

  it('knows /version, but neither /metadata nor the own token nor discovery', async () => {
    const { json } = await lab.ask('maintainer', 'GET', '/version');
    assert.deepEqual(json, { version: oldVersion, revision: lab.gitlab.profile.revision });
    for (const path of ['/metadata', '/personal_access_tokens/self', '/discover-cert-based-clusters?group_id=1']) {
      const { status, json: body } = await lab.ask('maintainer', 'GET', path);
      assert.deepEqual([status, body], [404, { error: '404 Not Found' }]);
    }
  });

  it('has instance clusters', async () => {
    const { id } = addCluster(lab.world, 'instance');
    assert.deepEqual(each((await lab.ask('admin', 'GET', '/admin/clusters')).json), [id]);
  });
});

describe('GitLab 13.1', () => {
  const lab = openLab({ profile: withoutInstanceVersion });

  it('has no instance clusters', async () => {
    const { status, json } = await lab.ask('admin', 'GET', '/admin/clusters');
    assert.deepEqual([status, json], [404, { error: '404 Not Found' }]);
  });

  it('knows one cluster per owner', async () => {
    addCluster(lab.world, lab.app);
    const body = newCluster({ environment_scope: 'other' });
    const { status, json } = await lab.ask('maintainer', 'POST', '/projects/1/clusters/user', { body });
    const message = { base: ['Instance does not support multiple Kubernetes clusters'] };
    assert.deepEqual([status, json], [400, { message }]);
  });
});

describe('still older versions', () => {
  describe('11.7', () => {
    const lab = openLab({ profile: '11.7.12' });

    it('refuse a second cluster with 403 and have no group clusters', async () => {
      addCluster(lab.world, lab.app);
      const { status, text } = await lab.ask('maintainer', 'POST', '/projects/1/clusters/user', { body: newCluster() });
      assert.equal(status, 403);
      assert.match(text, /Instance does not support multiple Kubernetes clusters/);
      assert.equal((await lab.ask('maintainer', 'GET', '/groups/1/clusters')).status, 404);
    });
  });

  it('and single facts can be set by hand', () => {
    assert.equal(profileOf('13.6.0').readersFrom, 40);
    assert.equal(profileOf('13.6.0', { readersFrom: 30 }).readersFrom, 30);
    assert.deepEqual([profileOf('17.8.9').discovery, profileOf('17.9.0').discovery], [false, true]);
    assert.deepEqual([profileOf('15.1.0').metadata, profileOf('15.2.0').metadata], [false, true]);
    assert.deepEqual([profileOf('15.4.0').selfToken, profileOf('15.5.0').selfToken], [false, true]);
    assert.deepEqual([profileOf('13.1.9').instanceClusters, profileOf('13.2.0').instanceClusters], [false, true]);
  });
});
