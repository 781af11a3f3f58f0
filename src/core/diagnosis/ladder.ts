import type { PresentedCertificate } from '../model/presentedChain';
import type { ApiVersion } from './versions';

/** What is tried of an API URL, in this order. */
export const stepNames = ['url', 'name', 'way', 'gitlabTls', 'kubectlTls', 'http', 'version', 'token'] as const;
export type StepName = (typeof stepNames)[number];

/** Evidence in rows, each as long as the head. */
export interface StepTable {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** One step of the ladder. What comes after a failure is not asked. */
export interface Step {
  readonly name: StepName;
  readonly outcome: 'passed' | 'warning' | 'failed' | 'notAsked';
  /** Undefined where it took none of its own. */
  readonly milliseconds: number | undefined;
  /** Evidence as whole lines, without secrets: what was presented beside what was expected. */
  readonly lines: readonly string[];
  readonly table?: StepTable | undefined;
}

/** One registration to look at. */
export interface Registration {
  readonly apiUrl: string;
  /** PEM text as GitLab stores it. */
  readonly caCert: string | undefined;
  /** Of the GitLab it is registered at, where that is known. */
  readonly gitlabVersion: string | undefined;
  /** A managed cluster's token needs more rights. */
  readonly managed?: boolean | undefined;
  readonly namespace?: string | undefined;
  /** Typed for this check alone; never kept, never in the result. */
  readonly token?: string | undefined;
}

/** What is wrong in words, with one next step. */
export interface Problem {
  /** A few words, fit for a row. */
  readonly title: string;
  /** What happened, in whole sentences. */
  readonly sentence: string;
  /** One thing to do. */
  readonly next: string;
}

/** The result for one registration, seen from this computer. */
export interface Diagnosis {
  readonly apiUrl: string;
  readonly at: Date;
  /** One for each name, in order. */
  readonly steps: readonly Step[];
  readonly outcome: 'passed' | 'warning' | 'failed';
  /** The first failure, or the first warning; undefined where everything passed. */
  readonly problem: Problem | undefined;
  readonly version: ApiVersion | undefined;
  /** What the address is where it is not a public one, in words: `this computer`, `private network`. */
  readonly local: string | undefined;
  /** The presented root that no stored CA vouches for; to be stored only once its SHA-256 was compared. */
  readonly offered: PresentedCertificate | undefined;
}

/** A problem as lines of a step. */
export function linesOf({ title, sentence, next }: Problem): readonly string[] {
  return [title, sentence, next];
}
