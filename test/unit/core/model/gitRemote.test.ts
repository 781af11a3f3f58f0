import assert from 'node:assert/strict';
import { parseGitRemote, projectPathOn } from '../../../../src/core/model/gitRemote';
import { hostUrl } from '../../features/tree/knowledge';

const gitlab = hostUrl('https://gitlab.example.com');
const umlaut = hostUrl('https://git.bücher.example');
const ipv6 = hostUrl('https://[2001:db8::1]');
const relative = hostUrl('https://example.com/gitlab');
const withPort = hostUrl('http://127.0.0.1:8080');

describe('A git remote', () => {
  const projects = [
    ['https://gitlab.example.com/group/app.git', gitlab, 'group/app'],
    ['https://gitlab.example.com/group/app', gitlab, 'group/app'],
    ['https://gitlab.example.com/group/app/', gitlab, 'group/app'],
    ['https://gitlab.example.com/group/sub/sub-2/app.git', gitlab, 'group/sub/sub-2/app'],
    ['https://oauth2:secret@gitlab.example.com/group/app.git', gitlab, 'group/app'],
    ['HTTPS://GitLab.Example.com/Group/App.git', gitlab, 'Group/App'],
    ['https://gitlab.example.com:443/group/app.git', gitlab, 'group/app'],
    ['  https://gitlab.example.com/group/app.git\n', gitlab, 'group/app'],
    ['https://gitlab.example.com/group/my.app.git', gitlab, 'group/my.app'],
    ['http://gitlab.example.com/group/app.git', gitlab, 'group/app'],
    ['git@gitlab.example.com:group/app.git', gitlab, 'group/app'],
    ['gitlab.example.com:group/app.git', gitlab, 'group/app'],
    ['git@gitlab.example.com:/group/app.git', gitlab, 'group/app'],
    ['ssh://git@gitlab.example.com/group/app.git', gitlab, 'group/app'],
    ['ssh://git@gitlab.example.com:2222/group/app.git', gitlab, 'group/app'],
    ['git+ssh://git@gitlab.example.com/group/app.git', gitlab, 'group/app'],
    ['https://example.com/gitlab/group/app.git', relative, 'group/app'],
    ['https://example.com/gitlab/gitlab/app.git', relative, 'gitlab/app'],
    ['git@example.com:group/app.git', relative, 'group/app'],
    ['http://127.0.0.1:8080/group/app.git', withPort, 'group/app'],
    ['ssh://git@127.0.0.1:2222/group/app.git', withPort, 'group/app'],
    ['git@[gitlab.example.com:2222]:group/app.git', gitlab, 'group/app'],
    ['[git@gitlab.example.com:2222]:group/app.git', gitlab, 'group/app'],
    ['[gitlab.example.com]:group/app.git', gitlab, 'group/app'],
    ['first.last@corp.example@gitlab.example.com:group/app.git', gitlab, 'group/app'],
    ['ssh://first.last@corp.example@gitlab.example.com/group/app.git', gitlab, 'group/app'],
    ['https://gitlab.example.com./group/app.git', gitlab, 'group/app'],
    ['git@gitlab.example.com.:group/app.git', gitlab, 'group/app'],
    ['git@git.bücher.example:group/app.git', umlaut, 'group/app'],
    ['git@GIT.BÜCHER.example:group/app.git', umlaut, 'group/app'],
    ['https://git.xn--bcher-kva.example/group/app.git', umlaut, 'group/app'],
    ['git@[2001:db8::1]:group/app.git', ipv6, 'group/app'],
    ['git@[2001:DB8:0:0::0001]:group/app.git', ipv6, 'group/app'],
    ['ssh://git@[2001:db8:0:0:0:0:0:1]:2222/group/app.git', ipv6, 'group/app'],
    ['https://[2001:db8::1]/group/app.git', ipv6, 'group/app'],
  ] as const;
  for (const [text, host, path] of projects) {
    it(`${text.trim()} is ${path} on ${host}`, () => {
      const remote = parseGitRemote(text);
      assert.ok(remote);
      assert.equal(projectPathOn(host, remote), path);
    });
  }

  const elsewhere = [
    ['another host', 'https://gitlab.com/group/app.git', gitlab],
    ['a longer name that ends the same', 'https://old.gitlab.example.com/group/app.git', gitlab],
    ['another web port', 'https://gitlab.example.com:8443/group/app.git', gitlab],
    ['beside the relative URL', 'https://example.com/group/app.git', relative],
    ['a path that only begins like the relative URL', 'https://example.com/gitlab-mirror/group/app.git', relative],
    ['another stand-in on the same computer', 'http://127.0.0.1:9090/group/app.git', withPort],
    ['no namespace', 'git@gitlab.example.com:app.git', gitlab],
  ] as const;
  for (const [what, text, host] of elsewhere) {
    it(`is not on the host: ${what}`, () => {
      const remote = parseGitRemote(text);
      assert.ok(remote);
      assert.equal(projectPathOn(host, remote), undefined);
    });
  }

  const local = [
    '',
    '/srv/git/app.git',
    './app',
    '../group/app.git',
    'C:\\work\\app',
    'C:/work/app',
    'file:///srv/git/app.git',
    'git://gitlab.example.com/group/app.git',
    'ext::ssh -i key git@gitlab.example.com group/app',
    'https://',
    'https://[broken/group/app',
    'gitlab.example.com:',
  ];
  for (const text of local) {
    it(`gives nothing for ${JSON.stringify(text)}`, () => assert.equal(parseGitRemote(text), undefined));
  }

  it('of an ssh alias belongs to the host it is tied to, and an https remote of that name does not', () => {
    const alias = parseGitRemote('git@work-gitlab:group/app.git');
    const web = parseGitRemote('https://work-gitlab/group/app.git');
    assert(alias && web);
    assert.equal(projectPathOn(gitlab, alias), undefined);
    assert.equal(projectPathOn(gitlab, alias, ['other', 'Work-GitLab']), 'group/app');
    assert.equal(projectPathOn(gitlab, web, ['work-gitlab']), undefined);
  });

  it('keeps no user name or password', () => {
    const remote = parseGitRemote('https://oauth2:secret@gitlab.example.com/group/app.git');
    assert.deepEqual(remote, {
      protocol: 'https',
      hostname: 'gitlab.example.com',
      port: undefined,
      path: 'group/app',
    });
  });

  it('keeps a path with a stray percent sign as it is', () => {
    assert.equal(parseGitRemote('git@gitlab.example.com:group/100%.git')?.path, 'group/100%');
  });
});
