import assert from 'node:assert/strict';
import { MigrationNotes } from '../../../../src/core/migration/migrationNotes';
import { hostUrl } from '../gitlab/connection';

describe('Notes about moves', () => {
  const memory = new Map<string, unknown>();
  const notes = new MigrationNotes({
    get: (key) => memory.get(key),
    update: (key, value) => Promise.resolve(void memory.set(key, value)),
  });
  const cluster = (host: string) => ({ host: hostUrl(host), owner: { level: 'instance' } as const, id: 1 });

  it('go with their host, and with no other', async () => {
    const here = cluster('https://gitlab.example.com');
    const longer = cluster('https://gitlab.example.com/sub');
    await notes.write(here, 'ask Ada');
    await notes.write(longer, 'ask Bob');
    await notes.forget(here.host);
    assert.equal(notes.of(here), undefined);
    assert.equal(notes.of(longer), 'ask Bob');
    assert.ok(!JSON.stringify([...memory]).includes('Ada'));
  });
});
