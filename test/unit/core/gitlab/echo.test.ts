import assert from 'node:assert/strict';
import * as z from 'zod/mini';
import { explain } from '../../../../src/core/gitlab/explain';
import { json, text, type Answer } from '../../../gitlab/answer';
import { failure, openConnection } from './connection';

const anything = z.unknown();
/** With what JSON and addresses spell in a way of their own. */
const token = 'glpat-"quoted"&more/';

describe('A secret that a server repeats', () => {
  const connection = openConnection();
  const answering = (answer: Answer): Promise<unknown> => {
    connection.gitlab.onRequest(() => answer);
    return connection.client(token).request('GET', '/user', anything);
  };

  it('is taken out of the values of a good answer, and the rest stays as it is', async () => {
    const [umlauts, echo] = ['Müller • 北京 \u{1f600}', `${token} and ${encodeURIComponent(token)}`];
    assert.deepEqual(await answering(json(200, { id: 1, name: `${umlauts} ${echo}`, [token]: [echo] })), {
      id: 1,
      name: `${umlauts} ••• and •••`,
      '•••': ['••• and •••'],
    });
  });

  it('is not seen in a good answer that repeats only a part of it', async () => {
    assert.deepEqual(await answering(json(200, { name: 'glpat-quoted ü' })), { name: 'glpat-quoted ü' });
  });

  it('is not hidden from the check for invalid text by its own removal', async () => {
    const body = Buffer.concat([Buffer.from('"'), Buffer.from(encodeURIComponent(token)), Buffer.from([0xff, 0x22])]);
    assert.match((await failure(answering({ ...json(200, []), body }), 'protocol')).message, /UTF-8/);
  });

  const refusals: readonly (readonly [what: string, answer: Answer])[] = [
    ['JSON', json(403, { message: `no ${token}` })],
    ['plain text', text(403, `no ${token}`)],
    ['an address', text(403, `no ${encodeURIComponent(token)}`)],
  ];
  for (const [what, answer] of refusals) {
    it(`is taken out of a refusal in ${what}`, async () => {
      const error = await failure(answering(answer), 'forbidden');
      assert.equal(error.message, 'no •••');
      assert.doesNotMatch(explain(error).sentence, /glpat/);
    });
  }

  it('is taken out of the address of a redirect', async () => {
    const location = `https://other.example.com/${encodeURIComponent(token)}/?t=${encodeURIComponent(token)}`;
    const error = await failure(answering(text(302, '', { Location: location })), 'redirected');
    assert.doesNotMatch(`${error.location} ${connection.log.join()}`, /glpat/);
    assert.match(error.location ?? '', /^https:\/\/other\.example\.com\//);
  });
});
