import * as l10n from '@vscode/l10n';
import { commands } from '../../../contributions';
import type { AttributeWith } from '../../../core/model/attributeUses';
import { isProvidedByUser, isReadable, ownerKey } from '../../../core/model/cluster';
import type { Cluster } from '../../../core/model/cluster';
import type { DiagnosisNote } from '../../../core/diagnosis/results';
import { agoInWords } from '../../../core/model/agoInWords';
import { plain } from '../../../core/model/plainText';
import { providerName } from '../../../core/model/providerName';
import { nodeId } from '../../../editor/clusterNodes';
import type { ClusterNode, ClusterTreeNode, UnreadableNode } from '../../../editor/clusterNodes';
import { tooltipMarkdown } from '../../../core/model/markdown';
import { ownerTitle, clusterTitle } from '../../../core/model/titles';
import { caLook } from '../caLook';
import type { CaLook } from '../caLook';
import { canWriteAt, identityAt } from '../treeKnowledge';
import type { TreeKnowledge } from '../treeKnowledge';
import { groupNodeOf } from './group';
import { ownersOf } from './owner';
import { findHost } from './findHost';
import { readOnlyReason } from './readOnly';
import { affectedByClusters } from './row';
import type { NodeLook, Row } from './row';

/** A cluster: below its watched owner, among all of a host, or in a group. */
export function clusterRow(node: ClusterNode): Row {
  return {
    look: (knowledge) => look(node, knowledge),
    above: (knowledge) =>
      node.place === 'group' ? groupNodeOf(node.cluster, knowledge) : aboveCluster(node, knowledge),
    listed: (knowledge) => listed(node, knowledge),
    isAffected: affectedByClusters,
  };
}

/** The owner a cluster is shown below, watched or among all owners; none in a group. */
export function aboveCluster(
  { place, cluster: { host, owner } }: ClusterNode | UnreadableNode,
  knowledge: TreeKnowledge,
): ClusterTreeNode | undefined {
  if (place === 'group') return undefined;
  if (place) return { type: 'branch', host, owner, place };
  const hostNode = findHost(host, knowledge);
  return hostNode && ownersOf(hostNode, knowledge).find((row) => ownerKey(row.owner) === ownerKey(owner));
}

function listed({ cluster, place }: ClusterNode, knowledge: TreeKnowledge): ReturnType<NonNullable<Row['listed']>> {
  const { finding } = knowledge;
  const { host, owner } = cluster;
  const isIt = ({ id }: Cluster): boolean => id === cluster.id;
  if (place === undefined) {
    const clusters = (knowledge.ownerState(host, owner)?.value ?? []).filter(isReadable);
    const list = nodeId({ type: 'owner', host, owner, watched: true, fromWorkspace: false });
    return { list, position: finding.sorted(clusters).findIndex(isIt) };
  }
  if (place === 'group') {
    const group = groupNodeOf(cluster, knowledge);
    const clusters = group && finding.group(group.key)?.clusters;
    return group && { list: nodeId(group), position: clusters?.indexOf(cluster) ?? -1 };
  }
  const branch = finding.tree(host).branch(owner);
  const position = (branch?.children.length ?? 0) + finding.sorted(branch?.clusters ?? []).findIndex(isIt);
  return { list: nodeId({ type: 'branch', host, owner, place }), position };
}

function look(node: ClusterNode, knowledge: TreeKnowledge): NodeLook {
  const { cluster } = node;
  const label = clusterTitle(cluster);
  const hostName = plain(knowledge.hosts.find(({ url }) => url === cluster.host)?.name ?? cluster.host);
  const where = node.place === 'group' ? [ownerInShort(cluster, hostName, knowledge)] : [];
  const ca = caLook(cluster, knowledge.now(), knowledge.soon());
  const diagnosis = knowledge.diagnosisOf(cluster);
  const diagnosed = diagnosisInWords(diagnosis, knowledge.now());
  const isBroken = diagnosis !== undefined && diagnosis.outcome !== 'passed';
  // What is wrong comes first, since the end may be cut off; then what is usual.
  const seen = [
    ...(ca.words ? [ca.words] : []),
    ...creationInWords(cluster),
    ...(isBroken ? diagnosed : []),
    ...(cluster.enabled === false ? [l10n.t('disabled')] : []),
    ...where,
    plain(cluster.environmentScope),
    ...stateInWords(cluster),
    ...(isBroken ? [] : diagnosed),
  ];
  return {
    label,
    description: seen.join(' · '),
    tooltip: tooltipMarkdown(label, tooltipFields(cluster, hostName, ca), [
      invalidCaInWords(ca),
      identityAt(cluster.host, knowledge)?.canWrite === false ? readOnlyReason() : undefined,
    ]),
    icon: icon(cluster, ca, diagnosis),
    contextValue: facets(cluster, canWriteAt(cluster.host, cluster.owner, knowledge)).join(' '),
    collapsible: 'none',
    accessibilityLabel: `${[label, ...seen].join(', ')}. ${sentence(cluster, hostName)}`,
    command: { id: commands.openCluster, title: l10n.t('Show cluster details'), arguments: [node] },
  };
}

/** The owner's path, and its host where there are several. */
function ownerInShort({ owner }: Cluster, hostName: string, { hosts }: TreeKnowledge): string {
  const short = owner.level === 'instance' ? l10n.t('Instance') : plain(owner.path);
  return hosts.length > 1 ? l10n.t('{0} at {1}', short, hostName) : short;
}

