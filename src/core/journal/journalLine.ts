import type { ClusterOwner } from '../model/cluster';
import { attributeNames, attributes } from '../model/attributes';
import type { ClusterField } from '../model/clusterFields';
import { keptAttributes, stateKey } from './clusterState';
import type { ClusterState, NotedCertificate } from './clusterState';

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

/** Writes in a project that are about no cluster. */
const projectWriteKinds = [
  ...(['addAgent', 'deleteAgent', 'addAgentToken', 'revokeAgentToken'] as const),
  ...(['commit', 'openMergeRequest', 'createVariable'] as const),
] as const;
export type ProjectWriteKind = (typeof projectWriteKinds)[number];

/** Something of a project by name, and by id where it has one already. */
export interface NamedThing {
  readonly id?: number;
  readonly name: string;
}

/** What is written before such a request is sent, under keys that must not change either. No secret has a place in it. */
export interface ProjectLine {
  readonly note: string;
  readonly at: string;
  readonly change: string;
  readonly kind: ProjectWriteKind;
  readonly host: string;
  readonly user?: string;
  readonly project: { readonly id: number; readonly path: string };
  /** Such as the agent, the branch, or the variable. */
  readonly thing: NamedThing;
  /** Such as a token of the agent, the file, or the variable's scope. */
  readonly part?: NamedThing;
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
  return recordOf<T>(new Map<string, Check>(Object.entries(checks)), required);
}

function recordOf<T extends object>(
  known: ReadonlyMap<string, Check>,
  required: readonly (keyof T)[],
): (value: unknown) => value is T {
  const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
    typeof value === 'object' && value !== null;
  return (value): value is T => {
    if (!isRecord(value)) return false;
    for (const key in value) if (!(known.get(key)?.(value[key]) ?? false)) return false;
    return required.every((key) => key in value);
  };
}

const isProject = objectOf<NonNullable<ClusterState['managementProject']>>({ id: isId, path: isText }, ['path']);
const ofKind = {
  text: isText,
  choice: isText,
  certificate: isText,
  flag: isFlag,
  project: isProject,
  secret: () => false,
} satisfies Readonly<Record<(typeof attributes)[keyof typeof attributes]['kind'], Check>>;
const isState = recordOf<ClusterState>(
  new Map(keptAttributes.map((attribute) => [stateKey(attribute), ofKind[attributes[attribute].kind]])),
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

const isThing = objectOf<NamedThing>({ id: isId, name: isText }, ['name']);
const isProjectLine = objectOf<ProjectLine>(
  {
    note: isText,
    at: isText,
    change: isText,
    kind: oneOf(...projectWriteKinds),
    host: isText,
    user: isText,
    project: objectOf<ProjectLine['project']>({ id: isId, path: isText }, ['id', 'path']),
    thing: isThing,
    part: isThing,
  },
  ['note', 'at', 'change', 'kind', 'host', 'project', 'thing'],
);

/** A line of the journal; undefined for one that is torn or was edited into something else. */
export function parseLine(line: string): BeginLine | ProjectLine | EndLine | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  return isBegin(value) || isEnd(value) || isProjectLine(value) ? value : undefined;
}

export function isEndLine(line: BeginLine | ProjectLine | EndLine): line is EndLine {
  return 'end' in line;
}

export function isOfProject(line: BeginLine | ProjectLine): line is ProjectLine {
  return 'thing' in line;
}

/** Whether a line begins an entry: for counting, without parsing. */
export function beginsEntry(line: string): boolean {
  return line.startsWith('{"note":');
}
