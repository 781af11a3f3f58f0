import { refuse, Refusal } from './answer';
import type { Call } from './call';
import { findGroup, findProject } from './lookup';
import type { Group, Project } from './world';

/**
 * The project an address names, by id or by full path.
 * Refuses with 404 what is missing or hidden; a path it no longer has gives 301, or 405 on anything but GET.
 */
export function requireProject(call: Call): Project {
  const found = findProject(call.world, call.captured['id'] ?? '');
  if (!found || !call.access.seesProject(found.project)) {
    throw refuse(404, '404 Project Not Found');
  }
  if (found.moved) {
    throw movedProject(call, found.project);
  }
  return found.project;
}

function movedProject(call: Call, project: Project): Refusal {
  const { method, path, headers, scheme } = call.incoming;
  if (method !== 'GET') {
    return refuse(405, 'Non GET methods are not allowed for moved projects');
  }
  const root = new URL(call.configuredUrl).pathname.replace(/\/$/, '');
  const byId = path.replace(/^(\/api\/v4\/projects\/)[^/?]+/, `$1${project.id}`);
  const location = `${scheme}://${headers.host ?? ''}${root}${byId}`;
  return new Refusal({
    status: 301,
    headers: { Location: location },
    body: `This resource has been moved permanently to ${location}`,
  });
}

/** The group an address names, by id or by full path; 404 for what is missing or hidden. */
export function requireGroup(call: Call, idOrPath: string = call.captured['id'] ?? ''): Group {
  const group = findGroup(call.world, idOrPath);
  if (!group || !call.access.seesGroup(group)) {
    throw refuse(404, '404 Group Not Found');
  }
  return group;
}
