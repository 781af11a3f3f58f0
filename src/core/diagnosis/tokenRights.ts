import * as l10n from '@vscode/l10n';
import * as z from 'zod/mini';
import { jsonOf } from './answer';
import type { Answer } from './answer';
import type { Registration, StepTable } from './ladder';

/** Asks the API server with the token; undefined where nothing was answered. */
export type Send = (path: string, body?: unknown) => Promise<Answer | undefined>;

/** One right: a verb and the resource it is for. */
interface Right {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  /** The only object it is needed for. */
  readonly name?: string;
  /** What fails without it. */
  readonly without: () => string;
}

const RBAC = 'rbac.authorization.k8s.io';

/** What GitLab does with the token of a managed cluster (Kubernetes facts 5.4). */
function managedRights(gitlabVersion: string | undefined): readonly Right[] {
  const [major = 99, minor = 0] = (gitlabVersion ?? '').split('.').map((part) => Number.parseInt(part, 10) || 0);
  // GitLab binds the accounts it makes to “admin” since 13.6, and to “edit” before.
  const role = gitlabVersion === undefined || major > 13 || (major === 13 && minor >= 6) ? 'admin' : 'edit';
  const noNamespace = (): string => l10n.t('GitLab can’t create the namespaces that jobs deploy to.');
  const noAccount = (): string => l10n.t('GitLab can’t create the accounts of its namespaces; jobs get no token.');
  const noToken = (): string => l10n.t('GitLab can’t create or read the tokens of its accounts; jobs get no token.');
  const noRights = (): string => l10n.t('The accounts that GitLab creates get no rights; jobs can’t deploy.');
  return [
    ...rights('', 'namespaces', noNamespace, 'get', 'create'),
    ...rights('', 'serviceaccounts', noAccount, 'get', 'create', 'update'),
    ...rights('', 'secrets', noToken, 'get', 'create', 'update'),
    ...rights(RBAC, 'rolebindings', noRights, 'delete', 'create', 'update'),
    ...rights(RBAC, 'roles', noRights, 'delete', 'create', 'update', 'escalate'),
    { verb: 'bind', group: RBAC, resource: 'clusterroles', name: role, without: noRights },
  ];
}

/** What deployments need, in the namespace of an unmanaged cluster (Kubernetes facts 7.4). */
function unmanagedRights(): readonly Right[] {
  const noDeployment = (): string => l10n.t('Jobs can’t deploy with this token.');
  return [
    ...rights('apps', 'deployments', noDeployment, 'create'),
    ...rights('', 'pods', noDeployment, 'create'),
    ...rights('', 'services', () => l10n.t('Jobs can’t create services for what they deploy.'), 'create'),
    ...rights('', 'secrets', () => l10n.t('Jobs can’t pass secrets or registry logins to what they deploy.'), 'create'),
  ];
}

function rights(group: string, resource: string, without: () => string, ...verbs: readonly string[]): Right[] {
  return verbs.map((verb) => ({ verb, group, resource, without }));
}

const accessBody = z.object({ status: z.object({ allowed: z.boolean() }) });

/** What a token may do of what GitLab, or a job, needs. */
export interface Rights {
  readonly everything: boolean;
  /** Undefined for a token that may do everything: nothing else is asked then. */
  readonly table: StepTable | undefined;
  readonly denied: readonly string[];
  /** Questions that were not answered with yes or no. */
  readonly unanswered: number;
}

/** Asks for each right by a SelfSubjectAccessReview, which Kubernetes does not store. */
export async function rightsOf(send: Send, registration: Registration): Promise<Rights> {
  const { managed = false, namespace, gitlabVersion } = registration;
  const where = managed || !namespace ? {} : { namespace };
  const may = async ({ verb, group, resource, name }: Omit<Right, 'without'>): Promise<boolean | undefined> => {
    const answer = await send('/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SelfSubjectAccessReview',
      spec: { resourceAttributes: { verb, group, resource, ...(name !== undefined && { name }), ...where } },
    });
    return answer && accessBody.safeParse(jsonOf(answer)).data?.status.allowed;
  };
  if (await may({ verb: '*', group: '*', resource: '*' }))
    return { everything: true, table: undefined, denied: [], unanswered: 0 };
  const rows: string[][] = [];
  const denied: string[] = [];
  let unanswered = 0;
  for (const right of managed ? managedRights(gitlabVersion) : unmanagedRights()) {
    const allowed = await may(right);
    const object = right.name === undefined ? '' : ` “${right.name}”`;
    const name = `${right.verb} ${right.resource}${right.group === '' ? '' : `.${right.group}`}${object}`;
    if (allowed === false) denied.push(name);
    if (allowed === undefined) unanswered++;
    const word = allowed === undefined ? l10n.t('not reported') : allowed ? l10n.t('yes') : l10n.t('no');
    rows.push([name, word, allowed ? '' : right.without()]);
  }
  const head = [l10n.t('Right'), l10n.t('Allowed'), l10n.t('What would fail without it')];
  return { everything: false, table: { head, rows }, denied, unanswered };
}
