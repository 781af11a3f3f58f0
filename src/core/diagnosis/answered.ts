import * as l10n from '@vscode/l10n';
import * as z from 'zod/mini';
import { commonNameOf } from '../model/certificate';
import { plain } from '../model/plainText';
import type { PresentedChain } from '../model/presentedChain';
import { jsonOf } from './answer';
import type { Answer } from './answer';
import type { Problem } from './ladder';
import { apiVersionOf } from './versions';
import type { ApiVersion } from './versions';

/** Who answered over HTTP. */
export type Answered =
  | { readonly who: 'kubernetes'; readonly anonymous: 'allowed'; readonly version: ApiVersion | undefined }
  /** 401 and 403 in Kubernetes' own words are good signs (Kubernetes facts 6.2). */
  | { readonly who: 'kubernetes'; readonly anonymous: 'refused'; readonly status: number; readonly message: string }
  | { readonly who: 'kubernetes'; readonly anonymous: 'failed'; readonly status: number; readonly message: string }
  | { readonly who: 'stranger'; readonly problem: Problem };

const statusBody = z.object({
  kind: z.literal('Status'),
  status: z.optional(z.string()),
  message: z.optional(z.string()),
  reason: z.optional(z.string()),
});
const versionBody = z.object({ gitVersion: z.string() });
const rancherBody = z.object({
  type: z.literal('error'),
  message: z.optional(z.string()),
  code: z.optional(z.string()),
});
const gitlabBody = z.object({ message: z.string() });

/** Looks at the answer to `/version`. `path` is the one of the API URL. */
export function answeredBy(answer: Answer, path: string): Answered {
  const { status, headers } = answer;
  const json = jsonOf(answer);
  const version = status === 200 ? versionBody.safeParse(json).data : undefined;
  if (version) return { who: 'kubernetes', anonymous: 'allowed', version: apiVersionOf(version.gitVersion) };
  const said = statusBody.safeParse(json).data;
  if (said) {
    const message = plain(said.message ?? said.reason ?? '');
    if (status === 401 || status === 403) return { who: 'kubernetes', anonymous: 'refused', status, message };
    return { who: 'kubernetes', anonymous: 'failed', status, message };
  }
  // An old or cut-down API server: only it has these.
  if ((status === 401 || status === 403) && headers['audit-id'] !== undefined)
    return { who: 'kubernetes', anonymous: 'refused', status, message: plain(answer.body) };
  return { who: 'stranger', problem: stranger(answer, json, path) };
}

/** Kubernetes facts 7.3. */
function stranger({ status, headers, body }: Answer, json: unknown, path: string): Problem {
  const server = headers['server'] ?? '';
  const words = body.slice(0, 4000);
  if (
    /Client sent an HTTP request to an HTTPS server/i.test(words) ||
    /plain HTTP request was sent to HTTPS/i.test(words)
  )
    return {
      title: l10n.t('HTTPS needed'),
      sentence: l10n.t('This port speaks https, and the API URL begins with http.'),
      next: l10n.t('Change the API URL to https://.'),
    };
  if (rancherBody.safeParse(json).success)
    return {
      title: l10n.t('Rancher, not a cluster'),
      sentence: l10n.t('Rancher’s own API answered (status {0}): the path of the cluster is missing or wrong.', status),
      next: l10n.t('Add the path to the API URL: {0}.', '/k8s/clusters/<id>'),
    };
  if (status >= 300 && status < 400) return redirected(headers['location']);
  if (/default backend - 404/.test(words))
    return ingress(l10n.t('The default page of an ingress answered (“default backend - 404”).'));
  if (status === 404 && /^404 page not found\s*$/.test(words) && path === '')
    return ingress(l10n.t('The answer was “404 page not found”, as Traefik and other ingresses give it.'));
  if (/cloudflare/i.test(server) || headers['cf-ray'] !== undefined)
    return {
      title: l10n.t('Cloudflare answered'),
      sentence: l10n.t(
        'Cloudflare answered with status {0}, not a Kubernetes API. It rarely passes Kubernetes requests on.',
        status,
      ),
      next: l10n.t('Register the address of the API server itself.'),
    };
  if (/^awselb/i.test(server) || (status === 503 && /Application is not available/.test(words)))
    return {
      title: l10n.t('Load balancer without a target'),
      sentence: /^awselb/i.test(server)
        ? l10n.t('An AWS load balancer answered with status {0}: no healthy API server is behind it.', status)
        : l10n.t('OpenShift’s router answered “Application is not available”: this is the address of applications.'),
      next: /^awselb/i.test(server)
        ? l10n.t('Check the targets of the load balancer.')
        : l10n.t('Use the API’s address, most often {0}.', 'https://api.<domain>:6443'),
    };
  if (gitlabBody.safeParse(json).data?.message === '401 Unauthorized')
    return {
      title: l10n.t('GitLab itself answered'),
      sentence: l10n.t('This is the address of a GitLab, not of a Kubernetes API.'),
      next: l10n.t('Enter the address of the Kubernetes API; “kubectl cluster-info” prints it.'),
    };
  if (status === 403 && /^(<h3>)?(Unauthorized|Forbidden)/i.test(words.trim()) && json === undefined)
    return {
      title: l10n.t('A “kubectl proxy” answered'),
      sentence: l10n.t(
        '“kubectl proxy” refuses the name in this address. It serves a cluster without a login and must not be registered.',
      ),
      next: l10n.t('Enter the address of the Kubernetes API; “kubectl cluster-info” prints it.'),
    };
  return apiPath(path, status) ?? loginOrPage(status, words, headers['content-type'] ?? '');
}

