import { X509Certificate } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import * as l10n from '@vscode/l10n';
import { isCertificate, readCertificates } from '../model/certificate';
import type { Certificate } from '../model/certificate';
import { certificatesIn, toPem } from '../model/certificateText';
import { textOfBytes } from '../model/fileText';
import { plain } from '../model/plainText';

/** What a host's entry of the setting says about its CA. */
export interface OwnCa {
  /** Path of a file with one or more certificates, PEM or DER; `~/` is the user's home. */
  readonly caFile?: string | undefined;
  /** PEM text of what the user trusted in the certificate dialog. */
  readonly ca?: string | undefined;
}

/** The certificates trusted for one host beside those of editor and system. */
export interface Trust {
  /** PEM, one certificate each. */
  readonly certificates: readonly string[];
  /** Why the file or text could not be used, as a sentence. */
  readonly problem: string | undefined;
  /** One of them was presented by the host when the user trusted it; a file may never have fitted. */
  readonly pinned: boolean;
}

/** A bundle of CAs has some hundred kilobytes at most. In bytes. */
const MAX_FILE = 1_000_000;

/** Reads a host's own CAs. Never throws: what cannot be used becomes `problem`, and the rest counts. */
export async function readTrust({ caFile, ca }: OwnCa): Promise<Trust> {
  const inline = ca === undefined ? [] : pemsIn(Buffer.from(ca));
  const pinned = inline.length > 0;
  const problem = ca !== undefined && inline.length === 0 ? noneInText() : undefined;
  if (caFile === undefined) return { certificates: inline, problem, pinned };
  const file = await readCaFile(caFile);
  return { certificates: [...file.certificates, ...inline], problem: file.problem ?? problem, pinned };
}

/** Reads a file of CA certificates; `path` as a person wrote it into the setting. */
export async function readCaFile(path: string): Promise<Omit<Trust, 'pinned'>> {
  const shown = plain(path);
  try {
    const absolute = path.startsWith('~/') ? join(homedir(), path.slice(2)) : path;
    const { size } = await stat(absolute);
    if (size > MAX_FILE) return { certificates: [], problem: l10n.t('The CA file {0} is too large to be one.', shown) };
    const certificates = pemsIn(await readFile(absolute));
    return { certificates, problem: certificates.length > 0 ? undefined : noneInFile(shown) };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    return { certificates: [], problem: l10n.t('The CA file {0} cannot be read ({1}).', shown, code) };
  }
}

/** Trusted certificates as people read them. */
export function decoded({ certificates }: Trust): Certificate[] {
  return certificates.flatMap((pem) => readCertificates(pem).filter(isCertificate));
}

/** Every certificate of a PEM text, or the one of a DER file, each as PEM; what cannot be decoded is left out. */
function pemsIn(content: Buffer): string[] {
  const text = textOfBytes(content);
  const blocks = text.split(/(?=-----BEGIN (?:X509 |TRUSTED )?CERTIFICATE-----)/);
  const parts = blocks.filter((block) => block.startsWith('-----BEGIN'));
  const found = (parts.length > 0 ? parts : [content]).flatMap((part) => {
    try {
      return new X509Certificate(part).toString();
    } catch {
      return [];
    }
  });
  return found.length > 0 ? found : certificatesIn(text).map(toPem);
}

function noneInFile(file: string): string {
  return l10n.t('The CA file {0} holds no certificate that can be read.', file);
}

function noneInText(): string {
  return l10n.t('“ca” of this host in the setting “gitlabClusters.hosts” holds no certificate that can be read.');
}
