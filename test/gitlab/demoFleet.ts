/*
 * The demo fleet: two GitLabs for the demo, the screenshots and most tests.
 *
 * demoFleet()     current GitLab, Admin Mode on. Tokens, each of them for one host only:
 *   demo-admin-token      root, administrator, scopes api + admin_mode: sees everything; Owner of platform and mobile
 *   demo-plain-admin      root, scope api only: an ordinary user until Admin Mode, so 403 on instance clusters
 *   demo-maintainer       maria, Maintainer of group platform (1) and Owner of her personal projects
 *   demo-developer        devon, Developer of group platform: reads clusters, may not change them
 *   demo-reader           maria, scope read_api: lists everything, every write is 403 insufficient_scope
 *   demo-narrow           maria, scope read_user: 403 insufficient_scope on everything but /user and /metadata
 *   demo-expired, demo-revoked (maria), demo-blocked (a blocked account), demo-oauth (maria, Bearer only)
 *   demo-outsider         olaf, member of nothing but his own project
 * Groups: 1 platform, 2 platform/shared, 3 platform/shared/edge, 4 mobile, 5 hidden (nobody's)
 * Projects: 1 platform/payments-api, 2 platform/checkout-web, 3 platform/cluster-management (management project),
 *   4 platform/shared/observability, 5 platform/shared/edge/gateway, 6 mobile/app-backend, 7 maria/playground,
 *   8 hidden/vault (private, nobody's), 9 platform/legacy-billing (archived), 10 olaf/notes (public)
 *   Project 1 was called platform/payments before: 301 on reads, 405 on writes.
 * Clusters: instance 1 shared-runners (*), 2 gpu-pool (gpu/*, disabled);
 *   group 1: 3 platform-default (*), managed by project 3; group 2: 4 observability (not managed);
 *   project 1: 5 production-eu (production, CA valid to 2120), 6 staging (staging, CA expired 2023),
 *     7 review (review/*), 8 payments-gke (qa/*, GCP), 9 payments-eks (load-test, AWS);
 *   project 2: 10 production-us (production); 11 staging (staging, disabled);
 *   project 4: 12 metrics; project 5: 13 edge-fra (production), 14 edge-ams (staging); project 6: 15 backend;
 *   project 7: 16 kind <dev> (markup in its name)
 * Environments: project 1: production, staging, review/my-branch, qa/nightly, load-test, preview, review/old-login
 *   (stopped); project 2: production, staging; projects 3 and 4: production; project 5: production, staging
 * Agents of project 3: 1 platform-agent (connected, one token, .gitlab/agents/platform-agent/config.yaml lets the jobs of
 *   projects 1 and 2 use it), 2 spare (no token, never connected)
 *
 * oldDemoFleet()  GitLab 13.6.7, meant to be served under /gitlab:
 *   old-admin-token (root, administrator), old-maintainer (henrik, Maintainer of group infrastructure)
 *   Group 1 infrastructure; projects 1 infrastructure/monitoring, 2 infrastructure/erp; clusters 1 instance on-premises,
 *   2 project 1 rack-a (*), 3 project 2 erp-production (production), 4 project 2 erp-test (test, not managed)
 */
import { readAgentConfigurations } from './agents/access';
import { certificate } from './certificates';
import {
  addAgent,
  addAgentToken,
  addCluster,
  addEnvironment,
  addGroup,
  addProject,
  addToken,
  addUser,
  putFile,
  setRole,
} from './populate';
import { profileOf } from './profiles';
import { emptyWorld, type World } from './world';

