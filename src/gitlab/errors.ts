/** Every way a GitLab request can fail. A closed set: each kind has its sentence and next step in `explain`. */
export type GitLabErrorKind =
  | 'unauthorized' // 401: no such token
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
  | 'tls'
  | 'timeout'
  | 'cancelled'
  | 'protocol'; // not JSON, or not of the expected shape: a proxy, a login page

/** One complaint of GitLab. `field` is the wire name with dots (`platform_kubernetes.api_url`) or undefined. */
export interface FieldProblem {
  readonly field: string | undefined;
  readonly message: string;
}

export interface GitLabErrorDetails {
  readonly status?: number;
  /** GitLab's own words, as plain text, capped. */
  readonly message?: string;
  readonly problems?: readonly FieldProblem[];
  /** Milliseconds GitLab asks to wait. */
  readonly retryAfter?: number;
  /** Scopes GitLab says would do (403 insufficient_scope). */
  readonly scopes?: readonly string[];
  /** Where a redirect pointed. */
  readonly location?: string;
  readonly cause?: unknown;
}

/** The only error the GitLab modules throw. */
export class GitLabError extends Error {
  override readonly name = 'GitLabError';
  readonly kind: GitLabErrorKind;
  readonly status: number | undefined;
  readonly problems: readonly FieldProblem[];
  readonly retryAfter: number | undefined;
  readonly scopes: readonly string[];
  readonly location: string | undefined;

  constructor(kind: GitLabErrorKind, details: GitLabErrorDetails = {}) {
    super(details.message ?? '', { cause: details.cause });
    this.kind = kind;
    this.status = details.status;
    this.problems = details.problems ?? [];
    this.retryAfter = details.retryAfter;
    this.scopes = details.scopes ?? [];
    this.location = details.location;
  }
}
