import assert from 'node:assert/strict';
import { addCluster, addGroup, addProject, addToken, addUser, setRole } from '../gitlab/populate';
import { startGitLab, type GitLab } from '../gitlab/server';
import { emptyWorld, type World } from '../gitlab/world';
import { ask, at, each, keysOf, pem } from './lab';

/** As in GitLab's documents: cut off in the middle, so no certificate at all. */
const sample =
  '-----BEGIN CERTIFICATE-----\r\nhFiK1L61owwDQYJKoZIhvcNAQELBQAw\r\n' +
  'LzEtMCsGA1UEAxMkZDA1YzQ1YjctNzdiMS00NDY0LThjNmEtMTQ0ZDJkZjM.......-----END CERTIFICATE-----';
const sampleRefused = { message: { 'platform_kubernetes.ca_cert': ['must be a valid PEM certificate'] } };
const clusterKeys = ['cluster_type', 'created_at', 'domain', 'environment_scope', 'id', 'management_project', 'name'];
const moreKeys = ['platform_kubernetes', 'platform_type', 'provider_type', 'user'];

/** The world of the two documents: root, its project 26, and the ids their examples name. */
function documentedWorld(): World {
  const world = emptyWorld();
  const root = addUser(world, { id: 1, username: 'root', name: 'Administrator', admin: true });
  addToken(world, root, 'your_access_token');
  const group = addGroup(world, 'namespace2');
  setRole(world, root, group, 50);
  addProject(world, 'project2', root, { id: 2 });
  const project = addProject(world, 'project-with-clusters-api', root, { id: 26, description: '' });
  const platform = { apiUrl: 'https://104.197.68.152', namespace: 'cluster-1-namespace', caCert: sample };
  addCluster(world, project, { id: 18, name: 'cluster-1', domain: 'example.com', managementProjectId: 2, platform });
  addCluster(world, project, { id: 19, name: 'cluster-2', environmentScope: 'staging' });
  world.nextClusterId = 24;
  return world;
}

describe('examples of the project clusters document', () => {
  let gitlab: GitLab;
  const call = (method: string, path: string, body?: unknown) =>
    ask(gitlab.url, 'your_access_token', method, path, body === undefined ? {} : { body });
  const added = { name: 'cluster-5', environment_scope: 'other' };
  const platform = { api_url: 'https://35.111.51.20', token: '12345', namespace: 'cluster-5-namespace' };

  beforeEach(async () => {
    gitlab = await startGitLab({ world: documentedWorld() });
  });
  afterEach(() => gitlab.close());

  it('list', async () => {
    const { json } = await call('GET', '/projects/26/clusters');
    assert.deepEqual(each(json), [18, 19]);
    assert.equal(at(json, 0, 'platform_kubernetes', 'ca_cert'), sample);
    const documented = [...clusterKeys, ...moreKeys];
    assert.deepEqual(
      documented.filter((key) => !keysOf(at(json, 0)).includes(key)),
      [],
    );
  });

  it('get', async () => {
    const { json } = await call('GET', '/projects/26/clusters/18');
    const told = ['id', 'name', 'domain', 'provider_type', 'environment_scope', 'cluster_type'].map((key) =>
      at(json, key),
    );
    assert.deepEqual(told, [18, 'cluster-1', 'example.com', 'user', '*', 'project_type']);
    assert.equal(at(json, 'management_project', 'id'), 2);
    assert.equal(at(json, 'project', 'path_with_namespace'), 'root/project-with-clusters-api');
    assert.equal(at(json, 'project', 'namespace', 'kind'), 'user');
  });

  it('add, whose sample certificate is no certificate', async () => {
    const body = { ...added, platform_kubernetes_attributes: { ...platform, ca_cert: sample } };
    const refused = await call('POST', '/projects/26/clusters/user', body);
    assert.deepEqual([refused.status, refused.json], [400, sampleRefused]);
    const real = { ...added, platform_kubernetes_attributes: { ...platform, ca_cert: pem } };
    const { status, json } = await call('POST', '/projects/26/clusters/user', real);
    assert.deepEqual([status, at(json, 'id'), at(json, 'management_project')], [201, 24, null]);
    const { token, ...shown } = platform;
    assert.ok(token);
    assert.deepEqual(at(json, 'platform_kubernetes'), { ...shown, authorization_type: 'rbac', ca_cert: pem });
  });

  it('edit, whose flat API URL is ignored although the document shows it applied', async () => {
    const body = { name: 'new-cluster-name', domain: 'new-domain.com', api_url: 'https://new-api-url.com' };
    const { status, json } = await call('PUT', '/projects/26/clusters/18', body);
    assert.deepEqual([status, at(json, 'name'), at(json, 'domain')], [200, 'new-cluster-name', 'new-domain.com']);
    assert.equal(at(json, 'platform_kubernetes', 'api_url'), 'https://104.197.68.152');
  });

  it('delete', async () => {
    const { status, text } = await call('DELETE', '/projects/26/clusters/18');
    assert.deepEqual([status, text], [204, '']);
  });
});

