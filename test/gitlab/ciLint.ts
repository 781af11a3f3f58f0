import { accessOf } from './access';
import { json, refuse, type Answer } from './answer';
import { requireCaller, type Call } from './call';
import { mergeCi } from './ciMerge';
import { findProject } from './lookup';
import { requireProject } from './owners';
import { checkParams } from './params';
import { fileOn, isEmpty } from './repositories';

/**
 * GET /projects/:id/ci/lint: the configuration of the default branch, merged (agents and environments 12.1). Reporters
 * and up; 404 for an empty repository; `valid: false` and no merged text where a file is missing or may not be read.
 */
export function lintCi(call: Call): Answer {
  requireCaller(call);
  const project = requireProject(call);
  const params = checkParams([{ name: 'include_jobs', type: 'boolean', fallback: false }], call.sent);
  if (!call.access.readsCode(project)) throw refuse(403, '403 Forbidden');
  if (isEmpty(call.world, project)) throw refuse(404, '404 Repository Not Found');
  const jobs = params.boolean('include_jobs') === true;
  const text = fileOn(call.world, project, project.ciConfigPath || '.gitlab-ci.yml');
  if (text === undefined) {
    return json(200, {
      valid: false,
      errors: ['Please provide content of .gitlab-ci.yml'],
      warnings: [],
      merged_yaml: null,
      ...(call.profile.lintIncludes && { includes: [] }),
      ...(jobs && { jobs: [] }),
    });
  }
  const access = accessOf(call.world, call.caller);
  const merged = mergeCi(
    text,
    {
      local: (path) => fileOn(call.world, project, path),
      other: (path, file) => {
        const found = findProject(call.world, path);
        if (!found || !access.readsCode(found.project)) return undefined;
        return fileOn(call.world, found.project, file);
      },
    },
    call.profile.lintSymbols,
  );
  return json(200, {
    valid: merged.valid,
    errors: merged.errors,
    warnings: [],
    merged_yaml: merged.yaml,
    ...(call.profile.lintIncludes && {
      includes: merged.includes.map((one) => ({ ...one, extra: {}, blob: null, raw: null })),
    }),
    ...(jobs && { jobs: merged.jobs }),
  });
}
