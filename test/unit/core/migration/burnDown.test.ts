import assert from 'node:assert/strict';
import type { NotedWrite } from '../../../../src/core/journal/history';
import { burnDown, switchedOffAt, weeksInWords } from '../../../../src/core/migration/burnDown';
import type { Cluster } from '../../../../src/core/model/cluster';
import { hostUrl } from '../gitlab/connection';

const host = hostUrl('https://gitlab.example.com');
const now = new Date('2026-11-27T12:00:00Z');
const isListed = (one: string): boolean => one === host;

function write(
  day: string,
  kind: NotedWrite['kind'],
  before: boolean | undefined,
  after: boolean | undefined,
): NotedWrite {
  return {
    id: day,
    at: new Date(`${day}T10:00:00Z`),
    change: day,
    kind,
    host,
    user: undefined,
    owner: { level: 'instance' },
    cluster: { id: 7, name: 'c', provider: 'user' },
    fields: [],
    withheld: [],
    before: before === undefined ? {} : { enabled: before },
    after: after === undefined ? {} : { enabled: after },
    certificates: {},
    outcome: 'done',
    problem: undefined,
  };
}

describe('The clusters left, week by week', () => {
  it('are counted back from today by what was changed here', () => {
    const writes = [
      write('2026-11-24', 'edit', true, false),
      write('2026-11-23', 'edit', false, true),
      write('2026-11-17', 'edit', true, false),
      write('2026-11-16', 'delete', true, undefined),
      write('2026-11-10', 'edit', true, true),
      write('2026-11-09', 'add', undefined, true),
    ];
    const weeks = burnDown(5, writes, isListed, now, 4);
    assert.deepEqual(
      weeks.map(({ monday, left, switchedOff }) => [monday, left, switchedOff]),
      [
        ['2026-11-02', 6, 0],
        ['2026-11-09', 7, 0],
        ['2026-11-16', 5, 2],
        ['2026-11-23', 5, 1],
      ],
    );
    assert.match(weeksInWords(weeks)[2] ?? '', /^2026-11-16 +5 █+ \(switched off: 2\)$/);
  });

  it('do not count what was done at hosts that are listed no more', () => {
    const gone = { ...write('2026-11-24', 'edit', true, false), host: hostUrl('https://gone.example.com') };
    assert.deepEqual(
      burnDown(3, [gone], isListed, now, 2).map(({ left, switchedOff }) => [left, switchedOff]),
      [
        [3, 0],
        [3, 0],
      ],
    );
  });

  it('do not count what failed, nor changes of something else', () => {
    const failed: NotedWrite = { ...write('2026-11-24', 'edit', true, false), outcome: 'failed' };
    assert.deepEqual(burnDown(3, [failed, write('2026-11-24', 'edit', true, undefined)], isListed, now, 1)[0]?.left, 3);
    assert.equal(burnDown(3, [failed], isListed, now, 2)[0]?.left, 3);
  });

  it('know when a cluster was switched off last, and that it was switched on since', () => {
    const cluster: Pick<Cluster, 'host' | 'owner' | 'id'> = { host, owner: { level: 'instance' }, id: 7 };
    const off = write('2026-11-17', 'edit', true, false);
    assert.deepEqual(switchedOffAt(cluster, [off]), off.at);
    assert.equal(switchedOffAt(cluster, [write('2026-11-20', 'edit', false, true), off]), undefined);
    assert.equal(switchedOffAt({ ...cluster, id: 8 }, [off]), undefined);
  });
});
