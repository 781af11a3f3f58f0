import assert from 'node:assert/strict';
import { addCluster } from '../gitlab/populate';
import { at, levels, newCluster, openLab, ownerOf } from './lab';

const platform = 'platform_kubernetes_attributes';
const withoutToken = { name: 'x', [platform]: { api_url: 'https://k8s.example.com' } };

// GitLab API contract 3.2, a row each.
const onAdd: [string, unknown, string][] = [
  [
    'nothing at all',
    {},
    `name is missing, ${platform} is missing, ${platform}[api_url] is missing, ${platform}[api_url] is empty, ` +
      `${platform}[token] is missing`,
  ],
  ['no name', { ...newCluster(), name: undefined }, 'name is missing'],
  [
    'an empty platform',
    { name: 'x', [platform]: {} },
    `${platform}[api_url] is missing, ${platform}[api_url] is empty, ${platform}[token] is missing`,
  ],
  [
    'a platform of null, which is like an empty one',
    { name: 'x', [platform]: null },
    `${platform}[api_url] is missing, ${platform}[api_url] is empty, ${platform}[token] is missing`,
  ],
  ['a blank API URL', newCluster({}, { api_url: '' }), `${platform}[api_url] is empty`],
  ['an API URL of null', newCluster({}, { api_url: null }), `${platform}[api_url] is empty`],
  ['an API URL of blanks', newCluster({}, { api_url: '   ' }), `${platform}[api_url] is empty`],
  ['no token', withoutToken, `${platform}[token] is missing`],
  [
    'a platform that is text',
    { name: 'x', [platform]: 'text' },
    `${platform} is invalid, ${platform}[api_url] is missing, ${platform}[api_url] is invalid, ` +
      `${platform}[token] is missing, ${platform}[token] is invalid`,
  ],
  ['a platform that is a list', { name: 'x', [platform]: [] }, `${platform} is invalid`],
  [
    'a list as API URL',
    newCluster({}, { api_url: ['https://k8s.example.com'] }),
    `${platform}[api_url] is invalid, ${platform}[api_url] is empty`,
  ],
  [
    'an unknown authorization type',
    newCluster({}, { authorization_type: 'none' }),
    `${platform}[authorization_type] does not have a valid value`,
  ],
  [
    'a blank authorization type',
    newCluster({}, { authorization_type: '' }),
    `${platform}[authorization_type] does not have a valid value`,
  ],
  [
    'words for switches and ids',
    newCluster({ enabled: 'perhaps', management_project_id: 'seven' }),
    'enabled is invalid, management_project_id is invalid',
  ],
  ['a list for a name', newCluster({ name: ['x'] }), 'name is invalid'],
];

for (const { level, list, add, writer } of levels) {
  describe(`parameters of one ${level}'s clusters`, () => {
    const lab = openLab();

    for (const [what, body, error] of onAdd) {
      it(`refuse ${what}`, async () => {
        const { status, json } = await lab.ask(writer, 'POST', add, { body });
        assert.deepEqual([status, json], [400, { error }]);
        assert.equal(lab.world.clusters.length, 0);
      });
    }

    it('refuse a cluster id that is not a number, such as the last word of a wrong path', async () => {
      for (const id of ['abc', 'user', 'add', '1.5']) {
        const { status, json } = await lab.ask(writer, 'GET', `${list}/${id}`);
        assert.deepEqual([status, json], [400, { error: 'cluster_id is invalid' }]);
      }
    });

    it('refuse the same on edit where a platform was sent', async () => {
      const { id } = addCluster(lab.world, ownerOf(lab, level));
      const body = { managed: 'x', [platform]: [] };
      const { status, json } = await lab.ask(writer, 'PUT', `${list}/${id}`, { body });
      assert.deepEqual([status, json], [400, { error: `managed is invalid, ${platform} is invalid` }]);
    });

    it('coerce numbers to text', async () => {
      const body = newCluster({ name: 5 }, { token: 12345 });
      const { json } = await lab.ask(writer, 'POST', add, { body });
      assert.equal(at(json, 'name'), '5');
      assert.equal(lab.world.clusters[0]?.platform?.token, '12345');
    });

    it('coerce the words of forms to switches', async () => {
      const { json } = await lab.ask(writer, 'POST', add, { body: newCluster({ enabled: 'false', managed: '1' }) });
      assert.deepEqual([at(json, 'enabled'), at(json, 'managed')], [false, true]);
    });
  });
}

