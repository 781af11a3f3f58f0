import * as l10n from '@vscode/l10n';
import { explainProxy, explainTls } from './explainConnection';
import { GitLabError } from './errors';
import type { GitLabErrorKind } from './errors';

/** A failure in words: what happened, GitLab's own words where they help, and one next step. */
export interface Explanation {
  /** A few words, fit for a tree row. */
  readonly title: string;
  /** Whole sentences, fit for a notification or tooltip. */
  readonly sentence: string;
}

/** Explains any error for people. What is not a GitLabError is a mistake of ours and says so. */
export function explain(error: unknown): Explanation {
  const known = error instanceof GitLabError ? error : new GitLabError('internal');
  const { title, sentence } = explainKind(known);
  return { title, sentence: withWords(sentence, known) };
}

/** The whole failure as one sentence naming host and action: "Could not add the cluster at X. …". */
export function explainAction(action: string, error: unknown): string {
  return `${action} ${explain(error).sentence}`;
}

function explainKind(error: GitLabError): Explanation {
  switch (error.kind) {
    case 'noToken':
      return {
        title: l10n.t('No token'),
        sentence: l10n.t('No access token is stored for this host. Enter one with “Replace Access Token”.'),
      };
    case 'keyring':
      return {
        title: l10n.t('Secret storage not available'),
        sentence: l10n.t(
          'The editor cannot use its secret storage, where access tokens are kept. Unlock the keyring of the system and refresh, or replace the token and keep it for this session only.',
        ),
      };
    case 'settings':
      return {
        title: l10n.t('Settings not written'),
        sentence: l10n.t(
          'The setting “gitlabClusters.hosts” could not be written. Look for mistakes in the user settings.',
        ),
      };
    case 'unauthorized':
      return {
        title: l10n.t('Access token not accepted'),
        sentence: namesReason(error)
          ? l10n.t('GitLab refuses this access token. Use a token of another kind, or ask an administrator of GitLab.')
          : l10n.t('GitLab does not know this access token. Replace the token; it may have been mistyped or deleted.'),
      };
    case 'tokenExpired':
      return {
        title: l10n.t('Access token expired'),
        sentence: l10n.t('The access token has expired. Create a new one in GitLab and replace the token.'),
      };
    case 'tokenRevoked':
      return {
        title: l10n.t('Access token revoked'),
        sentence: l10n.t('The access token was revoked. Create a new one in GitLab and replace the token.'),
      };
    case 'insufficientScope':
      return {
        title: l10n.t('Access token too narrow'),
        sentence: l10n.t(
          'The access token lacks a scope. Use one with the scope “api” (or “read_api” to look without changing anything).',
        ),
      };
    case 'forbidden':
      return {
        title: l10n.t('Not permitted'),
        sentence: l10n.t(
          'GitLab does not permit this. Changing clusters needs the Maintainer role; instance clusters need an administrator, with the scope “admin_mode” where Admin Mode is on.',
        ),
      };
    case 'notFound':
      return {
        title: l10n.t('Not found'),
        sentence: l10n.t('GitLab finds nothing here: it was deleted or moved, or this token may not see it.'),
      };
    case 'clustersUnavailable':
      return {
        title: l10n.t('Cluster integration switched off'),
        sentence: l10n.t(
          'Certificate-based clusters are switched off at this GitLab. An administrator can turn the feature flag “certificate_based_clusters” on.',
        ),
      };
    case 'unsupported':
      return {
        title: l10n.t('Not offered by this GitLab'),
        sentence: l10n.t(
          'This GitLab does not know the request: its version is too old or the feature was removed. Check the address too.',
        ),
      };
    case 'invalid':
      return { title: l10n.t('Not accepted'), sentence: l10n.t('GitLab did not accept the values.') };
    case 'conflict':
      return {
        title: l10n.t('Refused for now'),
        sentence: l10n.t(
          'GitLab refused the request, since the record is in use or the project has moved. Refresh and try again.',
        ),
      };
    case 'rateLimited':
      return {
        title: l10n.t('Too many requests'),
        sentence: `${l10n.t('GitLab limits the number of requests.')} ${waitWords(error.retryAfter)}`,
      };
    case 'redirected':
      return { title: l10n.t('Answers from another address'), sentence: redirectSentence(error) };
    case 'server':
      return {
        title: l10n.t('GitLab has a problem'),
        sentence: l10n.t('GitLab answered with an error of its own ({0}). Try again later.', error.status ?? 500),
      };
    case 'network':
      return { title: l10n.t('Not reachable'), sentence: networkSentence(error.message) };
    case 'tls':
      return explainTls(error.tls);
    case 'proxy':
      return explainProxy(error);
    case 'timeout':
      return {
        title: l10n.t('No answer in time'),
        sentence: l10n.t('The host did not answer in time. Try again, or check the network.'),
      };
    case 'cancelled':
      return { title: l10n.t('Cancelled'), sentence: l10n.t('Cancelled.') };
    case 'protocol':
      return {
        title: l10n.t('Not an answer of GitLab’s API'),
        sentence: l10n.t(
          'The answer cannot be used: {0}. A sign-in page or a proxy may have answered, or the address is not a GitLab. Open the host in the browser to see.',
          error.message || l10n.t('it is none of GitLab’s API'),
        ),
      };
    case 'unknownOutcome':
      return { title: l10n.t('Outcome unknown'), sentence: unknownOutcomeSentence(error) };
    case 'notHappened':
      return {
        title: l10n.t('Not done'),
        sentence: l10n.t(
          'GitLab’s answer got lost ({0}). We looked: nothing has changed. You can send it again; if GitLab was slow, wait a minute and refresh first.',
          reasonOf(error),
        ),
      };
    case 'internal':
      return {
        title: l10n.t('Unexpected error'),
        sentence: l10n.t('Something went wrong inside GitLab Clusters. The log has the details.'),
      };
  }
}

