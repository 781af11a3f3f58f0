import type { Profile } from '../profiles';
import type { Selected } from './parse';

/** A field: the type of its objects, none for a scalar, and what it costs on its own. */
interface FieldType {
  readonly type?: string;
  readonly cost?: number;
  /** Each row asked for makes what is below it dearer by a hundredth; so do `first` and `last`. */
  readonly perRow?: boolean;
}

type Schema = Readonly<Record<string, Readonly<Record<string, FieldType>>>>;

const pageInfo = { pageInfo: { type: 'PageInfo' } };
const connection = (type: string) => ({ nodes: { type }, count: {}, ...pageInfo });

/** The part of GitLab's schema this stand-in has, by version (agents and environments 9). */
function schemaOf(profile: Profile): Schema {
  const authorized = (type: string): FieldType => ({ type, perRow: true });
  return {
    Query: { project: { type: 'Project' }, currentUser: { type: 'CurrentUser' } },
    CurrentUser: { username: {} },
    Project: {
      id: {},
      fullPath: {},
      name: {},
      ...(profile.agentQueries
        ? {
            clusterAgent: { type: 'ClusterAgent' },
            clusterAgents: { type: 'ClusterAgentConnection', perRow: true },
            agentConfigurations: { type: 'AgentConfigurationConnection', perRow: true },
          }
        : {}),
      ...(profile.authorizedAgents
        ? {
            ciAccessAuthorizedAgents: authorized('AuthorizedAgentConnection'),
            userAccessAuthorizedAgents: authorized('AuthorizedAgentConnection'),
          }
        : {}),
    },
    PageInfo: { hasNextPage: {}, endCursor: {} },
    ClusterAgentConnection: connection('ClusterAgent'),
    AgentConfigurationConnection: connection('AgentConfiguration'),
    AgentConfiguration: { agentName: {} },
    AuthorizedAgentConnection: connection('AuthorizedAgent'),
    AuthorizedAgent: { agent: { type: 'ClusterAgent' }, config: {} },
    ClusterAgent: {
      id: {},
      name: {},
      createdAt: {},
      updatedAt: {},
      webPath: {},
      project: { type: 'Project' },
      createdByUser: { type: 'User' },
      tokens: { type: 'AgentTokenConnection', perRow: true },
      connections: { type: 'AgentPodConnection', cost: 5 },
      ...(profile.receptiveAgents ? { isReceptive: {} } : {}),
    },
    User: { name: {}, username: {} },
    AgentTokenConnection: connection('AgentToken'),
    AgentToken: {
      id: {},
      name: {},
      description: {},
      status: {},
      lastUsedAt: {},
      createdAt: {},
      createdByUser: { type: 'User' },
    },
    AgentPodConnection: { nodes: { type: 'AgentPod' }, ...pageInfo },
    AgentPod: { connectedAt: {}, connectionId: {}, metadata: { type: 'AgentMetadata' } },
    AgentMetadata: { version: {}, commit: {}, podNamespace: {}, podName: {} },
  };
}

/** Rows per page at most, and by default. */
export const pageRows = 100;
const longestQuery = 10_000;

/** Complexity and depth a caller may ask for. */
export interface QueryLimits {
  readonly complexity: number;
  readonly depth: number;
}

/** What GitLab refuses before it looks anything up; undefined for a query it answers. */
export function queryProblem(
  profile: Profile,
  query: string,
  selected: readonly Selected[],
  limits: QueryLimits,
): Record<string, unknown> | undefined {
  if (query.length > longestQuery) return { message: 'Query too large' };
  const unknown = unknownField(schemaOf(profile), 'Query', selected);
  if (unknown) return unknown;
  const deep = depthOf(selected);
  if (deep > limits.depth) return { message: `Query has depth of ${deep}, which exceeds max depth of ${limits.depth}` };
  const complexity = complexityOf(schemaOf(profile), 'Query', selected);
  return complexity > limits.complexity
    ? { message: `Query has complexity of ${complexity}, which exceeds max complexity of ${limits.complexity}` }
    : undefined;
}

function unknownField(
  schema: Schema,
  type: string,
  selected: readonly Selected[],
): Record<string, unknown> | undefined {
  for (const { name, selection } of selected) {
    if (name === '__typename') continue;
    const field = schema[type]?.[name];
    if (!field) {
      const extensions = { code: 'undefinedField', typeName: type, fieldName: name };
      return { message: `Field '${name}' doesn't exist on type '${type}'`, extensions };
    }
    if (field.type === undefined && selection.length > 0) {
      return { message: `Selections can't be made on scalars (field '${name}')` };
    }
    if (field.type !== undefined && selection.length === 0) {
      return { message: `Field must have selections (field '${name}' returns ${field.type} but has no selections.)` };
    }
    const below = field.type === undefined ? undefined : unknownField(schema, field.type, selection);
    if (below) return below;
  }
  return undefined;
}

function depthOf(selected: readonly Selected[]): number {
  return selected.length === 0 ? 0 : 1 + Math.max(...selected.map(({ selection }) => depthOf(selection)));
}

/** One for each field, and for lists a hundredth more of all below them per row (agents and environments 9). */
function complexityOf(schema: Schema, type: string, selected: readonly Selected[]): number {
  return selected.reduce((sum, { name, args, selection }) => {
    const field = schema[type]?.[name];
    if (!field) return sum;
    const below = complexityOf(schema, field.type ?? '', selection);
    const own = (field.cost ?? 1) + below;
    const first = typeof args['first'] === 'number' ? args['first'] : pageRows;
    return sum + Math.floor(field.perRow ? own * (1 + Math.min(first, pageRows) / 100) : own);
  }, 0);
}
