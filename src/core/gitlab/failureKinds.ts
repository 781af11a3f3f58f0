import * as l10n from '@vscode/l10n';
import { LONGEST_WAIT } from './errors';
import type { GitLabError, GitLabErrorKind } from './errors';
import { explainProxy, explainTls } from './explainConnection';

/** What a search through a host does after a failure that outlasted the client's own repeats. */
type SearchStep =
  | 'stop' // nothing else would be answered: the token does not work
  | 'wait' // the host asked to be left alone for a while
  | 'repeat' // the host could not be reached, or not just now: once more when all else is done
  | 'skip'; // it concerns this one owner or list

/** What a write that failed so has done. */
type WriteOutcome =
  | 'none' // it was refused or never arrived
  | 'lost' // it may have been carried out, and GitLab's answer did not arrive: whoever sent it has to look
  | 'unknown'; // it may have been carried out, and looking did not settle it

/** What helps; the row of a failure offers it as its one action. */
export type Remedy =
  | 'token' // another access token
  | 'connection' // the certificate, or the way to the host step by step
  | 'address' // the host has moved
  | 'browser' // to see who answers there
  | 'gone' // to stop watching what is not there
  | 'log'
  | 'refresh';

/** Whose words the `message` of a failure holds. */
type MessageWords =
  | 'gitlab' // quoted behind our sentence
  | 'ours' // put in brackets behind it
  | 'covered'; // said by the sentence already, or of no use

/** A fact of a kind, or what it is for a single failure of that kind. */
type Of<T extends string | boolean> = T | ((error: GitLabError) => T);

/** What a kind of failure means to everybody who meets it. */
interface FailureMeaning {
  /** A few words, fit for a tree row. */
  readonly title: (error: GitLabError) => string;
  /** It may pass within a second, so that a read is repeated. Writes never are. */
  readonly passes: Of<boolean>;
  /** The host, or the proxy on the way, asks for a rest, so that all requests to it wait. */
  readonly restsHost: Of<boolean>;
  /** Milliseconds such a rest lasts at most, whatever is asked for. */
  readonly longestRest: number;
  /** The answer is about the address asked, so that what only that address reports may stay unknown. */
  readonly aboutRequest: boolean;
  /** Other projects and groups of the host may be read all the same. */
  readonly ofOnePlace: Of<boolean>;
  readonly write: Of<WriteOutcome>;
  /** The host does not answer as it should, so that what was known before is still the best there is. */
  readonly keepsKnown: boolean;
  /** What is shown is not up to date, and has to be read again. */
  readonly outdated: boolean;
  readonly search: Of<SearchStep>;
  readonly remedy: Remedy;
  readonly words: Of<MessageWords>;
}

type Common = Omit<FailureMeaning, 'title'>;

/** A limit ends when GitLab says; how long a maintenance lasts nobody knows, so the host is asked again by then. */
const LONGEST_MAINTENANCE = 120_000;

/** GitLab refused this one request. */
const refused: Common = {
  passes: false,
  restsHost: false,
  longestRest: 0,
  aboutRequest: true,
  ofOnePlace: true,
  write: 'none',
  keepsKnown: false,
  outdated: false,
  search: 'skip',
  remedy: 'refresh',
  words: 'gitlab',
};

/** No request will be answered with this token. */
const tokenUseless: Common = { ...refused, aboutRequest: false, ofOnePlace: false, search: 'stop', remedy: 'token' };

/** The host could not be reached, or not just now. */
const notReached: Common = {
  ...refused,
  aboutRequest: false,
  ofOnePlace: false,
  keepsKnown: true,
  search: 'repeat',
  words: 'covered',
};

/** It happened on this side. */
const ours: Common = { ...refused, aboutRequest: false, words: 'ours' };

