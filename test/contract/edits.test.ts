import assert from 'node:assert/strict';
import { addCluster } from '../gitlab/populate';
import { at, openLab, pem } from './lab';

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

  it('look at an API URL again when another field of the platform changes, or not', async () => {
    const { id } = addCluster(lab.world, lab.app, { platform: { apiUrl: 'https://10.0.0.1' } });
    assert.equal((await edit(id, { name: 'platform untouched' })).status, 200);
    assert.equal((await edit(id, { [platform]: { namespace: 'a' } })).status, 400);
    lab.world.settings.checkUntouchedApiUrl = false;
    assert.equal((await edit(id, { [platform]: { namespace: 'b' } })).status, 200);
  });

  it('refuse a scope of null as blank', async () => {
    const { id } = addCluster(lab.world, lab.app);
    const { status, json } = await edit(id, { environment_scope: null });
    assert.deepEqual([status, at(json, 'message', 'environment_scope', 0)], [400, "can't be blank"]);
  });

  it('fail on a switch of null, or ignore it', async () => {
    const { id } = addCluster(lab.world, lab.app);
    const failed = await edit(id, { enabled: null });
    assert.deepEqual([failed.status, failed.json], [500, { message: '500 Internal Server Error' }]);
    lab.world.settings.nullSwitch = 'ignore';
    assert.equal(at((await edit(id, { enabled: null })).json, 'enabled'), true);
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
  });

  it('refuse an archived project, unless told otherwise', async () => {
    const { id } = addCluster(lab.world, lab.app);
    lab.app.archived = true;
    assert.equal((await edit(id, { name: 'x' })).status, 403);
    assert.equal((await lab.ask('maintainer', 'GET', `/projects/1/clusters/${id}`)).status, 200);
    lab.world.settings.archivedReadOnly = false;
    assert.equal((await edit(id, { name: 'x' })).status, 200);
  });
});
