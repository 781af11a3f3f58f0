import assert from 'node:assert/strict';
import { request } from 'node:http';
import { addCluster, addToken } from '../gitlab/populate';
import { at, levels, newCluster, openLab } from './lab';

// GitLab API contract 3.1. Each request breaks one check and every later one, so that only the order decides.
describe('order of checks', () => {
  const lab = openLab();
  const list = '/projects/1/clusters';
  const malformed = '{"name":';

  it('reads the body before it throttles, and throttles before it looks at the content type', async () => {
    lab.world.settings.throttle = { requests: 0, seconds: 60 };
    assert.equal((await lab.ask(undefined, 'POST', `${list}/user`, { body: malformed })).status, 400);
    const headers = { 'Content-Type': 'text/plain' };
    assert.equal((await lab.ask(undefined, 'POST', `${list}/user`, { body: 'x', headers })).status, 429);
  });

  it('reads the body before it authenticates', async () => {
    for (const who of [undefined, 'no-such-token']) {
      assert.equal((await lab.ask(who, 'POST', `${list}/user`, { body: malformed })).status, 400);
    }
  });

  it('reads no body of a GET', async () => {
    const { status } = await new Promise<{ status: number | undefined }>((resolve, reject) => {
      const asking = request(
        `${lab.gitlab.url}/api/v4${list}`,
        {
          method: 'GET',
          headers: {
            'PRIVATE-TOKEN': 'maintainer',
            'Content-Type': 'application/json',
            'Content-Length': malformed.length,
          },
        },
        (answer) => {
          answer.resume();
          resolve({ status: answer.statusCode });
        },
      );
      asking.on('error', reject).end(malformed);
    });
    assert.equal(status, 200);
  });

  it('refuses a content type before it authenticates', async () => {
    const headers = { 'Content-Type': 'text/plain' };
    const { status } = await lab.ask(undefined, 'POST', `${list}/user`, { body: 'x', headers });
    assert.equal(status, 415);
  });

  it('authenticates before it looks for the project', async () => {
    assert.equal((await lab.ask(undefined, 'GET', '/projects/4711/clusters')).status, 401);
  });

  it('checks the scope before it looks for the project', async () => {
    addToken(lab.world, lab.people.maintainer, 'narrow', { scopes: ['read_user'] });
    const { status, json } = await lab.ask('narrow', 'GET', '/projects/4711/clusters');
    assert.deepEqual([status, at(json, 'error')], [403, 'insufficient_scope']);
  });

  it('looks for the project or group before the feature flag', async () => {
    lab.gitlab.flagOff = true;
    const project = await lab.ask('outsider', 'GET', list);
    assert.deepEqual([project.status, project.json], [404, { message: '404 Project Not Found' }]);
    const group = await lab.ask('outsider', 'GET', '/groups/1/clusters');
    assert.deepEqual([group.status, group.json], [404, { message: '404 Group Not Found' }]);
  });

  it('looks at the feature flag before the parameters', async () => {
    lab.gitlab.flagOff = true;
    for (const [who, path] of [
      ['maintainer', `${list}/user`],
      ['maintainer', '/groups/1/clusters/user'],
      ['admin', '/admin/clusters/add'],
    ] as const) {
      const { status, json } = await lab.ask(who, 'POST', path, { body: {} });
      assert.deepEqual([status, json], [404, { message: '404 Not Found' }]);
    }
  });

  it('checks the parameters before the role', async () => {
    const incomplete = await lab.ask('developer', 'POST', `${list}/user`, { body: {} });
    assert.equal(incomplete.status, 400);
    const complete = await lab.ask('developer', 'POST', `${list}/user`, { body: newCluster() });
    assert.deepEqual([complete.status, complete.json], [403, { message: '403 Forbidden' }]);
  });

  it('checks the parameters before it looks for the cluster', async () => {
    const body = { enabled: 'perhaps' };
    const { status, json } = await lab.ask('maintainer', 'PUT', `${list}/4711`, { body });
    assert.deepEqual([status, json], [400, { error: 'enabled is invalid' }]);
  });

  it('looks for the cluster before the role', async () => {
    const { id } = addCluster(lab.world, lab.app);
    for (const method of ['GET', 'PUT', 'DELETE']) {
      const unknown = await lab.ask('reporter', method, `${list}/4711`);
      assert.deepEqual([unknown.status, unknown.json], [404, { message: '404 Not found' }]);
      const known = await lab.ask('reporter', method, `${list}/${id}`);
      assert.deepEqual([known.status, known.json], [403, { message: '403 Forbidden' }]);
    }
  });

  it('checks the role before the model', async () => {
    const body = newCluster({ domain: 'bad_domain' });
    assert.equal((await lab.ask('developer', 'POST', `${list}/user`, { body })).status, 403);
    assert.equal((await lab.ask('maintainer', 'POST', `${list}/user`, { body })).status, 400);
  });

  it('checks the administrator before anything else of the instance', async () => {
    lab.gitlab.flagOff = true;
    const { status, json } = await lab.ask('maintainer', 'POST', '/admin/clusters/add', { body: {} });
    assert.deepEqual([status, json], [403, { message: '403 Forbidden' }]);
  });

  it('says that a route is unknown without asking who it is', async () => {
    for (const { list: path } of levels) {
      const { status, json } = await lab.ask(undefined, 'PATCH', `${path}/1`, { body: {} });
      assert.deepEqual([status, json], [404, { error: '404 Not Found' }]);
    }
  });
});