/** The first demo host: a current GitLab with every kind of cluster. See the head of this file for ids and tokens. */
export function demoFleet(): World {
  const world = emptyWorld();
  world.settings.adminMode = true;
  const root = addUser(world, { username: 'root', name: 'Administrator', admin: true });
  const maria = addUser(world, { username: 'maria', name: 'Maria Keller' });
  const devon = addUser(world, { username: 'devon', name: 'Devon Okafor' });
  const blake = addUser(world, { username: 'blake', name: 'Blake Blocked', state: 'blocked' });
  const olaf = addUser(world, { username: 'olaf', name: 'Olaf Outsider' });
  addToken(world, root, 'demo-admin-token', { scopes: ['api', 'admin_mode'], expiresAt: '2099-12-31' });
  addToken(world, root, 'demo-plain-admin');
  addToken(world, maria, 'demo-maintainer', { expiresAt: '2099-12-31' });
  addToken(world, devon, 'demo-developer');
  addToken(world, maria, 'demo-reader', { scopes: ['read_api'] });
  addToken(world, maria, 'demo-narrow', { scopes: ['read_user'] });
  addToken(world, maria, 'demo-expired', { expiresAt: '2024-02-29' });
  addToken(world, maria, 'demo-revoked', { revoked: true });
  addToken(world, blake, 'demo-blocked');
  addToken(world, maria, 'demo-oauth', { kind: 'oauth' });
  addToken(world, olaf, 'demo-outsider');

  const platform = addGroup(world, 'platform', undefined, { name: 'Platform' });
  const shared = addGroup(world, 'shared', platform, { name: 'Shared' });
  const edge = addGroup(world, 'edge', shared, { name: 'Edge' });
  const mobile = addGroup(world, 'mobile', undefined, { name: 'Mobile', visibility: 'internal' });
  const hidden = addGroup(world, 'hidden', undefined, { name: 'Hidden' });
  setRole(world, root, platform, 50);
  setRole(world, root, mobile, 50);
  setRole(world, maria, platform, 40);
  setRole(world, devon, platform, 30);

  const payments = addProject(world, 'payments-api', platform, {
    name: 'Payments API',
    description: 'Takes the money',
    movedFrom: ['platform/payments'],
    lastActivityAt: '2026-10-30T14:12:08.000Z',
  });
  const checkout = addProject(world, 'checkout-web', platform, { name: 'Checkout Web' });
  const management = addProject(world, 'cluster-management', platform, { name: 'Cluster Management' });
  const observability = addProject(world, 'observability', shared, { name: 'Observability' });
  const gateway = addProject(world, 'gateway', edge, { name: 'Gateway' });
  const backend = addProject(world, 'app-backend', mobile, { name: 'App Backend', visibility: 'internal' });
  const playground = addProject(world, 'playground', maria, { name: 'Playground' });
  addProject(world, 'vault', hidden, { name: 'Vault' });
  addProject(world, 'legacy-billing', platform, { name: 'Legacy Billing', archived: true });
  addProject(world, 'notes', olaf, { name: 'Notes', visibility: 'public' });

  addCluster(world, 'instance', {
    name: 'shared-runners',
    domain: 'apps.example.com',
    platform: { apiUrl: 'https://shared.k8s.example.com:6443', caCert: certificate('edge').trim() },
  });
  addCluster(world, 'instance', {
    name: 'gpu-pool',
    enabled: false,
    environmentScope: 'gpu/*',
    platform: { apiUrl: 'https://gpu.k8s.example.com:6443' },
  });
  addCluster(world, platform, {
    name: 'platform-default',
    creatorId: maria.id,
    managementProjectId: management.id,
    domain: 'platform.example.com',
    platform: { apiUrl: 'https://default.k8s.example.com:6443' },
  });
  addCluster(world, shared, {
    name: 'observability',
    managed: false,
    platform: { apiUrl: 'https://obs.k8s.example.com:6443', namespace: 'observability', authorizationType: 'abac' },
  });
  addCluster(world, payments, {
    name: 'production-eu',
    creatorId: maria.id,
    environmentScope: 'production',
    domain: 'eu.example.com',
    namespacePerEnvironment: false,
    createdAt: '2019-01-02T20:18:12.563Z',
    platform: {
      apiUrl: 'https://eu-central.k8s.example.com:6443',
      caCert: certificate('production-eu').trim(),
      namespace: 'payments-production',
    },
  });
  addCluster(world, payments, {
    name: 'staging',
    creatorId: maria.id,
    environmentScope: 'staging',
    domain: 'staging.example.com',
    platform: { apiUrl: 'https://staging.k8s.example.com:6443', caCert: certificate('staging-expired').trim() },
  });
  addCluster(world, payments, {
    name: 'review',
    creatorId: null,
    environmentScope: 'review/*',
    domain: 'review.example.com',
    platform: { apiUrl: 'https://review.k8s.example.com:6443' },
  });
  addCluster(world, payments, {
    name: 'payments-gke',
    provider: 'gcp',
    environmentScope: 'qa/*',
    creatorId: maria.id,
    platform: { apiUrl: 'https://35.198.10.27', namespace: 'payments-qa' },
    gcp: {
      projectId: 'example-payments',
      zone: 'europe-west3-a',
      machineType: 'n1-standard-4',
      nodes: 3,
      endpoint: '35.198.10.27',
    },
  });
  addCluster(world, payments, {
    name: 'payments-eks',
    provider: 'aws',
    environmentScope: 'load-test',
    creatorId: maria.id,
    platform: { apiUrl: 'https://9f2a.gr7.eu-central-1.eks.example.com' },
  });
  addCluster(world, checkout, {
    name: 'production-us',
    environmentScope: 'production',
    platform: { apiUrl: 'https://us-east.k8s.example.com:6443' },
  });
  addCluster(world, checkout, {
    name: 'staging',
    enabled: false,
    environmentScope: 'staging',
    platform: { apiUrl: 'https://staging.k8s.example.com:6443' },
  });
  addCluster(world, observability, { name: 'metrics', platform: { apiUrl: 'https://obs.k8s.example.com:6443' } });
  addCluster(world, gateway, {
    name: 'edge-fra',
    environmentScope: 'production',
    platform: { apiUrl: 'https://fra.edge.example.com:6443', caCert: certificate('edge').trim() },
  });
  addCluster(world, gateway, {
    name: 'edge-ams',
    environmentScope: 'staging',
    platform: { apiUrl: 'https://ams.edge.example.com:6443', caCert: certificate('edge').trim() },
  });
  addCluster(world, backend, { name: 'backend', platform: { apiUrl: 'https://mobile.k8s.example.com:6443' } });
  addCluster(world, playground, {
    name: 'kind <dev>',
    creatorId: maria.id,
    platform: { apiUrl: 'http://kind.example.com:8080' },
  });
  const environments = [
    [payments, 'production', 'staging', 'review/my-branch', 'qa/nightly', 'load-test', 'preview'],
    [checkout, 'production', 'staging'],
    [management, 'production'],
    [observability, 'production'],
    [gateway, 'production', 'staging'],
  ] as const;
  for (const [project, ...names] of environments) for (const name of names) addEnvironment(world, project, name);
  addEnvironment(world, payments, 'review/old-login', { state: 'stopped' });
  const agent = addAgent(world, management, 'platform-agent', { createdById: maria.id });
  const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();
  addAgentToken(world, agent, { name: 'platform-agent', createdById: maria.id, lastUsedAt: minutesAgo(2) });
  agent.connections = [
    {
      connectedAt: minutesAgo(300),
      connectionId: 4711,
      version: 'v18.2.1',
      podNamespace: 'gitlab-agent-platform-agent',
      podName: 'platform-agent-7c9f4b6d8-x2k5p',
    },
  ];
  putFile(
    world,
    management,
    '.gitlab/agents/platform-agent/config.yaml',
    [
      'ci_access:',
      '  projects:',
      '    # The money first',
      '    - id: platform/payments-api',
      '    - id: platform/checkout-web',
      '      default_namespace: checkout',
      '',
    ].join('\n'),
  );
  addAgent(world, management, 'spare', { createdById: maria.id });
  putFile(
    world,
    payments,
    '.gitlab-ci.yml',
    [
      'stages: [build, deploy]',
      '',
      'build:',
      '  stage: build',
      '  script:',
      '    - make image',
      '',
      '# The money goes out here',
      'deploy to production:',
      '  stage: deploy',
      '  environment: production',
      '  script:',
      '    - helm upgrade --install payments ./chart --namespace $KUBE_NAMESPACE',
      '    - kubectl rollout status deployment/payments --namespace $KUBE_NAMESPACE',
      '',
      'deploy to staging:',
      '  stage: deploy',
      '  environment: staging',
      '  only:',
      '    kubernetes: active',
      '  script:',
      '    - kubectl apply -f staging.yml',
      '',
      'review:',
      '  stage: deploy',
      '  environment:',
      '    name: review/$CI_COMMIT_REF_SLUG',
      '  script:',
      '    - kubectl config use-context platform/cluster-management:platform-agent',
      '    - kubectl apply -f review.yml',
      '',
    ].join('\n'),
  );
  putFile(world, checkout, '.gitlab-ci.yml', 'include:\n  - template: Auto-DevOps.gitlab-ci.yml\n');
  world.settings.kas = { externalUrl: 'wss://kas.example.com', version: '18.2.1' };
  readAgentConfigurations({ world, profile: profileOf() });
  return world;
}

