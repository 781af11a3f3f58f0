import { fieldsOf } from '../../core/changes/bulkPlan';
import type { BulkChange, BulkRow } from '../../core/changes/bulkPlan';
import { withFields } from '../../core/resolver/plannedFields';
import type { PlannedChange } from '../../core/resolver/whatIfCheck';

/** What the rows of a plan do to clusters, as far as it matters to environments. */
export function plannedChanges(rows: readonly BulkRow[], change: BulkChange): readonly PlannedChange[] {
  return rows.flatMap((row): readonly PlannedChange[] => {
    if (row.verdict === 'delete') return [{ cluster: row.cluster, after: undefined }];
    if (row.verdict !== 'change' || change.type === 'delete') return [];
    const after = withFields(row.cluster, fieldsOf(change, row.cluster));
    return after ? [{ cluster: row.cluster, after }] : [];
  });
}