/** GitLab appends `/api/v1` itself. */
export function apiPath(path: string, status: number | undefined): Problem | undefined {
  const extra = /\/(api(\/v1)?|apis|version)$/.exec(path)?.[0];
  if (extra === undefined) return undefined;
  return {
    title: l10n.t('Path too long'),
    sentence:
      status === undefined
        ? l10n.t('The API URL ends with “{0}”, and GitLab appends the API’s path itself.', plain(extra))
        : l10n.t(
            'The API URL ends with “{0}”, and GitLab appends the API’s path itself: the answer was {1}.',
            plain(extra),
            status,
          ),
    next: l10n.t('Remove “{0}” from the API URL.', plain(extra)),
  };
}

function redirected(location: string | undefined): Problem {
  const target =
    location !== undefined && URL.canParse(location, 'https://here.invalid')
      ? new URL(location, 'https://here.invalid')
      : undefined;
  // Queries of sign-in pages carry secrets of their own.
  const shown = target
    ? plain(`${target.host === 'here.invalid' ? '' : target.origin}${target.pathname}`)
    : l10n.t('another address');
  return {
    title: l10n.t('Redirected'),
    sentence: l10n.t(
      'The address redirects to {0}, as consoles, dashboards and sign-in pages do. GitLab follows no redirect.',
      shown,
    ),
    next: l10n.t('Use the API’s address; on OpenShift it is most often {0}.', 'https://api.<domain>:6443'),
  };
}

function ingress(sentence: string): Problem {
  return {
    title: l10n.t('An ingress, not the API'),
    sentence,
    next: l10n.t('Enter the address of the Kubernetes API; “kubectl cluster-info” prints it.'),
  };
}

function loginOrPage(status: number, words: string, type: string): Problem {
  const page = type.includes('text/html') || /^\s*<(!doctype|html)/i.test(words);
  const login = page && /password|sign.?in|log.?in|oauth|saml/i.test(words);
  return {
    title: login ? l10n.t('A login page') : l10n.t('Not a Kubernetes API'),
    sentence: login
      ? l10n.t('A login page answered with status {0}.', status)
      : page
        ? l10n.t('A web page answered with status {0}.', status)
        : l10n.t('Something answered with status {0}, but not a Kubernetes API.', status),
    next: l10n.t('Enter the address of the Kubernetes API; “kubectl cluster-info” prints it.'),
  };
}

/** Who presents such a certificate, where that says that it is no API server. */
export function strangerByCertificate({ certificates: [leaf] }: PresentedChain): Problem | undefined {
  const name = commonNameOf(leaf.subject) ?? '';
  if (/Kubernetes Ingress Controller Fake Certificate/i.test(name))
    return ingress(l10n.t('The default certificate of ingress-nginx was presented (“{0}”).', plain(name)));
  if (/TRAEFIK DEFAULT CERT/i.test(name))
    return ingress(l10n.t('The default certificate of Traefik was presented (“{0}”).', plain(name)));
  return undefined;
}

/** A “kubectl proxy”, or the insecure port of old API servers: it answers over plain http without a login. */
export function openProxy(): Problem {
  return {
    title: l10n.t('A Kubernetes API without login or encryption'),
    sentence: l10n.t(
      '“kubectl proxy”, or an insecure port, answers here over plain http. Whoever reaches it controls the cluster.',
    ),
    next: l10n.t('Enter the https address of the Kubernetes API; “kubectl cluster-info” prints it.'),
  };
}
