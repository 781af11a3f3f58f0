import { isOfKind } from '../../core/model/attributes';
import type { Attribute } from '../../core/model/attributes';

/**
 * Whether a text of one line that is pasted into a field belongs into another one for sure: a certificate, a token, or the
 * address of an API, by how they begin. Then it is offered there, and a secret does not stand in a field that shows it.
 */
export function isMisplaced(text: string, field: Attribute): boolean {
  const belongs = belongsTo(text.trim().replace(/^["'`]|["'`]$/g, ''));
  if (belongs === undefined || belongs === field) return false;
  // Elsewhere an address may be meant as a name, or as the domain of applications.
  return (
    belongs !== 'apiUrl' || isOfKind(field, 'secret') || isOfKind(field, 'certificate') || neverUrls.includes(field)
  );
}

/** Fields that can hold no address, whatever is meant. */
const neverUrls: readonly Attribute[] = ['environmentScope', 'namespace'];

function belongsTo(text: string): Attribute | undefined {
  // PEM, base64 of PEM, and base64 of DER
  if (/^(?:-----BEGIN |LS0tLS1CRUdJTi|MII[A-Za-z0-9+/]{100})/.test(text)) return 'caCert';
  // JWT, base64 of one, OpenShift's and Rancher's (Kubernetes facts 2.1)
  if (/^(?:bearer\s+)?(?:eyJ[\w-]{10,}\.|ZXlK[A-Za-z0-9+/]{40}|sha256~\S{20}|kubeconfig-\S+:\S{20})/i.test(text)) {
    return 'serviceToken';
  }
  return /^https?:\/\/\S+$/i.test(text) ? 'apiUrl' : undefined;
}
