import assert from 'node:assert/strict';
import { SecretTokenStore } from '../../../../src/core/accounts/tokenStore';
import { hostUrl } from '../gitlab/connection';
import { MemorySecrets } from './editor';

describe('the token store', () => {
  const one = hostUrl('https://one.example.com');
  const other = hostUrl('https://other.example.com/gitlab');

  it('keeps one token per host, in the secret storage alone', async () => {
    const secrets = new MemorySecrets();
    const tokens = new SecretTokenStore(secrets);
    await tokens.set(one, 'token-one');
    await tokens.set(other, 'token-other');
    assert.equal(await tokens.get(one), 'token-one');
    assert.equal(await tokens.get(other), 'token-other');
    assert.deepEqual([...secrets.stored.keys()], [`gitlabClusters.token:${one}`, `gitlabClusters.token:${other}`]);
    await tokens.delete(one);
    assert.equal(await tokens.get(one), undefined);
    assert.equal(await tokens.get(other), 'token-other');
  });

  it('tells what another window changed, with the host', async () => {
    const secrets = new MemorySecrets();
    const tokens = new SecretTokenStore(secrets);
    const told: string[] = [];
    tokens.onDidChange((url) => told.push(url));
    await secrets.store(`gitlabClusters.token:${other}`, 'token');
    await secrets.delete(`gitlabClusters.token:${other}`);
    assert.deepEqual(told, [other, other]);
  });

  it('does not care for keys of others, nor for anything once it is disposed', async () => {
    const secrets = new MemorySecrets();
    const tokens = new SecretTokenStore(secrets);
    const told: string[] = [];
    tokens.onDidChange((url) => told.push(url));
    await secrets.store('somebody.else', 'x');
    await secrets.store('gitlabClusters.token:not an address', 'x');
    assert.deepEqual(told, []);
    tokens.dispose();
    await secrets.store(`gitlabClusters.token:${one}`, 'x');
    assert.deepEqual(told, []);
  });
});
