import assert from 'node:assert/strict';
import { addCluster } from '../gitlab/populate';
import { each, levels, openLab, ownerOf } from './lab';

// GitLab API contract 3.4; 409 and 503 come from hooks, since nothing in the clusters API makes them by itself.
describe('other statuses', () => {
  const lab = openLab();

  for (const { level, list, writer } of levels) {
    it(`412 for a delete at the ${level} that wants an older record`, async () => {
      const { id } = addCluster(lab.world, ownerOf(lab, level), { updatedAt: '2026-06-01T12:00:00.500Z' });
      const path = `${list}/${id}`;
      const older = { headers: { 'If-Unmodified-Since': 'Mon, 01 Jun 2026 11:59:59 GMT' } };
      const refused = await lab.ask(writer, 'DELETE', path, older);
      assert.deepEqual([refused.status, refused.json], [412, { message: '412 Precondition Failed' }]);
      assert.equal((await lab.ask(writer, 'PUT', path, { body: {}, ...older })).status, 200, 'PUT has no such guard');
      const newer = { headers: { 'If-Unmodified-Since': 'Sat, 01 Jan 2101 00:00:00 GMT' } };
      assert.equal((await lab.ask(writer, 'DELETE', path, newer)).status, 204);
    });
  }

  it('410 for the API before v4', async () => {
    const response = await fetch(`${lab.gitlab.url}/api/v3/projects`);
    assert.equal(response.status, 410);
    assert.deepEqual(await response.json(), { error: 'API V3 is no longer supported. Use API V4 instead.' });
  });

  it('204 with the methods an address takes for OPTIONS', async () => {
    const { status, headers } = await lab.ask(undefined, 'OPTIONS', '/projects/1/clusters/1');
    assert.deepEqual([status, headers.get('Allow')], [204, 'OPTIONS, GET, HEAD, PUT, DELETE']);
  });

  it('the same for an address with a slash or a format too many', async () => {
    for (const path of ['/projects/1/clusters/', '/projects//1/clusters', '/projects/1/clusters.json']) {
      assert.equal((await lab.ask('maintainer', 'GET', path)).status, 200, path);
    }
  });

  it('a redirect to the sign-in page for everything outside the API', async () => {
    const response = await fetch(`${lab.gitlab.url}/own/app/-/clusters`, { redirect: 'manual' });
    assert.deepEqual([response.status, response.headers.get('Location')], [302, `${lab.gitlab.url}/users/sign_in`]);
    const page = await fetch(`${lab.gitlab.url}/users/sign_in`);
    assert.deepEqual([page.status, page.headers.get('Content-Type')], [200, 'text/html; charset=utf-8']);
  });

  it('no body for HEAD, but the status and headers of GET', async () => {
    const { status, text, headers } = await lab.ask('maintainer', 'HEAD', '/projects/1/clusters');
    assert.deepEqual([status, text, headers.get('X-Total')], [200, '', '0']);
  });
});

describe('a moved project', () => {
  const lab = openLab({ subPath: '/gitlab' });
  const old = '/projects/old%2Fplace/clusters';

  beforeEach(() => {
    lab.app.movedFrom.push('old/place');
  });

  it('redirects a GET to the address with its id', async () => {
    const { status, text, headers } = await lab.ask('maintainer', 'GET', `${old}?page=2`);
    const location = `${lab.gitlab.url}/api/v4/projects/1/clusters?page=2`;
    assert.deepEqual([status, headers.get('Location')], [301, location]);
    assert.equal(text, `This resource has been moved permanently to ${location}`);
    assert.equal(headers.get('Content-Type'), null);
  });

  it('refuses writes', async () => {
    const { id } = addCluster(lab.world, lab.app);
    for (const [method, path] of [
      ['POST', `${old}/user`],
      ['PUT', `${old}/${id}`],
      ['DELETE', `${old}/${id}`],
    ] as const) {
      const { status, json } = await lab.ask('maintainer', method, path);
      assert.deepEqual([status, json], [405, { message: 'Non GET methods are not allowed for moved projects' }]);
    }
    assert.equal((await lab.ask('maintainer', 'HEAD', old)).status, 405, 'HEAD is no GET either');
  });

  it('stays hidden from those who may not see it', async () => {
    assert.equal((await lab.ask('outsider', 'GET', old)).status, 404);
  });

  it('gives its old path up to a project that takes it', async () => {
    lab.app.movedFrom.push('own/tools');
    const { id } = addCluster(lab.world, lab.tools);
    assert.deepEqual(each((await lab.ask('maintainer', 'GET', '/projects/own%2Ftools/clusters')).json), [id]);
  });
});
