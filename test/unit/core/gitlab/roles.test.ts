import assert from 'node:assert/strict';
import { isMaintainer } from '../../../../src/core/gitlab/roles';
import { smallWorld } from '../../../contract/lab';
import { json } from '../../../gitlab/answer';
import { addGroup, addProject, setRole } from '../../../gitlab/populate';
import { openConnection } from './connection';

describe('the role of a token', () => {
  const small = smallWorld();
  const connection = openConnection(() => ({ world: small.world }));
  const project = { level: 'project', id: small.lib.id, path: 'own/sub/lib' } as const;
  const group = { level: 'group', id: small.sub.id, path: 'own/sub' } as const;

  it('is enough to change clusters for Maintainers, by inheritance too', async () => {
    for (const owner of [project, group]) {
      assert.equal(await isMaintainer(connection.client('maintainer'), owner), true);
      for (const who of ['developer', 'reporter', 'guest', 'outsider']) {
        assert.equal(await isMaintainer(connection.client(who), owner), false, `${who} in ${owner.path}`);
      }
    }
    assert.equal(connection.gitlab.requests.length, 10, 'one request each');
  });

  it('counts where a project is shared with a group of theirs', async () => {
    const { world, people } = small;
    const team = addGroup(world, 'team');
    setRole(world, people.outsider, team, 50);
    const lent = addProject(world, 'lent', small.foreign, { sharedWith: [{ groupId: team.id, role: 40 }] });
    const owner = { level: 'project', id: lent.id, path: 'foreign/lent' } as const;
    assert.equal(await isMaintainer(connection.client('outsider'), owner), true);
  });

  it('is found for groups with a path of two letters', async () => {
    const { world, people } = small;
    const short = addGroup(world, 'qa');
    setRole(world, people.guest, short, 40);
    const owner = { level: 'group', id: short.id, path: 'qa' } as const;
    assert.equal(await isMaintainer(connection.client('guest'), owner), true);
    assert.equal(await isMaintainer(connection.client('reporter'), owner), false);
  });

  it('is not known where GitLab does not know the filters', async () => {
    connection.gitlab.onRequest(() => json(200, [{ id: 4711 }]));
    assert.equal(await isMaintainer(connection.client('developer'), project), undefined);
  });
});
