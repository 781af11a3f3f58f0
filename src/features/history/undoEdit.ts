import { randomUUID } from 'node:crypto';
import * as l10n from '@vscode/l10n';
import { planUndo, restoring } from '../../core/changes/undoPlan';
import type { UndonePlan } from '../../core/changes/undoPlan';
import type { Inventory } from '../../core/inventory/inventory';
import { noteOfCertificate } from '../../core/journal/clusterState';
import type { NotedWrite } from '../../core/journal/history';
import type { Recording } from '../../core/journal/recording';
import type { Cluster } from '../../core/model/cluster';
import { draftOf } from '../../core/model/clusterDraft';
import type { ClusterField } from '../../core/model/clusterFields';
import { differences } from '../../core/model/differences';
import { fieldLabel } from '../../core/model/fieldLabels';
import { withFields } from '../../core/resolver/plannedFields';
import { askWithEffects } from '../../editor/askWithEffects';
import type { EffectsOf } from '../../editor/askWithEffects';
import type { Dialogs } from '../../editor/dialogs';
import type { FailureSources } from '../../editor/tellFailure';
import { valueInWords } from './changeWords';
import { nameOf, readNow, tellNotUndone } from './readNow';

interface UndoEditSources extends FailureSources {
  readonly dialogs: Dialogs;
  readonly inventory: Inventory;
  readonly recording: Recording;
  /** What a change would do to environments. */
  readonly effects: EffectsOf;
}

/** Reads the cluster again, says what would be put back and what somebody changed since, and puts it back at one request. */
export async function undoEdit(write: NotedWrite, sources: UndoEditSources): Promise<void> {
  const { dialogs, inventory, recording } = sources;
  let shown = await readNow(write, sources);
  let changedMeanwhile = false;
  while (shown) {
    const plan = planUndo(write, shown);
    const chosen = await askWhatToPutBack(write, shown, plan, { ...sources, changedMeanwhile });
    if (!chosen) return;
    // Somebody may have been faster while the question was open.
    const fresh = await readNow(write, sources);
    if (!fresh) return;
    if (!isSame(fresh, shown)) {
      changedMeanwhile = true;
      shown = fresh;
      continue;
    }
    const fields = restoring(write, fresh, chosen);
    const change = randomUUID();
    const name = nameOf(write, sources);
    try {
      const edited = await dialogs.progress({ title: '', where: 'view' }, () =>
        inventory.edit(fresh, fields, { change }),
      );
      const ignored = differences(fields, edited).map(({ field }) => fieldLabel(field));
      const undo = l10n.t('Undo');
      const answer =
        ignored.length === 0
          ? dialogs.notify('information', l10n.t('The cluster {0} is as it was before.', name), undo)
          : dialogs.notify(
              'warning',
              l10n.t('The cluster {0} was changed back, but GitLab ignored: {1}.', name, ignored.join(', ')),
              undo,
            );
      void answer.then((button) => (button === undo ? recording.undo(change) : undefined));
    } catch (error) {
      tellNotUndone(write, error, sources);
    }
    return;
  }
}

function isSame(one: Cluster, other: Cluster): boolean {
  return JSON.stringify(draftOf(one)) === JSON.stringify(draftOf(other));
}

/** Which fields are put back; undefined for none. */
async function askWhatToPutBack(
  write: NotedWrite,
  now: Cluster,
  { fields, elsewhere }: UndonePlan,
  sources: UndoEditSources & { readonly changedMeanwhile: boolean },
): Promise<readonly ClusterField[] | undefined> {
  const { dialogs, recording } = sources;
  const having = (verdict: UndonePlan['fields'][number]['verdict']): readonly ClusterField[] =>
    fields.filter((one) => one.verdict === verdict).map(({ field }) => field);
  const [back, changed] = [having('back'), having('changed')];
  const reasons = fields.flatMap(({ field, reason }) =>
    reason === undefined ? [] : [`• ${fieldLabel(field)}: ${reason}`],
  );
  const state = draftOf(now);
  const certificate = noteOfCertificate(state.caCert);
  const present = (field: ClusterField): string => valueInWords(field, state, certificate);
  const before = (field: ClusterField): string => valueInWords(field, write.before, write.certificates.before);
  const after = (field: ClusterField): string => valueInWords(field, write.after, write.certificates.after);
  const name = nameOf(write, sources);
  if (back.length + changed.length === 0) {
    const message = l10n.t('There is nothing to undo at the cluster {0}.', name);
    await dialogs.confirm(
      message,
      [...(having('same').length > 0 ? [l10n.t('It already has the previous values.')] : []), ...reasons].join('\n'),
    );
    return undefined;
  }
  const problem = await recording.problem([write.host]);
  const parts: readonly (readonly string[])[] = [
    sources.changedMeanwhile ? [l10n.t('Someone else has just changed the cluster. This is how it is now.')] : [],
    section(l10n.t('Will be put back:'), back, (field) => `${present(field)} → ${before(field)}`),
    section(l10n.t('Changed by someone else since:'), changed, (field) =>
      l10n.t('{0} before, then {1} by this change, now {2}', before(field), after(field), present(field)),
    ),
    reasons.length > 0 ? [l10n.t('Cannot be put back:'), ...reasons] : [],
    elsewhere.length > 0
      ? [l10n.t('Also changed since, and left as they are: {0}', elsewhere.map(fieldLabel).join(', '))]
      : [],
    problem === undefined ? [] : [problem],
  ];
  const undo = l10n.t('Undo');
  const all = l10n.t('Put All Back');
  const theirs = l10n.t('Leave Theirs');
  const buttons = changed.length === 0 ? [undo] : back.length === 0 ? [all] : [theirs, all];
  const restored = withFields(now, restoring(write, now, [...back, ...changed]));
  const planned = restored ? [{ cluster: now, after: restored }] : [];
  const answer = await askWithEffects(planned, sources, (lines, more) => {
    const heading = changed.length === 0 || lines.length === 0 ? [] : [l10n.t('If all is put back:')];
    const detail = [...parts.slice(0, -1), [...heading, ...lines], ...parts.slice(-1)]
      .filter((part) => part.length > 0)
      .map((part) => part.join('\n'))
      .join('\n\n');
    return dialogs.confirm(l10n.t('Undo the change of {0}?', name), detail, ...buttons, ...more);
  });
  if (answer === undefined) return undefined;
  return answer === all ? [...back, ...changed] : back;
}

function section(title: string, fields: readonly ClusterField[], words: (field: ClusterField) => string): string[] {
  return fields.length === 0 ? [] : [title, ...fields.map((field) => `• ${fieldLabel(field)}: ${words(field)}`)];
}
