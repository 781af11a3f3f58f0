import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod/mini';

const SourceMap = z.object({ sources: z.array(z.string()) });

describe('The third-party notices', () => {
  it('name every package that is in a bundle, and no other', () => {
    const sources = readdirSync('dist')
      .filter((name) => name.endsWith('.js.map'))
      .flatMap((name) => z.parse(SourceMap, JSON.parse(readFileSync(join('dist', name), 'utf8'))).sources);
    const bundled = sources.flatMap((source) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(source)?.[1] ?? []);
    const notices = readFileSync('dist/THIRD-PARTY-NOTICES.txt', 'utf8');
    const named = [...notices.matchAll(/^-{80}\n\n(\S+) \S+ \(/gm)].map(([, name = '']) => name);
    assert.ok(named.length > 0);
    assert.deepEqual(named, [...new Set(bundled)].sort());
  });
});

describe('A release', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'release-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  const { version } = z.parse(z.object({ version: z.string() }), JSON.parse(readFileSync('package.json', 'utf8')));
  const filled = {
    publisher: 'somebody',
    repository: 'https://gitlab.com/somebody/gitlab-clusters.git',
    homepage: 'https://gitlab.com/somebody/gitlab-clusters',
    bugs: 'https://gitlab.com/somebody/gitlab-clusters/-/issues',
    qna: 'https://gitlab.com/somebody/gitlab-clusters/-/issues',
  };

  function dryRun(publisher: object | undefined, env: Record<string, string>) {
    const file = join(folder, 'publisher.json');
    if (publisher) writeFileSync(file, JSON.stringify(publisher));
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      ['.ci/release.mjs', '--dry-run', '--publisher', file],
      { env: { PATH: process.env['PATH'], ...env }, encoding: 'utf8' },
    );
    return { status, output: stdout + stderr };
  }
  const tokens = { VSCE_PAT: 'secret-1', OVSX_PAT: 'secret-2' };

  it('packages once and publishes the same file in both registries, with no token in a command', () => {
    const { status, output } = dryRun(filled, { ...tokens, CI_COMMIT_TAG: `v${version}` });
    assert.equal(status, 0, output);
    const vsix = `gitlab-clusters-${version}.vsix`;
    assert.deepEqual(output.trim().split('\n'), [
      `node .ci/package.mjs ${vsix}`,
      `npx vsce publish --packagePath ${vsix}`,
      `npx --yes ovsx publish ${vsix}`,
    ]);
  });

  const refusals = [
    ['nobody filled in who publishes', undefined, tokens, /publisher\.json is missing/],
    ['an address is missing', { ...filled, bugs: '' }, tokens, /lacks “bugs”/],
    ['an address is a placeholder', { ...filled, homepage: 'https://example.com' }, tokens, /“homepage” is no address/],
    ['the tag is another version', filled, { ...tokens, CI_COMMIT_TAG: 'v9.9.9' }, /tag v9\.9\.9 is not the version/],
    ['a token is not set', filled, { VSCE_PAT: 'secret-1' }, /OVSX_PAT is not set/],
  ] as const;
  for (const [why, publisher, env, words] of refusals) {
    it(`is refused where ${why}`, () => {
      const { status, output } = dryRun(publisher, env);
      assert.equal(status, 1);
      assert.match(output, words);
      assert.match(output, /Nothing was published\./);
      assert.doesNotMatch(output, /secret-\d/);
    });
  }
});
