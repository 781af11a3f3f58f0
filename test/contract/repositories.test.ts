import assert from 'node:assert/strict';
import { addProject, putFile } from '../gitlab/populate';
import { fileOn, mergeRequest } from '../gitlab/repositories';
import { at, each, openLab } from './lab';

const people = ['admin', 'maintainer', 'developer', 'reporter', 'guest', 'outsider', undefined] as const;

// Agents and environments 12.1
describe('The CI configuration of a project, merged', () => {
  const lab = openLab();
  const lint = (who: string | undefined, query = '?include_jobs=true') =>
    lab.ask(who, 'GET', `/projects/${lab.app.id}/ci/lint${query}`);
  const put = (path: string, content: string) => putFile(lab.world, lab.app, path, content);

  it('has includes, extends and references filled in, and jobs without their rules', async () => {
    put(
      '.gitlab-ci.yml',
      'include: /ci/more.yml\ndefault:\n  before_script: [login]\ndeploy:\n  extends: .base\n  script: [!reference [.base, script], done]\n  environment: {name: production, action: start}\n  rules: [{if: $X}]\n',
    );
    put('ci/more.yml', '.base:\n  script: [kubectl apply]\n  image: tools\n');
    const { status, json } = await lint('reporter');
    assert.equal(status, 200);
    assert.deepEqual([at(json, 'valid'), at(json, 'errors')], [true, []]);
    const merged = String(at(json, 'merged_yaml'));
    assert.match(merged, /image: tools/);
    assert.match(merged, /- - kubectl apply\n/);
    assert.doesNotMatch(merged, /include:|!reference/);
    assert.deepEqual(each(at(json, 'includes'), 'location'), ['/ci/more.yml']);
    const job = at(json, 'jobs', 0);
    assert.deepEqual(
      [at(job, 'environment'), at(job, 'before_script'), at(job, 'script')],
      ['production', ['login'], ['kubectl apply', 'done']],
    );
    assert.equal(at(job, 'rules'), undefined);
    assert.equal(at((await lint('reporter', '')).json, 'jobs'), undefined);
  });

  it('is invalid and has no text where an include is missing, or hidden from the caller', async () => {
    put('.gitlab-ci.yml', 'include: {project: foreign/other, file: x.yml}\n');
    putFile(lab.world, lab.other, 'x.yml', 'a: {script: [b]}\n');
    for (const who of ['reporter', 'maintainer']) {
      const { status, json } = await lint(who);
      assert.deepEqual([status, at(json, 'valid'), at(json, 'merged_yaml'), at(json, 'jobs')], [200, false, null, []]);
    }
    assert.equal(at((await lint('admin')).json, 'valid'), true);
  });

  it('respects where the project keeps it; without a file it is invalid, without a repository 404', async () => {
    assert.equal((await lint('reporter')).status, 404);
    put('ci/main.yml', 'test: {script: [make]}\n');
    assert.equal(at((await lint('reporter')).json, 'valid'), false);
    lab.app.ciConfigPath = 'ci/main.yml';
    assert.equal(at((await lint('reporter')).json, 'valid'), true);
  });

  it('is for those who may read the code', async () => {
    put('.gitlab-ci.yml', 'test: {script: [make]}\n');
    const statuses = await Promise.all(people.map(async (who) => (await lint(who)).status));
    assert.deepEqual(statuses, [200, 200, 200, 200, 403, 404, 401]);
  });
});

describe('The CI configuration in old versions', () => {
  const lab = openLab({ profile: '13.6.7' });

  it('has symbols as keys and does not list what is included', async () => {
    putFile(lab.world, lab.app, '.gitlab-ci.yml', 'deploy: {script: [x], environment: production}\n');
    const { json } = await lab.ask('reporter', 'GET', '/projects/1/ci/lint');
    assert.match(String(at(json, 'merged_yaml')), /:deploy:\n\s+:script:/);
    assert.equal(at(json, 'includes'), undefined);
  });
});

describe('The CI configuration before GitLab 13.5', () => {
  const lab = openLab({ profile: '13.4.0' });

  it('is not offered', async () => {
    assert.equal((await lab.ask('reporter', 'GET', '/projects/1/ci/lint')).status, 404);
  });
});

// Agents and environments 12.2
describe('The tree of a repository', () => {
  const lab = openLab();

  it('lists what lies below a folder', async () => {
    for (const path of ['.gitlab/agents/a/config.yaml', '.gitlab/agents/b/x/default.yaml', 'README.md']) {
      putFile(lab.world, lab.app, path, 'x');
    }
    const list = (query: string, who = 'reporter') => lab.ask(who, 'GET', `/projects/1/repository/tree?${query}`);
    assert.deepEqual(each((await list('path=.gitlab/agents')).json, 'name'), ['a', 'b']);
    assert.deepEqual(each((await list('path=.gitlab/agents&recursive=true')).json, 'path'), [
      '.gitlab/agents/a',
      '.gitlab/agents/a/config.yaml',
      '.gitlab/agents/b',
      '.gitlab/agents/b/x',
      '.gitlab/agents/b/x/default.yaml',
    ]);
    assert.equal((await list('path=none')).status, 404);
    assert.equal((await list('', 'guest')).status, 403);
  });
});

