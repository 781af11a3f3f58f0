import assert from 'node:assert/strict';
import { isIP } from 'node:net';
import fc from 'fast-check';
import { addressOn, defaultHostName, parseHostUrl, shownAddress } from '../../../../src/core/model/host';
import { hostUrl } from '../gitlab/connection';

describe('the address of a host', () => {
  const accepted: readonly (readonly [typed: string, url: string, insecure?: 'insecure'])[] = [
    ['https://gitlab.example.com', 'https://gitlab.example.com'],
    ['gitlab.example.com', 'https://gitlab.example.com'],
    ['  https://gitlab.example.com/  ', 'https://gitlab.example.com'],
    ['HTTPS://GitLab.Example.COM', 'https://gitlab.example.com'],
    ['https://gitlab.example.com:443', 'https://gitlab.example.com'],
    ['https://gitlab.example.com:8443/', 'https://gitlab.example.com:8443'],
    ['gitlab.example.com:8443', 'https://gitlab.example.com:8443'],
    ['https://gitlab.example.com.', 'https://gitlab.example.com'],
    ['https://gitlab.example.com.:8443/x', 'https://gitlab.example.com:8443/x'],
    ['https://example.com/gitlab', 'https://example.com/gitlab'],
    ['https://example.com/gitlab///', 'https://example.com/gitlab'],
    ['https://example.com//tools//gitlab', 'https://example.com/tools/gitlab'],
    ['https://example.com/tools/./x/../gitlab', 'https://example.com/tools/gitlab'],
    ['https://example.com/%67it%6cab', 'https://example.com/gitlab'],
    ['https://example.com/a%2fb', 'https://example.com/a%2Fb'],
    ['https://example.com/GitLab', 'https://example.com/GitLab'],
    ['https://gitlab.example.com/api/v4', 'https://gitlab.example.com'],
    ['https://gitlab.example.com/api/v4/', 'https://gitlab.example.com'],
    ['https://example.com/gitlab/api/v4/api/v4', 'https://example.com/gitlab'],
    ['https://example.com/gitlab//api//v4', 'https://example.com/gitlab'],
    ['https://münchen.example', 'https://xn--mnchen-3ya.example'],
    ['https://XN--MNCHEN-3YA.example', 'https://xn--mnchen-3ya.example'],
    ['https://[2001:DB8::1]:8080/gitlab', 'https://[2001:db8::1]:8080/gitlab'],
    ['https:/gitlab.example.com', 'https://gitlab.example.com'],
    ['https:\\\\gitlab.example.com\\x', 'https://gitlab.example.com/x'],
    ['https://[2001:db8:0:0:0:0:0:1]', 'https://[2001:db8::1]'],
    ['https://10.0.0.1', 'https://10.0.0.1'],
    ['https://0x0a.1', 'https://10.0.0.1'],
    ['http://gitlab.example.com', 'http://gitlab.example.com', 'insecure'],
    ['http://10.0.0.1', 'http://10.0.0.1', 'insecure'],
    ['http://localhost.example.com', 'http://localhost.example.com', 'insecure'],
    ['http://localhost:3000', 'http://localhost:3000'],
    ['http://LOCALHOST', 'http://localhost'],
    ['http://gdk.localhost', 'http://gdk.localhost'],
    ['http://127.0.0.1:8080/gitlab', 'http://127.0.0.1:8080/gitlab'],
    ['http://127.1', 'http://127.0.0.1'],
    ['http://[::1]:8080', 'http://[::1]:8080'],
    ['https://gitlab.example.com,', 'https://gitlab.example.com'],
    ['(https://gitlab.example.com)', 'https://gitlab.example.com'],
    ['"https://gitlab.example.com/gitlab".', 'https://gitlab.example.com/gitlab'],
    ['<https://gitlab.example.com>', 'https://gitlab.example.com'],
    ['[https://gitlab.example.com]', 'https://gitlab.example.com'],
    ['https://gitlab.example.com;', 'https://gitlab.example.com'],
    ['“gitlab.example.com”', 'https://gitlab.example.com'],
    ['https://https://gitlab.example.com', 'https://gitlab.example.com'],
    ['https://http://10.0.0.1', 'http://10.0.0.1', 'insecure'],
    ['https//https://gitlab.example.com', 'https://gitlab.example.com'],
    ['https://gitlab.example.com\u200b', 'https://gitlab.example.com'],
    ['https://git_lab-1.example.com', 'https://git_lab-1.example.com'],
    ['gitlab', 'https://gitlab'],
    ['‹https://gitlab.example.com›', 'https://gitlab.example.com'],
    ['„gitlab.example.com“', 'https://gitlab.example.com'],
    ['https//gitlab.example.com', 'https://gitlab.example.com'],
  ];
  for (const [typed, url, insecure] of accepted) {
    it(`reads “${typed}” as ${url}${insecure ? ', unprotected' : ''}`, () => {
      assert.deepEqual(parseHostUrl(typed), { ok: true, url, insecure: insecure === 'insecure' });
      assert.deepEqual(parseHostUrl(url), { ok: true, url, insecure: insecure === 'insecure' });
    });
  }

  const pages: readonly (readonly [typed: string, url: string])[] = [
    ['https://gitlab.example.com/group/project/-/clusters', 'https://gitlab.example.com'],
    ['https://gitlab.example.com/groups/a/b/-/clusters/5?tab=details', 'https://gitlab.example.com'],
    ['https://example.com/gitlab/-/profile/preferences#x', 'https://example.com/gitlab'],
    ['https://example.com/gitlab/users/sign_in', 'https://example.com/gitlab'],
    ['https://example.com/gitlab/admin/clusters', 'https://example.com/gitlab'],
    ['gitlab.example.com/-/user_settings/personal_access_tokens?name=x', 'https://gitlab.example.com'],
    ['https://gitlab.example.com:8443/api/v4/projects?private_token=secret', 'https://gitlab.example.com:8443'],
    ['https://gitlab.example.com/-', 'https://gitlab.example.com'],
    ['https://gitlab.example.com/explore', 'https://gitlab.example.com'],
    ['https://example.com/gitlab/dashboard/', 'https://example.com/gitlab'],
  ];
  for (const [typed, url] of pages) {
    it(`cuts “${typed}” back to ${url}, and says so`, () => {
      const note = `Read as ${url}; the rest is the address of a page.`;
      assert.deepEqual(parseHostUrl(typed), { ok: true, url, insecure: false, note });
    });
  }

  it('accepts only names and addresses that can exist', () => {
    const part = fc.constantFrom(
      'https://',
      'http:',
      '//',
      'gitlab',
      '.example',
      '.',
      '-',
      '_',
      '[::1]',
      '127.0.0.1',
      ':80',
      '/',
    );
    const odd = fc.constantFrom(
      "'",
      '(',
      ')',
      '!',
      '~',
      '$',
      '&',
      ',',
      ';',
      '=',
      '%41',
      'ü',
      '。',
      '\u200b',
      '*',
      '{',
      '<',
      '@',
    );
    const texts = fc.array(fc.oneof(part, part, odd, fc.string({ unit: 'grapheme', maxLength: 3 })), { maxLength: 7 });
    let accepted = 0;
    fc.assert(
      fc.property(texts, (parts) => {
        const parsed = parseHostUrl(parts.join(''));
        if (!parsed.ok) return;
        accepted++;
        const name = new URL(parsed.url).hostname;
        const isName = /^[a-z0-9_-]+(\.[a-z0-9_-]+)*$/.test(name) && !['http', 'https'].includes(name);
        assert(isName || isIP(name.replace(/^\[|\]$/g, '')) > 0, parsed.url);
        const again = parseHostUrl(parsed.url);
        assert(again.ok && again.url === parsed.url, parsed.url);
      }),
      { numRuns: 20_000 },
    );
    assert(accepted > 1000, `${accepted} accepted`);
  });

  const refused: readonly (readonly [typed: string, about: RegExp])[] = [
    ['', /Enter the address/],
    ['   ', /Enter the address/],
    ['https://', /not an address/],
    ['https://.', /not an address/],
    ['https://git lab.example.com', /spaces/],
    ['https://gitlab.example.com\nhttps://other.example.com', /spaces/],
    ['https://gitlab.example.com\tx', /spaces/],
    ['https://exa<mple.com', /not an address/],
    ['https://gitlab.example.com:99999', /not an address/],
    ['https://{{gitlab_host}}', /placeholder/],
    ['https://<host>', /placeholder/],
    ['https://$GITLAB_HOST', /placeholder/],
    ['https://%GITLAB_HOST%', /placeholder/],
    ['https://*.example.com', /one host/],
    ['https://gitlab..example.com', /two dots/],
    ['https://gitlab!.example.com', /not an address/],
    ['https://gitlab~1.example.com', /not an address/],
    ['https://https', /two schemes/],
    ['http', /two schemes/],
    ['ftp://gitlab.example.com', /begin with https/],
    ['ssh://git@gitlab.example.com', /begin with https/],
    ['file:///etc/passwd', /not an address|begin with/],
    ['javascript://alert(1)', /begin with https|not an address/],
    ['https://user:secret@gitlab.example.com', /user name and password/],
    ['https://user@gitlab.example.com', /user name and password/],
    ['https://:secret@gitlab.example.com', /user name and password/],
    ['https:/user:secret@gitlab.example.com', /user name and password/],
    ['https:user:secret@gitlab.example.com', /user name and password/],
    ['https://gitlab.example.com/user:secret@x', /user name and password/],
    ['https://@gitlab.example.com', /user name and password/],
    ['https://gitlab.example.com?private_token=secret', /“\?”/],
    ['https://gitlab.example.com/?', /“\?”/],
    ['https://gitlab.example.com/#readme', /“#”/],
    ['https://gitlab.example.com#', /“#”/],
    ['git@gitlab.example.com:group/project.git', /a repository/],
    ['ssh://git@gitlab.example.com:2222/group/project.git', /a repository/],
    [`https://gitlab.example.com/${'x'.repeat(3000)}`, /not an address/],
  ];
  for (const [typed, about] of refused) {
    it(`refuses “${typed.slice(0, 60).replace(/\n/g, '⏎')}” with a reason that quotes nothing of it`, () => {
      const parsed = parseHostUrl(typed);
      assert(!parsed.ok);
      assert.match(parsed.problem, about);
      assert.doesNotMatch(parsed.problem, /secret/);
    });
  }

  it('keeps the install path when addresses are made', () => {
    assert.equal(
      addressOn(hostUrl('https://example.com/gitlab'), '/api/v4/user'),
      'https://example.com/gitlab/api/v4/user',
    );
    assert.equal(defaultHostName(hostUrl('https://example.com/gitlab')), 'example.com/gitlab');
  });

  for (const [typed, shown] of [
    ['https://user:secret@gitlab.example.com/x', 'https://…@gitlab.example.com/x'],
    ['user:secret@gitlab.example.com', '…@gitlab.example.com'],
    ['https://gitlab.example.com?private_token=secret', 'https://gitlab.example.com…'],
    ['https://gitlab.example.com/#secret', 'https://gitlab.example.com/…'],
    ['https:/user:secret@x@gitlab.example.com', 'https:/…@gitlab.example.com'],
    ['https://gitlab.example.com', 'https://gitlab.example.com'],
  ] as const) {
    it(`shows “${typed}” without what may be secret`, () => assert.equal(shownAddress(typed), shown));
  }
});