describe('parameters of any endpoint', () => {
  const lab = openLab();

  for (const { list } of levels.filter(({ level }) => level !== 'instance')) {
    it(`refuse a page that is no number on ${list}`, async () => {
      const page = await lab.ask('maintainer', 'GET', `${list}?page=abc`);
      assert.deepEqual([page.status, page.json], [400, { error: 'page is invalid' }]);
      const both = await lab.ask('maintainer', 'GET', `${list}?page=abc&per_page=x`);
      assert.deepEqual(both.json, { error: 'page is invalid, per_page is invalid' });
    });
  }

  it('refuse a page of no rows where paging is declared', async () => {
    for (const path of ['/projects/1/clusters', '/groups/1/clusters', '/projects', '/groups']) {
      const { status, json } = await lab.ask('maintainer', 'GET', `${path}?per_page=0`);
      assert.deepEqual([status, json], [400, { error: 'per_page has a value not allowed' }], path);
    }
  });

  it('take the last of a parameter that is given twice', async () => {
    const { headers } = await lab.ask('maintainer', 'GET', '/projects?per_page=3&per_page=2');
    assert.equal(headers.get('X-Per-Page'), '2');
  });

  it('refuse malformed JSON, with a body for those who want nothing but JSON', async () => {
    for (const body of ['{]', '\uFEFF{}']) {
      const path = '/projects/1/clusters/user';
      const wanted = await lab.ask(undefined, 'POST', path, { body, headers: { Accept: 'application/json' } });
      assert.deepEqual([wanted.status, wanted.json], [400, { status: 400, error: 'Bad Request' }]);
      const other = await lab.ask(undefined, 'POST', path, { body });
      assert.deepEqual([other.status, other.text], [400, '']);
      assert.match(other.headers.get('Content-Type') ?? '', /^text\/html/);
    }
  });

  it('refuse a NUL, broken UTF-8 and broken escapes, before they ask who it is', async () => {
    const form = { 'Content-Type': 'application/x-www-form-urlencoded' };
    const add = '/projects/1/clusters/user';
    for (const [path, asking] of [
      ['/projects/a%00b/clusters', undefined],
      ['/projects/a%ffb/clusters', undefined],
      ['/projects/a%zzb/clusters', undefined],
      ['/projects?search=%00', undefined],
      ['/projects?search=%ff', undefined],
      ['/projects?search=%2', undefined],
      [add, { body: 'name=%00', headers: form }],
      [add, { body: '{"name":"a\\u0000b"}' }],
      [add, { body: 'name=1&name[x]=2', headers: form }],
    ] as const) {
      const { status, text, headers } = await lab.ask(undefined, asking ? 'POST' : 'GET', path, asking);
      assert.deepEqual([status, text, headers.get('Content-Type')], [400, 'Bad Request', 'text/plain'], path);
    }
  });

  it('refuse a content type GitLab does not read', async () => {
    const headers = { 'Content-Type': 'text/plain; charset=utf-8' };
    const { status, json } = await lab.ask('maintainer', 'POST', '/projects/1/clusters/user', { body: 'x', headers });
    const error = "The provided content-type 'text/plain' is not supported.";
    assert.deepEqual([status, json], [415, { error }]);
  });

  it('treat a JSON body that is no object like an empty one', async () => {
    const { json } = await lab.ask('maintainer', 'POST', '/projects/1/clusters/user', { body: '[1]' });
    assert.match(String(at(json, 'error')), /^name is missing, /);
  });
});
