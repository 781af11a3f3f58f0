import { refuse, type Answer } from '../answer';
import type { Call } from '../call';
import { checkParams } from '../params';
import type { ClusterRecord } from '../world';
import { clusterPage, singleCluster, type Level } from './levels';
import { addParameters, clusterId, editParameters } from './params';
import { addCluster, editCluster } from './store';
import { sameOwner } from './validate';

/** The five endpoints, the same for every level. Each runs GitLab's checks in GitLab's order. */
export interface ClusterEndpoints {
  list(call: Call): Answer;
  get(call: Call): Answer;
  add(call: Call): Answer;
  edit(call: Call): Answer;
  remove(call: Call): Answer;
}

/** `guard` is what comes before the parameter layer on this level. */
export function clusterEndpoints(guard: (call: Call) => Level): ClusterEndpoints {
  return {
    list(call) {
      const level = guard(call);
      const paging = level.paging();
      call.checkLimit();
      level.authorize('read');
      const clusters = call.world.clusters.filter((cluster) => sameOwner(cluster.owner, level.owner));
      return clusterPage(call, clusters, paging);
    },
    get(call) {
      const level = guard(call);
      const params = checkParams([clusterId], call.sent);
      call.checkLimit();
      const cluster = requireCluster(call, level, params.integer('cluster_id'));
      level.authorize('read');
      return singleCluster(call, level, cluster, 'get');
    },
    add(call) {
      const level = guard(call);
      const params = checkParams(addParameters(call.profile), call.sent);
      call.checkLimit();
      level.authorize('add');
      return singleCluster(call, level, addCluster(call, level.owner, params), 'add');
    },
    edit(call) {
      const level = guard(call);
      const params = checkParams(editParameters(call.profile), call.sent);
      call.checkLimit();
      const cluster = requireCluster(call, level, params.integer('cluster_id'));
      level.authorize('change');
      return singleCluster(call, level, editCluster(call, cluster, params), 'edit');
    },
    remove(call) {
      const level = guard(call);
      const params = checkParams([clusterId], call.sent);
      call.checkLimit();
      const cluster = requireCluster(call, level, params.integer('cluster_id'));
      level.authorize('change');
      checkUnmodified(call, cluster);
      const { clusters } = call.world;
      clusters.splice(clusters.indexOf(cluster), 1);
      return { status: 204, headers: {}, body: '' };
    },
  };
}

/** Each level sees its own clusters only. */
function requireCluster(call: Call, level: Level, id: number | null | undefined): ClusterRecord {
  const cluster = call.world.clusters.find((c) => c.id === id && sameOwner(c.owner, level.owner));
  if (!cluster) {
    throw refuse(404, '404 Not found');
  }
  return cluster;
}

/** DELETE alone honours `If-Unmodified-Since`. */
function checkUnmodified(call: Call, cluster: ClusterRecord): void {
  const since = call.incoming.headers['if-unmodified-since'];
  if (since !== undefined && Date.parse(cluster.updatedAt) > Date.parse(since)) {
    throw refuse(412, '412 Precondition Failed');
  }
}
