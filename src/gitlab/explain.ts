import * as l10n from '@vscode/l10n';
import { GitLabError } from './errors';

/** A failure in words: what happened, GitLab's own words where they help, and one next step. */
export interface Explanation {
  /** A few words, fit for a tree row. */
  readonly title: string;
  /** Whole sentences, fit for a notification or tooltip. */
  readonly sentence: string;
}

/** Explains any error for people. What is not a GitLabError is a mistake of ours and says so. */
export function explain(error: unknown): Explanation {
  if (!(error instanceof GitLabError)) {
    return {
      title: l10n.t('Unexpected error'),
      sentence: l10n.t('Something went wrong inside GitLab Clusters. The log has the details.'),
    };
  }
  const { title, sentence } = explainKind(error);
  return { title, sentence: withWords(sentence, error) };
}

/** The whole failure as one sentence naming host and action: "Could not add the cluster at X. …". */
export function explainAction(action: string, error: unknown): string {
  return `${action} ${explain(error).sentence}`;
}

function explainKind(error: GitLabError): Explanation {
  switch (error.kind) {
    case 'unauthorized':
      return {
        title: l10n.t('Access token not accepted'),
        sentence: l10n.t(
          'GitLab does not know this access token. Replace the token; it may have been mistyped or deleted.',
        ),
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
        sentence:
          error.retryAfter === undefined
            ? l10n.t('GitLab limits the number of requests. Wait a moment and refresh.')
            : l10n.t(
                'GitLab limits the number of requests. Refresh in {0} seconds.',
                Math.ceil(error.retryAfter / 1000),
              ),
      };
    case 'redirected':
      return {
        title: l10n.t('Answers from another address'),
        sentence: l10n.t(
          'GitLab sends us on to {0}. The access token was not sent there; if that address is right, add the host with it.',
          error.location ?? l10n.t('another address'),
        ),
      };
    case 'server':
      return {
        title: l10n.t('GitLab has a problem'),
        sentence: l10n.t('GitLab answered with an error of its own ({0}). Try again later.', error.status ?? 500),
      };
    case 'network':
      return {
        title: l10n.t('Not reachable'),
        sentence: l10n.t('The host cannot be reached. Check the address, the network, and VPN or proxy.'),
      };
    case 'tls':
      return {
        title: l10n.t('Certificate not trusted'),
        sentence: l10n.t(
          'The secure connection could not be set up. Check the certificate of the host and the CA it comes from.',
        ),
      };
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
          'The answer is not what GitLab’s API gives: a sign-in page or a proxy may have answered, or the address is not a GitLab. Open the host in the browser to see.',
        ),
      };
  }
}

/** Kinds whose own sentence says all; GitLab's words would only repeat "401 Unauthorized". */
const selfExplaining = new Set(['unauthorized', 'tokenExpired', 'tokenRevoked', 'cancelled', 'timeout', 'redirected']);

function withWords(sentence: string, error: GitLabError): string {
  if (error.message === '' || selfExplaining.has(error.kind)) return sentence;
  const own = error.kind === 'network' || error.kind === 'tls' || error.kind === 'protocol';
  return `${sentence} ${own ? `(${error.message})` : l10n.t('GitLab said: “{0}”.', error.message)}`;
}
