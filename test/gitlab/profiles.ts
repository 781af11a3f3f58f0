/** What one version of GitLab knows and does not know yet (GitLab API contract 10). */
export interface Profile {
  readonly version: string;
  readonly revision: string;
  readonly enterprise: boolean;
  readonly groupClusters: boolean;
  readonly instanceClusters: boolean;
  readonly discovery: boolean;
  readonly metadata: boolean;
  /** Projects can be paged by key. */
  readonly keyset: boolean;
  /** GET /personal_access_tokens/self */
  readonly selfToken: boolean;
  /** GET /personal_access_tokens/self/associations */
  readonly selfAssociations: boolean;
  /** The scope `admin_mode` exists and is enforced where the setting is on. */
  readonly adminModeScope: boolean;
  /** The lowest role that may read clusters of a project or group. */
  readonly readersFrom: 30 | 40;
  /** A second cluster on one owner. */
  readonly secondCluster: 'allowed' | 'baseError' | 'forbidden';
  readonly returns: Readonly<Record<ReturnedField, boolean>>;
  readonly acceptsOnAdd: Readonly<Record<VersionedParameter, boolean>>;
  readonly acceptsOnEdit: Readonly<Record<VersionedParameter, boolean>>;
  /** A namespace of `""` is stored as null. */
  readonly blankNamespaceIsNull: boolean;
  /** `Retry-After` on the endpoint limiter's 429. */
  readonly retryAfterOnLimit: boolean;
  /** `topics`, and `locked`/`public_email` of users. */
  readonly newerFields: boolean;
  /** GET /projects/:id/ci/lint */
  readonly lint: boolean;
  /** Merged CI configuration has Ruby's symbols as keys. */
  readonly lintSymbols: boolean;
  /** The lint lists what is included. */
  readonly lintIncludes: boolean;
  /** `/metadata` names the address of the agent server's proxy. */
  readonly proxyOfAgents: boolean;
  /** Environments have a tier. */
  readonly environmentTiers: boolean;
  /** GraphQL knows the agents of a project. */
  readonly agentQueries: boolean;
  /** REST knows them. */
  readonly agents: boolean;
  /** REST knows their tokens. */
  readonly agentTokens: boolean;
  /** The lowest role that sees tokens in GraphQL. */
  readonly agentTokensFrom: 30 | 40;
  /** GraphQL gives tokens that work and no revoked ones. */
  readonly activeTokensOnly: boolean;
  readonly twoTokenLimit: boolean;
  /** GraphQL knows which agents a project may use, in jobs and for its members. */
  readonly authorizedAgents: boolean;
  /** Agents whose entries GitLab takes for one kind of access. */
  readonly agentEntries: 100 | 500;
  readonly receptiveAgents: boolean;
  /** `ci_access.instance` is known. */
  readonly instanceAgents: boolean;
}

export type ReturnedField = 'domain' | 'enabled' | 'managed' | 'namespacePerEnvironment' | 'managementProject';
export type VersionedParameter =
  'domain' | 'enabled' | 'managed' | 'namespace_per_environment' | 'management_project_id' | 'environment_scope';

/** The newest GitLab the contract was read from. */
export const currentVersion = '18.2.1-ee';
/** The last version whose clusters do not tell whether they are enabled and managed. */
export const oldVersion = '13.6.7';
/** The last version without instance clusters. */
export const withoutInstanceVersion = '13.1.11';

/** The profile of a version such as `17.11.2-ee`, with single facts replaced. */
export function profileOf(version: string = currentVersion, changes: Partial<Profile> = {}): Profile {
  const since = (major: number, minor: number) => isAtLeast(version, major, minor);
  return {
    version,
    revision: '9c1d6c1f5a0',
    enterprise: version.endsWith('-ee'),
    groupClusters: since(12, 1),
    instanceClusters: since(13, 2),
    discovery: since(17, 9),
    metadata: since(15, 2),
    keyset: true,
    selfToken: since(15, 5),
    adminModeScope: since(15, 8),
    readersFrom: since(14, 0) ? 30 : 40,
    secondCluster: since(13, 2) ? 'allowed' : since(11, 9) ? 'baseError' : 'forbidden',
    returns: {
      domain: since(11, 8),
      enabled: since(13, 7),
      managed: since(13, 7),
      namespacePerEnvironment: since(13, 7),
      managementProject: since(12, 5),
    },
    acceptsOnAdd: {
      domain: since(11, 8),
      enabled: true,
      managed: since(11, 11),
      namespace_per_environment: since(13, 2),
      management_project_id: since(12, 10),
      environment_scope: true,
    },
    acceptsOnEdit: {
      domain: since(11, 8),
      enabled: since(13, 7),
      managed: since(13, 7),
      namespace_per_environment: since(13, 2),
      management_project_id: since(12, 5),
      environment_scope: true,
    },
    blankNamespaceIsNull: since(12, 5),
    retryAfterOnLimit: since(17, 0),
    newerFields: since(16, 0),
    selfAssociations: since(17, 11),
    lint: since(13, 5),
    lintSymbols: !since(14, 0),
    lintIncludes: since(15, 0),
    proxyOfAgents: since(17, 6),
    environmentTiers: since(13, 10),
    agentQueries: since(14, 5),
    agents: since(14, 10),
    agentTokens: since(15, 0),
    agentTokensFrom: since(15, 0) ? 30 : 40,
    activeTokensOnly: since(16, 0),
    twoTokenLimit: since(16, 1),
    authorizedAgents: since(16, 1),
    agentEntries: since(17, 0) ? 500 : 100,
    receptiveAgents: since(17, 4),
    instanceAgents: since(17, 11),
    ...changes,
  };
}

function isAtLeast(version: string, major: number, minor: number): boolean {
  const [ours = 0, sub = 0] = version.split('.').map((part) => Number.parseInt(part, 10));
  return ours > major || (ours === major && sub >= minor);
}
