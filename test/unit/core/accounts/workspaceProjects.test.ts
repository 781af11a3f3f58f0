import assert from 'node:assert/strict';
import { Response } from 'node-fetch';
import { GitLabClient } from '../../../../src/core/gitlab/client';
import { Emitter } from '../../../../src/core/time/event';
import type { Host, HostUrl } from '../../../../src/core/model/host';
import { HostAccounts } from '../../../../src/core/accounts/hostAccounts';
import type { FoundInWorkspace } from '../../../../src/core/accounts/workspaceProjects';
import { WorkspaceProjects } from '../../../../src/core/accounts/workspaceProjects';
import { host, hostUrl, url } from '../../features/tree/knowledge';

/** GitLab's answer to a project lookup, by path. What is not in it is 404, as for what the token may not see. */
type Answers = Record<string, () => Promise<Response>>;

function json(body: unknown, status = 200): () => Promise<Response> {
  const headers = { 'content-type': 'application/json' };
  return () => Promise.resolve(new Response(JSON.stringify(body), { status, headers }));
}

function projectAnswer(id: number, path: string): () => Promise<Response> {
  return json({ id, name: path, path_with_namespace: path });
}

/** Open folders with these remotes, and a GitLab that answers as told. */
function open(
  remotes: string[],
  answers: Answers,
  options: { hosts?: readonly Host[]; token?: string | undefined; mistake?: Error } = {},
) {
  const asked: string[] = [];
  const hosts = { now: options.hosts ?? [host] };
  const hostsChanged = new Emitter<void>();
  const tokenChanged = new Emitter<HostUrl>();
  const remotesChanged = new Emitter<void>();
  const accounts = new HostAccounts(
    {
      read: () => ({ hosts: hosts.now, problems: [] }),
      put: () => Promise.resolve(),
      remove: () => Promise.resolve(),
      onDidChange: hostsChanged.event,
    },
    {
      get: () => Promise.resolve('token' in options ? options.token : 'glpat-x'),
      set: () => Promise.resolve(),
      delete: () => Promise.resolve(),
      onDidChange: tokenChanged.event,
    },
    (at, token) => {
      if (options.mistake) throw options.mistake;
      return new GitLabClient(at, token, {
        fetch: (address) => {
          const path = decodeURIComponent(/\/projects\/([^/?]+)$/.exec(address)?.[1] ?? '');
          asked.push(path);
          return (answers[path] ?? json({ message: '404 Project Not Found' }, 404))();
        },
        log: () => undefined,
        readDeadline: 1000,
        writeDeadline: 1000,
      });
    },
  );
  const projects = new WorkspaceProjects(accounts, {
    read: () => Promise.resolve([...remotes]),
    onDidChange: remotesChanged.event,
  });
  return { projects, asked, hosts, hostsChanged, tokenChanged, remotes, remotesChanged };
}

function paths(found: FoundInWorkspace | undefined): readonly string[] | undefined {
  return found?.projects.map(({ path }) => path);
}

