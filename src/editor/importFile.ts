import * as vscode from 'vscode';
import { textOfBytes } from '../core/model/fileText';

/** Longer files describe no cluster. In bytes; the text is capped again when it is read. */
const MAX_FILE = 2_200_000;

/** The text of a file, or why it cannot be read. Binary certificates come as their base64. */
type ImportedFile = { readonly text: string } | { readonly problem: string };

/** The files that clusters are added from. */
export interface ImportFiles {
  /** Whether a command was called on a file. */
  readonly isFile: (value: unknown) => boolean;
  /** Undefined for what is no file. */
  readonly read: (value: unknown) => Promise<ImportedFile | undefined>;
  /** Asks for a file and reads it; undefined where none is chosen. */
  readonly choose: () => Promise<ImportedFile | undefined>;
}

/** The files as VS Code has them. */
export const importFiles: ImportFiles = {
  isFile: (value) => value instanceof vscode.Uri,
  read: async (value) => (value instanceof vscode.Uri ? readImportFile(value) : undefined),
  choose: chooseImportFile,
};

async function readImportFile(uri: vscode.Uri): Promise<ImportedFile> {
  try {
    const { size } = await vscode.workspace.fs.stat(uri);
    if (size > MAX_FILE) return { problem: vscode.l10n.t('This file is too large: 1 MiB at most can be read.') };
    const bytes = await vscode.workspace.fs.readFile(uri);
    return { text: bytes[0] === 0x30 ? Buffer.from(bytes).toString('base64') : textOfBytes(bytes) };
  } catch {
    return { problem: vscode.l10n.t('This file can’t be read. Check that it exists and that you may read it.') };
  }
}

async function chooseImportFile(): Promise<ImportedFile | undefined> {
  const [chosen] =
    (await vscode.window.showOpenDialog({
      title: vscode.l10n.t('Choose a kubeconfig, Secret, or certificate'),
      openLabel: vscode.l10n.t('Read'),
    })) ?? [];
  return chosen && readImportFile(chosen);
}
