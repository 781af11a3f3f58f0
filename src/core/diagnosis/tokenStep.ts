import * as l10n from '@vscode/l10n';
import * as z from 'zod/mini';
import { plain } from '../model/plainText';
import { claimsOf, serviceTokenWarnings } from '../model/serviceToken';
import type { AddressDiagnosis, Surroundings, Verdicts } from './addressDiagnosis';
import type { Answer } from './ask';
import { linesOf } from './ladder';
import type { Problem, Registration, Step } from './ladder';
import { chainsOf, countedCas, demandsOf } from './tlsVerdict';
import { apiVersionOf } from './versions';

/** One right: a verb and the resource it is for. */
interface Right {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
}

/** What GitLab does with the token of a managed cluster (Kubernetes facts 5.4). */
const managedRights: readonly Right[] = [
  ...rights('', 'namespaces', 'get', 'create'),
  ...rights('', 'serviceaccounts', 'get', 'create', 'update'),
  ...rights('', 'secrets', 'get', 'create', 'update'),
  ...rights('rbac.authorization.k8s.io', 'rolebindings', 'delete', 'create', 'update'),
  ...rights('rbac.authorization.k8s.io', 'roles', 'delete', 'create', 'update', 'escalate'),
  ...rights('rbac.authorization.k8s.io', 'clusterroles', 'bind'),
];

/** What deployments need, in the namespace of an unmanaged cluster (Kubernetes facts 7.4). */
const unmanagedRights: readonly Right[] = [
  ...rights('apps', 'deployments', 'create'),
  ...rights('', 'pods', 'create'),
  ...rights('', 'services', 'create'),
  ...rights('', 'secrets', 'create'),
];

const everything: Right = { verb: '*', group: '*', resource: '*' };

function rights(group: string, resource: string, ...verbs: readonly string[]): Right[] {
  return verbs.map((verb) => ({ verb, group, resource }));
}

const userBody = z.object({
  status: z.object({ userInfo: z.object({ username: z.string(), groups: z.optional(z.array(z.string())) }) }),
});
const accessBody = z.object({ status: z.object({ allowed: z.boolean(), reason: z.optional(z.string()) }) });
const versionBody = z.object({ gitVersion: z.string() });

/** SelfSubjectReview by age of Kubernetes: 1.28, 1.27, 1.26 (Kubernetes facts 7.4). */
const reviewVersions = ['v1', 'v1beta1', 'v1alpha1'] as const;

interface TokenResult {
  readonly step: Step;
  readonly problem: Problem | undefined;
}

/**
 * Who a token is, when it ends and what it may do. It is sent over connections alone that one of the two verdicts accepts,
 * and is in no line. Nothing is created: reviews are not stored.
 */