function waitWords(milliseconds: number | undefined): string {
  if (milliseconds === undefined) return l10n.t('Wait a moment and try again.');
  const seconds = Math.ceil(milliseconds / 1000);
  return seconds > 120
    ? l10n.t('Try again in {0} min.', Math.ceil(seconds / 60))
    : l10n.t('Try again in {0} s.', Math.max(1, seconds));
}

function redirectSentence({ location, sameOrigin }: GitLabError): string {
  if (location === undefined) {
    return l10n.t('GitLab sends us on without a usable address. Open the host in the browser to see.');
  }
  return sameOrigin
    ? l10n.t(
        'Instead of an answer we are sent on to {0}: a sign-in page or a portal may stand in between. Open the host in the browser to see.',
        location,
      )
    : l10n.t(
        'GitLab sends us on to {0}. The access token was not sent there; if that address is right, add the host with it.',
        location,
      );
}

/** `code` is Node's, such as ECONNREFUSED. */
function networkSentence(code: string): string {
  const words = networkWords(code);
  const next = l10n.t('Check the address, the network, and VPN or proxy.');
  return `${words} ${code ? `(${code}) ` : ''}${next}`;
}

function networkWords(code: string): string {
  switch (code) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return l10n.t('The name of the host is not known here.');
    case 'ECONNREFUSED':
      return l10n.t('Nothing answers at this address and port.');
    case 'ECONNRESET':
    case 'EPIPE':
    case 'ERR_STREAM_PREMATURE_CLOSE':
      return l10n.t('The connection broke before the answer was complete.');
    default:
      return l10n.t('The host cannot be reached.');
  }
}

/** Why GitLab's answer to a write never came, in a few words. */
function reasonOf({ cause }: GitLabError): string {
  return explain(cause).title;
}

function unknownOutcomeSentence(error: GitLabError): string {
  const [unseen] = error.problems;
  const lost = l10n.t('GitLab’s answer got lost ({0}).', reasonOf(error));
  if (unseen) return `${lost} ${unseen.message}`;
  const open = error.lookFailure
    ? l10n.t('Looking whether the change was made failed too ({0}).', explain(error.lookFailure).title)
    : l10n.t('Whether the change was made is not known.');
  return `${lost} ${open} ${l10n.t('Refresh and look before you send it again.')}`;
}

/** An unknown token is refused with nothing but the status; DPoP or switched-off impersonation is named (GitLab API contract 4.2). */
function namesReason({ message }: GitLabError): boolean {
  return message !== '' && !/^(401 )?unauthorized$/i.test(message);
}

/** Kinds whose own sentence says all. */
const selfExplaining: ReadonlySet<GitLabErrorKind> = new Set([
  'tokenExpired',
  'tokenRevoked',
  'cancelled',
  'timeout',
  'redirected',
  'network',
  'protocol',
  'unknownOutcome',
  'notHappened',
  'internal',
]);

/** Where the words behind a failure are not GitLab's. */
const ownWords: ReadonlySet<GitLabErrorKind> = new Set(['tls', 'keyring', 'settings']);

function withWords(sentence: string, error: GitLabError): string {
  const { kind, message } = error;
  if (message === '' || selfExplaining.has(kind) || (kind === 'unauthorized' && !namesReason(error))) return sentence;
  return `${sentence} ${ownWords.has(kind) ? `(${message})` : l10n.t('GitLab said: “{0}”', message)}`;
}
