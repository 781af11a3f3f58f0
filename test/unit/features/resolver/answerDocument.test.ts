import assert from 'node:assert/strict';
import { environmentNamed } from '../../../../src/core/gitlab/environments';
import { usableAgents } from '../../../../src/core/gitlab/usableAgents';
import { resolve } from '../../../../src/core/resolver/resolve';
import { readPlace } from '../../../../src/core/resolver/readPlace';
import { answerDocument } from '../../../../src/features/resolver/answerDocument';
import type { Answer } from '../../../../src/features/resolver/answerDocument';
import { addCluster } from '../../../gitlab/populate';
import { hostUrl, openConnection } from '../../core/gitlab/connection';

describe('the answer to which cluster serves an environment', () => {
  const connection = openConnection();

  async function answer(token: string, id: number, name: string | undefined): Promise<Answer> {
    const client = connection.client(token);
    const isAdmin = token === 'demo-admin-token';
    const place = await readPlace(id, { client, isAdmin, known: [], isAllKnown: true });
    return {
      host: { url: hostUrl('https://gitlab.example.com'), name: 'Example' },
      place,
      formerPath: undefined,
      resolution: resolve(place, name),
      environment: name === undefined ? undefined : await environmentNamed(client, id, name),
      agents: await usableAgents(client, place.project.path),
      isAdmin,
      warnings: [],
      at: new Date('2026-11-27T18:00:00Z'),
    };
  }
  const text = async (...[token, id, name]: Parameters<typeof answer>) => answerDocument(await answer(token, id, name));

  it('names the cluster, the expected namespace, the ladder of candidates, the variables and what was not seen', async () => {
    assert.equal(
      await text('demo-maintainer', 1, 'review/my-branch'),
      `# Which cluster serves \`review/my-branch\` of \`platform/payments-api\`

**\`review\` (ID 7) of the project \`platform/payments-api\`.**

- Level: Project platform/payments-api
- Environment scope: \`review/*\` (a pattern that matches)
- API URL: \`https://review.k8s.example.com:6443\`
- Expected namespace: \`payments-api-1-review-my-branch-add4nu\`
  - Expected only: a namespace GitLab has stored for this environment wins, and no API shows it.
- Environment: \`available\`, tier \`development\`, slug \`review-my-branch-add4nu\`

## Candidates, from near to far

- Project platform/payments-api
  - **→** \`review\` (ID 7), scope \`review/*\`: chosen
  - \`production-eu\` (ID 5), scope \`production\`: not chosen: its scope does not match
  - \`staging\` (ID 6), scope \`staging\`: not chosen: its scope does not match
  - \`payments-gke\` (ID 8), scope \`qa/*\`: not chosen: its scope does not match
  - \`payments-eks\` (ID 9), scope \`load-test\`: not chosen: its scope does not match
- Group platform
  - \`platform-default\` (ID 3), scope \`*\`: not chosen: \`review\` (ID 7) of the project \`platform/payments-api\` is nearer

## What a job gets

- \`KUBE_URL\`: \`https://review.k8s.example.com:6443\`
- \`KUBE_INGRESS_BASE_DOMAIN\`: \`review.example.com\`
- \`KUBE_TOKEN\`: the token of the namespace’s service account (never shown)
- \`KUBE_NAMESPACE\`: \`payments-api-1-review-my-branch-add4nu\` (expected)
- \`KUBE_SERVICE_ACCOUNT\`: the service account of the namespace
- \`KUBECONFIG\`: a file whose default context is gitlab-deploy
- GitLab creates the namespace and its service account before a job that starts a deployment. Without them a job gets none of \`KUBE_TOKEN\`, \`KUBE_NAMESPACE\`, \`KUBE_SERVICE_ACCOUNT\`, \`KUBECONFIG\`.
- \`CI_KUBERNETES_ACTIVE\`: true
- A variable of the same name in the CI file, the project or a group wins over these.

## Not visible

- Clusters of the instance: visible to administrators only. It can’t change this answer.

## Agents this project may use

- \`platform/cluster-management:platform-agent\`

A job uses an agent only after it has selected its context. Until then it deploys to the cluster above, whose context is the default.

Computed on 2026-11-27 18:00 UTC from what \`https://gitlab.example.com\` reports; GitLab itself decides for each job. This report contains no tokens or passwords.
`,
    );
  });

  it('has a slug and a namespace for an environment that does not exist yet', async () => {
    const words = await text('demo-maintainer', 1, 'review/next');
    assert.match(words, /does not exist yet; its slug will be `review-next-[a-z0-9]{6}` \(computed\)/);
    assert.match(words, /Expected namespace: `payments-api-1-review-next-[a-z0-9]{6}`/);
  });

  it('never says “none” to somebody who may not see all that counts', async () => {
    const { world } = connection.gitlab;
    world.clusters.splice(0);
    assert.match(
      await text('demo-maintainer', 1, 'x'),
      /\*\*None this token can see; an instance cluster may match\.\*\*/,
    );
    assert.match(await text('demo-admin-token', 1, 'x'), /\*\*None\.\*\*/);
    assert.match(await text('demo-maintainer', 1, 'x'), /`CI_KUBERNETES_ACTIVE`: unknown/);
    assert.match(await text('demo-admin-token', 1, 'x'), /`CI_KUBERNETES_ACTIVE`: not set/);
  });

  it('of scopes that are equally specific is that it is ambiguous', async () => {
    const [payments] = connection.gitlab.world.projects;
    assert.ok(payments);
    addCluster(connection.gitlab.world, payments, { name: 'other', environmentScope: '*/my-branch' });
    const words = await text('demo-maintainer', 1, 'review/my-branch');
    assert.match(words, /\*\*Ambiguous between `review` \(ID 7\) of .*, `other` \(ID \d+\) of .*exact name/);
    assert.equal(words.match(/possible: GitLab defines no order/g)?.length, 2);
  });

  it('for a job without an environment is a cluster for everything, and no variables', async () => {
    const words = await text('demo-maintainer', 1, undefined);
    assert.match(words, /^# Which cluster serves a job of `platform\/payments-api` without an environment/);
    assert.match(words, /\*\*`platform-default` \(ID 3\)/);
    assert.match(words, /No KUBE_\* variables: only jobs with an environment get them/);
    assert.doesNotMatch(words, /namespace/i);
  });

  it('with the integration switched off is that jobs get nothing', async () => {
    connection.gitlab.flagOff = true;
    assert.match(await text('demo-admin-token', 1, 'production'), /None: certificate-based clusters are switched off/);
  });

  it('says that a namespace will be too long', async () => {
    const [payments] = connection.gitlab.world.projects;
    assert.ok(payments);
    payments.path = 'p'.repeat(45);
    assert.match(await text('demo-maintainer', 1, 'review/my-branch'), /Too long: Kubernetes allows 63 characters/);
  });

  it('says whose management project the cluster was chosen for', async () => {
    assert.match(
      await text('demo-maintainer', 3, 'production'),
      /Level: Group platform, because this is its management project/,
    );
  });

  it('keeps names from being markup where it is pasted', async () => {
    const [cluster] = connection.gitlab.world.clusters.filter(({ id }) => id === 7);
    assert.ok(cluster);
    cluster.name = '`](http://evil.example) <b>@all</b>';
    const words = await text('demo-maintainer', 1, 'review/my-branch');
    assert.ok(words.includes('`ˋ](http://evil.example) <b>@all</b>`'.replace('](', ']\u2060(')));
  });
});
