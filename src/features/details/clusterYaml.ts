import * as l10n from '@vscode/l10n';
import { explain } from '../../core/gitlab/explain';
import { isCertificate, readCertificates, validityOf } from '../../core/model/certificate';
import type { Certificate, UnreadableCertificate } from '../../core/model/certificate';
import type { Attribute } from '../../core/model/attributes';
import type { DocumentKey, PlatformAttribute } from '../../core/model/attributeUses';
import type { Cluster, ClusterOwner, GcpProvider, KubernetesPlatform } from '../../core/model/cluster';
import { plain } from '../../core/model/plainText';
import { clusterTitle } from '../../core/model/titles';
import { ownerTitle } from '../../core/model/titles';
import type { ClusterAddress } from './clusterAddress';
import { toYaml } from './yaml';
import type { YamlFields, YamlValue } from './yaml';

/**
 * A cluster as YAML for reading: every field GitLab told, then its CA certificates decoded. Keys are GitLab's words and
 * not translated; what GitLab did not tell is named, since it is not the same as "no".
 */
export function clusterYaml(cluster: Cluster, now: Date): string {
  const fields = clusterFields(cluster);
  const untold = Object.entries(fields).flatMap(([key, value]) => (value === undefined ? [key] : []));
  const parts = [
    comment([l10n.t('{0}, as GitLab has it. Read-only.', clusterTitle(cluster))]),
    toYaml(fields),
    untold.length > 0 ? comment([l10n.t('Empty or not told by this GitLab: {0}', untold.join(', '))]) : '',
    certificatesYaml(cluster.platform?.caCert, now),
  ];
  return parts.filter((part) => part !== '').join('\n');
}

/** Why a cluster cannot be shown, as comments, so that the document is YAML all the same. */
export function failureYaml(address: ClusterAddress, error: unknown): string {
  const { title, sentence } = explain(error);
  const subject = l10n.t('Cluster {0} of {1} at {2}', address.id, ownerTitle(address.owner), address.host);
  return comment([title, '', subject, sentence, '', l10n.t('Select the cluster in the tree again to retry.')]);
}

/** For a cluster that was there before. */
export function deletedYaml({ host, owner, id }: ClusterAddress): string {
  return comment([
    l10n.t('Deleted'),
    '',
    l10n.t('Cluster {0} of {1} at {2}', id, ownerTitle(owner), host),
    l10n.t('GitLab has it no longer: it was deleted since it was last seen here.'),
  ]);
}

/** For a document restored after its host was removed. */
export function unlistedYaml({ host }: ClusterAddress): string {
  return comment([l10n.t('{0} is not among the GitLab hosts any more. Add it again to see this cluster.', host)]);
}

/** For a document whose address names no cluster. */
export function unknownYaml(): string {
  return comment([l10n.t('This address names no cluster. Open it from the Clusters view.')]);
}

function clusterFields(cluster: Cluster): YamlFields {
  const { platform, managementProject: management, createdBy } = cluster;
  return {
    name: cluster.name,
    id: cluster.id,
    host: cluster.host,
    ...ownerFields(cluster.owner),
    enabled: cluster.enabled,
    'environment scope': cluster.environmentScope,
    'base domain': cluster.baseDomain,
    'managed by GitLab': cluster.managed,
    'namespace per environment': cluster.namespacePerEnvironment,
    'management project': management && { path: management.path, name: management.name, id: management.id },
    provider: cluster.provider,
    'created at': cluster.createdAt?.toISOString(),
    'created by': createdBy && `${createdBy.name} (@${createdBy.username})`,
    kubernetes: platform && kubernetesFields(platform),
    ...(cluster.gcp && { 'Google Kubernetes Engine': gcpFields(cluster.gcp) }),
  } satisfies YamlFields & Record<DocumentKey<Exclude<Attribute, PlatformAttribute>>, YamlValue>;
}

function ownerFields(owner: ClusterOwner): YamlFields {
  return owner.level === 'instance'
    ? { level: 'instance' }
    : { level: owner.level, [owner.level]: { path: owner.path, id: owner.id } };
}

function kubernetesFields(platform: KubernetesPlatform): YamlFields {
  return {
    'API URL': platform.apiUrl,
    namespace: platform.namespace ?? null,
    'authorization type': platform.authorizationType ?? null,
    'CA certificate': platform.caCert ?? null,
  } satisfies Record<DocumentKey<PlatformAttribute>, YamlValue>;
}

function gcpFields(gcp: GcpProvider): YamlFields {
  return {
    status: gcp.status,
    'GCP project': gcp.projectId,
    zone: gcp.zone,
    'machine type': gcp.machineType,
    nodes: gcp.nodes,
    endpoint: gcp.endpoint,
  };
}

function certificatesYaml(pem: string | undefined, now: Date): string {
  if (pem === undefined) return '';
  const entries = readCertificates(pem).map((entry) => certificateFields(entry, now));
  return `${comment([l10n.t('The CA certificate decoded')])}${toYaml({ 'CA certificates': entries })}`;
}

function certificateFields(entry: Certificate | UnreadableCertificate, now: Date): YamlFields {
  if (!isCertificate(entry)) return { problem: entry.problem };
  return {
    subject: entry.subject,
    issuer: entry.issuer,
    'valid from': entry.validFrom.toISOString(),
    'valid to': entry.validTo.toISOString(),
    validity: validityInWords(entry, now),
    'SHA-256': entry.sha256,
  };
}

function validityInWords(certificate: Certificate, now: Date): string {
  switch (validityOf(certificate, now)) {
    case 'valid':
      return l10n.t('valid');
    case 'expired':
      return l10n.t('expired');
    case 'notYetValid':
      return l10n.t('not valid yet');
  }
}

/** Each line is one line: nothing from a server can end the comment. */
function comment(lines: readonly string[]): string {
  return lines.map((line) => `# ${plain(line)}`.trimEnd() + '\n').join('');
}
