import type { ClusterTreeNode } from './clusterNodes';

const types: ReadonlySet<unknown> = new Set<ClusterTreeNode['type']>([
  'host',
  'owner',
  'cluster',
  'unreadable',
  'message',
  'fleet',
  'branch',
  'group',
  'named',
  'warnings',
  'warning',
  'agents',
  'agent',
  'usableAgent',
  'agentAccess',
  'more',
]);

/** Tells a row from whatever else a command may be called with. Rows come back to commands as the objects they are. */
export function isClusterTreeNode(value: unknown): value is ClusterTreeNode {
  if (typeof value !== 'object' || value === null || !('type' in value) || !types.has(value.type)) return false;
  switch (value.type) {
    case 'host':
      return 'host' in value && isObject(value.host);
    case 'owner':
    case 'branch':
      return 'host' in value && typeof value.host === 'string' && 'owner' in value && isObject(value.owner);
    case 'fleet':
    case 'warnings':
      return 'host' in value && typeof value.host === 'string';
    case 'group':
      return 'by' in value && 'key' in value && typeof value.key === 'string';
    case 'agents':
      return 'project' in value && isObject(value.project);
    case 'agentAccess':
      return 'access' in value && isObject(value.access);
    case 'agent':
    case 'usableAgent':
      return 'agent' in value && isObject(value.agent);
    case 'more':
      return 'left' in value && typeof value.left === 'number';
    case 'message':
      return 'name' in value && typeof value.name === 'string';
    default:
      return 'cluster' in value && isObject(value.cluster);
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
