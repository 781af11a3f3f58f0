import * as l10n from '@vscode/l10n';
import { readCaFile } from '../../core/net/ownCa';
import type { Dialogs } from '../../editor/dialogs';

/** Asks for a file with CA certificates until one can be used; undefined where the user stops. */
export async function chooseCaFile(title: string, dialogs: Dialogs): Promise<{ readonly caFile: string } | undefined> {
  const another = l10n.t('Choose Another File…');
  for (;;) {
    const caFile = await dialogs.chooseFile({
      title,
      button: l10n.t('Trust for This Host'),
      filters: { [l10n.t('Certificates')]: ['pem', 'crt', 'cer', 'der'], [l10n.t('All files')]: ['*'] },
    });
    if (caFile === undefined) return undefined;
    const { problem } = await readCaFile(caFile);
    if (problem === undefined) return { caFile };
    if ((await dialogs.notify('error', problem, another)) !== another) return undefined;
  }
}
