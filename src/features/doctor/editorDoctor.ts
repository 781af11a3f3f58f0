import * as vscode from 'vscode';
import { SETTINGS_SECTION } from '../../contributions';
import { numberSetting } from '../../editor/numberSetting';
import type { TextDocuments } from '../../editor/textDocuments';
import type { DoctorSources } from './doctorSources';

/** What diagnoses need of the editor itself. `version` is the extension's own. */
export function editorDoctor(
  texts: TextDocuments,
  version: string,
): Pick<DoctorSources, 'documents' | 'deadline' | 'versions'> {
  return {
    documents: {
      show: (title, text, isSortable) => texts.show(title, text, 'md', isSortable ? 'diagnoses' : ''),
      addressOf: (value) =>
        (value instanceof vscode.Uri ? value : vscode.window.activeTextEditor?.document.uri)?.toString(),
    },
    deadline: () => numberSetting(vscode.workspace.getConfiguration(SETTINGS_SECTION), 'requestTimeout') * 1000,
    versions: `GitLab Clusters ${version}, VS Code ${vscode.version} (${process.platform})`,
  };
}
