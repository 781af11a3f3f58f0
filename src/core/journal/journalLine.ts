import { explain } from '../gitlab/explain';
import { isCertificate, readCertificates } from '../model/certificate';
import type { ClusterOwner } from '../model/cluster';
import { attributeNames, isOfKind } from '../model/attributes';
import { draftOf } from '../model/clusterDraft';
import { isSameCertificateText } from '../model/draftParts';
import type { ClusterDraft } from '../model/clusterDraft';
import type { ClusterField, ClusterFields } from '../model/clusterFields';
import { differences } from '../model/differences';
import { plain } from '../model/plainText';
import { withoutCredentials } from '../model/withoutCredentials';
import type { PlannedWrite, WriteEnd } from './writeJournal';

/** Attributes of a cluster as a form holds them; never a service token. One that is missing was not known or not set. */
export type ClusterState = {
  readonly [Key in Exclude<keyof ClusterDraft, 'serviceToken' | 'removeCaCert'>]?: ClusterDraft[Key] | undefined;
};

/** Of a certificate what a person recognises it by, beside the text that puts it back. Dates as ISO 8601. */
export interface NotedCertificate {
  readonly subject: string;
  readonly validFrom: string;
  readonly validTo: string;
  readonly sha256: string;
}

/** What is written before a request is sent. The keys are those of the file, so they must not change. */
export interface BeginLine {
  readonly note: string;
  /** ISO 8601. */
  readonly at: string;
  readonly change: string;
  readonly kind: 'add' | 'edit' | 'delete';
  readonly host: string;
  readonly user?: string;
  readonly owner: ClusterOwner;
  readonly cluster: { readonly id?: number; readonly name: string; readonly provider?: string };
  /** Which fields are sent; `serviceToken` says that it is replaced. */
  readonly fields: readonly ClusterField[];
  readonly before?: ClusterState;
  readonly after?: ClusterState;
  /** Fields of which a user name and password were left out. */
  readonly withheld?: readonly ClusterField[];
  readonly certificates?: { readonly before?: NotedCertificate; readonly after?: NotedCertificate };
}

/** What is added when the outcome is known. */
export interface EndLine {
  readonly end: string;
  readonly at: string;
  readonly outcome: 'done' | 'gone' | 'failed' | 'unknown';
  /** The cluster GitLab made, or the one that was changed. */
  readonly cluster?: number;
  /** What GitLab has now of the fields that were sent. */
  readonly after?: ClusterState;
  /** Why it failed, in a few words. */
  readonly problem?: string;
}

/**
 * Lines are checked by functions, not by schemas: thousands are read at once while somebody waits, and a schema takes
 * several times as long as parsing the JSON.
 */
type Check = (value: unknown) => boolean;
const isText: Check = (value) => typeof value === 'string';
const isFlag: Check = (value) => typeof value === 'boolean';
const isId: Check = (value) => Number.isSafeInteger(value) && Number(value) > 0;
const oneOf = (...values: readonly string[]): Check => {
  const known = new Set<unknown>(values);
  return (value) => known.has(value);
};
const listOf =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(check);

/** An object with nothing in it but what is listed; the keys in `required` are there. */
function objectOf<T extends object>(
  checks: { readonly [Key in keyof Required<T>]: Check },
  required: readonly (keyof T)[],
): (value: unknown) => value is T {
  const known = new Map<string, Check>(Object.entries(checks));
  const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
    typeof value === 'object' && value !== null;
  return (value): value is T => {
    if (!isRecord(value)) return false;
    for (const key in value) if (!(known.get(key)?.(value[key]) ?? false)) return false;
    return required.every((key) => key in value);
  };
}

