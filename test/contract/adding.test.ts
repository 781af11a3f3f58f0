import assert from 'node:assert/strict';
import { addCluster } from '../gitlab/populate';
import { at, keysOf, levels, newCluster, openLab, ownerOf, pem } from './lab';

// GitLab API contract 9: adding, on the three levels.
for (const { level, list, add, writer } of levels) {
  describe(`adding a cluster to one ${level}`, () => {
    const lab = openLab();

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
      addCluster(lab.world, ownerOf(lab, level));
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
}
