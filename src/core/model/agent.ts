import * as l10n from '@vscode/l10n';

/** The project an agent is registered in, where its configuration file is. */
export interface AgentProject {
  readonly id: number;
  /** Full path; part of the context name. */
  readonly path: string;
}

/** A token of an agent without its secret, which GitLab returns once, when it is created. */
export interface AgentToken {
  readonly id: number;
  readonly name: string;
  readonly description: string | undefined;
  readonly createdAt: Date | undefined;
  /** Lags: GitLab stores it every 40–55 minutes (agents and environments 10). Undefined: not used so far, or not known. */
  readonly lastUsedAt: Date | undefined;
}

/** A pod of an agent that is connected now. */
export interface AgentPod {
  readonly version: string | undefined;
  readonly name: string | undefined;
  readonly connectedAt: Date | undefined;
}

/** An agent for Kubernetes as GitLab has it. */
export interface Agent {
  readonly id: number;
  readonly name: string;
  readonly project: AgentProject;
  readonly createdAt: Date | undefined;
  /** Active ones. Undefined: not visible to this access token, or not reported by this GitLab. */
  readonly tokens: readonly AgentToken[] | undefined;
  /** Whether `lastUsedAt` of the tokens was read. */
  readonly knowsLastUse: boolean;
  /**
   * Empty: none is connected, or this access token is below Maintainer of the agent's project, which GitLab does not tell
   * apart (agents and environments 9). Undefined: not reported.
   */
  readonly pods: readonly AgentPod[] | undefined;
}

export type AgentState = 'connected' | 'notConnected' | 'neverConnected' | 'unknown';

/** A token used within these milliseconds counts as a connection, in GitLab's own pages too (agents and environments 10). */
const RECENTLY = 8 * 60_000;

/** The latest use of any token. */
export function lastUseOf({ tokens }: Pick<Agent, 'tokens'>): Date | undefined {
  const times = (tokens ?? []).flatMap(({ lastUsedAt }) => (lastUsedAt ? [lastUsedAt.getTime()] : []));
  return times.length === 0 ? undefined : new Date(Math.max(...times));
}

/** Whether an agent is connected: read from its live pods, otherwise computed from the last use of its tokens. */
export function agentState(agent: Pick<Agent, 'pods' | 'tokens' | 'knowsLastUse'>, now: Date): AgentState {
  if (agent.pods !== undefined && agent.pods.length > 0) return 'connected';
  if (agent.tokens === undefined || !agent.knowsLastUse) return 'unknown';
  const used = lastUseOf(agent);
  if (used === undefined) return 'neverConnected';
  return now.getTime() - used.getTime() < RECENTLY ? 'connected' : 'notConnected';
}

/** Versions of the connected pods, each once; undefined where none is visible. */
export function agentVersion({ pods }: Pick<Agent, 'pods'>): string | undefined {
  const versions = new Set((pods ?? []).flatMap(({ version }) => (version === undefined ? [] : [version])));
  return versions.size === 0 ? undefined : [...versions].join(', ');
}

/** The context that jobs select (agents and environments 7.4). A rename or transfer of the project changes it. */
export function contextName(agent: { readonly name: string; readonly project: Pick<AgentProject, 'path'> }): string {
  return `${agent.project.path}:${agent.name}`;
}

/** Where an agent's configuration is, on the default branch of its project (agents and environments 7.1). */
export function configFilePath(agentName: string): string {
  return `.gitlab/agents/${agentName}/config.yaml`;
}

/** Why GitLab would refuse a name; undefined for one it takes (agents and environments 6). It cannot be changed later. */
export function agentNameProblem(name: string): string | undefined {
  if (name === '') return l10n.t('Enter a name.');
  if (name.length > 63) return l10n.t('At most 63 characters.');
  return /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(name)
    ? undefined
    : l10n.t('Only lower-case letters, digits and “-” can be used, and no “-” at the beginning or end.');
}

/** More active tokens than these are refused, from GitLab 16.1 on (agents and environments 6). */
export const MAX_AGENT_TOKENS = 2;
/** Longer names of tokens are refused (agents and environments 6). */
export const MAX_TOKEN_NAME = 255;
