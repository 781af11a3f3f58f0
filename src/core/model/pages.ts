import type { Agent } from './agent';
import type { Cluster, ClusterOwner } from './cluster';
import { addressOn } from './host';
import type { HostUrl } from './host';
import { wellFormed } from './plainText';

/** Where GitLab shows an owner. Built from paths, since the API gives no address for clusters. */
export function ownerPage(host: HostUrl, owner: ClusterOwner): string {
  switch (owner.level) {
    case 'instance':
      return addressOn(host, '/admin/clusters');
    case 'group':
      return addressOn(host, `/groups/${encoded(owner.path)}`);
    case 'project':
      return projectPage(host, owner.path);
  }
}

export function projectPage(host: HostUrl, path: string): string {
  return addressOn(host, `/${encoded(path)}`);
}

export function clusterPage({ host, owner, id }: Pick<Cluster, 'host' | 'owner' | 'id'>): string {
  const page = ownerPage(host, owner);
  return owner.level === 'instance' ? `${page}/${id}` : `${page}/-/clusters/${id}`;
}

/** Where GitLab shows an agent. */
export function agentPage(host: HostUrl, { name, project }: Pick<Agent, 'name' | 'project'>): string {
  return `${projectPage(host, project.path)}/-/cluster_agents/${encodeURIComponent(name)}`;
}

/** GitLab's form for a new personal access token, filled in. GitLab before 16.10 has it under another path. */
export function tokenPage(host: HostUrl, version: 'new' | 'old'): string {
  const path = version === 'new' ? '/-/user_settings/personal_access_tokens' : '/-/profile/personal_access_tokens';
  return addressOn(host, `${path}?name=GitLab+Clusters&scopes=api`);
}

/** A full path as part of an address. GitLab's paths need no encoding; a setting typed by hand may hold anything. */
function encoded(path: string): string {
  return wellFormed(path).split('/').map(encodeURIComponent).join('/');
}
