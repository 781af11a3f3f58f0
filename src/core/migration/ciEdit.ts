import { at, isMapping, listAt } from '../importer/tree';
import type { Tree } from '../importer/tree';
import { isSilent } from './certificateUses';
import type { JobReading } from './certificateUses';
import { readCi } from './ciDocument';
import { MAX_LINE, blockBelow, indentOf, inserted, linesOf, opensBlock, sameTree, scalar } from './textLines';

/** What is put into the CI configuration of a project so that its jobs use an agent. */
export interface CiWish {
  /** `<path of the agent's project>:<its name>`. */
  readonly context: string;
  /** Write `environment:kubernetes:agent` too: GitLab 17.6 and later, for managed resources and the dashboard. */
  readonly namesAgent: boolean;
  /** The namespace a job's environment is expected to have, where it is one and known. */
  readonly namespaceOf: (environment: string) => string | undefined;
  readonly baseDomain: string | undefined;
}

/** What a person has to do, since it cannot be written with certainty. */
export type ByHand =
  /** The job's script is not in this file, or is written in a way that is not edited here. */
  | { readonly kind: 'selectContext'; readonly job: string }
  | { readonly kind: 'nameAgent'; readonly job: string }
  | { readonly kind: 'variable'; readonly job: string; readonly name: string; readonly value: string | undefined }
  | { readonly kind: 'gate'; readonly job: string }
  | { readonly kind: 'gitlabDeploy'; readonly job: string }
  | { readonly kind: 'yamlNamespace'; readonly job: string }
  /** Auto DevOps reads variables of the project, with the scope of the environment. */
  | { readonly kind: 'autoDevOps'; readonly job: string };

export interface CiEdit {
  readonly before: string;
  /** The same as `before` where nothing could be written. Read back, it differs in what was meant alone. */
  readonly after: string;
  readonly byHand: readonly ByHand[];
}

interface Step {
  readonly byHand: ByHand;
  /** The text with the change; undefined where it is written in a way that is not edited here. */
  readonly edit: (text: string) => string | undefined;
  /** What the text then has to say. */
  readonly expect: (document: Mapping) => Mapping | undefined;
}

type Mapping = { readonly [key: string]: Tree };

/** Edits the text of a CI configuration, step by step; each step is read back, and left to a person where that fails. */
export function editCi(text: string, jobs: readonly JobReading[], wish: CiWish): CiEdit {
  const byHand: ByHand[] = [];
  let after = text;
  for (const step of jobs.flatMap((job) => stepsFor(job, wish))) {
    const edited = tryStep(after, step);
    if (edited === undefined) byHand.push(step.byHand);
    else after = edited;
  }
  return { before: text, after, byHand: unique(byHand) };
}

function tryStep(text: string, { edit, expect }: Step): string | undefined {
  const document = readCi(text);
  const edited = document && edit(text);
  const expected = document && expect(document);
  const reread = edited === undefined ? undefined : readCi(edited);
  return edited !== undefined && expected && reread && sameTree(reread, expected) ? edited : undefined;
}

function unique(all: readonly ByHand[]): readonly ByHand[] {
  return [...new Map(all.map((one) => [JSON.stringify(one), one])).values()];
}

function stepsFor(job: JobReading, wish: CiWish): readonly Step[] {
  if (job.uses.length === 0 || isSilent(job)) return [];
  const { name } = job;
  const steps = job.uses.map((use): Step => {
    switch (use.kind) {
      case 'tool':
        return selectContext(name, wish.context);
      case 'variable':
        return setVariable(job, use.name, wish);
      case 'gate':
        return onlyByHand({ kind: 'gate', job: name });
      case 'gitlabDeploy':
        return onlyByHand({ kind: 'gitlabDeploy', job: name });
      case 'yamlNamespace':
        return onlyByHand({ kind: 'yamlNamespace', job: name });
      case 'autoDevOps':
        return onlyByHand({ kind: 'autoDevOps', job: name });
    }
  });
  const isTool = (step: Step): boolean => step.byHand.kind === 'selectContext';
  // One context is enough, however many programs need it.
  const once = [...steps.filter(isTool).slice(0, 1), ...steps.filter((step) => !isTool(step))];
  const named = wish.namesAgent && job.environment !== undefined && !job.moved.includes('environment.kubernetes.agent');
  return named && job.uses.some(({ kind }) => kind === 'tool') ? [...once, nameAgent(name, wish.context)] : once;
}

function onlyByHand(byHand: ByHand): Step {
  return { byHand, edit: () => undefined, expect: () => undefined };
}

/** Selects the agent's context before the first command of the job. */
function selectContext(job: string, context: string): Step {
  const command = `kubectl config use-context ${context}`;
  const listOf = (document: Mapping): 'before_script' | 'script' | undefined =>
    (['before_script', 'script'] as const).find((key) => at(document, job, key) !== undefined);
  return {
    byHand: { kind: 'selectContext', job },
    edit: (text) => {
      const document = readCi(text);
      const key = document && listOf(document);
      if (key === undefined) return undefined;
      return inJob(text, job, ({ lines, at: line }) => {
        const list = childAt(lines, line, key);
        const block = list === undefined ? undefined : blockBelow(lines, list);
        if (list === undefined || block?.indent === undefined || !/^\s*-(?:\s|$)/.test(firstLine(lines, block.start)))
          return undefined;
        return { index: block.start, lines: [`${block.indent}- ${scalar(command)}`] };
      });
    },
    expect: (document) => {
      const key = listOf(document);
      return key && withJob(document, job, (own) => ({ ...own, [key]: [command, ...listAt(own, key)] }));
    },
  };
}

