import { explain } from '../gitlab/explain';
import { attributeNames } from '../model/attributes';
import type { ClusterOwner } from '../model/cluster';
import { draftOf } from '../model/clusterDraft';
import type { ClusterField, ClusterFields } from '../model/clusterFields';
import { differences } from '../model/differences';
import { plain } from '../model/plainText';
import { withoutCredentials } from '../model/withoutCredentials';
import { noteOfCertificate, only, stateOf } from './clusterState';
import type { ClusterState } from './clusterState';
import { isOfProject } from './journalLine';
import type { BeginLine, EndLine, NamedThing, ProjectLine } from './journalLine';
import type { PlannedProjectWrite, PlannedWrite, WriteEnd } from './writeJournal';

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

/** The note of a write that is about no cluster. */
export function beginOfProject(write: PlannedProjectWrite, note: string, at: Date): ProjectLine {
  const { kind, host, user, project, thing, part } = write;
  return {
    note,
    at: at.toISOString(),
    change: write.change ?? note,
    kind,
    host,
    ...(user !== undefined && { user }),
    project: { id: project.id, path: project.path },
    thing: named(thing),
    ...(part && { part: named(part) }),
  };
}

function named({ id, name }: NamedThing): NamedThing {
  return { ...(id !== undefined && { id }), name };
}

/** How a write ended, for its note. */
export function endOf(note: BeginLine | ProjectLine, end: WriteEnd, at: Date): EndLine {
  const line = { end: note.note, at: at.toISOString(), outcome: end.outcome };
  switch (end.outcome) {
    case 'gone':
      return line;
    case 'failed':
    case 'unknown':
      return { ...line, problem: plain(explain(end.error).title) };
    case 'done': {
      if (!end.cluster || isOfProject(note)) return line;
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

function fromFields({ managementProjectId, ...sent }: ClusterFields, before: ClusterState | undefined): ClusterState {
  const project = before?.managementProject;
  const managementProject =
    typeof managementProjectId === 'number'
      ? { id: managementProjectId, path: project?.id === managementProjectId ? project.path : '' }
      : undefined;
  return { ...sent, ...(managementProject && { managementProject }) };
}

function hasCredentials(apiUrl: string | undefined): boolean {
  return apiUrl !== undefined && withoutCredentials(apiUrl) !== apiUrl;
}
