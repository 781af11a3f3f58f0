import { isOfKind } from './attributes';
import type { Attribute, AttributeOf } from './attributes';
import { attributeUses } from './attributeUses';
import type { ClusterLevel } from './cluster';
import type { ClusterDraft } from './clusterDraft';
import type { ClusterFields } from './clusterFields';

/** One attribute's part of a draft: how it is compared, taken over from another draft, and sent. */
interface DraftPart {
  readonly same: (one: ClusterDraft, other: ClusterDraft) => boolean;
  readonly take: (draft: ClusterDraft) => Partial<ClusterDraft>;
  readonly toAdd: (draft: ClusterDraft) => ClusterFields;
  readonly toEdit: (draft: ClusterDraft, before: ClusterDraft, level: ClusterLevel) => ClusterFields;
}

export function partOf(attribute: Attribute): DraftPart {
  if (attribute === 'namespace') return namespace();
  if (isOfKind(attribute, 'text')) return text(attribute);
  if (isOfKind(attribute, 'flag')) return flag(attribute);
  if (isOfKind(attribute, 'choice')) return choice(attribute);
  if (isOfKind(attribute, 'secret')) return secret(attribute);
  if (isOfKind(attribute, 'certificate')) return certificate;
  return managementProject;
}

function text(attribute: AttributeOf<'text'>): DraftPart {
  return {
    same: (one, other) => one[attribute] === other[attribute],
    take: (draft) => ({ [attribute]: draft[attribute] }),
    toAdd: (draft) => nonBlank(attribute, draft),
    toEdit: (draft, before) =>
      isTextChanged(draft[attribute], before[attribute]) ? { [attribute]: draft[attribute].trim() } : {},
  };
}

function nonBlank(
  attribute: AttributeOf<'text' | 'secret' | 'choice' | 'certificate'>,
  draft: ClusterDraft,
): ClusterFields {
  const value = draft[attribute].trim();
  return value === '' ? {} : { [attribute]: value };
}

/** Typed blanks around a value are no change: GitLab (or we) trim them. A stored odd value left alone is none either. */
function isTextChanged(typed: string, before: string): boolean {
  return typed !== before && typed.trim() !== before;
}

/**
 * GitLab lower-cases the namespace. Emptying it is not sent for a managed group or instance cluster: older versions
 * refuse even an empty one there (GitLab API contract 3.3, 11.8).
 */
const namespace = (): DraftPart => ({
  ...text('namespace'),
  toEdit: (draft, before, level) => {
    const value = draft.namespace.trim();
    if (!isTextChanged(draft.namespace, before.namespace) || value.toLowerCase() === before.namespace) return {};
    return value === '' && !takesNamespace(level, draft.managed) ? {} : { namespace: value };
  },
});

/** Group and instance clusters take a namespace only while GitLab does not manage them (GitLab API contract 3.3). */
export function takesNamespace(level: ClusterLevel, managed: boolean | undefined): boolean {
  return level === 'project' || managed === false;
}

function flag(attribute: AttributeOf<'flag'>): DraftPart {
  const { repeated } = attributeUses[attribute];
  return {
    same: (one, other) => one[attribute] === other[attribute],
    take: (draft) => ({ [attribute]: draft[attribute] }),
    toAdd: (draft) => (draft[attribute] === undefined ? {} : { [attribute]: draft[attribute] }),
    toEdit: (draft, before) =>
      draft[attribute] !== undefined && (repeated || draft[attribute] !== before[attribute])
        ? { [attribute]: draft[attribute] }
        : {},
  };
}

function choice(attribute: AttributeOf<'choice'>): DraftPart {
  return {
    same: (one, other) => one[attribute] === other[attribute],
    take: (draft) => ({ [attribute]: draft[attribute] }),
    toAdd: (draft) => nonBlank(attribute, draft),
    toEdit: (draft, before) => (draft[attribute] === before[attribute] ? {} : { [attribute]: draft[attribute] }),
  };
}

/** GitLab never returns it, so what is blank is kept. */
function secret(attribute: AttributeOf<'secret'>): DraftPart {
  return {
    same: (one, other) => one[attribute] === other[attribute],
    take: (draft) => ({ [attribute]: draft[attribute] }),
    toAdd: (draft) => nonBlank(attribute, draft),
    toEdit: (draft) => nonBlank(attribute, draft),
  };
}

const certificate: DraftPart = {
  same: (one, other) => one.removeCaCert === other.removeCaCert && isSameCertificateText(one.caCert, other.caCert),
  take: ({ caCert, removeCaCert }) => ({ caCert, removeCaCert }),
  toAdd: (draft) => nonBlank('caCert', draft),
  toEdit: (draft, before) => {
    const caCert = draft.removeCaCert ? '' : draft.caCert.trim();
    const kept = isSameCertificateText(caCert, before.caCert) || (caCert === '' && !draft.removeCaCert);
    return kept ? {} : { caCert };
  },
};

/** Line ends and surrounding blanks make no other certificate: a text area turns CRLF into LF, and GitLab trims. */
export function isSameCertificateText(one: string, other: string): boolean {
  const normal = (pem: string): string => pem.replace(/\r\n?/g, '\n').trim();
  return normal(one) === normal(other);
}

/** What is typed has no id until it is chosen; a chosen project stays the same where its path moves. */
const managementProject: DraftPart = {
  same: ({ managementProject: one }, { managementProject: other }) =>
    one?.id === other?.id && (one?.id !== undefined || one?.path === other?.path),
  take: (draft) => ({ managementProject: draft.managementProject }),
  toAdd: ({ managementProject: project }) => (project?.id === undefined ? {} : { managementProjectId: project.id }),
  toEdit: ({ managementProject: project }, before) => {
    const id = project === undefined ? null : project.id;
    return id === undefined || id === (before.managementProject?.id ?? null) ? {} : { managementProjectId: id };
  },
};
