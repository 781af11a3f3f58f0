import assert from 'node:assert/strict';
import { readAccess } from '../../../../src/core/migration/agentAccess';

// Agents and environments 7.1
describe('what an agent’s configuration allows', () => {
  it('is nothing where there is nothing but comments, and unknown for what is no configuration', () => {
    for (const text of ['', '# nothing yet\n', 'observability: { logging: { level: debug } }']) {
      assert.deepEqual(readAccess(text), [], text);
    }
    for (const text of ['ci_access: [', '- a\n- b\n', 'a: 1\n---\nb: 2\n', 'x'.repeat(2 ** 20 + 1)]) {
      assert.equal(readAccess(text), undefined, text.slice(0, 20));
    }
  });

  it('leaves out entries without an id, and takes values of the wrong kind as not given', () => {
    const text = 'ci_access: { projects: [{ id: a/b, environments: production, default_namespace: [x] }, {}, c] }';
    assert.deepEqual(readAccess(text), [
      {
        use: 'jobs',
        of: 'project',
        id: 'a/b',
        defaultNamespace: undefined,
        environments: undefined,
        protectedOnly: false,
      },
    ]);
  });

  it('keeps ids that look like numbers as they are written', () => {
    assert.deepEqual(
      readAccess('user_access: { groups: [{ id: 0123 }] }')?.map(({ id, of, use }) => [id, of, use]),
      [['0123', 'group', 'people']],
    );
  });
});