/** Every kind of failure, and what it means: retries, searches, bulk changes, rows, forms and explanations read it here. */
export const failureKinds: Readonly<Record<GitLabErrorKind, FailureMeaning>> = {
  noToken: { ...tokenUseless, title: () => l10n.t('No token') },
  keyring: { ...tokenUseless, title: () => l10n.t('Secret storage not available'), words: 'ours' },
  settings: { ...ours, title: () => l10n.t('Settings not written') },
  unauthorized: {
    ...tokenUseless,
    title: () => l10n.t('Access token not accepted'),
    words: (error) => (namesReason(error) ? 'gitlab' : 'covered'),
  },
  tokenExpired: { ...tokenUseless, title: () => l10n.t('Access token expired'), words: 'covered' },
  tokenRevoked: { ...tokenUseless, title: () => l10n.t('Access token revoked'), words: 'covered' },
  // A search goes on: a fine-grained token may lack the scope on one project alone (GitLab API contract 4.3).
  insufficientScope: { ...refused, title: () => l10n.t('Access token lacks a scope'), remedy: 'token' },
  forbidden: {
    ...refused,
    title: (error) => (isAboutAccount(error) ? l10n.t('Account not accepted') : l10n.t('Not permitted')),
    ofOnePlace: (error) => !isAboutAccount(error),
    search: (error) => (isAboutAccount(error) ? 'stop' : 'skip'),
  },
  notFound: { ...refused, title: () => l10n.t('Not found'), outdated: true, remedy: 'gone' },
  clustersUnavailable: { ...refused, title: () => l10n.t('Cluster integration switched off'), outdated: true },
  unsupported: { ...refused, title: () => l10n.t('Not offered by this GitLab'), remedy: 'browser' },
  invalid: { ...refused, title: () => l10n.t('Not accepted') },
  conflict: { ...refused, title: () => l10n.t('Refused for now'), outdated: true },
  rateLimited: {
    ...notReached,
    title: () => l10n.t('Too many requests'),
    passes: true,
    restsHost: true,
    longestRest: LONGEST_WAIT,
    search: 'wait',
    words: 'gitlab',
  },
  redirected: { ...notReached, title: () => l10n.t('Answers from another address'), remedy: 'address' },
  server: {
    ...notReached,
    title: () => l10n.t('GitLab server error'),
    passes: (error) => isPassingStatus(error),
    restsHost: ({ retryAfter }) => retryAfter !== undefined,
    longestRest: LONGEST_MAINTENANCE,
    aboutRequest: true,
    ofOnePlace: true,
    write: 'lost',
    // GitLab's own mistake concerns what was asked; everything else may pass.
    search: ({ status, retryAfter }) => (retryAfter !== undefined ? 'wait' : status === 500 ? 'skip' : 'repeat'),
    words: 'gitlab',
  },
  network: { ...notReached, title: () => l10n.t('Not reachable'), passes: true, write: (error) => writeBroken(error) },
  tls: {
    ...notReached,
    title: ({ tls }) => explainTls(tls).title,
    write: (error) => writeBroken(error),
    remedy: 'connection',
    words: 'ours',
  },
  proxy: {
    ...notReached,
    title: (error) => explainProxy(error).title,
    passes: (error) => isPassingProxy(error),
    restsHost: (error) => isPassingProxy(error) && error.retryAfter !== undefined,
    longestRest: LONGEST_MAINTENANCE,
    search: (error) => (isPassingProxy(error) && error.retryAfter !== undefined ? 'wait' : 'repeat'),
    remedy: 'connection',
    words: 'ours',
  },
  timeout: { ...notReached, title: () => l10n.t('No answer in time'), ofOnePlace: true, write: 'lost' },
  cancelled: { ...ours, title: () => l10n.t('Cancelled'), ofOnePlace: false, write: 'lost', words: 'covered' },
  protocol: {
    ...refused,
    title: () => l10n.t('Not a GitLab API response'),
    write: ({ status }) => (status === undefined || status < 300 ? 'lost' : 'none'),
    remedy: 'browser',
    words: 'covered',
  },
  unknownOutcome: {
    ...ours,
    title: () => l10n.t('Outcome unknown'),
    write: 'unknown',
    outdated: true,
    words: 'covered',
  },
  notHappened: { ...ours, title: () => l10n.t('Not done'), outdated: true, words: 'covered' },
  internal: { ...ours, title: () => l10n.t('Unexpected error'), remedy: 'log', words: 'covered' },
};

export function passes(error: GitLabError): boolean {
  return of(failureKinds[error.kind].passes, error);
}

export function restsHost(error: GitLabError): boolean {
  return of(failureKinds[error.kind].restsHost, error);
}

export function writeAfter(error: GitLabError): WriteOutcome {
  return of(failureKinds[error.kind].write, error);
}

export function searchAfter(error: GitLabError): SearchStep {
  return of(failureKinds[error.kind].search, error);
}

export function isOfOnePlace(error: GitLabError): boolean {
  return of(failureKinds[error.kind].ofOnePlace, error);
}

export function wordsOf(error: GitLabError): MessageWords {
  return of(failureKinds[error.kind].words, error);
}

function of<T extends string | boolean>(fact: Of<T>, error: GitLabError): T {
  return typeof fact === 'function' ? fact(error) : fact;
}

/** Milliseconds to wait where GitLab gives no time: older versions do not (GitLab API contract 6). */
const USUAL_REST = 30_000;

/** Milliseconds a host is to be left alone after a failure that asks for it. */
export function restAfter({ kind, retryAfter }: GitLabError): number {
  return Math.min(Math.max(1, retryAfter ?? USUAL_REST), failureKinds[kind].longestRest);
}

/** An unknown token is refused with nothing but the status; DPoP or switched-off impersonation is named (GitLab API contract 4.2). */
export function namesReason({ message }: GitLabError): boolean {
  return message !== '' && !/^(401 )?unauthorized$/i.test(message);
}

/**
 * A role too low is refused with the status alone; an account that is blocked, deactivated, not confirmed, or has terms
 * to accept, with a sentence behind a dash (GitLab API contract 4.3).
 */
export function isAboutAccount({ kind, message }: GitLabError): boolean {
  return kind === 'forbidden' && /^403 Forbidden {1,2}- \S/.test(message);
}

/** GitLab or a proxy restarts, or cannot reach the next just now. */
function isPassingStatus({ status }: GitLabError): boolean {
  return status === 502 || status === 503 || status === 504;
}

/** A proxy without a status could not be reached; other statuses of it, such as 407, want somebody to do something. */
function isPassingProxy(error: GitLabError): boolean {
  return error.status === undefined || isPassingStatus(error);
}

/** Failures to connect: nothing of the request can have arrived. */
const neverSent =
  /^(ENOTFOUND|EAI_|ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|ENETDOWN|EADDRNOTAVAIL|ERR_INVALID_|ERR_TLS_CERT_|CERT_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE|UNSPECIFIED|PATH_LENGTH|ERR_SSL_WRONG_VERSION|ERR_SSL_UNSUPPORTED_PROTOCOL|ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION)/;

/** A connection that failed without a system's error behind it failed while it was set up. */
function writeBroken({ message, cause }: GitLabError): WriteOutcome {
  return cause !== undefined && !neverSent.test(message) ? 'lost' : 'none';
}
