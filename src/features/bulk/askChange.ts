import { X509Certificate } from 'node:crypto';
import * as vscode from 'vscode';
import { canManage } from '../../core/changes/bulkPlan';
import type { BulkChange } from '../../core/changes/bulkPlan';
import { certificateInWords } from '../../core/changes/bulkText';
import type { NamedCluster } from '../../core/inventory/fleet';
import type { GitLabClient } from '../../core/gitlab/client';
import { MAINTAINER, searchProjects } from '../../core/gitlab/owners';
import { caRemarks } from '../../core/model/caRules';
import { isCertificate, readCertificates } from '../../core/model/certificate';
import { caTextProblem, certificateWithin } from '../../core/model/certificateText';
import { textOfBytes } from '../../core/model/fileText';
import { blankDraft } from '../../core/model/clusterDraft';
import type { ClusterDraft } from '../../core/model/clusterDraft';
import type { Cluster } from '../../core/model/cluster';
import { checkDraft } from '../../core/model/clusterRules';
import type { Finding } from '../../core/model/clusterRules';
import { ask, choose } from '../../editor/ask';
import { searchPick } from '../../editor/searchPick';

export type ChangeKind = BulkChange['type'] | 'apiUrl' | 'caCert' | 'serviceToken' | 'wholeConnection';

/** A change with what was asked for it. */
export interface AskedChange {
  readonly change: BulkChange;
  /** Not part of the change, so that it gets into no table. */
  readonly serviceToken?: string | undefined;
  /** What the form would warn of, and what a new certificate is. */
  readonly notes: readonly string[];
}

/** Which of the changes that can be made to many clusters. */
export async function askKind(title: string): Promise<ChangeKind | undefined> {
  const kinds: readonly { readonly kind: ChangeKind; readonly label: string; readonly icon: string }[] = [
    { kind: 'enable', icon: 'circle-filled', label: vscode.l10n.t('Enable') },
    { kind: 'disable', icon: 'circle-slash', label: vscode.l10n.t('Disable') },
    { kind: 'managementProject', icon: 'repo', label: vscode.l10n.t('Set Management Project…') },
    { kind: 'baseDomain', icon: 'globe', label: vscode.l10n.t('Set Base Domain…') },
    { kind: 'apiUrl', icon: 'link', label: vscode.l10n.t('Replace API URL…') },
    { kind: 'caCert', icon: 'verified', label: vscode.l10n.t('Replace CA Certificate…') },
    { kind: 'serviceToken', icon: 'key', label: vscode.l10n.t('Replace Service Token…') },
    {
      kind: 'wholeConnection',
      icon: 'plug',
      label: vscode.l10n.t('Replace API URL, CA Certificate and Service Token…'),
    },
    { kind: 'delete', icon: 'trash', label: vscode.l10n.t('Delete…') },
  ];
  const chosen = await choose(title, kinds, ({ label, icon }) => ({
    label,
    iconPath: new vscode.ThemeIcon(icon),
  }));
  return chosen?.kind;
}

/** The clusters to change, and how their host is asked for projects. */
export interface ChangePlace {
  readonly clusters: readonly (Cluster | NamedCluster)[];
  readonly client: () => Promise<GitLabClient>;
  readonly isAdmin: boolean;
}

/** Asks for the value of a change, by the rules of the form. Undefined where the user stops. */
export async function askChange(
  kind: Exclude<ChangeKind, 'delete' | 'connection'>,
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
      const baseDomain = await askField('baseDomain', title, vscode.l10n.t('New base domain; empty takes it away'));
      return baseDomain === undefined ? undefined : { change: { type: 'baseDomain', baseDomain }, notes: [] };
    }
    case 'apiUrl':
      return askConnection(['apiUrl'], title);
    case 'caCert':
      return askConnection(['caCert'], title);
    case 'serviceToken':
      return askConnection(['serviceToken'], title);
    case 'wholeConnection':
      return askConnection(['apiUrl', 'caCert', 'serviceToken'], title);
  }
}

type ConnectionField = 'apiUrl' | 'caCert' | 'serviceToken';

async function askConnection(fields: readonly ConnectionField[], title: string): Promise<AskedChange | undefined> {
  const values = new Map<ConnectionField, string>();
  for (const field of fields) {
    const value = field === 'caCert' ? await askCaCertificate(title) : await askConnectionText(field, title);
    if (value === undefined) return undefined;
    values.set(field, value);
  }
  const [apiUrl, caCert, serviceToken] = [values.get('apiUrl'), values.get('caCert'), values.get('serviceToken')];
  return {
    change: { type: 'connection', apiUrl, caCert, replacesServiceToken: serviceToken !== undefined },
    serviceToken,
    notes: [
      ...[...values].flatMap(([field, value]) =>
        findingsOf(field, value).flatMap(({ severity, message }) => (severity === 'error' ? [] : [message])),
      ),
      ...(caCert === undefined ? [] : certificateNotes(caCert)),
    ],
  };
}

