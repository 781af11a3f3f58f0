import * as l10n from '@vscode/l10n';
import * as z from 'zod/mini';
import { plain } from '../model/plainText';
import { claimsOf, serviceTokenWarnings } from '../model/serviceToken';
import type { AddressDiagnosis } from './addressDiagnosis';
import type { Surroundings } from './surroundings';
import type { Verdicts } from './verdict';
import { jsonOf } from './answer';
import { linesOf } from './ladder';
import type { Problem, Registration, Step } from './ladder';
import { chainsOf, countedCas, demandsOf } from './tlsVerdict';
import type { Viewer } from './tlsVerdict';
import { rightsOf } from './tokenRights';
import type { Rights, Send } from './tokenRights';
import { apiVersionOf } from './versions';
import type { ApiVersion } from './versions';

const userBody = z.object({
  status: z.object({ userInfo: z.object({ username: z.string(), groups: z.optional(z.array(z.string())) }) }),
});
const versionBody = z.object({ gitVersion: z.string() });

/** SelfSubjectReview by age of Kubernetes: 1.28, 1.27, 1.26 (Kubernetes facts 7.4). */
const reviewVersions = ['v1', 'v1beta1', 'v1alpha1'] as const;

interface TokenResult {
  readonly step: Step;
  readonly problem: Problem | undefined;
  /** Where Kubernetes tells it to those alone who have a token. */
  readonly version?: ApiVersion | undefined;
}

/**
 * Who a token is, when it ends and what it may do. It is sent to a Kubernetes API alone, over connections that one of the
 * two verdicts accepts, and is in no line. Nothing is created: reviews are not stored.
 */
export async function tokenStep(
  address: AddressDiagnosis,
  registration: Registration,
  token: string,
  verdicts: Verdicts,
  world: Surroundings,
): Promise<TokenResult> {
  const started = performance.now();
  const facts = factsOf(token, world.now());
  const accepted = viewerFor(address, verdicts, world);
  if (typeof accepted !== 'string') return notSent(facts, accepted.reason);
  const stored = countedCas(registration.caCert, accepted, registration.gitlabVersion);
  const agent = world.openAgent(true, stored.map(String), chainsOf(accepted));
  const demands = demandsOf(accepted, stored);
  address.begin();
  try {
    let failure: string | undefined;
    const send: Send = async (path, body) => {
      // What has fallen silent is not asked again and again.
      if (failure !== undefined) return undefined;
      const answered = await address.ask(agent, { verify: true, demands, path, body, token });
      failure ??= answered.failure && `${answered.failure.code} ${answered.failure.message}`;
      return answered.answer;
    };
    const user = await whoIs(send);
    // Silence is no approval.
    if (user === 'noAnswer')
      return notSent(facts, l10n.t('The questions about the token were not answered ({0}).', plain(failure ?? '')));
    const version = user.accepted && !knowsVersion(address) ? await versionFor(send) : undefined;
    const rights = user.accepted ? await rightsOf(send, registration) : undefined;
    const problem = problemOf(rights, facts.expiresAt, world.now(), registration);
    const lines = [
      ...(problem ? linesOf(problem) : []),
      ...facts.lines,
      facts.expiresAt === undefined
        ? l10n.t('Expires: never, according to the token')
        : l10n.t('Expires: {0}', facts.expiresAt.toISOString()),
      ...userLines(user),
      ...(rights?.everything ? [l10n.t('Rights: everything (cluster-admin)')] : []),
    ];
    const failed = !rights || rights.denied.length > 0;
    const outcome = failed ? 'failed' : problem ? 'warning' : 'passed';
    const milliseconds = Math.round(performance.now() - started);
    return { step: { name: 'token', outcome, milliseconds, lines, table: rights?.table }, problem, version };
  } finally {
    agent.destroy();
  }
}

/** Whose connection may carry the token; the reason where nobody's may. */
function viewerFor(
  { target, http }: AddressDiagnosis,
  { gitlab, kubectl }: Verdicts,
  { isGitLab }: Surroundings,
): Viewer | { readonly reason: string } {
  const accepted = !gitlab.problem ? 'gitlab' : kubectl && !kubectl.problem && !kubectl.warning ? 'kubectl' : undefined;
  if (!target.secure || accepted === undefined)
    return { reason: l10n.t('The token was not sent: the connection is not verified.') };
  if (http?.answered.who !== 'kubernetes')
    return { reason: l10n.t('The token was not sent: no Kubernetes API answered.') };
  // GitLab's agents answer as Kubernetes does, under this path.
  if (isGitLab(target) || /(^|\/)k8s-proxy(\/|$)/.test(target.path))
    return { reason: l10n.t('The token was not sent: this is an address of GitLab.') };
  return accepted;
}