describe('A commit', () => {
  const lab = openLab();
  const commit = (who: string, values: object) =>
    lab.ask(who, 'POST', '/projects/1/repository/commits', {
      body: { branch: 'move', start_branch: 'main', commit_message: 'Move', actions: [], ...values },
    });
  const update = (lastCommitId?: string) => ({
    actions: [
      { action: 'update', file_path: 'a', content: 'new', ...(lastCommitId && { last_commit_id: lastCommitId }) },
    ],
  });

  it('makes a branch, and a merge request brings it home', async () => {
    const file = putFile(lab.world, lab.app, 'a', 'old');
    assert.equal((await commit('developer', update(file.lastCommitId))).status, 201);
    assert.deepEqual([fileOn(lab.world, lab.app, 'a'), fileOn(lab.world, lab.app, 'a', 'move')], ['old', 'new']);
    const opened = await lab.ask('developer', 'POST', '/projects/1/merge_requests', {
      body: { source_branch: 'move', target_branch: 'main', title: 'Move' },
    });
    assert.deepEqual([opened.status, at(opened.json, 'iid')], [201, 1]);
    mergeRequest(lab.world, lab.app, 1);
    assert.equal(fileOn(lab.world, lab.app, 'a'), 'new');
  });

  it('is refused where the file was changed since it was read', async () => {
    const before = putFile(lab.world, lab.app, 'a', 'old').lastCommitId;
    putFile(lab.world, lab.app, 'a', 'theirs');
    const refused = await commit('developer', update(before));
    assert.deepEqual(
      [refused.status, at(refused.json, 'message')],
      [400, 'The file has changed since you started editing it.'],
    );
    assert.equal(fileOn(lab.world, lab.app, 'a', 'move'), undefined);
  });

  it('is for Developers and up, and to the default branch for Maintainers', async () => {
    putFile(lab.world, lab.app, 'a', 'old');
    assert.equal((await commit('reporter', update())).status, 403);
    assert.equal((await commit('developer', { ...update(), branch: 'main', start_branch: undefined })).status, 403);
    assert.equal((await commit('maintainer', { ...update(), branch: 'main', start_branch: undefined })).status, 201);
    const [token] = lab.world.tokens.filter(({ value }) => value === 'maintainer');
    assert.ok(token);
    token.scopes = ['read_api'];
    assert.equal((await commit('maintainer', update())).status, 403);
  });

  it('does not make a branch or file that is there, nor change one that is not', async () => {
    putFile(lab.world, lab.app, 'a', 'old');
    await commit('developer', update());
    assert.equal((await commit('developer', update())).status, 400);
    const create = { actions: [{ action: 'create', file_path: 'a', content: 'x' }], branch: 'other' };
    assert.equal((await commit('developer', create)).status, 400);
    const missing = { actions: [{ action: 'update', file_path: 'b', content: 'x' }], branch: 'other' };
    assert.equal((await commit('developer', missing)).status, 400);
    const empty = addProject(lab.world, 'empty', lab.own);
    const nowhere = await lab.ask('developer', 'POST', `/projects/${empty.id}/repository/commits`, {
      body: { ...create, start_branch: 'main', commit_message: 'x' },
    });
    assert.equal(nowhere.status, 404);
  });
});

describe('A merge request', () => {
  const lab = openLab();

  it('needs its branch, and is opened once', async () => {
    putFile(lab.world, lab.app, 'a', 'x');
    const open = (who: string) =>
      lab.ask(who, 'POST', '/projects/1/merge_requests', {
        body: { source_branch: 'move', target_branch: 'main', title: 'Move' },
      });
    assert.equal((await open('developer')).status, 409);
    lab.world.branches.push({ projectId: lab.app.id, name: 'move', files: [] });
    assert.deepEqual([(await open('reporter')).status, (await open('developer')).status], [403, 201]);
    assert.equal((await open('developer')).status, 409);
  });
});

// Agents and environments 15.1
describe('What GitLab says of its agent server', () => {
  const lab = openLab();

  it('is its address and version where it is on', async () => {
    assert.equal(at((await lab.ask('guest', 'GET', '/metadata')).json, 'kas', 'enabled'), false);
    lab.world.settings.kas = { externalUrl: 'wss://kas.example.com', version: '18.2.1' };
    const { json } = await lab.ask('guest', 'GET', '/metadata');
    assert.deepEqual([at(json, 'kas', 'externalUrl'), at(json, 'kas', 'version')], ['wss://kas.example.com', '18.2.1']);
  });
});
