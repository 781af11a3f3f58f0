import assert from 'node:assert/strict';
import { listClusters } from '../../../../src/core/gitlab/clusters';
import type { ClusterOwner } from '../../../../src/core/model/cluster';
import { json, type Answer } from '../../../gitlab/answer';
import { failure, openConnection } from './connection';

const owner: ClusterOwner = { level: 'instance' };

/** A page of clusters whose ids begin at `first`. */
function rows(first: number, count: number): { id: number }[] {
  return Array.from({ length: count }, (_, at) => ({ id: first + at }));
}

describe('a list of many pages', () => {
  const connection = openConnection();
  const serve = (page: (number: number) => Answer): void => {
    connection.gitlab.onRequest(({ request }) =>
      page(Number(new URL(request.path, 'http://x').searchParams.get('page'))),
    );
  };
  const length = async (): Promise<number> => (await listClusters(connection.client(), owner)).length;

  const whole: readonly (readonly [what: string, page: (number: number) => Answer, rows: number, requests: number])[] =
    [
      ['one empty page', () => json(200, [], { 'X-Next-Page': '' }), 0, 1],
      ['headers', (n) => json(200, rows(n * 100, n < 3 ? 100 : 7), { 'X-Next-Page': n < 3 ? `${n + 1}` : '' }), 207, 3],
      [
        'headers, the last page full',
        (n) => json(200, rows(n * 100, 100), { 'X-Next-Page': n < 2 ? `${n + 1}` : '' }),
        200,
        2,
      ],
      [
        'pages smaller than asked for',
        (n) => json(200, rows(n * 20, 20), { 'X-Next-Page': n < 4 ? `${n + 1}` : '' }),
        80,
        4,
      ],
      ['stripped headers', (n) => json(200, rows(n * 100, n < 3 ? 100 : 7)), 207, 3],
      ['stripped headers, the last page full', (n) => json(200, n < 3 ? rows(n * 100, 100) : []), 200, 3],
      [
        'nonsense for the next page',
        (n) => json(200, rows(n * 100, n < 3 ? 100 : 0), { 'X-Next-Page': 'soon' }),
        200,
        3,
      ],
      ['a next page that goes back', (n) => json(200, rows(n * 100, n < 3 ? 100 : 0), { 'X-Next-Page': '1' }), 200, 3],
      [
        'a next page that leaves some out',
        (n) => json(200, rows(n * 100, n < 5 ? 100 : 0), { 'X-Next-Page': '9' }),
        400,
        5,
      ],
      ['a next page after an empty one', () => json(200, [], { 'X-Next-Page': '2' }), 0, 1],
    ];
  for (const [what, page, count, requests] of whole) {
    it(`is whole with ${what}`, async () => {
      serve(page);
      assert.equal(await length(), count);
      assert.equal(connection.gitlab.requests.length, requests);
    });
  }

  it('is refused where the same page comes again and again', async () => {
    serve(() => json(200, rows(0, 100), { 'X-Next-Page': '2' }));
    assert.match((await failure(listClusters(connection.client(), owner), 'protocol')).message, /same page/);
    assert.equal(connection.gitlab.requests.length, 2);
  });

  it('is refused where it never ends', async () => {
    serve((n) => json(200, rows(n * 5, 5), { 'X-Next-Page': `${n + 1}` }));
    assert.match((await failure(listClusters(connection.client(), owner), 'protocol')).message, /no end/);
    assert(connection.gitlab.requests.length <= 201);
  });

  it('fails as a whole where one page fails: a part would look like all', async () => {
    serve((n) => (n === 2 ? json(500, {}) : json(200, rows(n * 100, 100), { 'X-Next-Page': `${n + 1}` })));
    await failure(listClusters(connection.client(), owner), 'server');
  });
});
