import assert from 'node:assert/strict';
import { addCluster } from '../gitlab/populate';
import { at, newCluster, openLab, pem } from './lab';

// GitLab API contract 3.3, where a cluster is there already.
describe('rules for edits', () => {
  const lab = openLab();
  const edit = (id: number, body: object) => lab.ask('maintainer', 'PUT', `/projects/1/clusters/${id}`, { body });
  const platform = 'platform_kubernetes_attributes';

  for (const api_url of ['', ' ', null]) {
    it(`refuse an API URL of ${JSON.stringify(api_url)}`, async () => {
      const { id } = addCluster(lab.world, lab.app);
      const { json } = await edit(id, { [platform]: { api_url } });
      assert.deepEqual(json, { message: { 'platform_kubernetes.api_url': ['must be a valid URL', "can't be blank"] } });
    });
  }

  for (const token of ['', null, undefined]) {
    it(`keep the stored token where ${token === undefined ? 'none' : JSON.stringify(token)} is sent`, async () => {
      const cluster = addCluster(lab.world, lab.app, { platform: { token: 'stored' } });
      const { status } = await edit(cluster.id, { [platform]: { token, api_url: 'https://new.example.com' } });
      assert.deepEqual([status, cluster.platform?.token], [200, 'stored']);
    });
  }

  it('store whatever else is sent as a token, a placeholder too', async () => {
    const cluster = addCluster(lab.world, lab.app);
    await edit(cluster.id, { [platform]: { token: '****' } });
    assert.equal(cluster.platform?.token, '****');
  });

  it('drop an authorization type', async () => {
    const { id } = addCluster(lab.world, lab.app);
    const { status, json } = await edit(id, { [platform]: { authorization_type: 'abac' } });
    assert.deepEqual([status, at(json, 'platform_kubernetes', 'authorization_type')], [200, 'rbac']);
  });

  for (const ca_cert of ['', null]) {
    it(`remove the certificate with ${JSON.stringify(ca_cert)}`, async () => {
      const { id } = addCluster(lab.world, lab.app, { platform: { caCert: pem } });
      const { json } = await edit(id, { [platform]: { ca_cert } });
      assert.equal(at(json, 'platform_kubernetes', 'ca_cert'), ca_cert);
    });
  }

  it('look at a certificate only when it changes', async () => {
    const { id } = addCluster(lab.world, lab.app, { platform: { caCert: 'from older times' } });
    assert.equal((await edit(id, { [platform]: { api_url: 'https://new.example.com' } })).status, 200);
  });

  it('look at an API URL again whenever something of the platform is written, the same token included', async () => {
    const { id } = addCluster(lab.world, lab.app, { platform: { apiUrl: 'https://10.0.0.1', token: 'same' } });
    assert.equal((await edit(id, { name: 'platform untouched' })).status, 200);
    assert.equal((await edit(id, { [platform]: {} })).status, 200);
    assert.equal((await edit(id, { [platform]: { api_url: 'https://10.0.0.1', token: ' ' } })).status, 200);
    assert.equal((await edit(id, { [platform]: { namespace: 'a' } })).status, 400);
    assert.equal((await edit(id, { [platform]: { token: 'same' } })).status, 400);
  });

  it('look at a stored namespace again once something of the platform is written', async () => {
    const values = { managed: false, platform: { namespace: 'space' } };
    const { id } = addCluster(lab.world, lab.own, values);
    const put = (body: object) => lab.ask('maintainer', 'PUT', `/groups/1/clusters/${id}`, { body });
    const refused = await put({ managed: true, [platform]: { token: 'new' } });
    assert.deepEqual(refused.json, {
      message: { 'platform_kubernetes.namespace': ['only allowed for project cluster'] },
    });
    assert.equal((await put({ managed: true })).status, 200);
  });

  it('refuse a scope of null as blank', async () => {
    const { id } = addCluster(lab.world, lab.app);
    const { status, json } = await edit(id, { environment_scope: null });
    assert.deepEqual([status, at(json, 'message', 'environment_scope', 0)], [400, "can't be blank"]);
  });

  it('store null for enabled, and fail on it for managed', async () => {
    const { id } = addCluster(lab.world, lab.app);
    const stored = await edit(id, { enabled: null });
    assert.deepEqual([stored.status, at(stored.json, 'enabled')], [200, null]);
    const failed = await edit(id, { managed: null });
    assert.deepEqual([failed.status, failed.json], [500, { message: '500 Internal Server Error' }]);
  });

  it('fail on a name of null where a provider has it', async () => {
    const { id } = addCluster(lab.world, lab.app, { name: 'cloud', provider: 'gcp' });
    assert.equal((await edit(id, { name: null })).status, 500);
  });

  it('take the token a GCP cluster already has', async () => {
    const { id } = addCluster(lab.world, lab.app, { name: 'cloud', provider: 'gcp', platform: { token: 'same' } });
    assert.equal((await edit(id, { [platform]: { token: 'same' } })).status, 200);
    const other = await edit(id, { [platform]: { token: 'other' } });
    assert.deepEqual(other.json, {
      message: { 'platform_kubernetes.base': ['Cannot modify managed Kubernetes cluster'] },
    });
  });

  it('give a platform to a cluster without one, where it is complete', async () => {
    const { id } = addCluster(lab.world, lab.app, { platform: null });
    assert.deepEqual((await edit(id, { [platform]: { namespace: 'a' } })).json, {
      message: {
        'platform_kubernetes.api_url': ['must be a valid URL', "can't be blank"],
        'platform_kubernetes.token': ["can't be blank"],
      },
    });
    assert.equal(at((await edit(id, { name: 'x' })).json, 'platform_kubernetes'), null);
    const given = await edit(id, { [platform]: { api_url: 'https://k8s.example.com', token: 't' } });
    assert.equal(at(given.json, 'platform_kubernetes', 'authorization_type'), 'rbac');
  });

  it('keep the name of GCP and AWS clusters', async () => {
    for (const provider of ['gcp', 'aws'] as const) {
      const { id } = addCluster(lab.world, lab.app, { name: 'cloud', provider, environmentScope: provider });
      const { json } = await edit(id, { name: 'other' });
      const sentence = " can not be changed because it's synchronized with provider";
      assert.deepEqual(json, { message: { name: [sentence] } });
    }
  });

  it('ask a new name of a GCP cluster for the form of a DNS label on top', async () => {
    const { id } = addCluster(lab.world, lab.app, { name: 'cloud', provider: 'gcp' });
    const { json } = await edit(id, { name: 'a'.repeat(64) });
    assert.deepEqual(at(json, 'message', 'name', 1), ' is invalid syntax');
    const spaced = await edit(id, { name: 'a b' });
    assert.match(String(at(spaced.json, 'message', 'name', 1)), /can contain only lowercase letters/);
  });

  it('accept no change while the provider still creates the cluster', async () => {
    const { id } = addCluster(lab.world, lab.app, { name: 'cloud', provider: 'gcp', provisioning: true });
    const { json } = await edit(id, { domain: 'new.example.com' });
    assert.deepEqual(json, { message: { base: ['Cannot modify provider during creation'] } });
    assert.deepEqual((await edit(id, {})).json, json, 'not even one that changes nothing');
  });

  it('are refused in an archived project, to administrators too, while adding works', async () => {
    const { id } = addCluster(lab.world, lab.app);
    lab.app.archived = true;
    const path = `/projects/1/clusters/${id}`;
    for (const who of ['maintainer', 'admin']) {
      for (const method of ['PUT', 'DELETE']) {
        const { status, json } = await lab.ask(who, method, path, { body: {} });
        assert.deepEqual([status, json], [403, { message: '403 Forbidden' }], `${method} as ${who}`);
      }
    }
    assert.equal((await lab.ask('maintainer', 'GET', path)).status, 200);
    const body = newCluster({ environment_scope: 'second' });
    assert.equal((await lab.ask('maintainer', 'POST', '/projects/1/clusters/user', { body })).status, 201);
  });

  it('take no archived project as management project', async () => {
    const { id } = addCluster(lab.world, lab.app);
    lab.tools.archived = true;
    const { json } = await edit(id, { management_project_id: lab.tools.id });
    assert.ok(at(json, 'message', 'management_project_id'), JSON.stringify(json));
  });
});
