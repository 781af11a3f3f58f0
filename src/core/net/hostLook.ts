import type { HostUrl } from '../model/host';
import type { Trust } from './ownCa';
import { probe } from './tlsProbe';
import type { Probe, ProbeOptions } from './tlsProbe';
import { lacksTrust } from './tlsReason';

/** A look at a host the way requests see it: with its own CAs first, then with the editor's. */
export interface HostLook {
  readonly probe: Probe;
  /** Whose CA vouches for what is presented; undefined where nobody does, or nothing was presented. */
  readonly trustedBy: 'own' | 'editor' | undefined;
}

/** Sets up a connection or two, sends nothing. Never throws. */
export async function lookAt(
  url: HostUrl,
  { certificates }: Trust,
  options: Omit<ProbeOptions, 'certificates'>,
): Promise<HostLook> {
  const seen = await probe(url, { ...options, certificates });
  const own = certificates.length > 0;
  if (!own || seen.outcome !== 'secure' || !lacksTrust(seen.reason)) return looked(seen, own ? 'own' : 'editor');
  const seenByEditor = await probe(url, options);
  if (seenByEditor.outcome === 'secure' && !lacksTrust(seenByEditor.reason)) return looked(seenByEditor, 'editor');
  return looked(seen, undefined);
}

function looked(seen: Probe, trustedBy: HostLook['trustedBy']): HostLook {
  return { probe: seen, trustedBy: seen.outcome === 'secure' && !lacksTrust(seen.reason) ? trustedBy : undefined };
}
