import assert from 'node:assert/strict';
import { clusterPage, ownerPage, projectPage, tokenPage } from '../../../../src/core/model/pages';
import { hostUrl } from '../gitlab/connection';

describe('pages of GitLab', () => {
  const host = hostUrl('https://example.com/gitlab');
  const owners = [
    [{ level: 'instance' }, 'https://example.com/gitlab/admin/clusters', 'https://example.com/gitlab/admin/clusters/7'],
    [
      { level: 'group', id: 1, path: 'a/b' },
      'https://example.com/gitlab/groups/a/b',
      'https://example.com/gitlab/groups/a/b/-/clusters/7',
    ],
    [
      { level: 'project', id: 1, path: 'a/b' },
      'https://example.com/gitlab/a/b',
      'https://example.com/gitlab/a/b/-/clusters/7',
    ],
  ] as const;
  for (const [owner, page, cluster] of owners) {
    it(`knows the pages of the level ${owner.level}`, () => {
      assert.equal(ownerPage(host, owner), page);
      assert.equal(clusterPage({ host, owner, id: 7 }), cluster);
    });
  }

  it('stays on the host and below its path whatever a path in the setting holds', () => {
    for (const path of ['/evil.example', '\\evil', 'a?b#c', 'a b', '\ud800', '@evil.example']) {
      const page = new URL(projectPage(host, path));
      assert.equal(page.origin, 'https://example.com');
      assert(page.pathname.startsWith('/gitlab/'), page.pathname);
      assert.equal(page.search + page.hash, '');
    }
  });

  it('fills in the form for a new token', () => {
    assert.match(
      tokenPage(host, 'new'),
      /^https:\/\/example\.com\/gitlab\/-\/user_settings\/personal_access_tokens\?.*scopes=api/,
    );
    assert.match(
      tokenPage(host, 'old'),
      /^https:\/\/example\.com\/gitlab\/-\/profile\/personal_access_tokens\?.*scopes=api/,
    );
  });
});
