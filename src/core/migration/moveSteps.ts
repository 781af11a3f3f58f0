import { listAgents } from '../gitlab/agents';
import type { GitLabClient } from '../gitlab/client';
import { GitLabError } from '../gitlab/errors';
import { projectByPath } from '../gitlab/owners';
import { isOwnFile, projectSettings, readFile } from '../gitlab/repository';
import type { ProjectSettings, RepositoryFile } from '../gitlab/repository';
import { agentState, configFilePath } from '../model/agent';
import type { AgentState } from '../model/agent';
import { tolerated } from '../resolver/readPlace';
import { namesOf } from '../resolver/expectedNamespace';
import { addAccess } from './agentConfig';
import type { AccessEntry } from './agentConfig';
import { editCi } from './ciEdit';
import type { CiEdit, CiWish } from './ciEdit';
import { environmentTemplate, templatePath } from './manifests';
import type { MovePlan } from './movePlan';
import type { NamespaceRule } from './namespaces';
import type { ProjectPlan } from './projectPlan';
import { isSince } from './version';

/** A file as it is and as it would be, ready to be compared or sent. */
export interface FileEdit {
  readonly settings: ProjectSettings;
  readonly path: string;
  /** Undefined where there is no such file yet. */
  readonly file: RepositoryFile | undefined;
  readonly after: string;
}

/** What of a project's CI configuration would change; `noFile`: it is elsewhere, or there is none. */
type CiChange = { readonly kind: 'file'; readonly edit: CiEdit; readonly file: FileEdit } | { readonly kind: 'noFile' };

/** What an agent's configuration needs so that all projects may use it. */
type ConfigChange =
  | { readonly kind: 'file'; readonly file: FileEdit }
  | { readonly kind: 'present' }
  /** To be pasted by a person: the file is written in another way, or is full. */
  | { readonly kind: 'paste'; readonly entry: string; readonly isFull: boolean };

/** What becomes of an agent's environment template; `other`: there is one that somebody wrote. */
type TemplateChange =
  { readonly kind: 'file'; readonly file: FileEdit } | { readonly kind: 'present' } | { readonly kind: 'other' };

/** Reads a project's own CI file and makes the change of it: one request, or two where its settings are not known. Throws GitLabError. */
export async function readCiChange(
  client: GitLabClient,
  plan: Pick<MovePlan, 'cluster' | 'version'>,
  project: ProjectPlan,
  context: string,
  known?: ProjectSettings,
  signal?: AbortSignal,
): Promise<CiChange> {
  const settings = known ?? (await projectSettings(client, project.project.id, signal));
  if (!isOwnFile(settings.ciConfigPath)) return { kind: 'noFile' };
  const file = await readFile(client, settings.id, settings.ciConfigPath, signal);
  if (!file) return { kind: 'noFile' };
  const edit = editCi(file.text, project.needing, wishFor(plan, project, context));
  return { kind: 'file', edit, file: { settings, path: file.path, file, after: edit.after } };
}

function wishFor(
  { cluster, version }: Pick<MovePlan, 'cluster' | 'version'>,
  project: ProjectPlan,
  context: string,
): CiWish {
  return {
    context,
    namesAgent: cluster.managed === true && isSince(version, 17, 6),
    namespaceOf: (environment) => {
      const found = project.environments.find((one) => one.environment === environment);
      const names = found ? namesOf(found.namespace) : [];
      return names.length === 1 ? names[0] : undefined;
    },
    baseDomain: cluster.baseDomain,
  };
}

/** Reads an agent's configuration and adds entries to it. Throws GitLabError, `notFound` where its project is hidden. */
export async function readConfigChange(
  client: GitLabClient,
  agent: { readonly configProject: string; readonly name: string },
  entries: readonly AccessEntry[],
  signal?: AbortSignal,
): Promise<ConfigChange> {
  const { id } = await projectByPath(client, agent.configProject, signal);
  const settings = await projectSettings(client, id, signal);
  const path = configFilePath(agent.name);
  const file = await readFile(client, id, path, signal);
  let after = file?.text;
  const pasted: string[] = [];
  let isFull = false;
  for (const entry of entries) {
    const edit = addAccess(after, entry);
    if (edit.kind === 'edited') after = edit.after;
    if (edit.kind === 'paste' || edit.kind === 'full') pasted.push(edit.entry);
    isFull ||= edit.kind === 'full';
  }
  if (pasted.length > 0) return { kind: 'paste', entry: pasted.join('\n'), isFull };
  if (after === undefined || after === file?.text) return { kind: 'present' };
  return { kind: 'file', file: { settings, path, file, after } };
}

/** An agent where it is registered, and whether it is connected. */
export interface RegisteredAgent {
  readonly configProject: string;
  readonly name: string;
  readonly state: AgentState;
}

/** Looks for the environment template of an agent, and makes one by the rule where there is none. Throws GitLabError. */
export async function readTemplateChange(
  client: GitLabClient,
  agent: { readonly configProject: string; readonly name: string },
  rule: NamespaceRule,
  signal?: AbortSignal,
): Promise<TemplateChange> {
  const { id } = await projectByPath(client, agent.configProject, signal);
  const path = templatePath(agent.name);
  const [settings, file] = await Promise.all([projectSettings(client, id, signal), readFile(client, id, path, signal)]);
  const after = environmentTemplate(rule);
  if (file) return { kind: file.text.trim() === after.trim() ? 'present' : 'other' };
  return { kind: 'file', file: { settings, path, file, after } };
}

/** Agents registered in a project; none where they are not visible. */
export async function readRegisteredAgents(
  client: GitLabClient,
  project: { readonly id: number; readonly path: string },
  now: Date,
  signal?: AbortSignal,
): Promise<readonly RegisteredAgent[]> {
  try {
    const { agents } = await listAgents(client, project, signal);
    return (agents ?? []).map((one) => ({
      configProject: project.path,
      name: one.name,
      state: agentState(one, now),
    }));
  } catch (error) {
    tolerated(error);
    return [];
  }
}

/** Whether an agent is connected now, as far as this token may see; two requests, a few more on old servers. */
export async function readAgentState(
  client: GitLabClient,
  agent: { readonly configProject: string; readonly name: string },
  now: Date,
  signal?: AbortSignal,
): Promise<AgentState> {
  try {
    const { id } = await projectByPath(client, agent.configProject, signal);
    const { agents } = await listAgents(client, { id, path: agent.configProject }, signal);
    const found = agents?.find(({ name }) => name === agent.name);
    return found ? agentState(found, now) : 'unknown';
  } catch (error) {
    if (error instanceof GitLabError && error.kind === 'unauthorized') throw error;
    tolerated(error);
    return 'unknown';
  }
}