function notSent({ lines }: TokenFacts, reason: string): TokenResult {
  const step = { name: 'token', outcome: 'notAsked', milliseconds: undefined, lines: [...lines, reason] } as const;
  return { step, problem: undefined };
}

interface TokenFacts {
  readonly lines: readonly string[];
  /** Undefined where it does not say, or never ends. */
  readonly expiresAt: Date | undefined;
}

/** What a token says of itself; nothing is verified, and its text is in no line. */
function factsOf(token: string, now: Date): TokenFacts {
  const { subject, expiresAt } = claimsOf(token) ?? {};
  const who = subject === undefined ? [] : [l10n.t('Claims to be: {0}', plain(subject))];
  return { lines: [...who, ...serviceTokenWarnings(token, now)], expiresAt };
}

interface User {
  readonly accepted: boolean;
  readonly name?: string;
  readonly groups?: readonly string[];
}

/** Whether the cluster knows the token, and its user name where it reports that; or that nothing answered. */
async function whoIs(send: Send): Promise<User | 'noAnswer'> {
  for (const version of reviewVersions) {
    const body = { apiVersion: `authentication.k8s.io/${version}`, kind: 'SelfSubjectReview' };
    const answer = await send(`/apis/authentication.k8s.io/${version}/selfsubjectreviews`, body);
    if (answer?.status === 401) return { accepted: false };
    const user = answer && userBody.safeParse(jsonOf(answer)).data?.status.userInfo;
    if (user) return { accepted: true, name: plain(user.username), groups: user.groups?.slice(0, 10).map(plain) ?? [] };
  }
  // GitLab's own test: 200 is an accepted token.
  const answer = await send('/api/v1');
  return answer ? { accepted: answer.status !== 401 } : 'noAnswer';
}

function userLines({ accepted, name, groups = [] }: User): readonly string[] {
  if (!accepted) return [];
  if (name === undefined) return [l10n.t('User: not reported by this Kubernetes version.')];
  return [l10n.t('Accepted as: {0}', name), ...(groups.length > 0 ? [l10n.t('Groups: {0}', groups.join(', '))] : [])];
}

function knowsVersion({ http }: AddressDiagnosis): boolean {
  return http?.answered.who === 'kubernetes' && http.answered.anonymous === 'allowed';
}

async function versionFor(send: Send): Promise<ApiVersion | undefined> {
  const answer = await send('/version');
  const told = answer && versionBody.safeParse(jsonOf(answer)).data;
  return told && apiVersionOf(told.gitVersion);
}

/** `rights` is undefined for a token that the cluster does not accept. */
function problemOf(
  rights: Rights | undefined,
  expiresAt: Date | undefined,
  now: Date,
  { managed = false }: Registration,
): Problem | undefined {
  if (!rights)
    return {
      title: l10n.t('Token not accepted'),
      sentence:
        expiresAt !== undefined && expiresAt < now
          ? l10n.t('The token expired on {0}.', expiresAt.toISOString())
          : l10n.t(
              'The cluster does not know this token: it is of another cluster, or its Secret or service account was deleted.',
            ),
      next: l10n.t('Create a token that does not expire, from a Secret of a service account in this cluster.'),
    };
  const { denied, unanswered } = rights;
  if (denied.length > 0)
    return {
      title: l10n.t('Token lacks rights'),
      sentence: managed
        ? l10n.t(
            'GitLab manages this cluster and needs {0} rights that the token lacks: {1}.',
            denied.length,
            fewOf(denied),
          )
        : l10n.t('Deployments need {0} rights that the token lacks: {1}.', denied.length, fewOf(denied)),
      next: managed
        ? l10n.t('Bind the service account to the ClusterRole “cluster-admin”.')
        : l10n.t('Bind the service account to the ClusterRole “edit” or “admin” in its namespace.'),
    };
  if (expiresAt !== undefined)
    return {
      title: l10n.t('Token expires'),
      sentence: l10n.t('The token expires on {0}; jobs fail after that.', expiresAt.toISOString()),
      next: l10n.t('Use a token from a Secret of a service account, which does not expire.'),
    };
  if (unanswered > 0)
    return {
      title: l10n.t('Rights not known'),
      sentence: l10n.t('The cluster did not answer {0} questions about what the token may do.', unanswered),
      next: l10n.t('Run “kubectl auth can-i --list” with this token.'),
    };
  return undefined;
}

/** The first of many; the report lists all. */
function fewOf(rights: readonly string[]): string {
  const first = rights.slice(0, 3).join(', ');
  return rights.length > 3 ? l10n.t('{0} and {1} more', first, rights.length - 3) : first;
}