const isState = objectOf<ClusterState>(
  {
    name: isText,
    baseDomain: isText,
    enabled: isFlag,
    managed: isFlag,
    namespacePerEnvironment: isFlag,
    environmentScope: isText,
    managementProject: objectOf<{ id: number; path: string }>({ id: isId, path: isText }, ['path']),
    apiUrl: isText,
    caCert: isText,
    namespace: isText,
    authorizationType: isText,
  },
  [],
);
const isCertificateNote = objectOf<NotedCertificate>(
  { subject: isText, validFrom: isText, validTo: isText, sha256: isText },
  ['subject', 'validFrom', 'validTo', 'sha256'],
);
const isInstance = objectOf<{ level: 'instance' }>({ level: oneOf('instance') }, ['level']);
const isGroupOrProject = objectOf<Exclude<ClusterOwner, { level: 'instance' }>>(
  { level: oneOf('group', 'project'), id: isId, path: isText },
  ['level', 'id', 'path'],
);

const isBegin = objectOf<BeginLine>(
  {
    note: isText,
    at: isText,
    change: isText,
    kind: oneOf('add', 'edit', 'delete'),
    host: isText,
    user: isText,
    owner: (value) => isGroupOrProject(value) || isInstance(value),
    cluster: objectOf<BeginLine['cluster']>({ id: isId, name: isText, provider: isText }, ['name']),
    fields: listOf(oneOf(...attributeNames)),
    before: isState,
    after: isState,
    withheld: listOf(oneOf(...attributeNames)),
    certificates: objectOf<NonNullable<BeginLine['certificates']>>(
      { before: isCertificateNote, after: isCertificateNote },
      [],
    ),
  },
  ['note', 'at', 'change', 'kind', 'host', 'owner', 'cluster', 'fields'],
);
const isEnd = objectOf<EndLine>(
  {
    end: isText,
    at: isText,
    outcome: oneOf('done', 'gone', 'failed', 'unknown'),
    cluster: isId,
    after: isState,
    problem: isText,
  },
  ['end', 'at', 'outcome'],
);

/** A line of the journal; undefined for one that is torn or was edited into something else. */
export function parseLine(line: string): BeginLine | EndLine | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  return isBegin(value) || isEnd(value) ? value : undefined;
}

export function isEndLine(line: BeginLine | EndLine): line is EndLine {
  return 'end' in line;
}

/** Whether a line begins an entry: for counting, without parsing. */
export function beginsEntry(line: string): boolean {
  return line.startsWith('{"note":');
}

/** The note of a write that is about to be sent. */
export function beginOf(write: PlannedWrite, note: string, at: Date): BeginLine {
  const changed = changedFields(write);
  const was = write.kind === 'add' ? undefined : stateOf(draftOf(write.cluster));
  const sent = write.kind === 'delete' ? undefined : write.fields;
  const after = sent && stateOf(fromFields(sent, write.kind === 'edit' ? was : undefined));
  // The text is long, and only needed to put it back.
  const keepsText = write.kind === 'delete' || changed.includes('caCert');
  const before = was && (keepsText ? was : { ...was, caCert: undefined });
  const apiUrl = write.kind === 'add' ? write.fields.apiUrl : write.cluster.platform?.apiUrl;
  const [caBefore, caAfter] = [noteOfCertificate(was?.caCert), noteOfCertificate(after?.caCert)];
  return {
    note,
    at: at.toISOString(),
    change: write.change ?? note,
    kind: write.kind,
    host: write.host,
    ...(write.user !== undefined && { user: write.user }),
    owner: ownerOf(write.kind === 'add' ? write.owner : write.cluster.owner),
    cluster:
      write.kind === 'add'
        ? { name: write.fields.name ?? '' }
        : { id: write.cluster.id, name: write.cluster.name, provider: write.cluster.provider },
    fields: changed,
    ...(before && { before }),
    ...(after && { after }),
    ...(hasCredentials(apiUrl) && { withheld: ['apiUrl' as const] }),
    ...((caBefore ?? caAfter) && {
      certificates: { ...(caBefore && { before: caBefore }), ...(caAfter && { after: caAfter }) },
    }),
  };
}

