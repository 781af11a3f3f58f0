import * as l10n from '@vscode/l10n';
import { attributeNames, isReadOnly } from './attributes';
import { baseDomainProblem } from './baseDomain';
import { mayManage, misplacedManagement } from './managementPlace';
import type { Attribute } from './attributes';
import { apiUrlProblem, apiUrlWarnings, apiUrlWithin } from './apiUrl';
import { caRemarks } from './caRules';
import type { ClusterLevel } from './cluster';
import { authorizationTypes } from './clusterDraft';
import type { ClusterDraft } from './clusterDraft';
import { partOf, takesNamespace } from './draftParts';
import { serviceTokenWarnings } from './serviceToken';

/** Another cluster whose environment scope may be in the way. */
export interface Sibling {
  readonly id: number;
  readonly name: string;
  readonly environmentScope: string;
  readonly enabled: boolean | undefined;
  /** The group or project it hangs on, where that is not the one of this form. */
  readonly elsewhere: string | undefined;
  readonly managementProjectId: number | undefined;
}

/** What a draft is judged against. */
export interface DraftContext {
  readonly mode: 'add' | 'edit';
  readonly level: ClusterLevel;
  /** `user`, or who created the cluster: then name, API URL, service token and CA are read-only. */
  readonly provider: string;
  /** The draft as the form was opened: on edit, what GitLab has. */
  readonly initial: ClusterDraft;
  readonly siblings: readonly Sibling[];
  /** Full path of the project or group; undefined while it is not known, and for the instance, which has none. */
  readonly ownerPath: string | undefined;
  /** Of the host, where it is known: what old versions cannot do is told. */
  readonly gitlabVersion?: string | undefined;
}

/**
 * One sentence about one field. GitLab refuses a draft with an error, or can do nothing with it; a warning is worth knowing
 * before saving, an information matters to some only.
 */
export interface Finding {
  readonly field: Attribute;
  readonly severity: 'error' | 'warning' | 'information';
  readonly message: string;
  /** What the user may have meant, to be put in place with one click. */
  readonly offer?: string | undefined;
}

/** Generous: GitLab has no limit for most of these, and nobody means a name of a megabyte. In characters. */
const MAX_TEXT = 2000;
const MAX_TOKEN = 20_000;

type Rule = (draft: ClusterDraft, context: DraftContext) => readonly Finding[];

/** A box that is ticked or not is never wrong. */
const always: Rule = () => [];

/** What there is to say about each attribute. */
const rules: Readonly<Record<Attribute, Rule>> = {
  name: nameFindings,
  enabled: always,
  apiUrl: apiUrlFindings,
  serviceToken: serviceTokenFindings,
  caCert: caCertFindings,
  authorizationType: authorizationTypeFindings,
  environmentScope: scopeFindings,
  baseDomain: baseDomainFindings,
  managed: always,
  namespacePerEnvironment: namespacePerEnvironmentFindings,
  namespace: namespaceFindings,
  managementProjectId: managementProjectFindings,
};

/**
 * Everything there is to say about a draft: GitLab's validations (GitLab API contract 3.3) and what it accepts to the
 * user's harm. What GitLab already has and the user left alone is never an error, since GitLab took it once.
 */
export function checkDraft(draft: ClusterDraft, context: DraftContext): readonly Finding[] {
  return attributeNames
    .filter((attribute) => !isReadOnly(attribute, context))
    .flatMap((attribute) => rules[attribute](draft, context))
    .map((finding) =>
      finding.severity === 'error' && isUntouched(finding.field, draft, context)
        ? { ...finding, severity: 'warning' }
        : finding,
    );
}

function isUntouched(field: Attribute, draft: ClusterDraft, { mode, initial }: DraftContext): boolean {
  if (mode === 'add' || field === 'serviceToken') return false;
  // Another management project puts the same scope among other clusters.
  if (field === 'environmentScope' && !partOf('managementProjectId').same(draft, initial)) return false;
  if (field === 'caCert' && draft.caCert.trim() === '') return false;
  return partOf(field).same(draft, initial);
}

function error(field: Attribute, message: string): Finding {
  return { field, severity: 'error', message };
}

function warning(field: Attribute, message: string): Finding {
  return { field, severity: 'warning', message };
}

function tooLong(field: Attribute, text: string, most = MAX_TEXT): Finding[] {
  return text.length > most ? [error(field, l10n.t('This is too long ({0} characters at most).', most))] : [];
}

function nameFindings({ name }: ClusterDraft): Finding[] {
  return name.trim() === '' ? [error('name', l10n.t('Enter a name.'))] : tooLong('name', name);
}

function apiUrlFindings({ apiUrl }: ClusterDraft): Finding[] {
  if (apiUrl.trim() === '') return [error('apiUrl', l10n.t('Enter the address of the Kubernetes API.'))];
  if (apiUrl.length > MAX_TEXT) return tooLong('apiUrl', apiUrl);
  const problem = apiUrlProblem(apiUrl);
  const offer = apiUrlWithin(apiUrl);
  const found =
    problem !== undefined
      ? [error('apiUrl', problem)]
      : apiUrlWarnings(apiUrl).map((message) => warning('apiUrl', message));
  return offer === undefined ? found : found.map((finding, index) => (index === 0 ? { ...finding, offer } : finding));
}

