import * as l10n from '@vscode/l10n';
import type { ShownText } from '../../editor/textDocuments';
import { doctorReport, orderTitle, reportOrders } from './doctorReport';
import type { ReportOrder, ReportParts, Reported } from './doctorReport';
import type { DoctorSources } from './doctorSources';

/** A report that is shown, and how to write it again. */
interface ShownReport {
  readonly text: ShownText;
  parts: ReportParts;
  reported: readonly Reported[];
}

/** More than anybody has open; the oldest cannot be sorted any more. */
const KEPT = 20;
const shown = new Map<string, ShownReport>();

/** Remembers a report for `sortReport`, and gives what shows it with other results. */
export function keepReport(
  text: ShownText,
  parts: ReportParts,
  reported: readonly Reported[],
): (reported: readonly Reported[], running: boolean) => void {
  const report: ShownReport = { text, parts, reported };
  shown.delete(text.uri);
  shown.set(text.uri, report);
  for (const oldest of shown.keys()) if (shown.size > KEPT) shown.delete(oldest);
  return (found, running) => {
    report.reported = found;
    report.parts = { ...report.parts, running };
    // A newer run may have taken its place.
    if (shown.get(text.uri) === report) write(report);
  };
}

/** Asks what to sort a report by, the one given or in front. */
export async function sortReport(
  value: unknown,
  { dialogs, documents }: Pick<DoctorSources, 'dialogs' | 'documents'>,
): Promise<void> {
  const report = shown.get(documents.addressOf(value) ?? '');
  if (!report) {
    const words = l10n.t('This report can’t be sorted any more. Run the diagnosis again.');
    return void dialogs.notify('information', words);
  }
  const order = await dialogs.choose<ReportOrder>(l10n.t('Sort Report By'), reportOrders, (one) => ({
    label: orderTitle(one),
    ...(one === report.parts.order && { description: l10n.t('current') }),
  }));
  if (order === undefined) return;
  report.parts = { ...report.parts, order };
  write(report);
}

function write({ text, parts, reported }: ShownReport): void {
  text.replace(doctorReport(reported, parts));
}