/** How a write ended, for its note. */
export function endOf(note: BeginLine, end: WriteEnd, at: Date): EndLine {
  const line = { end: note.note, at: at.toISOString(), outcome: end.outcome };
  switch (end.outcome) {
    case 'gone':
      return line;
    case 'failed':
    case 'unknown':
      return { ...line, problem: plain(explain(end.error).title) };
    case 'done': {
      if (!end.cluster) return line;
      const state = stateOf(draftOf(end.cluster));
      return {
        ...line,
        cluster: end.cluster.id,
        after: note.kind === 'edit' ? only(state, note.fields) : state,
      };
    }
  }
}

/** Which fields an edit changes; everything an addition sends. What is repeated, so that GitLab keeps it, is no change. */
function changedFields(write: PlannedWrite): ClusterField[] {
  switch (write.kind) {
    case 'delete':
      return [];
    case 'add':
      return attributeNames.filter((field) => write.fields[field] !== undefined);
    case 'edit': {
      const changed = new Set(differences(write.fields, write.cluster).map(({ field }) => field));
      if (write.fields.serviceToken !== undefined) changed.add('serviceToken');
      return attributeNames.filter((field) => changed.has(field));
    }
  }
}

function ownerOf(given: ClusterOwner): ClusterOwner {
  return given.level === 'instance' ? { level: 'instance' } : { level: given.level, id: given.id, path: given.path };
}

/** A draft as it may be kept: without the service token, and without user name and password in the API URL. */
function stateOf(draft: ClusterState): Required<ClusterState> {
  const { name, baseDomain, enabled, managed, namespacePerEnvironment, environmentScope } = draft;
  const { managementProject, apiUrl, caCert, namespace, authorizationType } = draft;
  return {
    name,
    baseDomain,
    enabled,
    managed,
    namespacePerEnvironment,
    environmentScope,
    managementProject: managementProject && { id: managementProject.id, path: managementProject.path },
    apiUrl: apiUrl === undefined ? undefined : withoutCredentials(apiUrl),
    caCert,
    namespace,
    authorizationType,
  };
}

function fromFields({ managementProjectId, ...sent }: ClusterFields, before: ClusterState | undefined): ClusterState {
  const project = before?.managementProject;
  const managementProject =
    typeof managementProjectId === 'number'
      ? { id: managementProjectId, path: project?.id === managementProjectId ? project.path : '' }
      : undefined;
  return { ...sent, ...(managementProject && { managementProject }) };
}

/** The values of some fields alone. */
export function only(state: ClusterState, wanted: readonly ClusterField[]): ClusterState {
  const keys = new Set<string>(wanted.map((field) => (field === 'managementProjectId' ? 'managementProject' : field)));
  return Object.fromEntries(Object.entries(state).filter(([key]) => keys.has(key)));
}

/** What a certificate is recognised by: the first of the text, which is the only one GitLab looks at. */
export function noteOfCertificate(pem: string | undefined): NotedCertificate | undefined {
  const first = readCertificates(pem ?? '').find(isCertificate);
  if (!first) return undefined;
  const { subject, validFrom, validTo, sha256 } = first;
  return { subject, validFrom: validFrom.toISOString(), validTo: validTo.toISOString(), sha256 };
}

function hasCredentials(apiUrl: string | undefined): boolean {
  return apiUrl !== undefined && withoutCredentials(apiUrl) !== apiUrl;
}

/** Whether two values of a field are the same to GitLab. */
export function isSameValue(field: ClusterField, one: ClusterState, other: ClusterState): boolean {
  if (isOfKind(field, 'secret')) return true;
  if (isOfKind(field, 'project')) return one.managementProject?.id === other.managementProject?.id;
  if (isOfKind(field, 'certificate')) return isSameCertificateText(one.caCert ?? '', other.caCert ?? '');
  if (isOfKind(field, 'flag')) return one[field] === other[field];
  const [mine, others] = [one[field]?.trim() ?? '', other[field]?.trim() ?? ''];
  return field === 'apiUrl' ? withoutCredentials(mine) === withoutCredentials(others) : mine === others;
}
