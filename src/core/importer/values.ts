import * as l10n from '@vscode/l10n';
import { apiUrlProblem, apiUrlWithin, localAddressOf } from '../model/apiUrl';
import { certificatesIn, isAuthority, toPem } from '../model/certificateText';
import { claimsOf, serviceTokenWarnings, serviceTokenWithin } from '../model/serviceToken';
import { attributeNames, isOfKind } from '../model/attributes';
import type { AttributeOf } from '../model/attributes';
import type { FoundValues } from './found';

/** A value that may be taken, or why not; both missing where there is nothing. */
export interface Taken {
  readonly values: FoundValues;
  readonly notes: readonly string[];
}

const nothing: Taken = { values: {}, notes: [] };

/** What `kubectl config view` and `kubectl describe` print instead of a value. */
function isHidden(text: string): boolean {
  return /^(?:DATA\+OMITTED|REDACTED)$/.test(text);
}

function hidden(what: string): Taken {
  return {
    values: {},
    notes: [l10n.t('{0} was left out of this text by kubectl. Run the command again with {1}.', what, '--raw')],
  };
}

/** An API URL; one without scheme is read as https. */
export function takeApiUrl(text: string | undefined): Taken {
  if (text === undefined) return nothing;
  const url = /^[a-z]+:\/\//i.test(text) ? text : `https://${text}`;
  const problem = apiUrlProblem(url);
  if (problem !== undefined) {
    const offer = /[{}$%<>*]/.test(url) ? undefined : apiUrlWithin(url);
    return offer === undefined ||
      !/^["'<(\s]|[\u200b-\u200f"'>),;\s]$|^https?:\/\//i.test(text) ||
      /\s\S/.test(text.trim())
      ? { values: {}, notes: [l10n.t('The API URL in it can’t be used: {0}', problem)] }
      : { values: { apiUrl: offer }, notes: [l10n.t('The API URL was repaired: {0}', problem)] };
  }
  const hostname = new URL(url).hostname;
  const local = localAddressOf(hostname);
  const notes =
    local === undefined
      ? []
      : local === 'localhost' || local === 'loopback'
        ? [
            l10n.t(
              '{0} means the computer it is used on. GitLab needs the address at which its server reaches the Kubernetes API.',
              hostname,
            ),
          ]
        : [
            l10n.t(
              '{0} is a private address. GitLab’s server must be able to reach it, and an administrator must allow it; otherwise use the public address.',
              hostname,
            ),
          ];
  return {
    values: { apiUrl: url },
    notes: url === text ? notes : [l10n.t('The address had no scheme and was read as https.'), ...notes],
  };
}

/** Of the texts read last: contexts share CAs, and to read one takes longer than the rest of its context. */
const knownCas = new Map<string, Taken>();
const MAX_KNOWN = 1000;

/** A CA certificate in any form: PEM, or base64 of PEM or DER. From PEM only certificates of CAs are taken. */
export function takeCa(text: string | undefined): Taken {
  if (text === undefined) return nothing;
  const known = knownCas.get(text) ?? readCa(text);
  if (knownCas.size >= MAX_KNOWN) knownCas.clear();
  knownCas.set(text, known);
  return known;
}

function readCa(text: string): Taken {
  const what = l10n.t('The CA certificate');
  if (isHidden(text)) return hidden(what);
  const all = certificatesIn(text);
  const broken = l10n.t('The CA certificate can’t be read: it is damaged or incomplete. Copy it again.');
  if (all.length === 0) return { values: {}, notes: [broken] };
  // A flipped bit shows in the signature of a root, and nowhere else here.
  if (all.some((one) => one.checkIssued(one) && !one.verify(one.publicKey))) return { values: {}, notes: [broken] };
  const authorities = all.filter(isAuthority);
  if (authorities.length === 0) {
    return { values: {}, notes: [l10n.t('The certificate in it is not a CA certificate, so it was left out.')] };
  }
  const isRooted = authorities.some((one) => one.checkIssued(one));
  return {
    values: { caCert: authorities.map(toPem).join('\n') },
    notes: isRooted ? [] : [l10n.t('The CA certificate in it is an intermediate one: GitLab needs its root, too.')],
  };
}

/** A bearer token, as it stands or without what was copied along. Never quoted. */
export function takeToken(text: string | undefined): Taken {
  if (text === undefined) return nothing;
  const what = l10n.t('The token');
  if (isHidden(text)) return hidden(what);
  const token = serviceTokenWithin(text) ?? text;
  const [warning] = serviceTokenWarnings(token, new Date());
  const isUsable = /^[A-Za-z0-9._~+/:-]+=*$/.test(token) && !(token.startsWith('eyJ') && claimsOf(token) === undefined);
  if (!isUsable || isForeign(token)) return { values: {}, notes: warning === undefined ? [] : [warning] };
  return { values: { serviceToken: token }, notes: warning === undefined ? [] : [warning] };
}

/** Tokens that are right nowhere in Kubernetes, or only for a node that joins (Kubernetes facts 2.1). */
function isForeign(token: string): boolean {
  return /^(?:gl[a-z]+-|GR1348941|dop_v1_|doo_v1_|gh[pousr]_|github_pat_|AKIA|ASIA|AIza|xox[bp]-|[a-z0-9]{6}\.[a-z0-9]{16}$)/.test(
    token,
  );
}

/** Several things taken together. */
export function together(...parts: readonly Taken[]): Taken {
  return {
    values: parts.reduce<FoundValues>((all, { values }) => ({ ...all, ...values }), {}),
    notes: parts.flatMap(({ notes }) => notes),
  };
}

/** Base64 as text; undefined where it is none, or no text. */
export function decodedText(base64: string | undefined): string | undefined {
  const bare = base64?.replace(/\s+/g, '') ?? '';
  if (bare === '' || !/^[A-Za-z0-9+/]+={0,2}$/.test(bare) || bare.length % 4 !== 0) return undefined;
  const bytes = Uint8Array.from(atob(bare), (character) => character.charCodeAt(0));
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** Attributes that are taken as they are; the others are repaired, or looked up. */
type PlainAttribute = Exclude<AttributeOf<'text' | 'choice' | 'flag'>, 'apiUrl'>;

const plainAttributes = attributeNames.filter(
  (attribute): attribute is PlainAttribute =>
    attribute !== 'apiUrl' &&
    (isOfKind(attribute, 'text') || isOfKind(attribute, 'choice') || isOfKind(attribute, 'flag')),
);

/** What a text holds of these, each where `textOf` finds it; a flag counts only as `true` or `false`. */
export function plainValues(textOf: (attribute: PlainAttribute) => string | undefined): FoundValues {
  return plainAttributes.reduce<FoundValues>((values, attribute) => {
    const text = textOf(attribute);
    if (text === undefined || (isOfKind(attribute, 'flag') && !/^(?:true|false)$/.test(text))) return values;
    return { ...values, [attribute]: isOfKind(attribute, 'flag') ? text === 'true' : text };
  }, {});
}
