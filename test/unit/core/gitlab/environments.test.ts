import assert from 'node:assert/strict';
import { availableEnvironments, environmentNamed, environmentPage } from '../../../../src/core/gitlab/environments';
import { usableAgents } from '../../../../src/core/gitlab/usableAgents';
import { addAgent, addEnvironment } from '../../../gitlab/populate';
import { failure, openConnection } from './connection';

describe('environments', () => {
  const connection = openConnection();
  const names = (items: readonly { readonly name: string }[]) => items.map(({ name }) => name);

  it('come with slug, state and tier, stopped ones too', async () => {
    const { items: all } = await environmentPage(connection.client('demo-reader'), 1, { page: 1 });
    assert.deepEqual(all.at(-1), {
      id: 13,
      name: 'review/old-login',
      slug: 'review-old-login-lcoepb',
      state: 'stopped',
      tier: 'development',
    });
    assert.equal(all.length, 7);
  });

  it('come page by page', async () => {
    const { world } = connection.gitlab;
    const [project] = world.projects;
    assert.ok(project);
    for (let n = 0; n < 150; n++) addEnvironment(world, project, `review/${n}`);
    const client = connection.client();
    const first = await environmentPage(client, 1, { page: 1 });
    assert.deepEqual([first.items.length, first.next], [100, 2]);
    const second = await environmentPage(client, 1, { page: 2 });
    assert.deepEqual([second.items.length, second.next], [57, undefined]);
  });

  it('that jobs are deployed to come in one request, the first hundred of them', async () => {
    const { world, requests } = connection.gitlab;
    const [project] = world.projects;
    assert.ok(project);
    const client = connection.client();
    const few = await availableEnvironments(client, 1);
    assert.deepEqual([few.items.length, few.more], [6, false]);
    for (let n = 0; n < 150; n++) addEnvironment(world, project, `review/${n}`);
    const many = await availableEnvironments(client, 1);
    assert.deepEqual([many.items.length, many.more, requests.length], [100, true, 2]);
  });

  it('are searched for by GitLab from three letters on; fewer list everything', async () => {
    const client = connection.client();
    assert.deepEqual(names((await environmentPage(client, 1, { page: 1, search: 'view' })).items), [
      'review/my-branch',
      'preview',
      'review/old-login',
    ]);
    assert.equal((await environmentPage(client, 1, { page: 1, search: 're' })).items.length, 7);
  });

  it('are found by their whole name', async () => {
    const client = connection.client();
    assert.equal((await environmentNamed(client, 1, 'production'))?.slug, 'production');
    assert.equal(await environmentNamed(client, 1, 'prod'), undefined);
  });

  it('of a project out of sight fail as such', async () => {
    await failure(environmentPage(connection.client('demo-outsider'), 1, { page: 1 }), 'notFound');
  });
});

describe('agents a project may use', () => {
  const connection = openConnection();

  it('come with the project they are configured in', async () => {
    assert.deepEqual(await usableAgents(connection.client('demo-developer'), 'platform/checkout-web'), [
      {
        name: 'platform-agent',
        configProject: 'platform/cluster-management',
        defaultNamespace: 'checkout',
        environments: undefined,
        protectedOnly: false,
      },
    ]);
    assert.deepEqual(await usableAgents(connection.client('demo-developer'), 'platform/shared/observability'), []);
  });

  it('come with what their configuration limits them to, whatever else is in it', async () => {
    const [agent] = connection.gitlab.world.agents;
    assert.ok(agent);
    const to = { kind: 'project', id: 2 } as const;
    const usable = async (config: Record<string, unknown>) => {
      agent.ciAccess = [{ to, config }];
      const [found] = (await usableAgents(connection.client('demo-developer'), 'platform/checkout-web')) ?? [];
      return [found?.defaultNamespace, found?.environments, found?.protectedOnly];
    };
    const limits = {
      environments: ['production', 'review/*'],
      protected_branches_only: true,
      access_as: { agent: {} },
    };
    assert.deepEqual(await usable(limits), [undefined, ['production', 'review/*'], true]);
    assert.deepEqual(await usable({ environments: 'production', default_namespace: 1 }), [undefined, undefined, false]);
  });

  it('are read page by page, a hundred at a time', async () => {
    const { world } = connection.gitlab;
    const [agent] = world.agents;
    const home = world.projects.find(({ id }) => id === agent?.configProjectId);
    assert.ok(agent && home);
    const to = { kind: 'project', id: 2 } as const;
    for (let n = 1; n <= 220; n++) addAgent(world, home, `many-${n}`, { ciAccess: [{ to, config: {} }] });
    connection.gitlab.clearRequests();
    const found = await usableAgents(connection.client('demo-developer'), 'platform/checkout-web');
    assert.equal(new Set(found?.map(({ name }) => name)).size, 221);
    assert.equal(connection.gitlab.requests.length, 3);
  });

  it('are not known where the token may not see them', async () => {
    assert.equal(await usableAgents(connection.client('demo-outsider'), 'platform/checkout-web'), undefined);
  });

  it('may be asked for with a token that only reads', async () => {
    assert.equal((await usableAgents(connection.client('demo-reader'), 'platform/checkout-web'))?.length, 1);
  });

  it('are asked for again where the answer got lost: a query changes nothing', async () => {
    let asked = 0;
    connection.gitlab.onRequest(() => (++asked === 1 ? { status: 502, headers: {}, body: '' } : undefined));
    assert.equal((await usableAgents(connection.client(), 'platform/checkout-web'))?.length, 1);
    assert.equal(asked, 2);
  });

  it('are not supported by a GitLab without GraphQL', async () => {
    connection.gitlab.onRequest(() => ({
      status: 404,
      headers: { 'Content-Type': 'application/json' },
      body: '{"error":"404 Not Found"}',
    }));
    await failure(usableAgents(connection.client(), 'platform/checkout-web'), 'unsupported');
  });

  it('fail with the token that GitLab does not know', async () => {
    await failure(usableAgents(connection.client('unknown'), 'platform/checkout-web'), 'unauthorized');
  });
});
