import assert from 'node:assert/strict';
import { addProject } from '../gitlab/populate';
import { at, each, openLab } from './lab';

// The parameters that finding the projects of a group's cluster relies on; paging as in GitLab API contract 5
describe('projects of a group', () => {
  const lab = openLab();
  const list = (who: string | undefined, query = '') => lab.ask(who, 'GET', `/groups/${lab.own.id}/projects${query}`);
  const paths = async (query: string, who = 'maintainer') => each((await list(who, query)).json, 'path_with_namespace');

  it('are its own, those of its subgroups only where they are asked for', async () => {
    assert.deepEqual(await paths('?order_by=id&sort=asc'), ['own/app', 'own/tools']);
    assert.deepEqual(await paths('?order_by=id&sort=asc&include_subgroups=true'), [
      'own/app',
      'own/tools',
      'own/sub/lib',
      'own/sub/deep/core',
    ]);
  });

  it('include those shared with it unless they are left out', async () => {
    lab.other.sharedWith.push({ groupId: lab.own.id, role: 30 });
    assert.ok((await paths('')).includes('foreign/other'));
    assert.ok(!(await paths('?with_shared=false')).includes('foreign/other'));
  });

  it('include archived ones unless they are filtered', async () => {
    lab.tools.archived = true;
    assert.ok((await paths('')).includes('own/tools'));
    assert.deepEqual(await paths('?archived=false'), ['own/app']);
    assert.deepEqual(await paths('?archived=true'), ['own/tools']);
  });

  it('are the newest first by default, and by id upwards where that is asked for', async () => {
    assert.deepEqual(await paths(''), ['own/tools', 'own/app']);
    assert.deepEqual(await paths('?order_by=id&sort=asc'), ['own/app', 'own/tools']);
    assert.equal((await list('maintainer', '?order_by=color')).status, 400);
    assert.equal((await list('maintainer', '?sort=up')).status, 400);
  });

  it('say in short what a project is, with the kind of its namespace', async () => {
    const { json } = await list('maintainer', '?simple=true&order_by=id&sort=asc');
    assert.deepEqual(
      [at(json, 0, 'id'), at(json, 0, 'path_with_namespace'), at(json, 0, 'namespace', 'kind')],
      [lab.app.id, 'own/app', 'group'],
    );
  });

  it('come page by page, a hundred at most, and are counted', async () => {
    for (let index = 0; index < 120; index++) addProject(lab.world, `more-${index}`, lab.own);
    const first = await list('maintainer', '?per_page=500&order_by=id&sort=asc');
    assert.deepEqual(
      [each(first.json).length, first.headers.get('x-total'), first.headers.get('x-next-page')],
      [100, '122', '2'],
    );
    const second = await list('maintainer', '?per_page=100&page=2&order_by=id&sort=asc');
    assert.deepEqual([each(second.json).length, second.headers.get('x-next-page')], [22, '']);
  });

  it('are those the caller sees; a hidden group is not found', async () => {
    const open = addProject(lab.world, 'open', lab.own, { visibility: 'public' });
    lab.own.visibility = 'public';
    assert.deepEqual(await paths('', 'outsider'), [`own/${open.path}`]);
    lab.own.visibility = 'private';
    open.visibility = 'private';
    assert.equal((await list('outsider')).status, 404);
    assert.equal((await lab.ask('admin', 'GET', '/groups/9999/projects')).status, 404);
  });
});
