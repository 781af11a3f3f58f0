import assert from 'node:assert/strict';
import { addToken } from '../gitlab/populate';
import { openLab } from './lab';

// GitLab API contract 6
describe('the throttle of the whole instance', () => {
  let clock = Date.parse('2026-11-22T10:00:00.250Z');
  const lab = openLab({ now: () => new Date(clock) });

  it('is off as GitLab ships', async () => {
    for (let n = 0; n < 30; n++) {
      assert.equal((await lab.ask('maintainer', 'GET', '/user')).status, 200);
    }
  });

  it('answers in plain text, with what a client needs to wait', async () => {
    lab.world.settings.throttle = { requests: 2, seconds: 120 };
    const answers = [];
    for (let n = 0; n < 3; n++) {
      answers.push(await lab.ask('maintainer', 'GET', '/user'));
    }
    assert.deepEqual(
      answers.map(({ status }) => status),
      [200, 200, 429],
    );
    const last = answers[2];
    assert.deepEqual([last?.text, last?.headers.get('Content-Type')], ['Retry later\n', 'text/plain']);
    const wanted = {
      'RateLimit-Name': 'throttle_authenticated_api',
      'RateLimit-Limit': '1',
      'RateLimit-Observed': '3',
      'RateLimit-Remaining': '0',
      'RateLimit-Reset': `${Date.parse('2026-11-22T10:02:01Z') / 1000}`,
      'RateLimit-ResetTime': 'Sun, 22 Nov 2026 10:02:01 GMT',
      'Retry-After': '120',
    };
    for (const [name, value] of Object.entries(wanted)) {
      assert.equal(last?.headers.get(name), value, name);
    }
    assert.equal(answers[0]?.headers.get('RateLimit-Limit'), null, 'only throttled answers carry them');
  });

  it('says what an administrator wrote, counts each caller alone, and ends', async () => {
    lab.world.settings.throttle = { requests: 1, seconds: 60, text: 'Slow down' };
    await lab.ask('maintainer', 'GET', '/user');
    assert.equal((await lab.ask('maintainer', 'GET', '/user')).text, 'Slow down\n');
    assert.equal((await lab.ask('developer', 'GET', '/user')).status, 200);
    clock += 60_000;
    assert.equal((await lab.ask('maintainer', 'GET', '/user')).status, 200);
  });
});

describe('the limit of one endpoint', () => {
  const error = 'This endpoint has been requested too many times. Try again later.';

  for (const [version, retryAfter] of [
    ['18.2.1-ee', '60'],
    ['15.4.0', null],
  ] as const) {
    describe(`in ${version}`, () => {
      const lab = openLab({ profile: version });

      it(`answers in JSON, ${retryAfter === null ? 'without' : 'with'} Retry-After, and leaves the others alone`, async () => {
        lab.world.settings.endpointLimits['/projects'] = { requests: 1, seconds: 600 };
        assert.equal((await lab.ask('maintainer', 'GET', '/projects')).status, 200);
        const { status, json, headers } = await lab.ask('maintainer', 'GET', '/projects');
        assert.deepEqual([status, json], [429, { message: { error } }]);
        assert.equal(headers.get('Retry-After'), retryAfter);
        assert.equal((await lab.ask('maintainer', 'GET', '/projects/1')).status, 200);
        addToken(lab.world, lab.people.maintainer, 'second');
        assert.equal((await lab.ask('second', 'GET', '/projects')).status, 429, 'per user, whatever the token');
        assert.equal((await lab.ask('developer', 'GET', '/projects')).status, 200);
        assert.equal((await lab.ask('maintainer', 'GET', '/projects?page=x')).status, 400, 'after the parameters');
      });
    });
  }
});
