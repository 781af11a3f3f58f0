import * as l10n from '@vscode/l10n';
import { explain } from '../../core/gitlab/explain';
import { isCertificate, readCertificates, validityOf } from '../../core/model/certificate';
import type { Certificate, UnreadableCertificate } from '../../core/model/certificate';
import type { WireName, WireNameIn } from '../../core/model/attributeUses';
import type { Cluster, ClusterOwner, GcpProvider, KubernetesPlatform } from '../../core/model/cluster';
import { plain } from '../../core/model/plainText';
import { clusterPage } from '../../core/model/pages';
import { ownerTitle, placedTitle } from '../../core/model/titles';
import type { ClusterAddress } from './clusterAddress';
import { toYaml } from './yaml';
import type { YamlFields, YamlValue } from './yaml';

/**
 * A cluster as YAML for reading: every field GitLab reported, then its CA certificates decoded. Keys are the names of
 * GitLab's API and not translated; what GitLab left empty or did not report is named once, below.
 */
export function clusterYaml(cluster: Cluster, hostName: string, now: Date): string {
  const fields = clusterFields(cluster);
  const missing = missingIn(fields, '');
  const parts = [
    // The editor makes a link of the address.
    comment([l10n.t('{0}, as GitLab has it. Read-only.', placedTitle(cluster, hostName)), clusterPage(cluster)]),
    toYaml(fields),
    missing.length > 0 ? comment([l10n.t('Empty or not reported by GitLab: {0}', missing.join(', '))]) : '',
    certificatesYaml(cluster.platform?.caCert, now),
  ];
  return parts.filter((part) => part !== '').join('\n');
}

/** Why a cluster cannot be shown, as comments, so that the document is YAML all the same. */
export function failureYaml(address: ClusterAddress, error: unknown): string {
  const { title, sentence } = explain(error);
  const subject = l10n.t('Cluster {0} of {1} at {2}', address.id, ownerTitle(address.owner), address.host);
  return comment([
    title,
    '',
    subject,
    sentence,
    '',
    l10n.t('Use “Refresh Cluster” in the title of this editor to try again.'),
  ]);
}

/** For a cluster that was there before. */
export function deletedYaml({ host, owner, id }: ClusterAddress): string {
  return comment([
    l10n.t('Deleted'),
    '',
    l10n.t('Cluster {0} of {1} at {2}', id, ownerTitle(owner), host),
    l10n.t('It no longer exists in GitLab; it was deleted since the last refresh.'),
  ]);
}

/** For a document restored after its host was removed. */
export function unlistedYaml({ host }: ClusterAddress): string {
  return comment([l10n.t('{0} is not among the GitLab hosts any more. Add it again to see this cluster.', host)]);
}

/** For a document whose address names no cluster. */
export function unknownYaml(): string {
  return comment([l10n.t('This link doesn’t point to a cluster. Open one from the GitLab Clusters view.')]);
}

function clusterFields(cluster: Cluster): YamlFields {
  const { platform, managementProject: management, createdBy } = cluster;
  return {
    name: cluster.name,
    id: cluster.id,
    host: cluster.host,
    ...ownerFields(cluster.owner),
    enabled: cluster.enabled,
    environment_scope: cluster.environmentScope,
    domain: cluster.baseDomain || undefined,
    managed: cluster.managed,
    namespace_per_environment: cluster.namespacePerEnvironment,
    management_project: management && {
      path_with_namespace: management.path,
      name: management.name,
      id: management.id,
    },
    provider_type: cluster.provider,
    created_at: cluster.createdAt?.toISOString(),
    user: createdBy && { name: createdBy.name, username: createdBy.username },
    platform_kubernetes: platform && kubernetesFields(platform),
    ...(cluster.gcp && { provider_gcp: gcpFields(cluster.gcp) }),
  } satisfies YamlFields & Record<WireName, YamlValue>;
}

function ownerFields(owner: ClusterOwner): YamlFields {
  return owner.level === 'instance'
    ? { level: 'instance' }
    : {
        level: owner.level,
        [owner.level]: { [owner.level === 'group' ? 'full_path' : 'path_with_namespace']: owner.path, id: owner.id },
      };
}

function kubernetesFields(platform: KubernetesPlatform): YamlFields {
  return {
    api_url: platform.apiUrl,
    namespace: platform.namespace || undefined,
    authorization_type: platform.authorizationType,
    ca_cert: platform.caCert || undefined,
  } satisfies Record<WireNameIn<'platform_kubernetes'>, YamlValue>;
}

function gcpFields(gcp: GcpProvider): YamlFields {
  return {
    status_name: gcp.status,
    gcp_project_id: gcp.projectId,
    zone: gcp.zone,
    machine_type: gcp.machineType,
    num_nodes: gcp.nodes,
    endpoint: gcp.endpoint,
  };
}

/** The keys without a value, also inside others: `platform_kubernetes.namespace`. */
function missingIn(fields: YamlFields, above: string): readonly string[] {
  return Object.entries(fields).flatMap(([key, value]): readonly string[] => {
    if (value === undefined) return [`${above}${key}`];
    return isFields(value) ? missingIn(value, `${above}${key}.`) : [];
  });
}

function isFields(value: YamlValue): value is YamlFields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function certificatesYaml(pem: string | undefined, now: Date): string {
  if (pem === undefined) return '';
  const entries = readCertificates(pem).map((entry) => certificateFields(entry, now));
  return `${comment([l10n.t('The CA certificate decoded')])}${toYaml({ ca_certificates: entries })}`;
}

function certificateFields(entry: Certificate | UnreadableCertificate, now: Date): YamlFields {
  if (!isCertificate(entry)) return { problem: entry.problem };
  return {
    subject: entry.subject,
    issuer: entry.issuer,
    valid_from: entry.validFrom.toISOString(),
    valid_to: entry.validTo.toISOString(),
    validity: validityInWords(entry, now),
    sha256: entry.sha256,
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
