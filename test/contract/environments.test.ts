import assert from 'node:assert/strict';
import { addEnvironment, addProject } from '../gitlab/populate';
import { at, each, keysOf, openLab } from './lab';

// Agents and environments 13, and 3.3 for the slug
describe('environments of a project', () => {
  const lab = openLab();
  const list = (who: string | undefined, query = '') => lab.ask(who, 'GET', `/projects/1/environments${query}`);

  it('are listed in all states, page by page', async () => {
    for (let n = 1; n <= 45; n++)
      addEnvironment(lab.world, lab.app, `review/${n}`, { state: n % 2 ? 'stopped' : 'available' });
    addEnvironment(lab.world, lab.tools, 'elsewhere');
    const first = await list('reporter');
    assert.deepEqual([first.status, each(first.json).length, first.headers.get('x-total')], [200, 20, '45']);
    const last = await list('reporter', '?page=3');
    assert.deepEqual([each(last.json).length, last.headers.get('x-next-page')], [5, '']);
  });

  it('say name, slug, tier and state, and nothing of a cluster', async () => {
    addEnvironment(lab.world, lab.app, 'review/my-branch');
    const { json } = await list('reporter');
    assert.deepEqual(
      ['name', 'slug', 'tier', 'state'].map((key) => at(json, 0, key)),
      ['review/my-branch', 'review-my-branch-add4nu', 'development', 'available'],
    );
    assert.deepEqual(
      keysOf(at(json, 0)).filter((key) => /cluster|namespace/.test(key)),
      [],
    );
  });

  it('are found by their whole name or by a part of it, never by both', async () => {
    for (const name of ['production', 'production-eu', 'Staging']) addEnvironment(lab.world, lab.app, name);
    assert.deepEqual(each((await list('reporter', '?name=production')).json, 'name'), ['production']);
    assert.deepEqual(each((await list('reporter', '?search=prod')).json, 'name'), ['production', 'production-eu']);
    const both = await list('reporter', '?name=production&search=prod');
    assert.deepEqual([both.status, both.json], [400, { error: 'name, search are mutually exclusive' }]);
    assert.equal((await list('reporter', '?search=pr')).status, 400);
  });

  it('are filtered by one state', async () => {
    addEnvironment(lab.world, lab.app, 'a');
    addEnvironment(lab.world, lab.app, 'b', { state: 'stopping' });
    addEnvironment(lab.world, lab.app, 'c', { state: 'stopped' });
    assert.deepEqual(each((await list('reporter', '?states=stopped')).json, 'name'), ['c']);
    assert.equal((await list('reporter', '?states=running')).status, 400);
  });

  it('are for Reporters and up; the project is hidden from strangers', async () => {
    const statuses = await Promise.all(
      ['admin', 'maintainer', 'developer', 'reporter', 'guest', 'outsider', undefined].map(
        async (who) => (await list(who)).status,
      ),
    );
    assert.deepEqual(statuses, [200, 200, 200, 200, 403, 404, 404]);
  });

  it('of a public project are for everybody', async () => {
    const open = addProject(lab.world, 'open', lab.own, { visibility: 'public' });
    addEnvironment(lab.world, open, 'production');
    const { json } = await lab.ask('outsider', 'GET', `/projects/${open.id}/environments`);
    assert.deepEqual(each(json, 'name'), ['production']);
  });

  it('come alone with their project and last deployment', async () => {
    const { id } = addEnvironment(lab.world, lab.app, 'production');
    const { json } = await lab.ask('reporter', 'GET', `/projects/1/environments/${id}`);
    assert.deepEqual(
      [at(json, 'name'), at(json, 'project', 'id'), at(json, 'last_deployment')],
      ['production', lab.app.id, null],
    );
    assert.equal((await lab.ask('reporter', 'GET', '/projects/1/environments/4711')).status, 404);
    assert.equal((await lab.ask('reporter', 'GET', `/projects/2/environments/${id}`)).status, 404);
  });

  it('need a scope that reads', async () => {
    const [token] = lab.world.tokens.filter(({ value }) => value === 'reporter');
    assert.ok(token);
    token.scopes = ['read_user'];
    assert.equal((await list('reporter')).status, 403);
    token.scopes = ['read_api'];
    assert.equal((await list('reporter')).status, 200);
  });
});

describe('environments of GitLab 13.6', () => {
  const lab = openLab({ profile: '13.6.7' });

  it('have a state, and no tier yet', async () => {
    addEnvironment(lab.world, lab.app, 'production');
    const { json } = await lab.ask('reporter', 'GET', '/projects/1/environments');
    assert.deepEqual([at(json, 0, 'state'), at(json, 0, 'tier')], ['available', undefined]);
  });
});
