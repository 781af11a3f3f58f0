import assert from 'node:assert/strict';
import { changedMeanwhile, merged } from '../../../../src/features/form/meanwhile';
import { draftOf } from '../../../../src/core/model/clusterDraft';
import { clusterWith, expiredPem } from './drafts';

describe('What somebody changed while a form was open', () => {
  const before = draftOf(clusterWith());

  it('is nothing while GitLab has what it had', () => {
    assert.deepEqual(changedMeanwhile(before, { ...before }, { ...before, name: 'mine' }), []);
  });

  it('stands beside what the user made of it, field by field', () => {
    const theirs = { ...before, name: 'theirs', enabled: false, environmentScope: 'theirs/*' };
    const mine = { ...before, name: 'mine', baseDomain: 'mine.example.com', environmentScope: 'theirs/*' };
    assert.deepEqual(changedMeanwhile(before, theirs, mine), [
      { field: 'name', before: before.name, theirs: 'theirs', kept: true },
      { field: 'enabled', before: 'on', theirs: 'off', kept: false },
      { field: 'environmentScope', before: before.environmentScope, theirs: 'theirs/*', kept: false },
    ]);
    assert.deepEqual(merged(before, theirs, mine), {
      ...before,
      name: 'mine',
      enabled: false,
      baseDomain: 'mine.example.com',
      environmentScope: 'theirs/*',
    });
  });

  it('names certificates by what they are and projects by their paths', () => {
    const theirs = { ...before, caCert: expiredPem, managementProject: { id: 30, path: 'platform/ops' } };
    const [certificate, project] = changedMeanwhile(before, theirs, { ...before, removeCaCert: true });
    assert.match(certificate?.theirs ?? '', /^CN=.*, valid to \d{4}-\d\d-\d\d$/);
    assert.equal(certificate?.kept, true);
    assert.deepEqual(project, {
      field: 'managementProjectId',
      before: 'platform/cluster-management',
      theirs: 'platform/ops',
      kept: false,
    });
  });

  it('takes a removal of the certificate for the user’s own edit', () => {
    const theirs = { ...before, caCert: expiredPem };
    assert.equal(merged(before, theirs, { ...before, removeCaCert: true }).removeCaCert, true);
    assert.equal(merged(before, theirs, before).caCert, expiredPem);
  });
});
