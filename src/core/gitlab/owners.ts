import { wellFormed } from '../model/plainText';
import type { GitLabClient } from './client';
import { groupPayload, projectPayload } from './schemas';

/** A project or group in our words; `path` is the full path. */
export interface FoundOwner {
  readonly id: number;
  readonly path: string;
  readonly name: string;
}

/** GitLab's access levels: 30 Developer may read clusters, 40 Maintainer may change them (GitLab API contract 4.4). */
export const DEVELOPER = 30;
export const MAINTAINER = 40;

/** Whether Developers are refused clusters, as GitLab 11 to 13 do (GitLab API contract 4.4); unknown versions are new. */
export function refusesDevelopers(version: string | undefined): boolean {
  const major = /^\d+/.exec(version ?? '')?.[0];
  return major !== undefined && Number(major) < 14;
}

/** A project by its full path, as in a git remote. A project that has moved is found at its new path. */
export async function projectByPath(client: GitLabClient, path: string, signal?: AbortSignal): Promise<FoundOwner> {
  return toProject(
    await client.request('GET', `/projects/${encodeURIComponent(wellFormed(path))}`, projectPayload, { signal }),
  );
}

/** The full path a group or project has now: it changes when it or a group above is renamed or moved; the id stays. */
export async function presentPath(
  client: GitLabClient,
  level: 'group' | 'project',
  id: number,
  signal?: AbortSignal,
): Promise<string> {
  if (level === 'project') {
    return (await client.request('GET', `/projects/${id}`, projectPayload, { signal })).path_with_namespace;
  }
  // Otherwise GitLab adds up to 100 of the group’s projects to its answer.
  const query = { with_projects: false };
  return (await client.request('GET', `/groups/${id}`, groupPayload, { query, signal })).full_path;
}

/** GitLab's answer in our words. */
export function toProject(project: { id: number; name: string; path_with_namespace: string }): FoundOwner {
  return { id: project.id, name: project.name, path: project.path_with_namespace };
}
