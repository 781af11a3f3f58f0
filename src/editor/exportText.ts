import * as l10n from '@vscode/l10n';
import type { Dialogs } from './dialogs';

export type ExportFormat = 'csv' | 'json' | 'markdown';

/** Asks in which format something is exported. */
export async function chooseFormat(title: string, dialogs: Dialogs): Promise<ExportFormat | undefined> {
  const formats: readonly { readonly format: ExportFormat; readonly label: string; readonly detail: string }[] = [
    { format: 'csv', label: 'CSV', detail: l10n.t('For spreadsheets; no cell can be run as a formula') },
    { format: 'json', label: 'JSON', detail: l10n.t('For programs') },
    { format: 'markdown', label: 'Markdown', detail: l10n.t('A table for issues and wikis') },
  ];
  const chosen = await dialogs.choose(title, formats, ({ label, detail }) => ({ label, detail }));
  return chosen?.format;
}

/** What is shown as an export. */
export interface Exported {
  /** In a few words; the document is called so, with the day. */
  readonly name: string;
  readonly content: string;
  readonly format: ExportFormat;
  /** Says what was exported. */
  readonly message: string;
}

/** A document works wherever the editor runs; saving it, from its title too, is the editor's own dialog. */
export async function showExport({ name, content, format, message }: Exported, dialogs: Dialogs): Promise<void> {
  const title = `${name} ${new Date().toISOString().slice(0, 10)}`;
  const document = await dialogs.openDocument(title, content, format === 'markdown' ? 'md' : format);
  const save = l10n.t('Save As…');
  void dialogs.notify('information', message, save).then((answer) => (answer === save ? document.saveAs() : undefined));
}
