import * as l10n from '@vscode/l10n';
import { normalisedApiUrl } from '../arrange/grouping';
import type { ListEntry } from '../importer/clusterList';
import { ownerKey, ownerPath } from '../model/cluster';
import type { Cluster, ClusterOwner, ManagementProject } from '../model/cluster';
import { blankDraft, clusterOfDraft, toAddFields } from '../model/clusterDraft';
import type { ClusterDraft } from '../model/clusterDraft';
import type { ClusterFields } from '../model/clusterFields';
import { checkDraft } from '../model/clusterRules';
import { fieldLabel } from '../model/fieldLabels';
import type { HostUrl } from '../model/host';
import { plain } from '../model/plainText';
import { siblingsOf } from '../model/siblings';
import type { BulkChange, BulkKnowledge, BulkRow } from './bulkPlan';

/** An entry of a list with what was found out about its place. */
export interface PlacedEntry {
  readonly entry: ListEntry;
  readonly host: HostUrl;
  /** What could not be found has a problem, and then only the path counts. */
  readonly owner: ClusterOwner;
  readonly managementProject: ManagementProject | undefined;
  /** Never part of the plan: it is given to the run alone. */
  readonly serviceToken: string | undefined;
  readonly problem: string | undefined;
  readonly gitlabVersion: string | undefined;
}

export interface AddPlan {
  readonly rows: readonly BulkRow[];
  readonly change: Extract<BulkChange, { readonly type: 'add' }>;
  /** The service token of each row that is added, by its cluster. */
  readonly serviceTokens: ReadonlyMap<Cluster, string>;
}

/** What adding the clusters of a list would do, by the rules of the form. Asks nobody: the run looks again before each. */
export function planAdding(placed: readonly PlacedEntry[], knowledge: BulkKnowledge): AddPlan {
  const fields = new Map<Cluster, ClusterFields>();
  const serviceTokens = new Map<Cluster, string>();
  const planned: Cluster[] = [];
  const rows = placed.map((one): BulkRow => {
    const draft = draftOf(one);
    const cluster = clusterOf(one, draft);
    const cannot = (reason: string): BulkRow => ({ cluster, verdict: 'cannot', reason });
    const problem = one.entry.problem ?? one.problem ?? obstacle(cluster, knowledge);
    if (problem !== undefined) return cannot(problem);
    const known = knowledge.known();
    if (known.some((other) => isSameRegistration(other, cluster))) return { cluster, verdict: 'unchanged' };
    const before = planned.find(
      ({ host, owner, environmentScope }) =>
        host === one.host && ownerKey(owner) === ownerKey(one.owner) && environmentScope === cluster.environmentScope,
    );
    if (before) {
      return cannot(l10n.t('Another cluster of this list has the same environment scope: {0}', plain(before.name)));
    }
    const findings = checkDraft(draft, {
      mode: 'add',
      level: one.owner.level,
      provider: 'user',
      initial: blankDraft(),
      siblings: siblingsOf([...known, ...planned], one.host, one.owner),
      ownerPath: ownerPath(one.owner),
      gitlabVersion: one.gitlabVersion,
    });
    const refused = findings.find(({ severity }) => severity === 'error');
    if (refused) return cannot(`${fieldLabel(refused.field)}: ${refused.message}`);
    planned.push(cluster);
    const { serviceToken = '', ...visible } = toAddFields(draft);
    fields.set(cluster, visible);
    serviceTokens.set(cluster, serviceToken);
    const warnings = findings.flatMap(({ severity, message }) => (severity === 'warning' ? [message] : []));
    const notes = [...new Set([...one.entry.notes, ...warnings])];
    return { cluster, verdict: 'add', warning: notes.length > 0 ? notes.join(' ') : undefined };
  });
  return { rows, change: { type: 'add', fields }, serviceTokens };
}

function draftOf({ entry, managementProject, serviceToken }: PlacedEntry): ClusterDraft {
  return { ...blankDraft(), ...entry.values, managementProject, serviceToken: serviceToken ?? '' };
}

/** The cluster as it would be; GitLab gives it its id. */
function clusterOf({ host, owner, managementProject }: PlacedEntry, draft: ClusterDraft): Cluster {
  const { name = '', ...fields } = toAddFields(draft);
  return clusterOfDraft(fields, { host, owner, id: 0, name, provider: 'user', managementProject });
}

function obstacle(cluster: Cluster, knowledge: BulkKnowledge): string | undefined {
  if (!knowledge.canWrite(cluster)) return l10n.t('The host is read-only: its access token has no scope “api”.');
  if (knowledge.mayChange?.(cluster) === false) return l10n.t('Adding a cluster here needs the Maintainer role.');
  return knowledge.isArchived(cluster) ? l10n.t('The project is archived, so GitLab refuses changes.') : undefined;
}

/** Whether a cluster is the one that is to be added: it was added before, from here or elsewhere. */
export function isSameRegistration(one: Cluster, other: Cluster): boolean {
  return (
    one.host === other.host &&
    ownerKey(one.owner) === ownerKey(other.owner) &&
    one.name.trim() === other.name &&
    one.environmentScope.trim() === other.environmentScope &&
    normalisedApiUrl(one.platform?.apiUrl ?? '') === normalisedApiUrl(other.platform?.apiUrl ?? '')
  );
}
