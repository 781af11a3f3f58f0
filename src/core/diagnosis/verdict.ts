import type { X509Certificate } from 'node:crypto';
import type { PresentedCertificate, PresentedChain } from '../model/presentedChain';
import { lacksTrust } from '../net/tlsReason';
import { strangerByCertificate } from './answered';
import type { Asked } from './ask';
import { chainCause, hasWeakKey } from './chainCause';
import type { ChainCause, KnownCa } from './chainCause';
import { tlsProblem } from './explainCertificate';
import type { Evidence } from './explainCertificate';
import type { Problem } from './ladder';
import type { Surroundings } from './surroundings';
import type { Refusal, Viewer } from './tlsVerdict';

/** One viewer's verdict. */
export interface Verdict {
  readonly asked: Asked;
  readonly refusal: Refusal | undefined;
  readonly presented: PresentedChain | undefined;
  readonly problem: Problem | undefined;
  /** What the viewer accepts, but should not be relied on. */
  readonly warning: Problem | undefined;
  /** The root that was presented and that no stored CA vouches for: it may be stored once somebody has compared it. */
  readonly offered?: PresentedCertificate | undefined;
}

/** Both verdicts about one stored CA. */
export interface Verdicts {
  readonly gitlab: Verdict;
  /** Undefined where there was no connection to look at. */
  readonly kubectl: Verdict | undefined;
}

/** What a certificate was judged by. */
export interface Judged {
  readonly viewer: Viewer;
  readonly hostname: string;
  /** PEM text of the CA field, and the certificates in it that count. */
  readonly caCert: string | undefined;
  readonly stored: readonly X509Certificate[];
  readonly world: Pick<Surroundings, 'knownCas' | 'now'>;
}

export function evidenceOf({ hostname, world }: Judged, presented: PresentedChain | undefined): Evidence {
  return { hostname, presented, cause: undefined, now: world.now() };
}

/** The verdict about a certificate that the handshake accepted. */
export function acceptedVerdict(asked: Asked, judged: Judged): Verdict {
  const { presented } = asked;
  const verdict = { asked, refusal: undefined, presented, problem: undefined, warning: undefined };
  // Node 20 and BoringSSL let such a key pass; GitLab's OpenSSL does not.
  const isWeak = judged.viewer === 'gitlab' && presented !== undefined && hasWeakKey(presented);
  return isWeak
    ? { ...verdict, refusal: 'weakKey', problem: tlsProblem('weakKey', '', evidenceOf(judged, presented)) }
    : verdict;
}

/** The verdict about one that was refused. `seen` is the look without verification. */
export function refusedVerdict(
  { asked, refusal, code }: { readonly asked: Asked; readonly refusal: Refusal; readonly code: string },
  judged: Judged,
  seen: Asked,
): Verdict {
  const presented = asked.presented ?? seen.presented;
  const verdict = { asked, refusal, presented, warning: undefined };
  const stranger = presented && strangerByCertificate(presented);
  if (stranger) return { ...verdict, problem: stranger };
  const cause = presented && causeOf(refusal, presented, judged, seen.authorized);
  const problem = tlsProblem(refusal, code, { ...evidenceOf(judged, presented), cause });
  return { ...verdict, problem, offered: presented && offeredBy(presented, cause) };
}

function causeOf(
  refusal: Refusal,
  presented: PresentedChain,
  { caCert, stored, world }: Judged,
  trustedBySystem: boolean,
): ChainCause | undefined {
  const asksForCause =
    refusal === 'expired' || (refusal !== 'commonNameAlone' && refusal !== 'unknownName' && lacksTrust(refusal));
  if (!asksForCause) return undefined;
  const others = (): readonly KnownCa[] =>
    world
      .knownCas()
      .filter(({ certificates }) => !certificates.some((ca) => (caCert ?? '').includes(ca.toString().trim())));
  return chainCause({ presented, stored, trustedBySystem, knownCas: others, now: world.now() });
}

/** A gateway's CA is none to store: GitLab's server may not be behind the gateway. */
function offeredBy({ certificates }: PresentedChain, cause: ChainCause | undefined): PresentedCertificate | undefined {
  return cause === undefined || cause.kind === 'signedAgain'
    ? undefined
    : certificates.find(({ selfSigned }) => selfSigned);
}