function askConnectionText(field: 'apiUrl' | 'serviceToken', title: string): Promise<string | undefined> {
  return field === 'apiUrl'
    ? askField(field, title, vscode.l10n.t('New address of the Kubernetes API'))
    : askField(field, title, vscode.l10n.t('New token of the service account; it is sent to GitLab and not kept'));
}

function askField(
  field: 'apiUrl' | 'serviceToken' | 'baseDomain',
  title: string,
  prompt: string,
): Promise<string | undefined> {
  return ask({
    title,
    prompt,
    password: field === 'serviceToken',
    check: (value) => findingsOf(field, value).find(({ severity }) => severity === 'error')?.message,
  });
}

/** What the form says of one value. */
function findingsOf(field: ConnectionField | 'baseDomain', value: string): readonly Finding[] {
  const draft: ClusterDraft = { ...blankDraft(), [field]: value };
  // As if it were added: then no value counts as left alone.
  const context = { mode: 'add', level: 'project', provider: 'user', initial: blankDraft() } as const;
  return checkDraft(draft, { ...context, siblings: [], ownerPath: undefined }).filter((one) => one.field === field);
}

async function askManagementProject(title: string, place: ChangePlace): Promise<AskedChange | undefined> {
  const client = await place.client();
  const clusters = place.clusters.filter((cluster) => 'owner' in cluster);
  const shared = sharedNamespace(clusters);
  const found = await searchPick<'none'>({
    title,
    placeholder: vscode.l10n.t('Management project: type to search projects by name or path'),
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
      return fitting === 0
        ? vscode.l10n.t('in the wrong group')
        : vscode.l10n.t('for {0} of {1} clusters', fitting, clusters.length);
    },
    nothingFound: vscode.l10n.t('Only projects where you are at least Maintainer can manage a cluster.'),
    other: { label: vscode.l10n.t('None'), icon: 'circle-slash', answer: 'none' },
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

/** Longer files are no CA certificate. In bytes. */
const MAX_FILE = 1_000_000;

async function askCaCertificate(title: string): Promise<string | undefined> {
  const ways = [
    { label: vscode.l10n.t('From the Clipboard'), icon: 'clippy', read: () => vscode.env.clipboard.readText() },
    { label: vscode.l10n.t('From a File…'), icon: 'file', read: () => readFile(title) },
  ];
  const way = await choose(title, ways, ({ label, icon }) => ({ label, iconPath: new vscode.ThemeIcon(icon) }));
  const text = await way?.read();
  return text === undefined ? undefined : usable(text.trim());
}

async function readFile(title: string): Promise<string | undefined> {
  const [chosen] =
    (await vscode.window.showOpenDialog({
      title,
      openLabel: vscode.l10n.t('Use as CA Certificate'),
      filters: { [vscode.l10n.t('Certificates')]: ['pem', 'crt', 'cer', 'der'], [vscode.l10n.t('All files')]: ['*'] },
    })) ?? [];
  if (!chosen) return undefined;
  const { size } = await vscode.workspace.fs.stat(chosen);
  if (size > MAX_FILE) return refuse(vscode.l10n.t('This file is too large for a CA certificate.'));
  const bytes = Buffer.from(await vscode.workspace.fs.readFile(chosen));
  try {
    return bytes[0] === 0x30 ? new X509Certificate(bytes).toString() : textOfBytes(bytes);
  } catch {
    return textOfBytes(bytes);
  }
}

/** The text if GitLab takes it and it can be decoded; what lies inside another text is offered. */
async function usable(text: string): Promise<string | undefined> {
  const problem = caTextProblem(text);
  if (problem !== undefined) {
    const within = certificateWithin(text);
    if (within === undefined) return refuse(problem);
    const take = vscode.l10n.t('Use the Certificate Within');
    const detail = `${problem}\n\n${certificateInWords(within)}`;
    const message = vscode.l10n.t('GitLab would not take this text.');
    if ((await vscode.window.showWarningMessage(message, { modal: true, detail }, take)) !== take) return undefined;
    return usable(within);
  }
  if (text === '') return refuse(vscode.l10n.t('There is no certificate.'));
  const refused = caRemarks(text, new Date()).find(({ severity }) => severity === 'error');
  return refused ? refuse(refused.message) : text;
}

function refuse(problem: string): undefined {
  void vscode.window.showErrorMessage(problem);
}

function certificateNotes(pem: string): string[] {
  const isReadable = readCertificates(pem).some(isCertificate);
  return isReadable ? [vscode.l10n.t('The new CA certificate: {0}', certificateInWords(pem))] : [];
}
