import { isCertificate, readCertificates } from '../../core/model/certificate';
import { caTextProblem } from '../../core/model/certificateText';
import type { InspectedCertificate } from './protocol';

/** What a CA text decodes to, for the page. Empty for a text whose shape is wrong: the form says so. */
export function inspectCertificate(text: string): InspectedCertificate[] {
  if (text.trim() === '' || caTextProblem(text) !== undefined) return [];
  return readCertificates(text).map((entry) =>
    isCertificate(entry)
      ? { ...entry, validFrom: entry.validFrom.toISOString(), validTo: entry.validTo.toISOString() }
      : entry,
  );
}
