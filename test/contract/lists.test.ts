import assert from 'node:assert/strict';
import { addGroup, addProject, addToken, setRole } from '../gitlab/populate';
import { at, each, keysOf, openLab } from './lab';

// GitLab API contract 1.6
describe('who am I', () => {
  const lab = openLab();

  it('has is_admin for administrators only, whatever Admin Mode says', async () => {
    lab.world.settings.adminMode = true;
    const { json } = await lab.ask('admin', 'GET', '/user');
    assert.deepEqual([at(json, 'username'), at(json, 'is_admin')], ['admin', true]);
    assert.ok(!keysOf((await lab.ask('maintainer', 'GET', '/user')).json).includes('is_admin'));
  });

  it('is 401 for nobody, as are the versions', async () => {
    for (const path of ['/user', '/version', '/metadata', '/personal_access_tokens/self']) {
      assert.equal((await lab.ask(undefined, 'GET', path)).status, 401, path);
    }
  });

  it('tells a token of any scope about itself', async () => {
    const { id } = addToken(lab.world, lab.people.maintainer, 'own-token', {
      name: 'VS Code',
      scopes: ['read_repository'],
      expiresAt: '2099-12-31',
    });
    const { status, json } = await lab.ask('own-token', 'GET', '/personal_access_tokens/self');
    assert.equal(status, 200);
    const told = ['id', 'name', 'scopes', 'user_id', 'active', 'revoked', 'expires_at'].map((key) => at(json, key));
    const user = lab.people.maintainer.id;
    assert.deepEqual(told, [id, 'VS Code', ['read_repository'], user, true, false, '2099-12-31']);
  });

  it('has no such answer for OAuth tokens', async () => {
    addToken(lab.world, lab.people.maintainer, 'oauth', { kind: 'oauth' });
    const headers = { Authorization: 'Bearer oauth' };
    const { status, text } = await lab.ask(undefined, 'GET', '/personal_access_tokens/self', { headers });
    assert.equal(status, 400);
    assert.match(text, /This endpoint requires token type to be a personal access token/);
  });
});

describe('versions', () => {
  const lab = openLab();

  it('are the same under both addresses', async () => {
    const metadata = await lab.ask('maintainer', 'GET', '/metadata');
    assert.deepEqual(keysOf(metadata.json), ['enterprise', 'kas', 'revision', 'version']);
    assert.deepEqual(metadata.json, (await lab.ask('maintainer', 'GET', '/version')).json);
  });
});

describe('lists of projects', () => {
  const lab = openLab();
  const list = async (query: string, who: string | undefined = 'maintainer') => {
    const { status, json, text } = await lab.ask(who, 'GET', `/projects?order_by=id&sort=asc&${query}`);
    assert.equal(status, 200, text);
    return each(json);
  };

  it('hold what one sees', async () => {
    assert.deepEqual(await list(''), [1, 2, 3, 4, 6]);
    assert.deepEqual(await list('', 'outsider'), []);
    assert.deepEqual(await list('', 'admin'), [1, 2, 3, 4, 5, 6]);
    lab.app.visibility = 'internal';
    lab.other.visibility = 'public';
    assert.deepEqual(await list('', 'outsider'), [1, 5]);
    assert.deepEqual(each((await lab.ask(undefined, 'GET', '/projects')).json), [5]);
  });

  it('can be narrowed to memberships', async () => {
    lab.other.visibility = 'public';
    assert.deepEqual(await list('membership=true'), [1, 2, 3, 4, 6]);
    assert.deepEqual(await list('membership=true', 'admin'), []);
  });

  it('can be narrowed by the role one has there', async () => {
    setRole(lab.world, lab.people.developer, lab.lib, 40);
    assert.deepEqual(await list('min_access_level=30', 'developer'), [1, 2, 3, 4]);
    assert.deepEqual(await list('min_access_level=40', 'developer'), [3]);
    assert.deepEqual(await list('min_access_level=40', 'admin'), []);
    assert.deepEqual(await list('owned=true'), [6]);
  });

  it('can be searched, with the namespaces too', async () => {
    assert.deepEqual(await list('search=APP'), [1]);
    assert.deepEqual(await list('search=sub'), []);
    assert.deepEqual(await list('search=sub&search_namespaces=true'), [3, 4]);
    assert.deepEqual(await list('search=own%2Fapp&search_namespaces=true'), [1]);
    assert.deepEqual(await list('search=to'), [], 'two letters must be the whole text');
    Object.assign(lab.tools, { path: 'kit', description: 'Spanner and Hammer' });
    assert.deepEqual(await list('search=hammer%20spanner'), [2], 'any order, in one text');
    assert.deepEqual(await list('search=hammer%20kit'), [], 'not over two texts');
    assert.deepEqual(await list('search=%22and%20hammer%22'), [2], 'a phrase');
    assert.deepEqual(await list('search=%22hammer%20and%22'), []);
    assert.deepEqual(await list('search=hammer%20xy'), [2], 'short words beside longer ones do not count');
    lab.tools.name = 'Ab';
    assert.deepEqual(await list('search=aB'), [2]);
    assert.deepEqual(await list('starred=true'), []);
  });

  it('can be narrowed by archived, visibility, id and last activity', async () => {
    lab.tools.archived = true;
    lab.lib.visibility = 'public';
    lab.core.lastActivityAt = '2026-01-01T00:00:00.000Z';
    assert.deepEqual(await list('archived=true'), [2]);
    assert.deepEqual(await list('archived=false'), [1, 3, 4, 6]);
    assert.deepEqual(await list('visibility=public'), [3]);
    assert.deepEqual(await list('id_after=2&id_before=6'), [3, 4]);
    assert.deepEqual(await list('last_activity_after=2025-01-01'), [4]);
  });

  it('are ordered by id, newest first, unless told otherwise', async () => {
    lab.app.createdAt = '2026-01-01T00:00:00.000Z';
    lab.tools.lastActivityAt = '2026-01-01T00:00:00.000Z';
    const order = async (query: string) => each((await lab.ask('maintainer', 'GET', `/projects?${query}`)).json);
    assert.deepEqual(await order(''), [6, 4, 3, 2, 1]);
    assert.deepEqual((await order('order_by=last_activity_at'))[0], 2);
    assert.deepEqual(await order('order_by=name&sort=asc'), [1, 4, 3, 6, 2]);
    assert.deepEqual(await order('order_by=path&sort=desc'), [2, 6, 3, 4, 1]);
    addProject(lab.world, 'application', lab.own);
    assert.deepEqual(await order('order_by=similarity&search=app'), [1, 7]);
    assert.deepEqual(await order('order_by=similarity&sort=asc'), [1, 2, 3, 4, 6, 7], 'nothing to be similar to');
    lab.other.visibility = 'public';
    assert.deepEqual(await order('order_by=similarity&search=other'), [], 'only what one belongs to');
  });

  it('are basic with simple, and tell permissions without', async () => {
    const simple = await lab.ask('maintainer', 'GET', '/projects?simple=true&search=app');
    assert.ok(!keysOf(at(simple.json, 0)).includes('permissions'));
    assert.deepEqual(at(simple.json, 0, 'path_with_namespace'), 'own/app');
    const full = await lab.ask('maintainer', 'GET', '/projects?search=app');
    const group_access = { access_level: 40, notification_level: 3 };
    assert.deepEqual(at(full.json, 0, 'permissions'), { project_access: null, group_access });
    assert.equal(at(full.json, 0, 'archived'), false);
    const one = await lab.ask('maintainer', 'GET', '/projects/own%2Fapp');
    assert.deepEqual(one.json, at(full.json, 0));
  });

  it('hide the code of private projects from Guests', async () => {
    const branch = async (who: string) => at((await lab.ask(who, 'GET', '/projects/1')).json, 'default_branch');
    assert.deepEqual([await branch('guest'), await branch('reporter')], [undefined, 'main']);
  });

  it('refuse values GitLab does not know', async () => {
    const { status, json } = await lab.ask('maintainer', 'GET', '/projects?min_access_level=35&order_by=size');
    const error = 'order_by does not have a valid value, min_access_level does not have a valid value';
    assert.deepEqual([status, json], [400, { error }]);
  });
});

