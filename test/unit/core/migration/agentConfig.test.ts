import assert from 'node:assert/strict';
import { addAccess } from '../../../../src/core/migration/agentConfig';
import type { AccessEntry, ConfigEdit } from '../../../../src/core/migration/agentConfig';

const entry: AccessEntry = { kind: 'projects', id: 'platform/web', isManaged: false };

function after(edit: ConfigEdit): string {
  assert.equal(edit.kind, 'edited');
  return edit.kind === 'edited' ? edit.after : '';
}

describe('An entry in the configuration of an agent', () => {
  it('makes the file where there is none', () => {
    assert.equal(after(addAccess(undefined, entry)), 'ci_access:\n  projects:\n    - id: platform/web\n');
  });

  it('comes behind the others, and every other line keeps each character', () => {
    const before = [
      '# our agent',
      'flux: {} # keep',
      'ci_access:',
      '  groups:   # teams',
      '  - id: "platform/team"',
      '    default_namespace: x',
      '  projects:',
      '  - id: platform/api',
      '    environments: [production]',
      '  # more to come',
      'remote_development:',
      '  enabled: true',
      '',
    ].join('\r\n');
    const expected = before.replace(
      '    environments: [production]\r\n',
      '    environments: [production]\r\n  - id: platform/web\r\n',
    );
    assert.equal(after(addAccess(before, entry)), expected);
  });

  it('gets its list where there is none yet, and brings what a managed cluster needs', () => {
    const before = 'ci_access:\n    groups:\n        - id: other\nuser_access: {}';
    assert.equal(
      after(addAccess(before, { ...entry, isManaged: true, defaultNamespace: 'web' })),
      [
        'ci_access:',
        '    groups:',
        '        - id: other',
        '    projects:',
        '      - id: platform/web',
        '        default_namespace: web',
        '        access_as:',
        '          ci_job: {}',
        '        resource_management:',
        '          enabled: true',
        'user_access: {}',
      ].join('\n'),
    );
  });

  it('is not added twice: GitLab compares without regard to case', () => {
    assert.equal(addAccess('ci_access: {projects: [{id: Platform/WEB}]}', entry).kind, 'present');
  });

  it('is to be pasted where the file is written in another way, or cannot be read', () => {
    const texts = [
      'ci_access: {}',
      'ci_access: {projects: [{id: a/b}]}',
      'ci_access:\n  projects: []\n',
      '"ci_access":\n  projects: [{id: a}]\n',
      'ci_access: &x\n  projects:\n  - id: a\n---\nb: 1\n',
      'ci_access:\n  projects:\n  - id: a\nci_access:\n  groups: []\n',
      'a: [',
      '- a',
    ];
    assert.deepEqual(
      texts.map((text) => addAccess(text, entry).kind),
      texts.map(() => 'paste'),
    );
  });

  it('is refused where GitLab would drop it without a word', () => {
    const full = `ci_access:\n  projects:\n${Array.from({ length: 500 }, (_, n) => `  - id: g/p${n}\n`).join('')}`;
    assert.equal(addAccess(full, entry).kind, 'full');
  });

  it('keeps a text without a line break at its end, and one that is only comments', () => {
    assert.equal(
      after(addAccess('# nothing yet', entry)),
      '# nothing yet\nci_access:\n  projects:\n    - id: platform/web\n',
    );
    assert.equal(after(addAccess('ci_access:', entry)), 'ci_access:\n  projects:\n    - id: platform/web\n');
  });
});