function serviceTokenFindings({ serviceToken }: ClusterDraft, { mode }: DraftContext): Finding[] {
  const token = serviceToken.trim();
  if (token === '') {
    return mode === 'add' ? [error('serviceToken', l10n.t('Enter a service token.'))] : [];
  }
  if (token.length > MAX_TOKEN) return tooLong('serviceToken', token, MAX_TOKEN);
  return serviceTokenWarnings(token, new Date()).map((message) => warning('serviceToken', message));
}

function caCertFindings(draft: ClusterDraft, { mode, initial, gitlabVersion }: DraftContext): Finding[] {
  if (draft.removeCaCert) return [];
  if (draft.caCert.trim() === '') {
    return mode === 'edit' && initial.caCert.trim() !== ''
      ? [
          error(
            'caCert',
            l10n.t(
              'An empty field does not remove the stored certificate. Choose “Remove the certificate”, or restore it.',
            ),
          ),
        ]
      : [];
  }
  return caRemarks(draft.caCert, new Date(), gitlabVersion).map((remark) => ({ field: 'caCert', ...remark }));
}

function authorizationTypeFindings({ authorizationType }: ClusterDraft, { mode }: DraftContext): Finding[] {
  const known = authorizationTypes.some((type) => type === authorizationType);
  return mode === 'add' && !known ? [error('authorizationType', l10n.t('Choose an authorization type.'))] : [];
}

function scopeFindings(draft: ClusterDraft, { siblings }: DraftContext): Finding[] {
  const scope = draft.environmentScope.trim();
  if (scope === '') {
    return [error('environmentScope', l10n.t('Enter an environment scope; * means every environment.'))];
  }
  if (scope.length > MAX_TEXT) return tooLong('environmentScope', scope);
  if (!/^[A-Za-z0-9_/${}. *-]+$/.test(scope)) {
    return [
      error('environmentScope', l10n.t('Only letters, digits, spaces and the characters - _ / $ { } . * can be used.')),
    ];
  }
  const taken = siblings.find(
    (other) =>
      other.environmentScope.trim() === scope && (other.elsewhere === undefined || sharesManagement(draft, other)),
  );
  return taken ? [error('environmentScope', takenBy(taken))] : [];
}

/** Scopes must differ among the clusters of one management project too (GitLab API contract 3.3). */
function sharesManagement({ managementProject }: ClusterDraft, other: Sibling): boolean {
  return managementProject?.id !== undefined && managementProject.id === other.managementProjectId;
}

/** Why a cluster cannot have a scope: one of another owner, and of the same management project, has it. */
export function scopeHeldElsewhere(name: string, owner: string): string {
  return l10n.t('“{0}” of {1}, which has the same management project, already has this scope.', name, owner);
}

function takenBy({ name, id, enabled, elsewhere }: Sibling): string {
  if (elsewhere !== undefined) return scopeHeldElsewhere(name, elsewhere);
  return enabled === false
    ? l10n.t('“{0}” (id {1}) already has this scope. It is disabled, but GitLab counts it all the same.', name, id)
    : l10n.t('“{0}” (id {1}) already has this scope.', name, id);
}

function baseDomainFindings({ baseDomain }: ClusterDraft): Finding[] {
  const problem = baseDomainProblem(baseDomain.trim());
  return problem === undefined ? [] : [error('baseDomain', problem)];
}

function namespacePerEnvironmentFindings(draft: ClusterDraft, { mode }: DraftContext): Finding[] {
  return mode === 'edit' && draft.namespacePerEnvironment === undefined
    ? [
        warning(
          'namespacePerEnvironment',
          l10n.t('GitLab doesn’t report the current value, and any save turns it on. Choose the value you want.'),
        ),
      ]
    : [];
}

function namespaceFindings(draft: ClusterDraft, { mode, level, initial }: DraftContext): Finding[] {
  const namespace = draft.namespace.trim();
  if (namespace === '') {
    const stays = mode === 'edit' && initial.namespace !== '' && !takesNamespace(level, draft.managed);
    return stays
      ? [
          warning(
            'namespace',
            l10n.t('The stored namespace is kept: it cannot be removed while GitLab manages this cluster.'),
          ),
        ]
      : [];
  }
  if (!takesNamespace(level, draft.managed)) {
    const message = l10n.t('A namespace is possible on a project’s cluster only, or where “GitLab-managed” is off.');
    return [draft.managed === undefined ? warning('namespace', message) : error('namespace', message)];
  }
  const lower = namespace.toLowerCase();
  if (lower.length > 63) return [error('namespace', l10n.t('A namespace has at most 63 characters.'))];
  if (!/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(lower)) {
    return [
      error(
        'namespace',
        l10n.t('Only lower-case letters, digits and hyphens can be used, and no hyphen at the beginning or end.'),
      ),
    ];
  }
  if (lower === 'gitlab-managed-apps') return [error('namespace', l10n.t('This namespace is reserved by GitLab.'))];
  return lower === namespace ? [] : [warning('namespace', l10n.t('GitLab stores it in lower case: {0}', lower))];
}

function managementProjectFindings(draft: ClusterDraft, { level, ownerPath }: DraftContext): Finding[] {
  const project = draft.managementProject;
  if (!project) return [];
  if (project.id === undefined) {
    return [error('managementProjectId', l10n.t('Choose one of the projects found, or clear the field.'))];
  }
  return mayManage(project.path, level, ownerPath) ? [] : [warning('managementProjectId', misplacedManagement(level))];
}
