import * as z from 'zod/mini';
import { wellFormed } from '../model/plainText';
import type { GitLabClient } from './client';
import { GitLabError } from './errors';

/** A file as it is on a branch. */
export interface RepositoryFile {
  readonly path: string;
  readonly text: string;
  /** The commit that changed it last: GitLab refuses a change that was made of an older text. */
  readonly lastCommitId: string | undefined;
}

/** What of a project matters before files of it are read or changed. */
export interface ProjectSettings {
  readonly id: number;
  readonly path: string;
  readonly isPersonal: boolean;
  /** Undefined where the token may not read code, or nothing was ever pushed. */
  readonly defaultBranch: string | undefined;
  /** Where its CI configuration is; one of another project or of a web address cannot be read here. */
  readonly ciConfigPath: string;
  /** Jobs are made without any file. */
  readonly autoDevOps: boolean;
}

interface FileChange {
  readonly path: string;
  readonly text: string;
  /** Undefined for a file that is new. */
  readonly lastCommitId: string | undefined;
}

export interface OpenedMergeRequest {
  readonly number: number;
  readonly address: string | undefined;
}

const settingsPayload = z.object({
  id: z.int(),
  path_with_namespace: z.string(),
  namespace: z.nullish(z.object({ kind: z.nullish(z.string()) })),
  default_branch: z.nullish(z.string()),
  ci_config_path: z.nullish(z.string()),
  auto_devops_enabled: z.nullish(z.boolean()),
});
const filePayload = z.object({
  content: z.string(),
  encoding: z.nullish(z.string()),
  last_commit_id: z.nullish(z.string()),
});
const commitPayload = z.object({ id: z.string() });
const mergeRequestPayload = z.object({ iid: z.int(), web_url: z.nullish(z.string()) });

/** Larger ones are no configuration that anybody wrote. Characters of Base64. */
const MAX_CONTENT = 4 * 1024 * 1024;

/** Whether a CI configuration is a file of the project itself, not one of another project or of a web address. */
export function isOwnFile(ciConfigPath: string): boolean {
  return !/^https?:|@/.test(ciConfigPath);
}

export async function projectSettings(
  client: GitLabClient,
  projectId: number,
  signal?: AbortSignal,
): Promise<ProjectSettings> {
  const project = await client.request('GET', `/projects/${projectId}`, settingsPayload, { signal });
  return {
    id: project.id,
    path: project.path_with_namespace,
    isPersonal: project.namespace?.kind === 'user',
    defaultBranch: project.default_branch || undefined,
    ciConfigPath: project.ci_config_path || '.gitlab-ci.yml',
    autoDevOps: project.auto_devops_enabled ?? false,
  };
}

/**
 * A file on the default branch; undefined where there is none (agents and environments 12.2). Throws GitLabError, also for
 * a file that is no text.
 */
export async function readFile(
  client: GitLabClient,
  projectId: number,
  path: string,
  signal?: AbortSignal,
): Promise<RepositoryFile | undefined> {
  try {
    // Older servers insist on a branch.
    const query = { ref: 'HEAD' };
    const address = `${files(projectId)}/${encodeURIComponent(wellFormed(path))}`;
    const file = await client.request('GET', address, filePayload, { query, signal });
    return { path, text: textOf(file.content), lastCommitId: file.last_commit_id ?? undefined };
  } catch (error) {
    if (error instanceof GitLabError && error.kind === 'notFound') return undefined;
    throw error;
  }
}

function textOf(content: string): string {
  if (content.length > MAX_CONTENT) throw new GitLabError('protocol', { message: 'content' });
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.from(content, 'base64'));
  } catch {
    throw new GitLabError('protocol', { message: 'content' });
  }
}

/**
 * Commits files to a new branch that starts at the default one. Sent once; GitLab refuses where a file was changed since it
 * was read. Throws GitLabError, `unknownOutcome` where the answer got lost.
 */
export async function commitToNewBranch(
  client: GitLabClient,
  project: Pick<ProjectSettings, 'id'> & { readonly defaultBranch: string },
  branch: string,
  message: string,
  changes: readonly FileChange[],
): Promise<void> {
  const actions = changes.map(({ path, text, lastCommitId }) => ({
    action: lastCommitId === undefined ? 'create' : 'update',
    file_path: path,
    content: text,
    ...(lastCommitId !== undefined && { last_commit_id: lastCommitId }),
  }));
  const body = { branch, start_branch: project.defaultBranch, commit_message: message, actions };
  await client.request('POST', `/projects/${project.id}/repository/commits`, commitPayload, { body });
}

/** Opens a merge request into the default branch. Sent once. Throws GitLabError. */
export async function openMergeRequest(
  client: GitLabClient,
  project: Pick<ProjectSettings, 'id'> & { readonly defaultBranch: string },
  branch: string,
  title: string,
  description: string,
): Promise<OpenedMergeRequest> {
  const body = {
    source_branch: branch,
    target_branch: project.defaultBranch,
    title,
    description,
    remove_source_branch: true,
  };
  const made = await client.request('POST', `/projects/${project.id}/merge_requests`, mergeRequestPayload, { body });
  return { number: made.iid, address: made.web_url ?? undefined };
}

function files(projectId: number): string {
  return `/projects/${projectId}/repository/files`;
}