describe('lists of groups', () => {
  const lab = openLab();
  const list = async (query: string, who: string | undefined = 'maintainer') => {
    const { status, json, text } = await lab.ask(who, 'GET', `/groups?order_by=id&${query}`);
    assert.equal(status, 200, text);
    return each(json);
  };

  it('hold the groups one belongs to, and all of them for an administrator', async () => {
    assert.deepEqual(await list(''), [1, 2, 3]);
    assert.deepEqual(await list('', 'outsider'), []);
    assert.deepEqual(await list('', 'admin'), [1, 2, 3, 4]);
    assert.deepEqual(await list('all_available=false', 'admin'), []);
    lab.foreign.visibility = 'public';
    assert.deepEqual(await list(''), [1, 2, 3]);
    assert.deepEqual(await list('all_available=true'), [1, 2, 3, 4]);
    assert.deepEqual(each((await lab.ask(undefined, 'GET', '/groups')).json), [4]);
  });

  it('can be narrowed by role, search, top level, ownership and exceptions', async () => {
    setRole(lab.world, lab.people.developer, lab.sub, 50);
    assert.deepEqual(await list('min_access_level=40', 'developer'), [2, 3]);
    assert.deepEqual(await list('owned=true', 'developer'), [2, 3]);
    assert.deepEqual(await list('search=sub'), [2, 3]);
    assert.deepEqual(await list('top_level_only=true'), [1]);
    assert.deepEqual(await list('skip_groups[]=1&skip_groups[]=3'), [2]);
    assert.deepEqual(await list('visibility=public'), []);
  });

  it('are ordered by name unless told otherwise', async () => {
    const order = async (query: string) => each((await lab.ask('maintainer', 'GET', `/groups?${query}`)).json);
    assert.deepEqual(await order(''), [3, 1, 2]);
    assert.deepEqual(await order('sort=desc'), [2, 1, 3]);
    assert.deepEqual(await order('order_by=path'), [3, 1, 2]);
    addGroup(lab.world, 'sub2', lab.own, { name: 'Sub' });
    assert.deepEqual(await order('sort=desc'), [2, 5, 1, 3], 'equal names by ascending id');
  });

  it('tell path, full path and parent, as a single group does', async () => {
    const { json } = await lab.ask('maintainer', 'GET', '/groups?search=deep');
    const row = at(json, 0);
    const told = ['id', 'name', 'path', 'full_name', 'full_path', 'parent_id', 'web_url'].map((key) => at(row, key));
    const web_url = `${lab.gitlab.url}/groups/own/sub/deep`;
    assert.deepEqual(told, [3, 'Deep', 'deep', 'Own / Sub / Deep', 'own/sub/deep', 2, web_url]);
    const single = await lab.ask('maintainer', 'GET', '/groups/own%2Fsub%2Fdeep');
    assert.ok(typeof row === 'object');
    assert.deepEqual(single.json, { ...row, shared_with_groups: [], projects: [] });
  });
});
