import type { DiagnosisNote } from '../../../../src/core/diagnosis/results';
import { GitLabError } from '../../../../src/core/gitlab/errors';
import type { GitLabErrorKind } from '../../../../src/core/gitlab/errors';
import { failureKinds } from '../../../../src/core/gitlab/failureKinds';
import { Fleet } from '../../../../src/core/inventory/fleet';
import { FleetFinder } from '../../../../src/core/arrange/fleetFinder';
import type { FleetFinding } from '../../../../src/core/arrange/fleetFinding';
import type { FleetStatus } from '../../../../src/core/inventory/fleetStatus';
import type { HostIdentity } from '../../../../src/core/gitlab/identity';
import { ownerKey } from '../../../../src/core/model/cluster';
import type { Cluster, ClusterOwner, ListedCluster } from '../../../../src/core/model/cluster';
import { parseHostUrl } from '../../../../src/core/model/host';
import type { Host, HostUrl } from '../../../../src/core/model/host';
import type { HostState } from '../../../../src/core/inventory/hostIdentityLoad';
import type { OwnerState } from '../../../../src/core/inventory/ownerState';
import type { HostNode, OwnerNode } from '../../../../src/editor/clusterNodes';
import type { TreeKnowledge } from '../../../../src/features/tree/treeKnowledge';
import type { FoundInWorkspace } from '../../../../src/core/accounts/workspaceProjects';

/** A normalised address; a typing mistake in a test fails there. */
export function hostUrl(text: string): HostUrl {
  const parsed = parseHostUrl(text);
  if (!parsed.ok) throw new Error(parsed.problem);
  return parsed.url;
}

export const url = hostUrl('https://gitlab.example.com');
export const project: ClusterOwner = { level: 'project', id: 7, path: 'group/app' };
export const group: ClusterOwner = { level: 'group', id: 3, path: 'group' };
export const instance: ClusterOwner = { level: 'instance' };

export const host: Host = {
  url,
  name: 'Example',
  projects: [{ id: 7, path: 'group/app' }],
  groups: [{ id: 3, path: 'group' }],
};
export const hostNode: HostNode = { type: 'host', host };

export const projectNode = ownerNode(project);

export function ownerNode(owner: ClusterOwner, more: Partial<OwnerNode> = {}): OwnerNode {
  return { type: 'owner', host: url, owner, watched: owner.level !== 'instance', fromWorkspace: false, ...more };
}

export const admin: HostIdentity = {
  user: { id: 1, username: 'root', name: 'Administrator', isAdmin: true },
  version: { number: '17.11.2-ee', enterprise: true },
  token: { scopes: ['api', 'admin_mode'], expiresAt: '2027-01-31' },
  canWrite: true,
};
export const maintainer: HostIdentity = { ...admin, user: { id: 2, username: 'mia', name: 'Mia', isAdmin: false } };
export const reader: HostIdentity = {
  ...maintainer,
  token: { scopes: ['read_api'], expiresAt: undefined },
  canWrite: false,
};

export const cluster: Cluster = {
  detail: 'full',
  host: url,
  owner: project,
  id: 12,
  name: 'production',
  enabled: true,
  managed: true,
  namespacePerEnvironment: true,
  environmentScope: '*',
  baseDomain: 'apps.example.com',
  provider: 'user',
  platform: {
    apiUrl: 'https://k8s.example.com:6443',
    namespace: 'app',
    authorizationType: 'rbac',
    caCert: '-----BEGIN CERTIFICATE-----\nMII\n-----END CERTIFICATE-----',
  },
  gcp: undefined,
  managementProject: { id: 9, path: 'group/ops', name: 'ops' },
  createdAt: new Date('2026-02-03T10:00:00Z'),
  createdBy: { name: 'Mia', username: 'mia' },
};

export function loaded<T>(value: T): { state: 'loaded'; value: T; at: Date } {
  return { state: 'loaded', value, at: new Date(0) };
}

export function failed(kind: GitLabErrorKind, message = ''): { state: 'failed'; error: GitLabError } {
  return { state: 'failed', error: new GitLabError(kind, { message }) };
}

/** What the tree knows. Without a word on the host, a maintainer is known to be there. */
export function knowing(
  known: {
    readonly hosts?: readonly Host[];
    readonly problems?: TreeKnowledge['problems'];
    readonly identity?: HostIdentity;
    readonly state?: HostState | 'unasked';
    readonly states?: ReadonlyMap<HostUrl, HostState>;
    readonly owners?: readonly (readonly [ClusterOwner, OwnerState | readonly ListedCluster[]])[];
    readonly workspace?: Partial<FoundInWorkspace>;
    readonly finding?: FleetFinding;
    readonly diagnosis?: DiagnosisNote;
    readonly now?: Date;
    readonly mayChange?: boolean;
    readonly warnings?: TreeKnowledge['warnings'];
  } = {},
): TreeKnowledge {
  const state = known.state ?? loaded(known.identity ?? maintainer);
  const owners = new Map<string, OwnerState>(
    (known.owners ?? []).map(([owner, value]) => [ownerKey(owner), 'state' in value ? value : loaded(value)]),
  );
  return {
    hosts: known.hosts ?? [host],
    problems: known.problems ?? [],
    hostState: (asked) => known.states?.get(asked) ?? (state === 'unasked' ? undefined : state),
    ownerState: (_host, owner) => owners.get(ownerKey(owner)),
    finding: known.finding ?? finder({ hosts: known.hosts ?? [host] }),
    diagnosisOf: () => known.diagnosis,
    now: () => known.now ?? new Date(),
    soon: () => 30,
    mayChange: () => known.mayChange,
    warnings: known.warnings,
    workspaceProjects: () => known.workspace && { loading: false, projects: [], failures: [], ...known.workspace },
  };
}

/** Finds in this fleet of `url`; by default nothing is in it and nobody asked for it. */
export function finder({
  fleet = new Fleet(url),
  status = { status: 'unasked' },
  hosts = [host],
  choices = {},
}: {
  readonly fleet?: Fleet;
  readonly status?: FleetStatus;
  readonly hosts?: readonly Host[];
  readonly choices?: Readonly<Record<string, unknown>>;
} = {}): FleetFinder {
  const others = new Map<HostUrl, Fleet>();
  return new FleetFinder({
    hosts: () => hosts,
    onDidChangeHosts: () => ({ dispose: () => undefined }),
    fleets: {
      fleet(asked) {
        if (asked === fleet.host) return fleet;
        const other = others.get(asked) ?? new Fleet(asked);
        others.set(asked, other);
        return other;
      },
      status: (asked) => (asked === fleet.host ? status : { status: 'unasked' }),
      onDidChange: (listener) => fleet.onDidChange((content) => listener({ host: fleet.host, content })),
    },
    choices: { get: (key) => choices[key], update: () => undefined },
  });
}

/** Every way a request can fail. */
export const everyKind = Object.keys(failureKinds).filter((kind): kind is GitLabErrorKind => kind in failureKinds);
