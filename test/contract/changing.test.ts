import assert from 'node:assert/strict';
import { addCluster } from '../gitlab/populate';
import type { ClusterRecord } from '../gitlab/world';
import { at, levels, openLab, ownerOf, pem } from './lab';

const gcp = {
  projectId: 'gcp-project',
  zone: 'us-central1-a',
  machineType: 'n1-standard-2',
  nodes: 3,
  endpoint: '111.111.111.111',
};

// GitLab API contract 9: editing and deleting, on the three levels.
for (const { level, list, writer } of levels) {
  describe(`a cluster of one ${level}`, () => {
    const lab = openLab();
    const put = (cluster: ClusterRecord, body: object) => lab.ask(writer, 'PUT', `${list}/${cluster.id}`, { body });
    const own = (values = {}) => addCluster(lab.world, ownerOf(lab, level), values);

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
