import assert from 'node:assert/strict';
import { isValues } from '../gitlab/body';
import { newCluster, openLab } from './lab';

// GitLab API contract 3.1: forms and multipart bodies are read before Grape sees them.
describe('a multipart body', () => {
  const lab = openLab();
  const boundary = '----7d81b5';
  const headers = { 'Content-Type': `multipart/form-data; boundary=${boundary}` };
  const part = (name: string, value: string): string =>
    `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
  const fields = (): [string, string][] => {
    const { platform_kubernetes_attributes: platform, ...rest } = newCluster();
    const inside = isValues(platform) ? Object.entries(platform) : [];
    return [
      ...Object.entries(rest),
      ...inside.map(([key, value]) => [`platform_kubernetes_attributes[${key}]`, value] as const),
    ].map(([name, value]) => [name, String(value)]);
  };
  const post = (body: string) => lab.ask('maintainer', 'POST', '/projects/1/clusters/user', { headers, body });

  it('holds the same as a form', async () => {
    const body = `${fields()
      .map(([name, value]) => part(name, value))
      .join('')}--${boundary}--\r\n`;
    const { status, json } = await post(body);
    assert.equal(status, 201, JSON.stringify(json));
    assert.equal(lab.world.clusters.length, 1);
  });

  it('is refused without its end', async () => {
    const { status } = await post(
      fields()
        .map(([name, value]) => part(name, value))
        .join(''),
    );
    assert.equal(status, 400);
    assert.equal(lab.world.clusters.length, 0);
  });

  it('is refused where a text is a file', async () => {
    const file =
      `--${boundary}\r\nContent-Disposition: form-data; name="name"; filename="x.txt"\r\n` +
      `Content-Type: text/plain\r\n\r\ncontent\r\n`;
    const others = fields().filter(([name]) => name !== 'name');
    const { status, json } = await post(
      `${others.map(([name, value]) => part(name, value)).join('')}${file}--${boundary}--`,
    );
    assert.deepEqual([status, json], [400, { error: 'name is invalid' }]);
  });
});

// GitLab API contract 1.6
describe('what a token’s user belongs to', () => {
  const lab = openLab({ profile: '18.2.1-ee' });
  const path = '/personal_access_tokens/self/associations';

  it('is told by membership, with at least the role asked for', async () => {
    const { status, json } = await lab.ask('maintainer', 'GET', `${path}?min_access_level=40`);
    assert.equal(status, 200);
    const text = JSON.stringify(json);
    for (const own of ['"full_path":"own"', '"full_path":"own/sub"', 'own/app', 'maintainer/notes'])
      assert.ok(text.includes(own), own);
    assert.ok(!text.includes('foreign'));
    assert.deepEqual((await lab.ask('guest', 'GET', `${path}?min_access_level=40`)).json, { groups: [], projects: [] });
  });

  it('is not known to GitLab before', async () => {
    const old = await lab.ask('outsider', 'GET', `${path}/x`);
    assert.equal(old.status, 404);
  });
});
