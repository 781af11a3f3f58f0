import assert from 'node:assert/strict';
import { GitLabError } from '../../../../src/core/gitlab/errors';
import type { FleetStatus } from '../../../../src/core/inventory/fleetStatus';
import type { HostState } from '../../../../src/core/inventory/hostIdentityLoad';
import { unsearchedHosts, unsearchedInWords, unsearchedLines } from '../../../../src/core/inventory/unsearched';
import { hostUrl } from './clusters';

const stopped = (kind: 'cancelled' | 'server'): FleetStatus => ({
  status: 'ended',
  outcome: { outcome: 'stopped', error: new GitLabError(kind) },
  progress: undefined,
});
const complete = (...gaps: readonly GitLabError[]): FleetStatus => ({
  status: 'ended',
  outcome: { outcome: 'complete', gaps: gaps.map((error) => ({ list: 'projects', error })) },
  progress: undefined,
});

describe('A host whose clusters are not all known', () => {
  const cases: readonly (readonly [string, FleetStatus, boolean, HostState | undefined, string | undefined])[] = [
    ['was never searched', { status: 'unasked' }, false, undefined, 'never searched'],
    ['is being searched', { status: 'crawling', progress: undefined }, false, undefined, 'being searched'],
    ['was stopped', stopped('cancelled'), false, undefined, 'stopped'],
    ['failed while it was searched', stopped('server'), false, undefined, 'GitLab server error'],
    [
      'has lists that could not be read',
      complete(new GitLabError('server')),
      true,
      undefined,
      'some lists could not be read',
    ],
    ['has no token', { status: 'unasked' }, false, { state: 'noToken' }, 'no token'],
    ['was searched', complete(), true, undefined, undefined],
    ['is remembered as searched', { status: 'recalled' }, true, undefined, undefined],
    [
      'is remembered while it is searched again',
      { status: 'crawling', progress: undefined },
      true,
      undefined,
      undefined,
    ],
  ];
  for (const [what, status, isComplete, state, why] of cases) {
    it(`is told, or not, where it ${what}`, () => {
      const host = { url: hostUrl(), name: 'Work', projects: [], groups: [] };
      const found = unsearchedHosts({
        hosts: [host],
        status: () => status,
        fleet: () => ({ completedAt: isComplete ? new Date() : undefined }),
        hostState: () => state,
      });
      assert.deepEqual(unsearchedLines(found), why === undefined ? [] : [`Work: ${why}`]);
      assert.equal(found[0]?.searchable, why === undefined ? undefined : state?.state !== 'noToken');
      assert.equal(unsearchedInWords(found, 5), why === undefined ? undefined : '1 of 5 hosts not searched');
      assert.equal(unsearchedInWords(found, 1), why === undefined ? undefined : 'host not searched');
    });
  }
});
