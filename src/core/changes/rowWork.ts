import * as l10n from '@vscode/l10n';
import { toGitLabError } from '../gitlab/errors';
import { attributeNames } from '../model/attributes';
import { attributeUses } from '../model/attributeUses';
import { isReadable } from '../model/cluster';
import type { Cluster } from '../model/cluster';
import type { ClusterFields } from '../model/clusterFields';
import { differences, stored } from '../model/differences';
import { plain } from '../model/plainText';
import { isSameRegistration } from './addPlan';
import { differencesOf, fieldsOf, movedSince } from './bulkPlan';
import type { BulkChange, BulkDifference, BulkRow } from './bulkPlan';
import type { BulkOutcome, BulkWrites } from './bulkResult';

/** Does one line of a planned change, after a fresh look: nothing is sent that the table did not show. */
export class RowWork {
  private readonly writes: BulkWrites;
  private readonly change: BulkChange;
  private readonly takeToken: (cluster: Cluster) => string | undefined;

  /** `takeToken` gives the service token for a cluster, as long as there is one. */
  constructor(writes: BulkWrites, change: BulkChange, takeToken: (cluster: Cluster) => string | undefined) {
    this.writes = writes;
    this.change = change;
    this.takeToken = takeToken;
  }

  /** Looks at the cluster again and does what its line says. Throws GitLabError where that failed. */
  async carryOut(row: BulkRow): Promise<BulkOutcome> {
    const { writes, change } = this;
    if (row.verdict === 'delete') return this.deleteRow(row.cluster);
    if (row.verdict === 'add') return this.addRow(row.cluster);
    if (row.verdict !== 'change' || change.type === 'delete') return { outcome: 'unchanged' };
    const fresh = await writes.get(row.cluster);
    const moved = movedSince(row.cluster, fresh, change);
    const now = differencesOf(fresh, change);
    if (moved.length > 0) return { outcome: 'outdated', cluster: fresh, moved, now };
    if (now.length === 0) return { outcome: 'unchanged' };
    if (!isAsPlanned(now, row.differences)) return { outcome: 'outdated', cluster: fresh, moved, now };
    const sent = this.toSend(fieldsOf(change, fresh), now, fresh);
    const cluster = await writes.edit(fresh, sent);
    return { outcome: 'changed', cluster, ignored: differences(sent, cluster).map(({ field }) => field) };
  }

  /** The list is read right before: what was added meanwhile, or by a try whose answer got lost, is not added twice. */
  private async addRow(wanted: Cluster): Promise<BulkOutcome> {
    const { writes, change } = this;
    const fields = change.type === 'add' ? change.fields.get(wanted) : undefined;
    const { adding } = writes;
    if (!fields || !adding) return { outcome: 'unchanged' };
    const { host, owner } = wanted;
    const there = (await adding.list(host, owner)).filter(isReadable);
    if (there.some((other) => isSameRegistration(other, wanted))) return { outcome: 'unchanged' };
    const taken = there.find(({ environmentScope }) => environmentScope.trim() === wanted.environmentScope);
    if (taken) {
      const reason = l10n.t('“{0}” (id {1}) already has this scope.', plain(taken.name), taken.id);
      return { outcome: 'cannot', reason };
    }
    const serviceToken = this.takeToken(wanted);
    const sent: ClusterFields = serviceToken === undefined ? fields : { ...fields, serviceToken };
    const cluster = await adding.add(host, owner, sent);
    return { outcome: 'added', cluster, ignored: differences(sent, cluster).map(({ field }) => field) };
  }

  private async deleteRow(cluster: Cluster): Promise<BulkOutcome> {
    const { writes, change } = this;
    let fresh = cluster;
    try {
      fresh = await writes.get(cluster);
    } catch (error) {
      // Deleting tells whether it is gone or only hidden.
      if (toGitLabError(error).kind !== 'notFound') throw error;
    }
    const moved = movedSince(cluster, fresh, change);
    if (moved.length > 0) return { outcome: 'outdated', cluster: fresh, moved, now: [] };
    return { outcome: await writes.delete(fresh) };
  }

  /** Only what differs goes out, and the value GitLab resets when it is left out (GitLab API contract 11.2). */
  private toSend(wanted: ClusterFields, now: readonly BulkDifference[], fresh: Cluster): ClusterFields {
    const changed = new Set(now.map(({ field }) => field));
    const serviceToken = changed.has('serviceToken') ? this.takeToken(fresh) : undefined;
    return attributeNames.reduce<ClusterFields>(
      (fields, attribute) => {
        const value = attributeUses[attribute].repeated
          ? stored[attribute](fresh)
          : changed.has(attribute)
            ? wanted[attribute]
            : undefined;
        return value === undefined ? fields : { ...fields, [attribute]: value };
      },
      serviceToken === undefined ? {} : { serviceToken },
    );
  }
}

/**
 * Whether the cluster still has what the table showed as before; a part that is done already is no surprise. Where its
 * API URL was moved to has been looked at.
 */
function isAsPlanned(now: readonly BulkDifference[], planned: readonly BulkDifference[]): boolean {
  return now.every((difference) => {
    if (difference.field === 'serviceToken' || difference.field === 'apiUrl') return true;
    const shown = planned.find(({ field }) => field === difference.field);
    return shown !== undefined && shown.field !== 'serviceToken' && shown.before === difference.before;
  });
}
