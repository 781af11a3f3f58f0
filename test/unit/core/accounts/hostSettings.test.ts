import assert from 'node:assert/strict';
import { GitLabError } from '../../../../src/core/gitlab/errors';
import { HostListSetting, parseHosts } from '../../../../src/core/accounts/hostSettings';
import { failure, hostUrl } from '../gitlab/connection';
import { MemorySettings } from './editor';

const one = hostUrl('https://one.example.com');
const other = hostUrl('https://other.example.com/gitlab');

describe('the hosts setting', () => {
  it('reads hosts with their names and watched projects and groups', () => {
    const { hosts, problems } = parseHosts([
      { url: 'https://One.example.com/', projects: [{ id: 4, path: 'a/b' }], groups: [{ id: 2, path: 'a' }] },
      { url: other, name: ' The other ' },
    ]);
    assert.deepEqual(problems, []);
    assert.deepEqual(hosts, [
      { url: one, name: 'one.example.com', projects: [{ id: 4, path: 'a/b' }], groups: [{ id: 2, path: 'a' }] },
      { url: other, name: 'The other', projects: [], groups: [] },
    ]);
  });

  const bad: readonly (readonly [what: string, entry: unknown, label: RegExp, problem: RegExp])[] = [
    ['a text', 'https://one.example.com', /Entry 1/, /check: url/],
    ['nothing', null, /Entry 1/, /check: url/],
    ['no address', { name: 'x' }, /Entry 1/, /check: url/],
    ['an address that is none', { url: 'https://' }, /https:/, /not an address/],
    ['credentials in the address', { url: 'https://me:secret@one.example.com' }, /^https:\/\/…@one/, /user name/],
    ['a token in the address', { url: 'https://one.example.com?private_token=secret' }, /^https:\/\/one/, /“\?”/],
    ['a name that is a number', { url: one, name: 5 }, /one\.example/, /check: name/],
    ['projects that are no list', { url: one, projects: 'a/b' }, /one\.example/, /check: projects/],
    ['a project without an id', { url: one, projects: [{ path: 'a/b' }] }, /one\.example/, /projects\.0\.id/],
    ['a project with an odd id', { url: one, projects: [{ id: -1, path: 'a' }] }, /one\.example/, /projects\.0\.id/],
  ];
  for (const [what, entry, label, problem] of bad) {
    it(`tells of an entry with ${what}, and keeps the others`, () => {
      const { hosts, problems } = parseHosts([entry, { url: other }]);
      assert.deepEqual(
        hosts.map(({ url }) => url),
        [other],
      );
      assert.equal(problems.length, 1);
      assert.match(problems[0]?.entry ?? '', label);
      assert.match(problems[0]?.problem ?? '', problem);
      assert.doesNotMatch(JSON.stringify(problems), /secret/);
    });
  }

  it('tells of a host that is listed twice in other spelling', () => {
    const { hosts, problems } = parseHosts([
      { url: one, name: 'first' },
      { url: 'HTTPS://ONE.example.com:443/api/v4' },
    ]);
    assert.deepEqual(
      hosts.map(({ name }) => name),
      ['first'],
    );
    assert.match(problems[0]?.problem ?? '', /twice/);
  });

  it('lists each watched project once, since rows are known by id', () => {
    const projects = [
      { id: 4, path: 'old/path' },
      { id: 5, path: 'x' },
      { id: 4, path: 'new/path' },
    ];
    assert.deepEqual(parseHosts([{ url: one, projects }]).hosts[0]?.projects, [
      { id: 4, path: 'new/path' },
      { id: 5, path: 'x' },
    ]);
  });

  for (const value of [{}, 'x', 5, true]) {
    it(`tells of a setting that is ${JSON.stringify(value)} instead of a list, and never writes over it`, async () => {
      const settings = new MemorySettings();
      settings.value = value;
      const setting = new HostListSetting(settings.workspace);
      assert.deepEqual(setting.read().hosts, []);
      assert.match(setting.read().problems[0]?.problem ?? '', /must be a list/);
      await failure(setting.put({ url: one, name: 'x', projects: [], groups: [] }), 'settings');
      assert.deepEqual(settings.written, []);
    });
  }

  it('writes only what differs from what is understood anyway', async () => {
    const settings = new MemorySettings();
    const setting = new HostListSetting(settings.workspace);
    await setting.put({ url: one, name: 'one.example.com', projects: [], groups: [] });
    await setting.put({ url: other, name: 'Other', projects: [{ id: 1, path: 'a' }], groups: [] });
    assert.deepEqual(settings.value, [{ url: one }, { url: other, name: 'Other', projects: [{ id: 1, path: 'a' }] }]);
  });

  it('replaces and removes a host in whatever spelling it stands there, and leaves the rest as it is', async () => {
    const settings = new MemorySettings();
    const broken = { url: 'https://', note: 'work in progress' };
    settings.value = [broken, { url: 'https://ONE.example.com/api/v4', name: 'x' }, { url: other }];
    const setting = new HostListSetting(settings.workspace);
    await setting.put({ url: one, name: 'New name', projects: [], groups: [] });
    assert.deepEqual(settings.value, [broken, { url: one, name: 'New name' }, { url: other }]);
    await setting.remove(one);
    assert.deepEqual(settings.value, [broken, { url: other }]);
  });

  it('writes over no entry that it could not read, whatever host that is about', async () => {
    const settings = new MemorySettings();
    const broken = { url: 'https://ONE.example.com/', name: 'Mine', projects: [{ id: '7', path: 'a/b' }] };
    settings.value = [broken];
    const setting = new HostListSetting(settings.workspace);
    assert.deepEqual(
      setting.read().problems.map(({ url }) => url),
      [one],
    );
    const error = await failure(setting.put({ url: one, name: 'x', projects: [], groups: [] }), 'settings');
    assert.match(error.message, /left untouched/);
    assert.deepEqual(settings.written, []);

    settings.type([broken, { url: one, name: 'Readable' }]);
    await setting.put({ url: one, name: 'Renamed', projects: [], groups: [] });
    assert.deepEqual(settings.value, [broken, { url: one, name: 'Renamed' }]);
    await setting.remove(one);
    assert.deepEqual(settings.value, [broken]);
  });

  it('keeps both of two changes made at once', async () => {
    const settings = new MemorySettings();
    const setting = new HostListSetting(settings.workspace);
    await Promise.all([one, other].map((url) => setting.put({ url, name: 'x', projects: [], groups: [] })));
    assert.deepEqual(
      setting.read().hosts.map(({ url }) => url),
      [one, other],
    );
  });

  it('goes on after a write that failed, which is told in the editor’s words', async () => {
    const settings = new MemorySettings();
    const setting = new HostListSetting(settings.workspace);
    settings.readOnly = true;
    const error = await failure(setting.put({ url: one, name: 'x', projects: [], groups: [] }), 'settings');
    assert.match(error.message, /Unable to write/);
    settings.readOnly = false;
    await setting.put({ url: one, name: 'x', projects: [], groups: [] });
    assert.equal(setting.read().hosts.length, 1);
  });

  it('tells changes made by hand or in another window, and reads them', () => {
    const settings = new MemorySettings();
    const setting = new HostListSetting(settings.workspace);
    assert.deepEqual(setting.read().hosts, []);
    let told = 0;
    setting.onDidChange(() => (told += 1));
    settings.type([{ url: one }]);
    assert.equal(told, 1);
    assert.equal(setting.read().hosts[0]?.url, one);
    setting.dispose();
    settings.type([]);
    assert.equal(told, 1);
  });

  it('throws nothing that is not a GitLabError', async () => {
    const settings = new MemorySettings();
    settings.readOnly = true;
    await assert.rejects(new HostListSetting(settings.workspace).remove(one), (error) => error instanceof GitLabError);
  });
});
