import * as l10n from '@vscode/l10n';
import { X509Certificate } from 'node:crypto';
import { certificateInWords } from '../../core/changes/bulkWords';
import { caRemarks } from '../../core/model/caRules';
import { isCertificate, readCertificates } from '../../core/model/certificate';
import { caTextProblem, certificateWithin } from '../../core/model/certificateText';
import { textOfBytes } from '../../core/model/fileText';
import type { Dialogs } from '../../editor/dialogs';

/** Longer files are no CA certificate. In bytes. */
const MAX_FILE = 1_000_000;

/** Asks for a CA certificate that GitLab takes, and again after one it would reject. Undefined where the user stops. */
export async function askCaCertificate(title: string, dialogs: Dialogs): Promise<string | undefined> {
  const another = l10n.t('Choose Another Certificate…');
  for (;;) {
    const chosen = await readOne(title, dialogs);
    if (chosen === undefined || 'text' in chosen) return chosen?.text;
    if ((await dialogs.notify('error', chosen.problem, another)) !== another) return undefined;
  }
}

type Chosen = { readonly text: string } | { readonly problem: string };

async function readOne(title: string, dialogs: Dialogs): Promise<Chosen | undefined> {
  const ways = [
    { label: l10n.t('From the Clipboard'), icon: 'clippy', read: () => dialogs.readClipboard() },
    { label: l10n.t('From a File…'), icon: 'file', read: () => readFile(title, dialogs) },
  ];
  const way = await dialogs.choose(title, ways, ({ label, icon }) => ({ label, icon }));
  const read = await way?.read();
  return typeof read === 'string' ? usable(read.trim(), dialogs) : read;
}

async function readFile(title: string, dialogs: Dialogs): Promise<string | Chosen | undefined> {
  const content = await dialogs.readFile({
    title,
    button: l10n.t('Use as CA Certificate'),
    filters: { [l10n.t('Certificates')]: ['pem', 'crt', 'cer', 'der'], [l10n.t('All files')]: ['*'] },
    largest: MAX_FILE,
  });
  if (content === undefined) return undefined;
  if (content === 'tooLarge') return { problem: l10n.t('This file is too large for a CA certificate.') };
  const bytes = Buffer.from(content);
  try {
    return bytes[0] === 0x30 ? new X509Certificate(bytes).toString() : textOfBytes(bytes);
  } catch {
    return textOfBytes(bytes);
  }
}

/** The text if GitLab takes it and it can be decoded; what lies inside another text is offered. */
async function usable(text: string, dialogs: Dialogs): Promise<Chosen | undefined> {
  const problem = caTextProblem(text);
  if (problem !== undefined) {
    const within = certificateWithin(text);
    if (within === undefined) return { problem };
    const take = l10n.t('Use the Certificate Inside');
    const detail = `${problem}\n\n${certificateInWords(within)}`;
    const message = l10n.t('GitLab would reject this text.');
    if ((await dialogs.confirm(message, detail, take)) !== take) return undefined;
    return usable(within, dialogs);
  }
  if (text === '') return { problem: l10n.t('There is no certificate.') };
  const refused = caRemarks(text, new Date()).find(({ severity }) => severity === 'error');
  return refused ? { problem: refused.message } : { text };
}

/** What a new certificate is. */
export function certificateNotes(pem: string): readonly string[] {
  const isReadable = readCertificates(pem).some(isCertificate);
  return isReadable ? [l10n.t('The new CA certificate: {0}', certificateInWords(pem))] : [];
}
