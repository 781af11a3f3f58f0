import assert from 'node:assert/strict';
import type { ClusterOwner } from '../../../../src/core/model/cluster';
import { watchesOwner, withWatched, withoutWatched } from '../../../../src/core/accounts/watching';

const host = { projects: [{ id: 7, path: 'a/b' }], groups: [{ id: 7, path: 'a' }] };
const instance: ClusterOwner = { level: 'instance' };
const project: ClusterOwner = { level: 'project', id: 8, path: 'a/c' };
const group: ClusterOwner = { level: 'group', id: 9, path: 'd' };

describe('Watching', () => {
  it('takes several owners at once, each once, and never the instance', () => {
    const watched = withWatched(host, [project, instance, group, project, { level: 'project', id: 7, path: 'moved' }]);
    assert.deepEqual(watched.projects, [
      { id: 7, path: 'a/b' },
      { id: 8, path: 'a/c' },
    ]);
    assert.deepEqual(watched.groups, [
      { id: 7, path: 'a' },
      { id: 9, path: 'd' },
    ]);
  });

  it('ends for an owner of that level and number only', () => {
    assert.deepEqual(withoutWatched(host, [{ level: 'group', id: 7, path: 'x' }, instance]), {
      projects: host.projects,
      groups: [],
    });
    assert.deepEqual(
      [project, group, instance].map((owner) => watchesOwner(host, owner)),
      [false, false, false],
    );
    assert.ok(watchesOwner(host, { level: 'project', id: 7, path: '' }));
  });
});
