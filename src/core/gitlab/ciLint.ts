import * as z from 'zod/mini';
import type { GitLabClient } from './client';

/** A project's CI configuration as GitLab merged it. It may hold secrets: it is read at once, and never logged or kept. */
export interface LintAnswer {
  readonly valid: boolean;
  /** GitLab says that there is no configuration at all. */
  readonly isMissing: boolean;
  /** Undefined where something that is included cannot be read, or there is no configuration. */
  readonly mergedYaml: string | undefined;
  /** Locations of what is included; empty before GitLab 15, which does not list them. */
  readonly includes: readonly string[];
  readonly jobs: readonly LintJob[];
}

interface LintJob {
  readonly name: string;
  /** As it is written, variables not expanded. */
  readonly environment: string | undefined;
  /** Lines of all its scripts. */
  readonly scripts: readonly string[];
  /** `only` and `except`, as they came. */
  readonly conditions: unknown;
}

/** What GitLab says of an empty configuration; its errors are not translated. They may quote a text, so nothing keeps them. */
const MISSING = /^Please provide content of /i;
const lines = z.catch(z.nullish(z.array(z.string())), undefined);
const jobPayload = z.object({
  name: z.string(),
  environment: z.catch(z.nullish(z.string()), undefined),
  before_script: lines,
  script: lines,
  after_script: lines,
  only: z.nullish(z.unknown()),
  except: z.nullish(z.unknown()),
});
const lintPayload = z.object({
  valid: z.nullish(z.boolean()),
  errors: z.catch(z.nullish(z.array(z.string())), undefined),
  merged_yaml: z.nullish(z.string()),
  includes: z.catch(z.nullish(z.array(z.object({ location: z.nullish(z.string()) }))), undefined),
  jobs: z.catch(z.nullish(z.array(jobPayload)), undefined),
});

/**
 * Has GitLab merge the CI configuration of a project's default branch (agents and environments 12.1): Reporters and up,
 * GitLab 13.5 and later. Heavy for the server. Throws GitLabError, `notFound` for an empty repository.
 */
export async function lintCi(client: GitLabClient, projectId: number, signal?: AbortSignal): Promise<LintAnswer> {
  const query = { include_jobs: true };
  const answer = await client.request('GET', `/projects/${projectId}/ci/lint`, lintPayload, { query, signal });
  return {
    valid: answer.valid ?? false,
    isMissing: answer.errors?.some((error) => MISSING.test(error)) ?? false,
    mergedYaml: answer.merged_yaml ?? undefined,
    includes: answer.includes?.flatMap(({ location }) => location ?? []) ?? [],
    jobs:
      answer.jobs?.map((job) => ({
        name: job.name,
        environment: job.environment ?? undefined,
        scripts: [...(job.before_script ?? []), ...(job.script ?? []), ...(job.after_script ?? [])],
        conditions: { only: job.only, except: job.except },
      })) ?? [],
  };
}
