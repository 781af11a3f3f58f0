/** Offsets in UTF-16 code units: the first character, and the one behind the last. */
export interface HclRange {
  readonly start: number;
  readonly end: number;
}

export type HclValue = (
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'number'; readonly value: number }
  | { readonly type: 'bool'; readonly value: boolean }
  | { readonly type: 'null' }
  | { readonly type: 'list'; readonly items: readonly HclValue[] }
  /** A reference, a call, a template: only Terraform knows its value. */
  | { readonly type: 'expression'; readonly text: string }
) &
  HclRange;

export interface HclAttribute extends HclRange {
  readonly name: string;
  readonly value: HclValue;
}

export interface HclBlock extends HclRange {
  readonly type: string;
  readonly labels: readonly string[];
  readonly attributes: readonly HclAttribute[];
  readonly blocks: readonly HclBlock[];
}

/** A place the reader did not understand; it went on behind it. */
export interface HclProblem extends HclRange {
  readonly reason: 'unclosed' | 'unexpected' | 'tooDeep';
}

export interface HclFile {
  readonly blocks: readonly HclBlock[];
  readonly attributes: readonly HclAttribute[];
  readonly problems: readonly HclProblem[];
}
