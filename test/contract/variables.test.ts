import assert from 'node:assert/strict';
import { setVariable } from '../gitlab/populate';
import { at, openLab } from './lab';

const people = ['admin', 'maintainer', 'developer', 'reporter', 'guest', 'outsider', undefined] as const;

// Agents and environments 12.2
describe('The CI/CD variables of a project', () => {
  const lab = openLab();
  const get = (who: string | undefined, query = '') =>
    lab.ask(who, 'GET', `/projects/${lab.app.id}/variables/KUBE_CONTEXT${query}`);

  it('are for Maintainers, with their values in clear', async () => {
    setVariable(lab.world, lab.app, 'KUBE_CONTEXT', 'corp/agents:prod');
    const statuses = await Promise.all(people.map(async (who) => (await get(who)).status));
    assert.deepEqual(statuses, [200, 200, 403, 403, 403, 404, 401]);
    const { json } = await get('maintainer');
    assert.deepEqual([at(json, 'value'), at(json, 'environment_scope')], ['corp/agents:prod', '*']);
  });

  it('are asked for by scope where there are several of a name', async () => {
    assert.equal((await get('maintainer')).status, 404);
    setVariable(lab.world, lab.app, 'KUBE_CONTEXT', 'a:b', { environmentScope: 'production' });
    setVariable(lab.world, lab.app, 'KUBE_CONTEXT', 'a:c', { environmentScope: 'review/*' });
    assert.equal((await get('maintainer')).status, 409);
    const { json } = await get('maintainer', '?filter[environment_scope]=review/*');
    assert.equal(at(json, 'value'), 'a:c');
    assert.equal((await get('maintainer', '?filter[environment_scope]=*')).status, 404);
  });

  it('are created once for each name and scope', async () => {
    const create = (key: string, scope: string) =>
      lab.ask('maintainer', 'POST', `/projects/${lab.app.id}/variables`, {
        body: { key, value: 'x', environment_scope: scope },
      });
    assert.equal((await create('KUBE_NAMESPACE', 'production')).status, 201);
    assert.equal((await create('KUBE_NAMESPACE', 'staging')).status, 201);
    const again = await create('KUBE_NAMESPACE', 'staging');
    assert.equal(again.status, 400);
    assert.equal(at(again.json, 'message', 'key', 0), '(KUBE_NAMESPACE) has already been taken');
    assert.equal((await create('NOT A KEY', '*')).status, 400);
  });
});
