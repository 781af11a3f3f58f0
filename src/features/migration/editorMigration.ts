import * as vscode from 'vscode';
import { SETTINGS_SECTION, TEXT_SCHEME } from '../../contributions';
import { MigrationNotes } from '../../core/migration/migrationNotes';
import type { NoteMemory } from '../../core/migration/migrationNotes';
import type { Inventory } from '../../core/inventory/inventory';
import { numberSetting } from '../../editor/numberSetting';
import type { TextDocuments } from '../../editor/textDocuments';
import { migrationCommands } from './migrationCommands';
import type { MigrationSources } from './migrationSources';

interface EditorSources extends Omit<MigrationSources, 'notes' | 'settings' | 'documents' | 'now'> {
  readonly inventory: Inventory;
  readonly memory: NoteMemory;
  readonly texts: TextDocuments;
}

/** The commands with what they need of the editor. */
export function editorMigration({ memory, texts, ...sources }: EditorSources): ReturnType<typeof migrationCommands> {
  const settings = () => vscode.workspace.getConfiguration(SETTINGS_SECTION);
  return migrationCommands({
    ...sources,
    notes: new MigrationNotes(memory),
    settings: {
      removalDate: () => {
        const date: unknown = settings().get('removalDate');
        return typeof date === 'string' ? date : '';
      },
      observationDays: () => numberSetting(settings(), 'observationDays'),
    },
    documents: {
      // It stays open beside the comparisons that are opened from it.
      show: async (title, text, kind) => (await texts.show(title, text, 'md', kind, false)).uri,
      compare: (title, before, after, ending) => texts.compare(title, before, after, ending),
      addressOf: (value) => {
        const uri = value instanceof vscode.Uri ? value : undefined;
        const active = vscode.window.activeTextEditor?.document.uri;
        // A row comes as a value of its own; without any, the document in front is meant.
        const meant = uri ?? (value === undefined ? active : undefined);
        return meant?.scheme === TEXT_SCHEME ? meant.toString() : undefined;
      },
    },
    now: () => new Date(),
  });
}
