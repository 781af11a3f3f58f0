import { isCertificate, readCertificates } from './certificate';
import type { Cluster } from './cluster';
import { inSlices } from '../time/slices';

/** Of a CA text what tables show: its first certificate, which is the only one GitLab looks at. */
interface CaFacts {
  readonly subject: string;
  readonly validFrom: Date;
  readonly validTo: Date;
}

/** Days before its end from which on a CA certificate is worth a word, unless a setting says otherwise. */
export const USUALLY_SOON = 30;
const DAY = 86_400_000;

/** Days that are left, less than nothing once it is over. */
export function daysUntil(end: Date | undefined, now: Date): number | undefined {
  return end && (end.getTime() - now.getTime()) / DAY;
}

/** Decoded once per text: thousands of registrations share one CA. Forgotten when it grows beyond any fleet. */
const known = new Map<string, CaFacts | undefined>();
const MAX_KNOWN = 20_000;

/** What the CA certificate of a cluster says; undefined where there is none or it cannot be read. */
export function caOf({ platform }: Cluster): CaFacts | undefined {
  const pem = platform?.caCert;
  if (pem === undefined) return undefined;
  if (known.has(pem)) return known.get(pem);
  if (known.size >= MAX_KNOWN) known.clear();
  const first = readCertificates(pem).find(isCertificate);
  const facts = first && { subject: first.subject, validFrom: first.validFrom, validTo: first.validTo };
  known.set(pem, facts);
  return facts;
}

/** Decodes the CA certificates of many clusters in slices, so that a filter or sort by them does not block afterwards. */
export async function decodeCas(clusters: readonly Cluster[], signal?: AbortSignal): Promise<void> {
  await inSlices(clusters, caOf, signal);
}
