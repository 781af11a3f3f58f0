import type { PresentedCertificate } from '../model/presentedChain';
import { plain } from '../model/plainText';
import { linesOf, stepNames } from './ladder';
import type { Diagnosis, Problem, Step, StepName } from './ladder';
import type { ApiVersion } from './versions';

/** Steps as they come. */
export class StepLadder {
  private readonly apiUrl: string;
  private readonly at: Date;
  private readonly steps = new Map<StepName, Step>();
  private failure: Problem | undefined;
  /** As in `Diagnosis`. */
  local: string | undefined;
  offered: PresentedCertificate | undefined;
  private warning: Problem | undefined;

  constructor(apiUrl: string, at: Date) {
    this.apiUrl = apiUrl;
    this.at = at;
  }

  pass(name: StepName, lines: readonly string[], more: { milliseconds?: number | undefined } = {}): void {
    this.add({ name, outcome: 'passed', milliseconds: more.milliseconds, lines }, undefined);
  }

  fail(name: StepName, problem: Problem, milliseconds?: number, evidence: readonly string[] = []): this {
    this.add({ name, outcome: 'failed', milliseconds, lines: [...linesOf(problem), ...evidence] }, problem);
    return this;
  }

  warn(name: StepName, problem: Problem, milliseconds?: number, evidence: readonly string[] = []): void {
    this.add({ name, outcome: 'warning', milliseconds, lines: [...linesOf(problem), ...evidence] }, problem);
  }

  add(step: Step, problem: Problem | undefined): void {
    this.steps.set(step.name, step);
    if (step.outcome === 'failed') this.failure ??= problem;
    if (step.outcome === 'warning') this.warning ??= problem;
  }

  result(version?: ApiVersion): Diagnosis {
    const steps = stepNames.map(
      (name) => this.steps.get(name) ?? { name, outcome: 'notAsked' as const, milliseconds: undefined, lines: [] },
    );
    const outcome = this.failure ? 'failed' : steps.some((step) => step.outcome === 'warning') ? 'warning' : 'passed';
    const problem = this.failure ?? this.warning;
    const { at, local, offered } = this;
    return { apiUrl: plain(this.apiUrl), at, steps, outcome, problem, version, local, offered };
  }
}
