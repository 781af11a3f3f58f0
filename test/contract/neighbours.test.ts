import assert from 'node:assert/strict';
import { addCluster, addProject, setRole } from '../gitlab/populate';
import { at, levels, newCluster, openLab, ownerOf } from './lab';

// GitLab API contract 3.3, what depends on the owner and on other clusters.
for (const { level, list, add, writer } of levels) {
  describe(`environment scopes of one ${level}`, () => {
    const lab = openLab();
    const taken = { message: { environment_scope: ['cannot add duplicated environment scope'] } };

    it('are unique, and those of disabled clusters count', async () => {
      addCluster(lab.world, ownerOf(lab, level), { environmentScope: 'prod', enabled: false });
      const { status, json } = await lab.ask(writer, 'POST', add, {
        body: newCluster({ environment_scope: ' prod ' }),
      });
      assert.deepEqual([status, json], [400, taken]);
    });

    it('are compared with their case', async () => {
      addCluster(lab.world, ownerOf(lab, level), { environmentScope: 'prod' });
      const { status } = await lab.ask(writer, 'POST', add, { body: newCluster({ environment_scope: 'Prod' }) });
      assert.equal(status, 201);
    });

    it('may be used again by another owner', async () => {
      for (const owner of ['instance', lab.own, lab.app, lab.sub, lab.tools] as const) {
        if (owner !== ownerOf(lab, level)) {
          addCluster(lab.world, owner, { environmentScope: '*' });
        }
      }
      assert.equal((await lab.ask(writer, 'POST', add, { body: newCluster() })).status, 201);
    });

    it('are kept by the cluster itself on edit', async () => {
      const first = addCluster(lab.world, ownerOf(lab, level), { environmentScope: 'a' });
      addCluster(lab.world, ownerOf(lab, level), { environmentScope: 'b' });
      const same = await lab.ask(writer, 'PUT', `${list}/${first.id}`, { body: { environment_scope: 'a' } });
      assert.equal(same.status, 200);
      const other = await lab.ask(writer, 'PUT', `${list}/${first.id}`, { body: { environment_scope: 'b' } });
      assert.deepEqual(other.json, taken);
    });
  });
}

for (const { level, list, add, writer } of levels.filter((row) => row.level !== 'project')) {
  describe(`namespaces of one ${level}'s clusters`, () => {
    const lab = openLab();
    const refused = { message: { 'platform_kubernetes.namespace': ['only allowed for project cluster'] } };

    it('are refused while the cluster is managed', async () => {
      const { status, json } = await lab.ask(writer, 'POST', add, { body: newCluster({}, { namespace: 'space' }) });
      assert.deepEqual([status, json], [400, refused]);
    });

    it('are accepted when it is not managed', async () => {
      const body = newCluster({ managed: false }, { namespace: 'space' });
      const { json } = await lab.ask(writer, 'POST', add, { body });
      assert.equal(at(json, 'platform_kubernetes', 'namespace'), 'space');
    });

    it('are stored as null where they are blank', async () => {
      const { status, json } = await lab.ask(writer, 'POST', add, { body: newCluster({}, { namespace: '' }) });
      assert.deepEqual([status, at(json, 'platform_kubernetes', 'namespace')], [201, null]);
    });

    it('may stay when the cluster becomes managed without touching the platform', async () => {
      const values = { managed: false, platform: { namespace: 'space' } };
      const { id } = addCluster(lab.world, ownerOf(lab, level), values);
      assert.equal((await lab.ask(writer, 'PUT', `${list}/${id}`, { body: { managed: true } })).status, 200);
    });
  });
}

describe('management projects', () => {
  const lab = openLab();
  const sentence = "Project does not exist or you don't have permission to perform this action";
  const refused = { message: { management_project_id: [sentence] } };
  const set = (path: string, id: unknown, who = 'maintainer', more = {}) =>
    lab.ask(who, 'POST', path, { body: newCluster({ management_project_id: id, ...more }) });

  it('of a project cluster sit directly in the same namespace', async () => {
    assert.equal((await set('/projects/1/clusters/user', lab.tools.id)).status, 201);
    for (const id of [lab.lib.id, lab.other.id, lab.notes.id]) {
      assert.deepEqual((await set('/projects/1/clusters/user', id)).json, refused);
    }
  });

  it('of a group cluster sit in the group or its subgroups', async () => {
    for (const [scope, { id }] of Object.entries({ a: lab.app, b: lab.lib, c: lab.core })) {
      const { status } = await set('/groups/1/clusters/user', id, 'maintainer', { environment_scope: scope });
      assert.equal(status, 201);
    }
    lab.other.sharedWith.push({ groupId: lab.own.id, role: 40 });
    for (const id of [lab.other.id, lab.notes.id]) {
      assert.deepEqual((await set('/groups/1/clusters/user', id)).json, refused);
    }
  });

  it('of an instance cluster may be any project', async () => {
    assert.equal((await set('/admin/clusters/add', lab.other.id, 'admin')).status, 201);
  });

  it('need Maintainer there, and must exist', async () => {
    const plain = addProject(lab.world, 'plain', lab.sub);
    setRole(lab.world, lab.people.developer, lab.own, 30);
    setRole(lab.world, lab.people.developer, lab.app, 40);
    assert.deepEqual((await set('/projects/1/clusters/user', lab.tools.id, 'developer')).json, refused);
    for (const id of [4711, 2 ** 40, plain.id]) {
      assert.deepEqual((await set('/projects/1/clusters/user', id)).json, refused);
    }
  });

  it('hide every other problem while they are refused', async () => {
    const { json } = await set('/projects/1/clusters/user', 4711, 'maintainer', { name: '', domain: 'a_b' });
    assert.deepEqual(json, refused);
  });

  it('are stored, kept, refused and cleared by edits', async () => {
    const cluster = addCluster(lab.world, lab.app);
    const edit = (body: object) => lab.ask('maintainer', 'PUT', `/projects/1/clusters/${cluster.id}`, { body });
    assert.equal(
      at((await edit({ management_project_id: lab.tools.id })).json, 'management_project', 'id'),
      lab.tools.id,
    );
    assert.deepEqual((await edit({ management_project_id: lab.other.id })).json, refused);
    assert.equal(at((await edit({ name: 'x' })).json, 'management_project', 'id'), lab.tools.id);
    assert.equal(at((await edit({ management_project_id: null })).json, 'management_project'), null);
  });

  it('allow one cluster per scope among all they manage', async () => {
    addCluster(lab.world, lab.own, { managementProjectId: lab.tools.id });
    const { json } = await set('/projects/1/clusters/user', lab.tools.id);
    assert.deepEqual(json, { message: { environment_scope: ['cannot add duplicated environment scope'] } });
  });

  it('and siblings together say it once', async () => {
    addCluster(lab.world, lab.app, { managementProjectId: lab.tools.id });
    const { json } = await set('/projects/1/clusters/user', lab.tools.id);
    const said = 'cannot add duplicated environment scope';
    assert.deepEqual(json, { message: { environment_scope: [said] } });
  });
});