export async function tokenStep(
  address: AddressDiagnosis,
  registration: Registration,
  token: string,
  { gitlab, kubectl }: Verdicts,
  world: Surroundings,
): Promise<TokenResult> {
  const started = performance.now();
  const facts = factsOf(token, world.now());
  const accepted = !gitlab.problem ? 'gitlab' : kubectl && !kubectl.problem && !kubectl.warning ? 'kubectl' : undefined;
  if (!address.target.secure || accepted === undefined)
    return {
      step: {
        name: 'token',
        outcome: 'notAsked',
        milliseconds: undefined,
        lines: [...facts.lines, l10n.t('The token was not sent: the connection is not verified.')],
      },
      problem: undefined,
    };
  const stored = countedCas(registration.caCert, accepted, registration.gitlabVersion);
  const agent = world.openAgent(true, stored.map(String), chainsOf(accepted));
  const demands = demandsOf(accepted, stored);
  try {
    let failure: string | undefined;
    const send: Send = async (path, body) => {
      const answered = await address.ask(agent, { verify: true, demands, path, body, token });
      failure ??= answered.failure && `${answered.failure.code} ${answered.failure.message}`;
      return answered.answer;
    };
    const { lines, problem, outcome } = await asked(send, registration, facts.expiresAt, world.now(), () => failure);
    const milliseconds = Math.round(performance.now() - started);
    const words = problem ? linesOf(problem) : [];
    return { step: { name: 'token', outcome, milliseconds, lines: [...words, ...facts.lines, ...lines] }, problem };
  } finally {
    agent.destroy();
  }
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

type Send = (path: string, body?: unknown) => Promise<Answer | undefined>;

interface Found {
  readonly lines: readonly string[];
  readonly outcome: Step['outcome'];
  readonly problem: Problem | undefined;
}

async function asked(
  send: Send,
  registration: Registration,
  expiresAt: Date | undefined,
  now: Date,
  failure: () => string | undefined,
): Promise<Found> {
  const user = await whoIs(send);
  // Silence is no approval.
  if (user === 'noAnswer')
    return {
      lines: [l10n.t('The questions about the token were not answered ({0}).', plain(failure() ?? ''))],
      outcome: 'notAsked',
      problem: undefined,
    };
  const ends =
    expiresAt === undefined ? l10n.t('Ends: never, as far as it says') : l10n.t('Ends: {0}', expiresAt.toISOString());
  if (!user.accepted)
    return {
      lines: [ends],
      outcome: 'failed',
      problem: {
        title: l10n.t('Token not accepted'),
        sentence:
          expiresAt !== undefined && expiresAt < now
            ? l10n.t('The token expired on {0}.', expiresAt.toISOString())
            : l10n.t(
                'The cluster does not know this token: it is of another cluster, or its Secret or service account was deleted.',
              ),
        next: l10n.t('Create a token that does not expire, from a Secret of a service account in this cluster.'),
      },
    };
  const version = versionBody.safeParse(jsonOf((await send('/version'))?.body)).data;
  const lines = [
    ends,
    ...(user.name === undefined
      ? [l10n.t('Who it is: not reported by this Kubernetes version.')]
      : [l10n.t('Accepted as: {0}', user.name)]),
    ...(version
      ? [l10n.t('Kubernetes: {0}', apiVersionOf(version.gitVersion)?.gitVersion ?? plain(version.gitVersion))]
      : []),
  ];
  const missing = await missingRights(send, registration);
  if (missing.denied.length > 0)
    return {
      lines: [...lines, ...missing.lines],
      outcome: 'failed',
      problem: {
        title: l10n.t('Token lacks rights'),
        sentence: registration.managed
          ? l10n.t(
              'GitLab manages this cluster and needs {0} rights that the token lacks: {1}.',
              missing.denied.length,
              fewOf(missing.denied),
            )
          : l10n.t(
              'Deployments need {0} rights that the token lacks: {1}.',
              missing.denied.length,
              fewOf(missing.denied),
            ),
        next: registration.managed
          ? l10n.t('Bind the service account to the ClusterRole “cluster-admin”.')
          : l10n.t('Bind the service account to the ClusterRole “edit” or “admin” in its namespace.'),
      },
    };
  const soon = expiresAt !== undefined;
  return {
    lines: [...lines, ...missing.lines],
    outcome: soon ? 'warning' : 'passed',
    problem: soon
      ? {
          title: l10n.t('Token expires'),
          sentence: l10n.t('The token ends on {0}; jobs fail after that.', expiresAt.toISOString()),
          next: l10n.t('Use a token from a Secret of a service account, which does not expire.'),
        }
      : undefined,
  };
}

/** The first of many; the report lists all. */
function fewOf(rights: readonly string[]): string {
  const first = rights.slice(0, 3).join(', ');
  return rights.length > 3 ? l10n.t('{0} and {1} more', first, rights.length - 3) : first;
}

/** Whether the cluster knows the token, and its user name where it reports that; or that nothing answered. */
async function whoIs(send: Send): Promise<{ readonly accepted: boolean; readonly name?: string } | 'noAnswer'> {
  for (const version of reviewVersions) {
    const body = { apiVersion: `authentication.k8s.io/${version}`, kind: 'SelfSubjectReview' };
    const answer = await send(`/apis/authentication.k8s.io/${version}/selfsubjectreviews`, body);
    if (answer?.status === 401) return { accepted: false };
    const user = userBody.safeParse(jsonOf(answer?.body)).data?.status.userInfo;
    if (user) return { accepted: true, name: plain(user.username) };
  }
  // GitLab's own test: 200 is an accepted token.
  const answer = await send('/api/v1');
  return answer ? { accepted: answer.status !== 401 } : 'noAnswer';
}

async function missingRights(
  send: Send,
  { managed = false, namespace }: Registration,
): Promise<{ readonly lines: readonly string[]; readonly denied: readonly string[] }> {
  const may = async ({ verb, group, resource }: Right): Promise<boolean | undefined> => {
    const where = managed || namespace === undefined ? {} : { namespace };
    const answer = await send('/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SelfSubjectAccessReview',
      spec: { resourceAttributes: { verb, group, resource, ...where } },
    });
    return accessBody.safeParse(jsonOf(answer?.body)).data?.status.allowed;
  };
  if (await may(everything)) return { lines: [l10n.t('Rights: everything (cluster-admin)')], denied: [] };
  const lines: string[] = [];
  const denied: string[] = [];
  for (const right of managed ? managedRights : unmanagedRights) {
    const allowed = await may(right);
    const name = `${right.verb} ${right.resource}${right.group === '' ? '' : `.${right.group}`}`;
    lines.push(
      allowed === undefined
        ? l10n.t('Right “{0}”: not reported', name)
        : allowed
          ? l10n.t('Right “{0}”: yes', name)
          : l10n.t('Right “{0}”: no', name),
    );
    if (allowed === false) denied.push(name);
  }
  return { lines, denied };
}

function jsonOf(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}
