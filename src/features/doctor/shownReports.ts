import * as vscode from 'vscode';
import { choose } from '../../editor/ask';
import type { ShownText } from '../../editor/textDocuments';
import { doctorReport, orderTitle, reportOrders } from './doctorReport';
import type { ReportOrder, ReportParts, Reported } from './doctorReport';

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
export async function sortReport(value: unknown): Promise<void> {
  const uri = value instanceof vscode.Uri ? value : vscode.window.activeTextEditor?.document.uri;
  const report = uri && shown.get(uri.toString());
  if (!report) {
    const words = vscode.l10n.t('This report can’t be sorted any more. Run the diagnosis again.');
    return void vscode.window.showInformationMessage(words);
  }
  const order = await choose<ReportOrder>(vscode.l10n.t('Sort Report By'), reportOrders, (one) => ({
    label: orderTitle(one),
    ...(one === report.parts.order && { description: vscode.l10n.t('current') }),
  }));
  if (order === undefined) return;
  report.parts = { ...report.parts, order };
  write(report);
}

function write({ text, parts, reported }: ShownReport): void {
  text.replace(doctorReport(reported, parts));
}
