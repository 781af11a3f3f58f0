import type { Agent, AgentProject } from '../model/agent';
import { agentsOverGraphql } from './agentsOverGraphql';
import { agentsOverRest } from './agentsOverRest';
import type { GitLabClient } from './client';
import { GitLabError } from './errors';
import type { GitLabErrorKind } from './errors';

/** The agents registered in a project, as far as the access token may see them. */
export interface ProjectAgents {
  /** Undefined: not visible to this token; GitLab shows agents from Developer on. */
  readonly agents: readonly Agent[] | undefined;
  /** There are more than were read. */
  readonly more: boolean;
  /** REST has no versions and no live connections. */
  readonly source: 'graphql' | 'rest';
}

/** REST has the last use in single tokens alone, two requests and more for each agent. */
const MAX_DETAILED = 20;

/**
 * The agents of a project: over GraphQL, otherwise over REST, which knows less. Throws GitLabError, `unsupported` where
 * GitLab is too old for either (agents are in REST from 14.10 on; agents and environments 6, 9).
 */
export async function listAgents(
  client: GitLabClient,
  project: AgentProject,
  signal?: AbortSignal,
): Promise<ProjectAgents> {
  let found: ProjectAgents;
  try {
    found = await agentsOverGraphql(client, project, signal);
  } catch (error) {
    if (!(error instanceof GitLabError) || !isAboutGraphql(error.kind)) throw error;
    return agentsOverRest(client, project, MAX_DETAILED, signal);
  }
  if (found.agents === undefined || found.agents.length > 0) return found;
  // GitLab gives an empty list to whoever may not see any, too; REST tells the two apart.
  try {
    const listed = await agentsOverRest(client, project, 0, signal);
    return listed.agents?.length === 0 ? found : listed;
  } catch (error) {
    if (error instanceof GitLabError && error.kind === 'unsupported') return found;
    throw error;
  }
}

/** What can be true of GraphQL alone: an old GitLab, a proxy that lets nothing but REST through, a token for REST. */
function isAboutGraphql(kind: GitLabErrorKind): boolean {
  const kinds: readonly GitLabErrorKind[] = [
    'unsupported',
    'notFound',
    'forbidden',
    'insufficientScope',
    'protocol',
    'invalid',
  ];
  return kinds.includes(kind);
}