describe('examples of the instance clusters document', () => {
  let gitlab: GitLab;
  const call = (method: string, path: string, body?: unknown) =>
    ask(gitlab.url, 'your_access_token', method, path, body === undefined ? {} : { body });

  beforeEach(async () => {
    const world = documentedWorld();
    const platform = { apiUrl: 'https://example.com', caCert: sample };
    addCluster(world, 'instance', { id: 9, name: 'cluster-1', platform });
    addCluster(world, 'instance', { id: 10, name: 'cluster-2', environmentScope: 'staging', platform });
    world.nextClusterId = 11;
    gitlab = await startGitLab({ world });
  });
  afterEach(() => gitlab.close());

  it('list', async () => {
    const { json } = await call('GET', '/admin/clusters');
    assert.deepEqual(
      [each(json), each(json, 'environment_scope')],
      [
        [9, 10],
        ['*', 'staging'],
      ],
    );
  });

  it('get', async () => {
    const { json } = await call('GET', '/admin/clusters/9');
    const documented = [...clusterKeys, ...moreKeys, 'managed', 'enabled', 'provider_gcp'].sort();
    assert.deepEqual(keysOf(json), [...documented, 'namespace_per_environment'].sort());
    assert.equal(at(json, 'cluster_type'), 'instance_type');
  });

  it('add, whose sample certificate is no certificate', async () => {
    const platform = { api_url: 'https://example.com', token: '12345' };
    const body = { name: 'cluster-3', environment_scope: 'production' };
    const withSample = { ...body, platform_kubernetes_attributes: { ...platform, ca_cert: sample } };
    assert.deepEqual((await call('POST', '/admin/clusters/add', withSample)).json, sampleRefused);
    const { status, json } = await call('POST', '/admin/clusters/add', {
      ...body,
      platform_kubernetes_attributes: platform,
    });
    assert.equal(status, 201);
    const told = ['name', 'managed', 'enabled', 'domain', 'environment_scope', 'cluster_type'].map((key) =>
      at(json, key),
    );
    assert.deepEqual(told, ['cluster-3', true, true, null, 'production', 'instance_type']);
  });

  it('edit, with its attributes nested', async () => {
    const platform = { api_url: 'https://new-example.com', token: 'new-token' };
    const body = { name: 'update-cluster-name', platform_kubernetes_attributes: platform };
    const { status, json } = await call('PUT', '/admin/clusters/9', body);
    assert.deepEqual([status, at(json, 'name'), at(json, 'project')], [200, 'update-cluster-name', null]);
    assert.equal(at(json, 'platform_kubernetes', 'api_url'), 'https://new-example.com');
    assert.equal(at(json, 'platform_kubernetes', 'ca_cert'), sample, 'an untouched certificate is not looked at');
  });

  it('delete', async () => {
    assert.equal((await call('DELETE', '/admin/clusters/10')).status, 204);
    assert.deepEqual(each((await call('GET', '/admin/clusters')).json), [9]);
  });
});
