import type { Attribute, AttributeOf } from '../model/attributes';
import type { ClusterDraft } from '../model/clusterDraft';

/** Fields of a cluster that a pasted text may hold. */
export type FoundField = Exclude<Attribute, AttributeOf<'project'>>;
export type FoundValues = Partial<Pick<ClusterDraft, FoundField>>;

/** One cluster found in a text: a context, a Secret, a registration. */
export interface Found {
  /** What it is in the text, for a list to choose from: “context demo”. Text of strangers: show it through `plain`. */
  readonly label: string;
  /** The one kubectl would use. */
  readonly isCurrent: boolean;
  readonly values: FoundValues;
  /** Whose token it is: `kube-system/gitlab`; undefined where there is none or it does not say. */
  readonly account: string | undefined;
  /** What could not be taken, each with the way out, in sentences. Quotes no secret. */
  readonly notes: readonly string[];
  /** Whether the way out is a service account made for GitLab. */
  readonly needsAccount: boolean;
}

/** What a text was understood as. A problem is a sentence with a next step, and quotes nothing of the text. */
export type Reading =
  | { readonly kind: string; readonly choices: readonly [Found, ...Found[]] }
  | { readonly problem: string; readonly needsAccount?: boolean };

/** A `Found` under construction: only what there is has to be given. */
export function found(label: string, values: FoundValues, more: Partial<Omit<Found, 'label' | 'values'>> = {}): Found {
  return { label, values, isCurrent: false, account: undefined, notes: [], needsAccount: false, ...more };
}

/** A reading of what was found, or the problem where that is nothing. */
export function readingOf(kind: string, choices: readonly Found[], problem: string): Reading {
  const [first, ...others] = choices;
  return first ? { kind, choices: [first, ...others] } : { problem };
}
