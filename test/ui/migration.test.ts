import assert from 'node:assert/strict';
import { REQUESTS_PER_PROJECT } from '../../src/core/migration/movePlan';
import { company } from '../unit/features/migration/companies';
import { moveCompany } from './companyMove';
import { useEditor } from './useEditor';

describe('The move of a cluster to the GitLab agent', () => {
  const editor = useEditor();

  it('goes from start to end in the window: plan, merge requests, switch, table [main way]', async () => {
    const { missed, perProject, needing } = await moveCompany(editor, company('project', 1, 4705), 'project', 0);
    assert.deepEqual(missed, []);
    assert.ok(needing > 0);
    assert.ok(perProject <= REQUESTS_PER_PROJECT);
  });
});