/** “Connection refused, 5 minutes ago”. */
function diagnosisInWords(note: DiagnosisNote | undefined, now: Date): readonly string[] {
  return note ? [l10n.t('{0}, {1}', note.title ?? l10n.t('reachable'), agoInWords(note.at, now))] : [];
}

/** What is out of the ordinary, and no trouble. Old GitLab versions do not report the first: then nothing is claimed. */
function stateInWords(cluster: Cluster): readonly string[] {
  return [
    ...(cluster.managed === false ? [l10n.t('not managed')] : []),
    ...(isProvidedByUser(cluster) ? [] : [providerInWords(cluster.provider)]),
  ];
}

/** A cluster that GitLab did not create to the end serves nobody (GitLab API contract 2.3). */
function creationInWords({ gcp }: Cluster): readonly string[] {
  switch (gcp?.status) {
    case 'errored':
      return [l10n.t('creation failed')];
    case 'scheduled':
    case 'creating':
      return [l10n.t('being created')];
    default:
      return [];
  }
}

function invalidCaInWords({ invalid }: CaLook): string | undefined {
  switch (invalid) {
    case 'expired':
      return l10n.t('The CA certificate has expired: Kubernetes clients do not accept it.');
    case 'notYetValid':
      return l10n.t('The CA certificate is not valid yet: Kubernetes clients do not accept it.');
    case undefined:
      return undefined;
  }
}

/** Who made the cluster, in words; GitLab's own word where it is one we do not know. */
function providerInWords(provider: string): string {
  return provider === 'user' ? l10n.t('added manually') : plain(providerName(provider));
}

/** "Enabled cluster for all environments, Project a/b at Example." */
function sentence({ environmentScope, enabled, owner }: Cluster, hostName: string): string {
  const where = l10n.t('{0} at {1}', ownerTitle(owner), hostName);
  const scope =
    environmentScope === '*' ? l10n.t('all environments') : l10n.t('environments {0}', plain(environmentScope));
  return enabled
    ? l10n.t('Enabled cluster for {0}, {1}.', scope, where)
    : l10n.t('Cluster for {0}, {1}.', scope, where);
}

/** Colour means that something was looked at: GitLab's word that a cluster is enabled proves nothing. */
function icon(cluster: Cluster, ca: CaLook, diagnosis: DiagnosisNote | undefined): NodeLook['icon'] {
  if (cluster.enabled === false) return { id: 'circle-slash', color: 'disabledForeground' };
  if (diagnosis?.outcome === 'failed') return { id: 'error', color: 'list.errorForeground' };
  const isUnfinished = creationInWords(cluster).length > 0;
  if (ca.invalid || isUnfinished || (diagnosis && diagnosis.outcome !== 'passed')) {
    return { id: 'warning', color: 'list.warningForeground' };
  }
  const id = cluster.provider === 'user' ? 'server-environment' : 'cloud';
  return diagnosis ? { id, color: 'charts.green' } : { id };
}

function facets({ owner, managementProject, platform, enabled }: Cluster, writable: boolean): readonly string[] {
  return [
    'cluster',
    owner.level,
    ...(managementProject?.path ? ['managementProject'] : []),
    ...(enabled === undefined ? [] : [enabled ? 'enabled' : 'disabled']),
    ...(platform?.apiUrl ? ['apiUrl'] : []),
    ...(platform?.caCert ? ['caCertificate'] : []),
    ...(writable ? ['writable'] : []),
  ];
}

type TooltipField = readonly [label: string, value: string | undefined];

function tooltipFields(cluster: Cluster, hostName: string, ca: CaLook): readonly TooltipField[] {
  const { platform, managementProject: management } = cluster;
  const ofAttributes: Readonly<Record<AttributeWith<{ readonly inTooltip: true }>, TooltipField>> = {
    enabled: [l10n.t('State'), yesNo(cluster.enabled, l10n.t('enabled'), l10n.t('disabled'))],
    environmentScope: [l10n.t('Environment scope'), cluster.environmentScope],
    managed: [l10n.t('Managed by GitLab'), yesNo(cluster.managed)],
    namespacePerEnvironment: [l10n.t('Namespace per environment'), yesNo(cluster.namespacePerEnvironment)],
    apiUrl: [l10n.t('API URL'), platform ? platform.apiUrl : l10n.t('none yet')],
    namespace: [l10n.t('Namespace'), platform?.namespace],
    authorizationType: [l10n.t('Authorization type'), platform?.authorizationType],
    caCert: [l10n.t('CA certificate'), ca.detail && plain(ca.detail)],
    baseDomain: [l10n.t('Base domain'), cluster.baseDomain],
    managementProjectId: [
      l10n.t('Management project'),
      management && (management.path || management.name || String(management.id)),
    ],
  };
  return [
    [l10n.t('Host'), hostName],
    [l10n.t('Location'), ownerTitle(cluster.owner)],
    [l10n.t('ID'), String(cluster.id)],
    ...Object.values(ofAttributes),
    [l10n.t('Provider'), providerInWords(cluster.provider)],
    [l10n.t('Created'), created(cluster)],
  ];
}

function yesNo(value: boolean | undefined, yes = l10n.t('yes'), no = l10n.t('no')): string {
  return value === undefined ? l10n.t('not reported by this GitLab version') : value ? yes : no;
}

/** By whom and when; the creator's account may be deleted. */
function created({ createdAt, createdBy }: Cluster): string | undefined {
  const when = createdAt?.toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });
  const who = createdBy && l10n.t('{0} (@{1})', createdBy.name, createdBy.username);
  if (when && who) return l10n.t('{0} by {1}', when, who);
  return when ?? who;
}
