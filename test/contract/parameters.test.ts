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
    `${platform} is invalid, ${platform}[api_url] is missing, ${platform}[api_url] is empty, ` +
      `${platform}[token] is missing`,
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

  it('refuse malformed JSON with a sentence over several lines', async () => {
    const { status, json } = await lab.ask('maintainer', 'POST', '/projects/1/clusters/user', { body: '{]' });
    assert.equal(status, 400);
    assert.match(
      String(at(json, 'error')),
      /^\nProblem:\n {2}message body does not match declared format\nResolution:\n {2}/,
    );
  });

  it('refuse a content type GitLab does not read', async () => {
    const headers = { 'Content-Type': 'text/plain' };
    const { status, json } = await lab.ask('maintainer', 'POST', '/projects/1/clusters/user', { body: 'x', headers });
    const error = "The provided content-type 'text/plain' is not supported.";
    assert.deepEqual([status, json], [415, { error }]);
  });

  it('treat a JSON body that is no object like an empty one', async () => {
    const { json } = await lab.ask('maintainer', 'POST', '/projects/1/clusters/user', { body: '[1]' });
    assert.match(String(at(json, 'error')), /^name is missing, /);
  });
});
