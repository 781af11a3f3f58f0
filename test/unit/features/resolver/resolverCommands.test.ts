import assert from 'node:assert/strict';
import { commands } from '../../../../src/contributions';
import { json } from '../../../gitlab/answer';
import { demoFleet } from '../../../gitlab/demoFleet';
import { addEnvironment, addProject } from '../../../gitlab/populate';
import type { ClusterTreeNode } from '../../../../src/editor/clusterNodes';
import { flowLabs } from '../flowLab';
import type { FlowLab } from '../flowLab';

const projects = [{ id: 1, path: 'platform/payments-api' }];
const groups = [{ id: 1, path: 'platform' }];

describe('Which cluster serves an environment', () => {
  const open = flowLabs();
  let lab: FlowLab;

  const start = async (token = 'demo-maintainer', watched: { groups?: typeof groups } = {}): Promise<void> => {
    lab = await open({ world: demoFleet(), token, projects, ...watched });
    await lab.read();
  };
  const row = (): ClusterTreeNode => ({
    type: 'owner',
    host: lab.host.url,
    owner: { level: 'project', id: 1, path: 'platform/payments-api' },
    watched: true,
    fromWorkspace: false,
  });
  const hostRow = (): ClusterTreeNode => ({ type: 'host', host: lab.host });
  const dropEnvironment = (name: string): void => {
    const { environments } = lab.gitlab.world;
    environments.splice(
      environments.findIndex((one) => one.name === name),
      1,
    );
  };
  const resolve = () => lab.commands[commands.resolveEnvironment](row());
  const document = (title: string | RegExp): string => {
    const found = [...lab.dialogs.texts].find(([name]) => name.match(title));
    return found?.[1] ?? assert.fail(`no document ${String(title)} among ${[...lab.dialogs.texts.keys()].join(', ')}`);
  };
  const pick = 'Which Cluster Serves… (platform/payments-api)';

  afterEach(() => lab.dialogs.assertAllAsked());

  it('is asked with a row’s project, and answered by a document', async () => {
    await start();
    lab.dialogs.will([pick, 'review/my-branch']);
    await resolve();
    assert.match(
      document('Cluster for review/my-branch of platform/payments-api'),
      /^# Which cluster serves `review\/my-branch` of `platform\/payments-api`\n\n\*\*`review` \(ID 7\)/,
    );
    assert.ok(lab.asked().every((line) => line.startsWith('GET ') || line === 'POST /api/graphql'));
  });

  it('may be asked of a name that does not exist yet, and of a job without an environment', async () => {
    await start();
    lab.dialogs.will([pick, ['review/new', 'Environment “review/new”']], [pick, 'Job Without an Environment']);
    await resolve();
    assert.match(document(/^Cluster for review\/new /), /does not exist yet; its slug will be `review-new-/);
    await resolve();
    assert.match(document(/^Cluster for no environment /), /without an environment only the scope \* counts/);
  });

  it('is answered about a project that is searched for where no row is given', async () => {
    await start();
    lab.dialogs.will(
      ['Which Cluster Serves…', ['checkout', 'platform/checkout-web']],
      ['Which Cluster Serves… (platform/checkout-web)', 'production'],
    );
    await lab.commands[commands.resolveEnvironment](undefined);
    assert.match(document(/checkout-web$/), /\*\*`production-us` \(ID 10\)/);
  });

  it('is not asked of GitLab with a name that it would refuse, and says why', async () => {
    await start();
    const long = 'x'.repeat(256);
    for (const [typed, why] of [
      [long, /too long \(maximum is 255 characters\)/],
      ['qa#1', /can contain only letters, digits/],
      ['/qa', /cannot start or end with '\/'/],
    ] as const) {
      lab.dialogs.will([pick, [typed, 'Not a valid environment name']]);
      await resolve();
      assert.match(lab.dialogs.shown.at(-1)?.offered[0] ?? '', why);
    }
    assert.equal(lab.dialogs.texts.size, 0);
  });

  it('says that a project has moved', async () => {
    await start();
    const moved = lab.gitlab.world.projects.find(({ id }) => id === 1) ?? assert.fail();
    moved.path = 'payments';
    lab.dialogs.will([pick, 'production']);
    await resolve();
    assert.match(
      document(/^Cluster for production of platform\/payments$/),
      /\n\nThe project has moved from `platform\/payments-api` to `platform\/payments`\.\n/,
    );
  });

  it('says that a project is no longer exists, with what to do', async () => {
    await start();
    const { world } = lab.gitlab;
    let lists = 0;
    lab.gitlab.onRequest(({ request }) => {
      // Somebody deletes it while the list of its environments is open.
      const isGone = /\/projects\/1\b/.test(request.path) && lists++ > 0;
      if (isGone) world.projects.splice(0, Number(world.projects[0]?.id === 1));
      return undefined;
    });
    lab.dialogs.will([pick, 'production']);
    await resolve();
    assert.equal(lab.dialogs.texts.size, 0);
    assert.match(
      lab.dialogs.told.at(-1) ?? '',
      /^The project platform\/payments-api no longer exists in GitLab, or .* Refresh, and watch the project/,
    );
  });

  it('says that a group cannot be read, and that it may hold a nearer cluster', async () => {
    await start();
    lab.gitlab.onRequest(({ request }) =>
      /\/groups\/1\/clusters/.test(request.path) ? json(403, { message: '403 Forbidden' }) : undefined,
    );
    lab.dialogs.will([pick, 'preview']);
    await resolve();
    assert.match(
      document(/^Cluster for preview /),
      /\n- Clusters of the group `platform`: the role of this token is too low\. It may change this answer\.\n/,
    );
  });

  it('says that the integration is switched off', async () => {
    await start();
    lab.gitlab.flagOff = true;
    lab.dialogs.will([pick, 'production']);
    await resolve();
    assert.match(
      document(/^Cluster for production /),
      /\*\*None: certificate-based clusters are switched off here, .* feature flag certificate_based_clusters\.\*\*/,
    );
  });

  it('says what was noticed about scopes of this project, environments included', async () => {
    await start();
    dropEnvironment('load-test');
    lab.dialogs.will([pick, 'production']);
    await resolve();
    const [, warnings = ''] = document(/^Cluster for production /).split('## Warnings\n');
    assert.match(warnings, /The scope “load-test” of platform\/payments-api \/ payments-eks matches no environment/);
    assert.match(warnings, /The CA certificate of platform\/payments-api \/ staging has expired/);
    assert.doesNotMatch(warnings, /platform-default/);
  });

  it('feeds the warnings about all clusters of the host', async () => {
    await start();
    dropEnvironment('load-test');
    const title = /^Environment Scopes: \d Warnings?$/;
    const warnings = () => lab.dialogs.shown.filter(({ text }) => title.test(text)).at(-1)?.offered ?? [];
    lab.dialogs.will(['Environment Scopes', undefined]);
    await lab.commands[commands.checkScopes](hostRow());
    assert.equal(warnings().length, 2);
    lab.dialogs.will([pick, 'production'], ['Environment Scopes', 'Change the scope']);
    await resolve();
    await lab.commands[commands.checkScopes](hostRow());
    assert.match(warnings().join('\n'), /The scope “load-test” of .* matches no environment/);
    assert.deepEqual(lab.ran, [`${commands.editCluster} payments-eks`]);
  });

  it('forgets a warning as soon as its cluster is changed', async () => {
    await start();
    const { world } = lab.gitlab;
    addEnvironment(world, world.projects[0] ?? assert.fail(), 'qa/2');
    const long = 'n'.repeat(60);
    const review = lab.row('review');
    assert.ok(review.type === 'cluster');
    await lab.inventory.edit(review.cluster, { namespace: long, namespacePerEnvironment: true });
    lab.dialogs.will([pick, 'production'], ['Environment Scopes', undefined]);
    await resolve();
    await lab.commands[commands.checkScopes](hostRow());
    const tooLong = () => lab.dialogs.shown.at(-1)?.offered.filter((line) => line.includes('has 84 characters')).length;
    assert.equal(tooLong(), 1);
    await lab.inventory.edit(review.cluster, { namespace: 'n', namespacePerEnvironment: true });
    lab.dialogs.will(['Environment Scopes', undefined]);
    await lab.commands[commands.checkScopes](hostRow());
    assert.equal(tooLong(), 0);
  });

  it('shows all warnings as a document, and says so where there are none', async () => {
    await start();
    lab.dialogs.will(['Environment Scopes', 'Show All as a Document']);
    await lab.commands[commands.checkScopes](hostRow());
    assert.match(document(/^Environment scopes of /), /^# Environment scopes\n\n- The CA certificate of /);
    const { clusters } = lab.gitlab.world;
    clusters.splice(
      clusters.findIndex(({ name }) => name === 'staging'),
      1,
    );
    await lab.read();
    await lab.commands[commands.checkScopes](hostRow());
    assert.match(lab.dialogs.told.at(-1) ?? '', /^No problem was found/);
  });
});

describe('What a cluster serves', () => {
  const open = flowLabs();
  let lab: FlowLab;
  const show = (name: string) => lab.commands[commands.showServed](lab.row(name));

  beforeEach(async () => {
    lab = await open({ world: demoFleet(), token: 'demo-maintainer', projects, groups });
    const { world } = lab.gitlab;
    const platform = world.groups[0] ?? assert.fail();
    for (let index = 0; index < 30; index++)
      addEnvironment(world, addProject(world, `service-${index}`, platform), 'production');
    await lab.read();
  });
  afterEach(() => lab.dialogs.assertAllAsked());

  it('is shown at once for a project’s cluster', async () => {
    await show('review');
    assert.match(
      lab.dialogs.texts.get('What review · payments-api · Example GitLab serves') ?? '',
      /`review\/my-branch`/,
    );
  });

  it('tells the bound on requests first where many are needed, and keeps to it', async () => {
    lab.dialogs.will(['Read the environments of 35 projects?', undefined]);
    await show('platform-default');
    const planned = lab.asked().length;
    const { detail } = lab.dialogs.find('Read the environments of 35 projects?');
    const bound = Number(/^At most (\d+) requests are sent to Example GitLab\. You can cancel/.exec(detail)?.[1]);
    assert.equal(lab.dialogs.texts.size, 0);
    lab.gitlab.clearRequests();
    lab.dialogs.will(['Read the environments of 35 projects?', 'Continue']);
    await show('platform-default');
    assert.ok(lab.asked().length <= bound + planned, `${lab.asked().length} requests, ${bound} were told`);
    assert.match(lab.dialogs.texts.get('What platform-default · platform · Example GitLab serves') ?? '', /service-29/);
    assert.ok(lab.dialogs.progressed.includes('35 of 35 projects'));
  });

  it('can be cancelled, and then shows what was read', async () => {
    lab.dialogs.onReport = (message, cancel) => {
      if (message === '10 of 35 projects') cancel();
    };
    lab.dialogs.will(['Read the environments of 35 projects?', 'Continue']);
    await show('platform-default');
    assert.match(lab.dialogs.texts.get('What platform-default · platform · Example GitLab serves') ?? '', /[Cc]ancel/);
    assert.ok(!lab.dialogs.progressed.includes('35 of 35 projects'));
  });
});
