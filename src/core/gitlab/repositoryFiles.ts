import * as z from 'zod/mini';
import { wellFormed } from '../model/plainText';
import type { GitLabClient } from './client';
import { GitLabError } from './errors';

/** A text file of a repository. */
export interface RepositoryFile {
  readonly text: string;
  /** Guards a later change against losing somebody else's (agents and environments 12.2). */
  readonly lastCommitId: string | undefined;
}

/** `HEAD` is the default branch; old versions of GitLab require a `ref` (agents and environments 12.2). */
const DEFAULT_BRANCH = 'HEAD';

const payload = z.object({
  content: z.string(),
  encoding: z.nullish(z.string()),
  last_commit_id: z.nullish(z.string()),
});

/**
 * A file of a project's default branch; undefined where there is none. Throws GitLabError, `forbidden` below Reporter of a
 * private project.
 */
export async function repositoryFile(
  client: GitLabClient,
  projectId: number,
  path: string,
  { ref = DEFAULT_BRANCH, signal }: { readonly ref?: string; readonly signal?: AbortSignal | undefined } = {},
): Promise<RepositoryFile | undefined> {
  const address = `/projects/${projectId}/repository/files/${encodeURIComponent(wellFormed(path))}`;
  try {
    const { content, encoding, last_commit_id } = await client.request('GET', address, payload, {
      query: { ref },
      signal,
    });
    const text = encoding === 'base64' ? Buffer.from(content, 'base64').toString('utf8') : content;
    return { text, lastCommitId: last_commit_id ?? undefined };
  } catch (error) {
    // A missing project says so; so does a repository without any commit (`404 Tree Not Found`).
    const missing = error instanceof GitLabError && error.kind === 'notFound' && !/project/i.test(error.message);
    if (missing) return undefined;
    throw error;
  }
}
