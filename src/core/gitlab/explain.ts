import * as l10n from '@vscode/l10n';
import { explainProxy, explainTls } from './explainConnection';
import { GitLabError } from './errors';
import { failureKinds, isAboutAccount, namesReason, wordsOf } from './failureKinds';

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
  return { title: failureKinds[known.kind].title(known), sentence: withWords(sentenceOf(known), known) };
}

/** The whole failure as one sentence naming host and action: "Could not add the cluster at X. …". */
export function explainAction(action: string, error: unknown): string {
  return `${action} ${explain(error).sentence}`;
}

function sentenceOf(error: GitLabError): string {
  switch (error.kind) {
    case 'noToken':
      return l10n.t('No access token is stored for this host. Enter one with “Replace Access Token”.');
    case 'keyring':
      return l10n.t(
        'The editor cannot use its secret storage, where access tokens are kept. Unlock the keyring of the system and refresh, or replace the token and keep it for this session only.',
      );
    case 'settings':
      return l10n.t('The setting “gitlabClusters.hosts” could not be written. Look for mistakes in the user settings.');
    case 'unauthorized':
      return namesReason(error)
        ? l10n.t('GitLab refuses this access token. Use a token of another kind, or ask an administrator of GitLab.')
        : l10n.t('GitLab does not know this access token. Replace the token; it may have been mistyped or deleted.');
    case 'tokenExpired':
      return l10n.t('The access token has expired. Create a new one in GitLab and replace the token.');
    case 'tokenRevoked':
      return l10n.t('The access token was revoked. Create a new one in GitLab and replace the token.');
    case 'insufficientScope':
      return l10n.t(
        'The access token lacks a scope. Use one with the scope “api” (or “read_api” for read-only access).',
      );
    case 'forbidden':
      return isAboutAccount(error)
        ? l10n.t(
            'GitLab refuses this account for now. Open GitLab in the browser and sign in to see what it wants, or ask an administrator of GitLab.',
          )
        : l10n.t(
            'GitLab does not permit this. Reading clusters needs the Developer role (the Maintainer role before GitLab 14). Changing clusters needs the Maintainer role and a project that is not archived; instance clusters need an administrator, with the scope “admin_mode” where Admin Mode is on.',
          );
    case 'notFound':
      return l10n.t('Not found in GitLab: it was deleted or moved, or this token has no access to it.');
    case 'clustersUnavailable':
      return l10n.t(
        'Certificate-based clusters are switched off at this GitLab. An administrator can turn the feature flag “certificate_based_clusters” on.',
      );
    case 'unsupported':
      return l10n.t(
        'This GitLab does not know the request: its version is too old or the feature was removed. Check the address as well.',
      );
    case 'invalid':
      return l10n.t('GitLab did not accept the values.');
    case 'conflict':
      return l10n.t(
        'GitLab refused the request, since the record is in use or the project has moved. Refresh and try again.',
      );
    case 'rateLimited':
      return `${l10n.t('GitLab limits the number of requests.')} ${waitWords(error.retryAfter)}`;
    case 'redirected':
      return redirectSentence(error);
    case 'server':
      return l10n.t('GitLab returned a server error ({0}). Try again later.', error.status ?? 500);
    case 'network':
      return networkSentence(error);
    case 'tls':
      return explainTls(error.tls).sentence;
    case 'proxy':
      return explainProxy(error).sentence;
    case 'timeout':
      return l10n.t('The host did not answer in time. Try again, or check the network.');
    case 'cancelled':
      return l10n.t('Cancelled.');
    case 'protocol':
      return l10n.t(
        'The answer cannot be used: {0}. A sign-in page or a proxy may have answered, or the address lacks the path GitLab is installed below (such as /gitlab). Open the host in the browser to see.',
        error.message || l10n.t('it did not come from GitLab’s API'),
      );
    case 'unknownOutcome':
      return unknownOutcomeSentence(error);
    case 'notHappened':
      return l10n.t(
        'GitLab’s response was lost ({0}). We checked: nothing has changed, so you can save again. If GitLab is slow, wait a minute and refresh first.',
        reasonOf(error),
      );
    case 'internal':
      return l10n.t('Something went wrong inside GitLab Clusters. The log has the details.');
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
    return l10n.t('GitLab sent a redirect without a valid address. Open the host in the browser to see.');
  }
  return sameOrigin
    ? l10n.t(
        'The request was redirected to {0}, perhaps by a sign-in page or portal. Open the host in the browser to see.',
        location,
      )
    : l10n.t(
        'GitLab redirects to {0}. The access token was not sent there; if that address is right, add the host with it.',
        location,
      );
}

/** The message is Node's code, such as ECONNREFUSED. */
function networkSentence({ message: code, cause }: GitLabError): string {
  // Without a cause, the connection broke while it was set up.
  if (code === 'ECONNRESET' && cause === undefined)
    return l10n.t(
      'The connection was closed while it was being secured (ECONNRESET), and nothing was sent. A firewall or load balancer in between may not let TLS pass: ask the network’s administrator.',
    );
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
  const lost = l10n.t('GitLab’s response was lost ({0}).', reasonOf(error));
  if (unseen) return `${lost} ${unseen.message}`;
  const open = error.lookFailure
    ? l10n.t('Checking the outcome failed as well ({0}).', explain(error.lookFailure).title)
    : l10n.t('It is unknown whether the change was made.');
  return `${lost} ${open} ${l10n.t('Refresh and check before you try again.')}`;
}

function withWords(sentence: string, error: GitLabError): string {
  const { message } = error;
  if (message === '') return sentence;
  switch (wordsOf(error)) {
    case 'gitlab':
      return `${sentence} ${l10n.t('GitLab said: “{0}”', message)}`;
    case 'ours':
      return `${sentence} (${message})`;
    case 'covered':
      return sentence;
  }
}
