import assert from 'node:assert/strict';
import { addCluster, addProject } from '../gitlab/populate';
import { at, each, levels, openLab, ownerOf, type Answered } from './lab';

const names = ['X-Page', 'X-Per-Page', 'X-Prev-Page', 'X-Next-Page', 'X-Total', 'X-Total-Pages'];
const numbers = ({ headers }: Answered) => names.map((name) => headers.get(name));
const rels = ({ headers }: Answered) => [...(headers.get('Link') ?? '').matchAll(/rel="(\w+)"/g)].map(([, rel]) => rel);

// GitLab API contract 5
for (const { level, list, writer } of levels) {
  describe(`pages of one ${level}'s clusters`, () => {
    const lab = openLab();
    const fill = (count: number) =>
      Array.from(
        { length: count },
        (_, n) => addCluster(lab.world, ownerOf(lab, level), { environmentScope: `s${n}` }).id,
      );

    it('hold 20 by default, in the order of ids', async () => {
      const ids = fill(21);
      lab.world.clusters.reverse();
      const first = await lab.ask(writer, 'GET', list);
      assert.deepEqual(each(first.json), ids.slice(0, 20));
      assert.deepEqual(numbers(first), ['1', '20', '', '2', '21', '2']);
      const second = await lab.ask(writer, 'GET', `${list}?page=2`);
      assert.deepEqual(each(second.json), ids.slice(20));
      assert.deepEqual(numbers(second), ['2', '20', '1', '', '21', '2']);
    });

    it('link to the neighbours that exist, the first and the last', async () => {
      fill(5);
      const page = (number: number) => lab.ask(writer, 'GET', `${list}?per_page=2&page=${number}`);
      assert.deepEqual(rels(await page(1)), ['next', 'first', 'last']);
      assert.deepEqual(rels(await page(2)), ['prev', 'next', 'first', 'last']);
      assert.deepEqual(rels(await page(3)), ['prev', 'first', 'last']);
    });

    it('hold at most 100, and say so', async () => {
      fill(101);
      const answer = await lab.ask(writer, 'GET', `${list}?per_page=1000`);
      assert.equal(each(answer.json).length, 100);
      assert.deepEqual(numbers(answer), ['1', '100', '', '2', '101', '2']);
    });

    it('are at least one, even of an empty list', async () => {
      const answer = await lab.ask(writer, 'GET', list);
      assert.deepEqual(answer.json, []);
      assert.deepEqual(numbers(answer), ['1', '20', '', '', '0', '1']);
    });

    it('past the end are empty, not missing', async () => {
      fill(1);
      const answer = await lab.ask(writer, 'GET', `${list}?page=99`);
      assert.deepEqual([answer.status, answer.json], [200, []]);
      assert.deepEqual(numbers(answer), ['99', '20', '', '', '1', '1']);
      assert.deepEqual(rels(answer), ['first', 'last']);
    });

    it('below 1 are the first, and a negative size is the default', async () => {
      fill(1);
      for (const query of ['page=0', 'page=-3', 'per_page=-1']) {
        const answer = await lab.ask(writer, 'GET', `${list}?${query}`);
        assert.deepEqual(numbers(answer).slice(0, 2), ['1', '20']);
      }
    });

    it('are not counted beyond 10,000 rows', async () => {
      const one = addCluster(lab.world, ownerOf(lab, level));
      lab.world.clusters.push(...Array.from({ length: 10_000 }, (_, n) => ({ ...one, id: one.id + n + 1 })));
      const answer = await lab.ask(writer, 'GET', list);
      assert.deepEqual(numbers(answer), ['1', '20', '', '2', null, null]);
      assert.deepEqual(rels(answer), ['next', 'first']);
      lab.world.clusters.pop();
      assert.equal((await lab.ask(writer, 'GET', list)).headers.get('X-Total'), '10000');
    });
  });
}

describe('pages of instance clusters', () => {
  const lab = openLab();

  it('tolerate a page that is no number', async () => {
    const answer = await lab.ask('admin', 'GET', '/admin/clusters?page=abc&per_page=abc');
    assert.deepEqual([answer.status, ...numbers(answer).slice(0, 2)], [200, '1', '20']);
  });

  it('fail where none holds a row', async () => {
    const { status, json } = await lab.ask('admin', 'GET', '/admin/clusters?per_page=0');
    assert.deepEqual([status, json], [500, { message: '500 Internal Server Error' }]);
  });
});

