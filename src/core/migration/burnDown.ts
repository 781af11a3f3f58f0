import * as l10n from '@vscode/l10n';
import type { NotedWrite } from '../journal/history';
import { clusterKey } from '../model/cluster';
import type { Cluster } from '../model/cluster';
import type { HostUrl } from '../model/host';

/** How many enabled clusters were left at the end of a week. */
export interface Week {
  /** The Monday it begins with, `YYYY-MM-DD`. */
  readonly monday: string;
  readonly left: number;
  readonly switchedOff: number;
}

const DAY = 86_400_000;

/**
 * How the number of enabled clusters went down, week by week until now: today's number, and backwards from it what this
 * computer changed at hosts that are still `listed`. What others changed is not in it. The newest week comes last.
 */
export function burnDown(
  leftNow: number,
  writes: readonly NotedWrite[],
  listed: (host: HostUrl) => boolean,
  now: Date,
  weeks: number,
): readonly Week[] {
  const rows: Week[] = [];
  let left = leftNow;
  for (let back = 0; back < weeks; back++) {
    const monday = mondayOf(new Date(now.getTime() - back * 7 * DAY));
    const until = new Date(monday.getTime() + 7 * DAY);
    const changes = writes.filter(({ at, host }) => at >= monday && at < until && listed(host)).map(changeOf);
    const off = changes.filter((change) => change < 0).length;
    rows.unshift({ monday: monday.toISOString().slice(0, 10), left, switchedOff: off });
    left -= changes.reduce((sum, change) => sum + change, 0);
  }
  return rows;
}

/** By how many enabled clusters there were more after a write. */
function changeOf({ kind, outcome, before, after }: NotedWrite): number {
  if (outcome !== 'done') return 0;
  const [was, is] = [before.enabled !== false, after.enabled !== false];
  switch (kind) {
    case 'add':
      return is ? 1 : 0;
    case 'delete':
      return was ? -1 : 0;
    case 'edit':
      return after.enabled === undefined || was === is ? 0 : is ? 1 : -1;
  }
}

function mondayOf(date: Date): Date {
  const day = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()));
  return new Date(day.getTime() - ((day.getUTCDay() + 6) % 7) * DAY);
}

/** A line of text per week: a bar as long as the number, shortened where it would not fit. */
export function weeksInWords(weeks: readonly Week[]): readonly string[] {
  const most = Math.max(1, ...weeks.map(({ left }) => left));
  return weeks.map(({ monday, left, switchedOff }) => {
    const bar = '█'.repeat(Math.ceil((left / most) * 40));
    const off = switchedOff === 0 ? '' : ` (${l10n.t('switched off: {0}', switchedOff)})`;
    return `${monday} ${String(left).padStart(6)} ${bar}${off}`;
  });
}

/** When a cluster was switched off last, as far as this computer's history tells; undefined where it is not in there. */
export function switchedOffAt(
  cluster: Pick<Cluster, 'host' | 'owner' | 'id'>,
  writes: readonly NotedWrite[],
): Date | undefined {
  const key = clusterKey(cluster);
  const found = writes.find(
    ({ host, owner, cluster: { id }, kind, outcome, after }) =>
      id !== undefined &&
      clusterKey({ host, owner, id }) === key &&
      kind === 'edit' &&
      outcome === 'done' &&
      after.enabled !== undefined,
  );
  return found?.after.enabled === false ? found.at : undefined;
}
