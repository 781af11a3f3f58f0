import { json, refuse, Refusal } from '../answer';
import type { Call } from '../call';
import type { Params } from '../params';
import type { AuthorizationType, ClusterOwner, ClusterRecord, Platform } from '../world';
import { stripped } from './rules';
import { clusterProblems, mayManage, sameOwner, type Problems } from './validate';

/** Builds, checks and stores the cluster of a POST; 400 with the model's problems otherwise. */
export function addCluster(call: Call, owner: ClusterOwner, params: Params): ClusterRecord {
  const { world } = call;
  checkManagementProject(call, owner, params);
  const taken = world.clusters.some((cluster) => sameOwner(cluster.owner, owner));
  if (taken && call.profile.secondCluster === 'forbidden') {
    throw refuse(403, '403 Forbidden - Instance does not support multiple Kubernetes clusters');
  }
  const id = Math.max(world.nextClusterId, ...world.clusters.map((cluster) => cluster.id + 1));
  const now = call.now().toISOString();
  const platform = params.object('platform_kubernetes_attributes');
  const cluster: ClusterRecord = {
    id,
    owner,
    createdAt: now,
    updatedAt: now,
    name: params.string('name') ?? '',
    domain: params.string('domain') ?? null,
    enabled: params.boolean('enabled') ?? true,
    managed: params.boolean('managed') ?? true,
    namespacePerEnvironment: params.boolean('namespace_per_environment') ?? true,
    environmentScope: stripped(params.string('environment_scope') ?? ''),
    provider: 'user',
    provisioning: false,
    creatorId: call.caller?.user.id ?? null,
    managementProjectId: params.integer('management_project_id') ?? null,
    gcp: null,
    platform: newPlatform(call, platform),
  };
  refuseProblems(clusterProblems(call, cluster, undefined));
  world.clusters.push(cluster);
  world.nextClusterId = id + 1;
  return cluster;
}

function newPlatform(call: Call, params: Params): Platform {
  return {
    apiUrl: stripped(params.string('api_url') ?? ''),
    token: params.string('token') ?? '',
    caCert: storedCertificate(params),
    namespace: storedNamespace(call, params),
    authorizationType: authorizationType(params.string('authorization_type')),
  };
}

/** Applies a PUT: only what was sent, and `namespace_per_environment` in any case. */
export function editCluster(call: Call, cluster: ClusterRecord, params: Params): ClusterRecord {
  checkManagementProject(call, cluster.owner, params);
  // The columns of `managed` and of a provider's name take no null (GitLab API contract 3.3 and 13).
  if (params.boolean('managed') === null || (params.string('name') === null && cluster.provider !== 'user')) {
    throw refuse(500, '500 Internal Server Error');
  }
  const platform = params.object('platform_kubernetes_attributes');
  const { enabled, managed, name, domain, environmentScope, managementProjectId } = cluster;
  const edited: ClusterRecord = {
    ...cluster,
    name: params.has('name') ? (params.string('name') ?? '') : name,
    domain: params.has('domain') ? (params.string('domain') ?? null) : domain,
    enabled: params.has('enabled') ? (params.boolean('enabled') ?? null) : enabled,
    managed: params.boolean('managed') ?? managed,
    namespacePerEnvironment: params.boolean('namespace_per_environment') ?? cluster.namespacePerEnvironment,
    environmentScope: params.has('environment_scope')
      ? stripped(params.string('environment_scope') ?? '')
      : environmentScope,
    managementProjectId: params.has('management_project_id')
      ? (params.integer('management_project_id') ?? null)
      : managementProjectId,
    platform: cluster.platform
      ? editedPlatform(call, cluster.platform, platform)
      : platform.wasSent
        ? newPlatform(call, platform)
        : null,
  };
  refuseProblems(clusterProblems(call, edited, cluster, { tokenSent: !isBlank(platform.string('token')) }));
  return Object.assign(cluster, edited, { updatedAt: call.now().toISOString() });
}

function editedPlatform(call: Call, platform: Platform, params: Params): Platform {
  const token = params.string('token');
  return {
    ...platform,
    apiUrl: params.has('api_url') ? stripped(params.string('api_url') ?? '') : platform.apiUrl,
    token: isBlank(token) ? platform.token : token,
    caCert: params.has('ca_cert') ? storedCertificate(params) : platform.caCert,
    namespace: params.has('namespace') ? storedNamespace(call, params) : platform.namespace,
  };
}

function isBlank(text: string | null | undefined): text is null | undefined | '' {
  return text === undefined || text === null || text.trim() === '';
}

function storedCertificate(params: Params): string | null {
  const certificate = params.string('ca_cert') ?? null;
  return certificate === null ? null : stripped(certificate);
}

function storedNamespace(call: Call, params: Params): string | null {
  const namespace = params.string('namespace')?.toLowerCase() ?? null;
  return namespace?.trim() === '' && call.profile.blankNamespaceIsNull ? null : namespace;
}

/** The parameter layer let nothing else through. */
function authorizationType(value: string | null | undefined): AuthorizationType {
  return value === 'abac' || value === 'unknown_authorization' ? value : 'rbac';
}

/** Where the management project is refused, nothing else is validated. */
function checkManagementProject(call: Call, owner: ClusterOwner, params: Params): void {
  const id = params.integer('management_project_id');
  if (id !== undefined && id !== null && !mayManage(call, owner, id)) {
    refuseProblems({
      management_project_id: ["Project does not exist or you don't have permission to perform this action"],
    });
  }
}

function refuseProblems(problems: Problems): void {
  if (Object.keys(problems).length > 0) {
    throw new Refusal(json(400, { message: problems }));
  }
}
