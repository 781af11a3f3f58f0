import type { Cluster, ClusterOwner } from '../model/cluster';
import { clusterOfDraft } from '../model/clusterDraft';
import type { ClusterField } from '../model/clusterFields';
import { parseHostUrl } from '../model/host';
import type { HostUrl } from '../model/host';
import type { JournalFile } from './journalFiles';
import { isEndLine, isOfProject, parseLine } from './journalLine';
import type { ClusterState, NotedCertificate } from './clusterState';
import type { BeginLine, EndLine, NamedThing, ProjectLine, ProjectWriteKind } from './journalLine';

/** A write as it is told afterwards. */
export interface NotedWrite {
  readonly id: string;
  readonly at: Date;
  /** The same for everything that the user did at once. */
  readonly change: string;
  readonly kind: 'add' | 'edit' | 'delete';
  readonly host: HostUrl;
  readonly user: string | undefined;
  readonly owner: ClusterOwner;
  /** `id` is missing of one that was to be added, where nobody knows whether it was. */
  readonly cluster: { readonly id: number | undefined; readonly name: string; readonly provider: string };
  /** Which fields were sent. `serviceToken` says that it was replaced; its values are noted nowhere. */
  readonly fields: readonly ClusterField[];
  /** Fields that hold more than was noted: a user name and password in the API URL. */
  readonly withheld: readonly ClusterField[];
  /**
   * The whole cluster as it was; empty for one that was added. Of a CA certificate that an edit left alone, `certificates`
   * has what it is recognised by, and its text is not here.
   */
  readonly before: ClusterState;
  /** What was sent, or what GitLab made of it where that is known; empty for one that was deleted. */
  readonly after: ClusterState;
  readonly certificates: {
    readonly before?: NotedCertificate | undefined;
    readonly after?: NotedCertificate | undefined;
  };
  /** `unknown` also where nothing was noted after the request was sent. */
  readonly outcome: EndLine['outcome'];
  /** Why it failed. */
  readonly problem: string | undefined;
}

/** What a user did at once: one write, or those of a bulk change. Never empty. */
export interface NotedChange {
  readonly id: string;
  readonly at: Date;
  readonly writes: readonly NotedWrite[];
}

/** A write in a project that was about no cluster. */
export interface NotedProjectWrite extends Pick<
  NotedWrite,
  'id' | 'at' | 'change' | 'host' | 'user' | 'outcome' | 'problem'
> {
  readonly kind: ProjectWriteKind;
  readonly project: ProjectLine['project'];
  readonly thing: NamedThing;
  readonly part: NamedThing | undefined;
}

/** Everything that is noted. */
export interface History {
  /** The newest first. */
  readonly writes: readonly NotedWrite[];
  /** Of agents and their tokens, the newest first. */
  readonly projectWrites: readonly NotedProjectWrite[];
  /** Lines and files that cannot be read: torn, or edited by hand. */
  readonly unreadable: number;
}

/** Reads the journal's files. What cannot be read of them is counted, and harms nothing else. */
export function readHistory(files: readonly JournalFile[], unreadableFiles: number): History {
  const begun = new Map<string, BeginLine | ProjectLine>();
  const ended = new Map<string, EndLine>();
  let unreadable = unreadableFiles;
  for (const { text } of files) {
    for (const line of text.split('\n')) {
      if (line.trim() === '') continue;
      const parsed = parseLine(line);
      if (!parsed) unreadable++;
      else if (isEndLine(parsed)) ended.set(parsed.end, parsed);
      else begun.set(parsed.note, parsed);
    }
  }
  const writes: NotedWrite[] = [];
  const hosts = new Map<string, HostUrl | undefined>();
  const projectWrites: NotedProjectWrite[] = [];
  for (const begin of begun.values()) {
    if (!hosts.has(begin.host)) hosts.set(begin.host, hostOf(begin.host));
    const end = ended.get(begin.note);
    const host = hosts.get(begin.host);
    const at = new Date(begin.at);
    if (!host || Number.isNaN(at.getTime())) unreadable++;
    else if (isOfProject(begin)) projectWrites.push(resolvedOfProject(begin, end, host, at));
    else writes.push(resolved(begin, end, host, at));
  }
  return { writes: newestFirst(writes), projectWrites: newestFirst(projectWrites), unreadable };
}

/** Of the same moment, what was noted last comes first. */
function newestFirst<T extends { readonly at: Date }>(noted: T[]): readonly T[] {
  return noted.reverse().sort((one, other) => other.at.getTime() - one.at.getTime());
}

function resolvedOfProject(
  { note, change, kind, user, project, thing, part }: ProjectLine,
  end: EndLine | undefined,
  host: HostUrl,
  at: Date,
): NotedProjectWrite {
  const { outcome = 'unknown', problem } = end ?? {};
  return { id: note, at, change, kind, host, user, project, thing, part, outcome, problem };
}

function hostOf(text: string): HostUrl | undefined {
  const parsed = parseHostUrl(text);
  return parsed.ok ? parsed.url : undefined;
}

function resolved(begin: BeginLine, end: EndLine | undefined, host: HostUrl, at: Date): NotedWrite {
  const { id = end?.cluster, name, provider = 'user' } = begin.cluster;
  return {
    id: begin.note,
    at,
    change: begin.change,
    kind: begin.kind,
    host,
    user: begin.user,
    owner: begin.owner,
    cluster: { id, name, provider },
    fields: begin.fields,
    withheld: begin.withheld ?? [],
    before: begin.before ?? {},
    after: end?.after ?? begin.after ?? {},
    certificates: begin.certificates ?? {},
    outcome: end?.outcome ?? 'unknown',
    problem: end?.problem,
  };
}

/** Writes that were done at once, together; the newest first. */
export function changesOf(writes: readonly NotedWrite[]): readonly NotedChange[] {
  const changes = new Map<string, NotedWrite[]>();
  for (const write of writes) {
    const known = changes.get(write.change);
    if (known) known.push(write);
    else changes.set(write.change, [write]);
  }
  return [...changes].flatMap(([id, all]) => {
    const [newest] = all;
    return newest ? [{ id, at: newest.at, writes: all }] : [];
  });
}

/** The cluster of a write as it is known from the journal alone. Undefined where not even its ID is. */
export function clusterOf({ host, owner, cluster, before, after, kind }: NotedWrite): Cluster | undefined {
  if (cluster.id === undefined) return undefined;
  const state = kind === 'add' ? after : before;
  const project = state.managementProject;
  const managementProject =
    project?.id === undefined ? undefined : { id: project.id, path: project.path, name: project.path };
  const { id, name, provider } = cluster;
  return clusterOfDraft(state, { host, owner, id, name, provider, managementProject });
}