describe('links of pages', () => {
  const lab = openLab({ subPath: '/gitlab', configuredUrl: 'https://gitlab.internal.example:8443/git' });

  it('stand on the configured host with the scheme of the request, and repeat the address', async () => {
    const { headers } = await lab.ask('maintainer', 'GET', '/projects/own%2Fapp/clusters?per_page=1');
    const [first] = (headers.get('Link') ?? '').split(', ');
    const url = 'http://gitlab.internal.example:8443/git/api/v4/projects/own%2Fapp/clusters';
    assert.equal(first, `<${url}?id=own%2Fapp&page=1&per_page=1>; rel="first"`);
  });

  it('never repeat a token', async () => {
    const { headers } = await lab.ask(undefined, 'GET', '/projects?private_token=maintainer');
    assert.ok(!(headers.get('Link') ?? '').includes('maintainer'));
  });

  it('repeat what the list would take without being told, and brackets as they were', async () => {
    const { headers } = await lab.ask('maintainer', 'GET', '/groups?skip_groups[]=3&owned=1');
    const [first = ''] = /(?<=<)[^>]*/.exec(headers.get('Link') ?? '') ?? [];
    const { searchParams } = new URL(first);
    assert.deepEqual(
      ['skip_groups[]', 'owned', 'order_by', 'sort'].map((name) => searchParams.get(name)),
      ['3', 'true', 'name', 'asc'],
    );
  });

  it('are not where web addresses point', async () => {
    const { json } = await lab.ask('maintainer', 'GET', '/projects/1');
    assert.equal(at(json, 'web_url'), 'https://gitlab.internal.example:8443/git/own/app');
  });
});

const tooFar = (type: string) =>
  `Offset pagination has a maximum allowed offset of 50000 for requests that return objects of type ${type}. ` +
  'Remaining records can be retrieved using keyset pagination.';

describe('pages of projects', () => {
  const lab = openLab();

  it('end at an offset of 50,000, counted as it was sent', async () => {
    assert.equal((await lab.ask('maintainer', 'GET', '/projects?per_page=100&page=500')).status, 200);
    for (const query of ['per_page=100&page=501', 'per_page=1000&page=51']) {
      const { status, json } = await lab.ask('maintainer', 'GET', `/projects?${query}`);
      assert.deepEqual([status, json], [405, { error: tooFar('Project') }], query);
    }
  });

  it('end there for groups too, where nobody is signed in', async () => {
    assert.equal((await lab.ask('maintainer', 'GET', '/groups?per_page=100&page=501')).status, 200);
    const { status, json } = await lab.ask(undefined, 'GET', '/groups?per_page=100&page=501');
    assert.deepEqual([status, json], [405, { error: tooFar('Group') }]);
  });

  it('by key go from link to link until one is empty, and count nothing', async () => {
    for (let n = 0; n < 5; n++) {
      addProject(lab.world, `more-${n}`, lab.own);
    }
    const seen: unknown[] = [];
    let query = '?pagination=keyset&order_by=id&sort=asc&per_page=3&membership=true';
    let pages = 0;
    for (;;) {
      const { json, headers } = await lab.ask('maintainer', 'GET', `/projects${query}`);
      assert.deepEqual(
        [...headers.keys()].filter((name) => name.startsWith('x-')),
        [],
      );
      pages += 1;
      const next = /^<([^>]*)>; rel="next"$/.exec(headers.get('Link') ?? '')?.[1];
      if (next === undefined) {
        assert.deepEqual(json, []);
        break;
      }
      assert.equal(new URL(next).searchParams.get('id_after'), String(each(json).at(-1)));
      seen.push(...each(json));
      query = new URL(next).search;
    }
    assert.deepEqual(seen, [1, 2, 3, 4, 6, 7, 8, 9, 10, 11]);
    assert.equal(pages, 5);
  });

  it('by key go downwards with id_before', async () => {
    const path = '/projects?pagination=keyset&order_by=id&per_page=2&membership=true';
    const { json, headers } = await lab.ask('maintainer', 'GET', path);
    assert.deepEqual(each(json), [6, 4]);
    assert.match(headers.get('Link') ?? '', /id_before=4/);
    assert.deepEqual(each((await lab.ask('maintainer', 'GET', `${path}&id_before=4`)).json), [3, 2]);
  });

  it('by key need the order of ids', async () => {
    assert.equal((await lab.ask('maintainer', 'GET', '/projects?pagination=keyset')).status, 405);
  });
});
