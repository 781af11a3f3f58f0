import type { Certificate } from '../model/certificate';
import type { PresentedChain } from '../model/presentedChain';

/** Every way a GitLab request can fail. A closed set: each kind has its sentence and next step in `explain`. */
export type GitLabErrorKind =
  | 'noToken' // none is stored for the host
  | 'keyring' // the editor's secret storage cannot be read or written
  | 'settings' // the hosts setting cannot be written
  | 'unauthorized' // 401: no such token, or refused for a reason that `message` tells
  | 'tokenExpired'
  | 'tokenRevoked'
  | 'insufficientScope'
  | 'forbidden' // 403: role too low, account blocked, Admin Mode missing
  | 'notFound' // the project, group or cluster is gone or not visible
  | 'clustersUnavailable' // the certificate-based integration is switched off
  | 'unsupported' // the route does not exist: GitLab too old, or the feature removed
  | 'invalid' // 400: see `problems`
  | 'conflict' // 405, 409, 412
  | 'rateLimited'
  | 'redirected' // GitLab answers from another address; never followed
  | 'server'
  | 'network'
  | 'tls' // see `tls`
  | 'proxy' // the proxy on the way refused or cannot be reached: see `proxy`, and `status` where it answered
  | 'timeout'
  | 'cancelled'
  | 'protocol' // not JSON, or not of the expected shape: a proxy, a login page
  | 'unknownOutcome' // a write whose answer never came, and looking did not settle it
  | 'notHappened' // a write whose answer never came; looked: it did not happen
  | 'internal'; // a mistake of ours

/** Why a secure connection could not be set up. A closed set: each has its sentence and next step in `explainTls`. */
export type TlsReason =
  | 'unknownIssuer' // neither the editor nor the host's own CA knows who issued the certificate
  | 'selfSigned' // issued by itself, as installers make them
  | 'expired'
  | 'notYetValid'
  | 'wrongName'
  | 'weakKey' // its key, or one of its CAs', is too short for OpenSSL
  | 'weakSignature' // signed with SHA-1 or older
  | 'nameConstraints' // its CA may not issue for this name
  | 'purpose' // it is meant for clients, or its issuer is no CA
  | 'oldProtocol' // the host speaks nothing newer than TLS 1.1
  | 'notTls' // whatever listens on that port does not speak TLS
  | 'refused' // the host broke the handshake off: it wants a client certificate, most often
  | 'other';

/** What is known about a failed secure connection. */
export interface TlsFailure {
  readonly reason: TlsReason;
  /** What the host showed of itself, where it got that far. */
  readonly presented?: PresentedChain | undefined;
  /** The newest protocol the host speaks, where that is the trouble. */
  readonly protocol?: string | undefined;
  /** The CAs trusted for this host alone; none of them issued what was presented, where the reason is the issuer. */
  readonly trusted?: readonly Certificate[];
  /** The user trusted a CA this very host presented: so what it presents has changed since. */
  readonly changed?: boolean;
  /** Why the host's own CA file could not be used, as a sentence. */
  readonly caProblem?: string | undefined;
}

/** One complaint of GitLab. `field` is the wire name with dots (`platform_kubernetes.api_url`) or undefined. */
export interface FieldProblem {
  readonly field: string | undefined;
  readonly message: string;
}

/** Longer waits are not believed: GitLab's own limits last an hour as it ships (GitLab API contract 6). Milliseconds. */
export const LONGEST_WAIT = 3_600_000;

export interface GitLabErrorDetails {
  readonly status?: number | undefined;
  /** GitLab's own words, as plain text, capped. For `network` and `tls` a code, for `protocol` what is wrong, in words. */
  readonly message?: string | undefined;
  readonly problems?: readonly FieldProblem[];
  /** Milliseconds GitLab asks to wait, `LONGEST_WAIT` at most. */
  readonly retryAfter?: number | undefined;
  /** Scopes GitLab says would do (403 insufficient_scope). */
  readonly scopes?: readonly string[];
  /** Where a redirect pointed: scheme, authority and path; queries of sign-in pages carry secrets of their own. */
  readonly location?: string | undefined;
  /** The redirect stays on the host's own origin. */
  readonly sameOrigin?: boolean;
  /** When a write was sent whose answer got lost, as `performance.now()` counts. */
  readonly sentAt?: number | undefined;
  /** Why looking for the outcome of a write failed too. */
  readonly lookFailure?: GitLabError | undefined;
  readonly tls?: TlsFailure | undefined;
  /** `host:port` of the proxy that was used, without credentials. */
  readonly proxy?: string | undefined;
  readonly cause?: unknown;
}

/** The only error the GitLab modules throw. No token is ever in it, nor in its cause. */
export class GitLabError extends Error {
  override readonly name = 'GitLabError';
  readonly kind: GitLabErrorKind;
  readonly status: number | undefined;
  readonly problems: readonly FieldProblem[];
  readonly retryAfter: number | undefined;
  readonly scopes: readonly string[];
  readonly location: string | undefined;
  readonly sameOrigin: boolean;
  readonly sentAt: number | undefined;
  readonly lookFailure: GitLabError | undefined;
  readonly tls: TlsFailure | undefined;
  readonly proxy: string | undefined;

  constructor(kind: GitLabErrorKind, details: GitLabErrorDetails = {}) {
    super(details.message ?? '', details.cause === undefined ? undefined : { cause: details.cause });
    this.kind = kind;
    this.status = details.status;
    this.problems = details.problems ?? [];
    this.retryAfter = details.retryAfter;
    this.scopes = details.scopes ?? [];
    this.location = details.location;
    this.sameOrigin = details.sameOrigin ?? false;
    this.sentAt = details.sentAt;
    this.lookFailure = details.lookFailure;
    this.tls = details.tls;
    this.proxy = details.proxy;
  }
}

/** A GitLabError as it is; anything else is a mistake of ours. */
export function toGitLabError(error: unknown): GitLabError {
  return error instanceof GitLabError ? error : new GitLabError('internal', { cause: error });
}