describe('Projects of the open folders', () => {
  it('are unknown, and nobody is asked, before a host is looked at', () => {
    const { projects, asked } = open(['git@gitlab.example.com:group/app.git'], {});
    assert.equal(projects.of(url), undefined);
    assert.deepEqual(asked, []);
  });

  it('are looked up by the path in the remotes, each once', async () => {
    const { projects, asked } = open(
      ['git@gitlab.example.com:group/app.git', 'https://gitlab.example.com/group/app.git', 'git@github.com:a/b.git'],
      { 'group/app': projectAnswer(7, 'group/app') },
    );
    await projects.load(url);
    assert.deepEqual(projects.of(url), {
      loading: false,
      projects: [{ id: 7, name: 'group/app', path: 'group/app' }],
      failures: [],
    });
    assert.deepEqual(asked, ['group/app']);
  });

  it('are “loading” from the moment they are asked for', async () => {
    const { projects } = open(['git@gitlab.example.com:group/app.git'], { 'group/app': projectAnswer(7, 'group/app') });
    const states: (boolean | undefined)[] = [];
    projects.onDidChange(() => states.push(projects.of(url)?.loading));
    await projects.load(url);
    assert.deepEqual(states, [true, true, false]);
  });

  it('are left out, and are no failure, where GitLab does not know or show them', async () => {
    const { projects, asked } = open(['git@gitlab.example.com:group/other.git'], {});
    await projects.load(url);
    assert.deepEqual(projects.of(url), { loading: false, projects: [], failures: [] });
    await projects.load(url);
    assert.equal(asked.length, 1, 'what was not there is not asked for again by itself');
    await projects.load(url, true);
    assert.equal(asked.length, 2, 'but is when the user refreshes');
  });

  it('are failures with their reason when GitLab cannot answer, and are asked for again', async () => {
    const answers: Answers = { 'group/app': json({ message: '500 Internal Server Error' }, 500) };
    const { projects } = open(['git@gitlab.example.com:group/app.git'], answers);
    await projects.load(url);
    assert.deepEqual(
      projects.of(url)?.failures.map(({ path, error }) => [path, error.kind]),
      [['group/app', 'server']],
    );
    answers['group/app'] = projectAnswer(7, 'group/app');
    await projects.load(url);
    assert.deepEqual(paths(projects.of(url)), ['group/app']);
    assert.deepEqual(projects.of(url)?.failures, []);
  });

  it('do not blame GitLab for a mistake of ours', async () => {
    const mistake = new TypeError('x is undefined');
    const { projects } = open(['git@gitlab.example.com:group/app.git'], {}, { mistake });
    await projects.load(url);
    assert.deepEqual(
      projects.of(url)?.failures.map(({ error }) => [error.kind, error.cause]),
      [['internal', mistake]],
    );
  });

  it('are told of as they are read, of whatever host, and again only where others came', async () => {
    const { projects, remotes } = open(['git@work:group/app.git'], {});
    const told: (readonly string[])[] = [];
    projects.onDidReadRemotes((read) => told.push(read));
    await projects.load(host.url);
    await projects.load(host.url);
    remotes.push('git@other:group/app.git');
    await projects.load(host.url);
    assert.deepEqual(
      told.map(({ length }) => length),
      [1, 2],
    );
  });

  it('follow the remotes', async () => {
    const { projects, remotes, remotesChanged, asked } = open(['git@gitlab.example.com:group/app.git'], {
      'group/app': projectAnswer(7, 'group/app'),
      'group/new': projectAnswer(8, 'group/new'),
    });
    await projects.load(url);
    remotes.splice(0, 1, 'git@gitlab.example.com:group/new.git');
    const settled = new Promise<void>((resolve) => {
      projects.onDidChange((changed) => {
        if (projects.of(changed)?.loading === false) resolve();
      });
    });
    remotesChanged.fire();
    await settled;
    assert.deepEqual(paths(projects.of(url)), ['group/new']);
    assert.deepEqual(asked, ['group/app', 'group/new']);
  });

  it('ask no host without a token', async () => {
    const { projects, asked } = open(['git@gitlab.example.com:group/app.git'], {}, { token: undefined });
    await projects.load(url);
    assert.deepEqual(projects.of(url), { loading: false, projects: [], failures: [] });
    assert.deepEqual(asked, []);
  });

  it('are forgotten with the token they were seen with, and with their host', async () => {
    const { projects, hosts, hostsChanged, tokenChanged } = open(['git@gitlab.example.com:group/app.git'], {
      'group/app': projectAnswer(7, 'group/app'),
    });
    await projects.load(url);
    tokenChanged.fire(url);
    assert.equal(projects.of(url), undefined);
    await projects.load(url);
    hosts.now = [];
    hostsChanged.fire();
    assert.equal(projects.of(url), undefined);
  });

  it('do not come back when an answer arrives after the host was removed', async () => {
    let answer: (response: Response) => void = () => undefined;
    const answered = new Promise<Response>((resolve) => (answer = resolve));
    const { projects, hosts, hostsChanged, asked } = open(['git@gitlab.example.com:group/app.git'], {
      'group/app': () => answered,
    });
    const loading = projects.load(url);
    while (asked.length === 0) await new Promise(setImmediate);
    hosts.now = [];
    hostsChanged.fire();
    answer(await projectAnswer(7, 'group/app')());
    await loading;
    assert.equal(projects.of(url), undefined);
  });

  it('of one host say nothing about another', async () => {
    const other: Host = { ...host, url: hostUrl('https://other.example.com') };
    const { projects } = open(
      ['git@gitlab.example.com:group/app.git'],
      { 'group/app': projectAnswer(7, 'group/app') },
      { hosts: [host, other] },
    );
    await Promise.all([projects.load(url), projects.load(other.url)]);
    assert.deepEqual(paths(projects.of(other.url)), []);
    assert.deepEqual(paths(projects.of(url)), ['group/app']);
  });
});