/** The second demo host: an old GitLab, whose clusters do not tell whether they are enabled. */
export function oldDemoFleet(): World {
  const world = emptyWorld();
  const root = addUser(world, { username: 'root', name: 'Administrator', admin: true });
  const henrik = addUser(world, { username: 'henrik', name: 'Henrik Lund' });
  addToken(world, root, 'old-admin-token');
  addToken(world, henrik, 'old-maintainer');
  const infrastructure = addGroup(world, 'infrastructure', undefined, { name: 'Infrastructure' });
  setRole(world, root, infrastructure, 50);
  setRole(world, henrik, infrastructure, 40);
  const monitoring = addProject(world, 'monitoring', infrastructure, { name: 'Monitoring' });
  const erp = addProject(world, 'erp', infrastructure, { name: 'ERP' });
  addCluster(world, 'instance', { name: 'on-premises', platform: { apiUrl: 'https://k8s.corp.example.com:6443' } });
  addCluster(world, monitoring, {
    name: 'rack-a',
    creatorId: henrik.id,
    platform: { apiUrl: 'https://rack-a.corp.example.com:6443', caCert: certificate('edge').trim() },
  });
  addCluster(world, erp, {
    name: 'erp-production',
    creatorId: henrik.id,
    environmentScope: 'production',
    platform: { apiUrl: 'https://rack-b.corp.example.com:6443', namespace: 'erp' },
  });
  addCluster(world, erp, {
    name: 'erp-test',
    creatorId: henrik.id,
    managed: false,
    environmentScope: 'test',
    platform: { apiUrl: 'https://rack-c.corp.example.com:6443' },
  });
  return world;
}