/** Gives a job a variable that the certificate cluster gave it, where its value is known. */
function setVariable(job: JobReading, name: string, { namespaceOf, baseDomain }: CiWish): Step {
  const value =
    name === 'KUBE_NAMESPACE' && job.environment !== undefined && !/[$%]/.test(job.environment)
      ? namespaceOf(job.environment)
      : name === 'KUBE_INGRESS_BASE_DOMAIN'
        ? baseDomain
        : undefined;
  const byHand: ByHand = { kind: 'variable', job: job.name, name, value };
  if (value === undefined) return onlyByHand(byHand);
  return {
    byHand,
    edit: (text) =>
      inJob(text, job.name, ({ lines, at: line, indent, start }) => {
        const variables = childAt(lines, line, 'variables');
        if (variables === undefined) {
          return { index: start, lines: [`${indent}variables:`, `${indent}  ${name}: ${scalar(value)}`] };
        }
        const block = blockBelow(lines, variables);
        if (block.indent === undefined) return undefined;
        return { index: block.start, lines: [`${block.indent}${name}: ${scalar(value)}`] };
      }),
    expect: (document) =>
      withJob(document, job.name, (own) => {
        const variables = own['variables'];
        return { ...own, variables: { ...(isMapping(variables) ? variables : {}), [name]: value } };
      }),
  };
}

/** Connects the environment with the agent, for the resources GitLab manages and its dashboard. */
function nameAgent(job: string, context: string): Step {
  return {
    byHand: { kind: 'nameAgent', job },
    edit: (text) =>
      inJob(text, job, ({ lines, at: line, indent }) => {
        const open = childAt(lines, line, 'environment');
        if (open !== undefined) {
          const block = blockBelow(lines, open);
          if (block.indent === undefined || childAt(lines, open, 'kubernetes') !== undefined) return undefined;
          return { index: block.end, lines: agentLines(block.indent, context) };
        }
        const index = lines.findIndex((one, number) => number > line && one.startsWith(`${indent}environment: `));
        const name =
          index < 0 || (lines[index] ?? '').length > MAX_LINE
            ? undefined
            : /^\s*environment:\s+([^#{[\s][^#]*?)\s*$/.exec(lines[index] ?? '')?.[1];
        if (name === undefined) return undefined;
        const written = [`${indent}environment:`, `${indent}  name: ${name}`, ...agentLines(`${indent}  `, context)];
        return { index, lines: written, replaces: true };
      }),
    expect: (document) =>
      withJob(document, job, (own) => {
        const before = own['environment'];
        const environment = isMapping(before) ? before : { name: typeof before === 'string' ? before : '' };
        return { ...own, environment: { ...environment, kubernetes: { agent: context } } };
      }),
  };
}

function agentLines(indent: string, context: string): string[] {
  return [`${indent}kubernetes:`, `${indent}  agent: ${scalar(context)}`];
}

interface Place {
  readonly lines: readonly string[];
  /** The line with the job's name. */
  readonly at: number;
  readonly start: number;
  /** That of the job's keys. */
  readonly indent: string;
}

interface Insertion {
  readonly index: number;
  readonly lines: readonly string[];
  /** The first of them stands in place of the line there. */
  readonly replaces?: boolean;
}

function inJob(text: string, job: string, find: (place: Place) => Insertion | undefined): string | undefined {
  const { lines } = linesOf(text);
  const line = lines.findIndex((one) => indentOf(one) === '' && opensBlock(one, job));
  if (line < 0) return undefined;
  const { start, end, indent } = blockBelow(lines, line);
  if (!indent) return undefined;
  // Nothing outside the job is looked at.
  const insertion = find({ lines: lines.slice(0, end), at: line, start, indent });
  if (!insertion) return undefined;
  if (insertion.replaces !== true) return inserted(text, insertion.index, insertion.lines);
  const parts = text.split(/(?<=\n)/);
  parts.splice(insertion.index, 1);
  return inserted(parts.join(''), insertion.index, insertion.lines);
}

/** The line of a key directly below another line, where its value stands below it. */
function childAt(lines: readonly string[], line: number, key: string): number | undefined {
  const { start, end, indent } = blockBelow(lines, line);
  for (let index = start; index < end; index++) {
    const one = lines[index];
    if (one !== undefined && indentOf(one) === indent && opensBlock(one, key)) return index;
  }
  return undefined;
}

function firstLine(lines: readonly string[], from: number): string {
  return lines.slice(from).find((line) => indentOf(line) !== undefined) ?? '';
}

function withJob(document: Mapping, job: string, change: (own: Mapping) => Mapping): Mapping | undefined {
  const own = document[job];
  return isMapping(own) ? { ...document, [job]: change(own) } : undefined;
}
