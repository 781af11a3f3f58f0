import * as l10n from '@vscode/l10n';
import { canManage } from '../../core/changes/bulkPlan';
import type { BulkChange } from '../../core/changes/bulkPlan';
import type { KnownCluster } from '../../core/inventory/ownerRecord';
import type { GitLabClient } from '../../core/gitlab/client';
import { MAINTAINER } from '../../core/gitlab/owners';
import { searchProjects } from '../../core/gitlab/ownerSearch';
import type { AttributeWith } from '../../core/model/attributeUses';
import type { Cluster } from '../../core/model/cluster';
import type { Dialogs } from '../../editor/dialogs';
import { askConnection, askField } from './askConnection';

export type ChangeKind =
  | Exclude<BulkChange['type'], 'connection' | 'restore' | 'add'>
  | 'apiUrl'
  | 'caCert'
  | 'serviceToken'
  | 'wholeConnection';

interface Offer {
  readonly kind: ChangeKind;
  readonly label: string;
  readonly icon: string;
}

/** A change with what was asked for it. */
export interface AskedChange {
  readonly change: BulkChange;
  /** Not part of the change, so that it gets into no table. */
  readonly serviceToken?: string | ReadonlyMap<Cluster, string> | undefined;
  /** What the form would warn of, and what a new certificate is. */
  readonly notes: readonly string[];
}

/** Which of the changes that can be made to many clusters. */
export async function askKind(title: string, dialogs: Dialogs): Promise<ChangeKind | undefined> {
  const ofAttributes: Readonly<Record<AttributeWith<{ readonly inBulk: true }>, readonly Offer[]>> = {
    enabled: [
      { kind: 'enable', icon: 'circle-filled', label: l10n.t('Enable') },
      { kind: 'disable', icon: 'circle-slash', label: l10n.t('Disable') },
    ],
    managementProjectId: [{ kind: 'managementProject', icon: 'repo', label: l10n.t('Set Management Project…') }],
    baseDomain: [{ kind: 'baseDomain', icon: 'globe', label: l10n.t('Set Base Domain…') }],
    apiUrl: [{ kind: 'apiUrl', icon: 'link', label: l10n.t('Replace API URL…') }],
    caCert: [{ kind: 'caCert', icon: 'verified', label: l10n.t('Replace CA Certificate…') }],
    serviceToken: [{ kind: 'serviceToken', icon: 'key', label: l10n.t('Replace Service Token…') }],
  };
  const kinds: readonly Offer[] = [
    ...Object.values(ofAttributes).flat(),
    {
      kind: 'wholeConnection',
      icon: 'plug',
      label: l10n.t('Replace API URL, CA Certificate and Service Token…'),
    },
    { kind: 'delete', icon: 'trash', label: l10n.t('Delete…') },
  ];
  return (await dialogs.choose(title, kinds, ({ label, icon }) => ({ label, icon })))?.kind;
}

/** The clusters to change, and how their host is asked for projects. */
interface ChangePlace {
  readonly clusters: readonly KnownCluster[];
  readonly client: () => Promise<GitLabClient>;
  readonly isAdmin: boolean;
  /** The oldest version among their hosts, as far as known: what it cannot do, the others may. */
  readonly gitlabVersion: string | undefined;
  readonly dialogs: Dialogs;
}

/** Asks for the value of a change, by the rules of the form. Undefined where the user stops. */
export async function askChange(
  kind: Exclude<ChangeKind, 'delete'>,
  title: string,
  place: ChangePlace,
): Promise<AskedChange | undefined> {
  switch (kind) {
    case 'enable':
    case 'disable':
      return { change: { type: kind }, notes: [] };
    case 'managementProject':
      return askManagementProject(title, place);
    case 'baseDomain': {
      const baseDomain = await askField(
        'baseDomain',
        title,
        l10n.t('New base domain (leave empty to remove it)'),
        place.dialogs,
      );
      return baseDomain === undefined ? undefined : { change: { type: 'baseDomain', baseDomain }, notes: [] };
    }
    case 'apiUrl':
      return askConnection(['apiUrl'], title, place);
    case 'caCert':
      return askConnection(['caCert'], title, place);
    case 'serviceToken':
      return askConnection(['serviceToken'], title, place);
    case 'wholeConnection':
      return askConnection(['apiUrl', 'caCert', 'serviceToken'], title, place);
  }
}

async function askManagementProject(title: string, place: ChangePlace): Promise<AskedChange | undefined> {
  const client = await place.client();
  const clusters = place.clusters.filter((cluster) => cluster.detail === 'full');
  const shared = sharedNamespace(clusters);
  const found = await place.dialogs.search<'none'>({
    title,
    placeholder: l10n.t('Management project: type to search projects by name or path'),
    search: (text, page, signal) =>
      searchProjects(client, {
        // With nothing typed, GitLab lists everything; the namespace narrows that to what may be chosen.
        text: text || shared,
        page,
        minAccessLevel: place.isAdmin ? undefined : MAINTAINER,
        signal,
      }),
    describe: ({ path }) => {
      const fitting = clusters.filter((cluster) => canManage(path, cluster)).length;
      if (fitting === clusters.length) return undefined;
      return fitting === 0 ? l10n.t('in the wrong group') : l10n.t('for {0} of {1} clusters', fitting, clusters.length);
    },
    nothingFound: l10n.t('Only projects where you are at least Maintainer can manage a cluster.'),
    other: { label: l10n.t('None'), icon: 'circle-slash', answer: 'none' },
  });
  if (found === undefined) return undefined;
  return { change: { type: 'managementProject', project: found === 'none' ? undefined : found }, notes: [] };
}

/** The namespace that all clusters hang in; empty where they hang in several. */
function sharedNamespace(clusters: readonly Cluster[]): string {
  const namespaces = new Set(
    clusters.map(({ owner }) => {
      if (owner.level === 'instance') return '';
      return owner.level === 'group' ? owner.path : owner.path.slice(0, Math.max(0, owner.path.lastIndexOf('/')));
    }),
  );
  const [only = ''] = namespaces;
  return namespaces.size === 1 ? only : '';
}
