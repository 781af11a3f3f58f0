import type { LintAnswer } from '../gitlab/ciLint';
import { at, isList, textAt } from '../importer/tree';
import type { Tree } from '../importer/tree';
import { jobsOf, readCi, textsIn, workflowOf } from './ciDocument';
import type { CiJob } from './ciDocument';
import { readScript } from './scriptCommands';
import { withoutPrintedWords } from './shellText';

/** What of a certificate cluster a job needs (agents and environments 12.3). */
export type CertificateUse =
  /** A variable only the cluster sets. */
  | { readonly kind: 'variable'; readonly name: string }
  /** `CI_KUBERNETES_ACTIVE`, or `kubernetes: active`: the job vanishes without a cluster. */
  | { readonly kind: 'gate'; readonly word: 'CI_KUBERNETES_ACTIVE' | 'kubernetes: active' }
  /** The cluster's own context by its name. */
  | { readonly kind: 'gitlabDeploy' }
  /** `environment:kubernetes:namespace`, which is for unmanaged certificate clusters. */
  | { readonly kind: 'yamlNamespace' }
  /** A program that runs with the default context. */
  | { readonly kind: 'tool'; readonly name: string }
  /** Deploys with Auto DevOps, and no context is named for it. */
  | { readonly kind: 'autoDevOps' };

type MovedSign = 'use-context' | '--context' | 'KUBE_CONTEXT' | 'HELM_KUBECONTEXT' | 'environment.kubernetes.agent';

export interface JobReading {
  readonly name: string;
  /** As it is written, variables not expanded. */
  readonly environment: string | undefined;
  readonly uses: readonly CertificateUse[];
  readonly moved: readonly MovedSign[];
}

/** What a reading of the default branch does not show (agents and environments 12.1, trap 19). */
export type NotLookedAt =
  | { readonly kind: 'childPipeline'; readonly job: string }
  /** A job with an environment that names nothing of a cluster: a script it runs may. */
  | { readonly kind: 'scripts'; readonly job: string }
  | { readonly kind: 'otherBranches' | 'policies' | 'projectVariables' | 'otherVariables' };

export interface CiReading {
  /** `unreadable`: GitLab could not merge the configuration, or it cannot be understood here. */
  readonly state: 'read' | 'unreadable';
  /** Jobs that use the cluster, have an environment, or show that they have moved. */
  readonly jobs: readonly JobReading[];
  /** An included template that deploys with Auto DevOps, where no job shows it. */
  readonly template: string | undefined;
  readonly notLookedAt: readonly NotLookedAt[];
}

const clusterVariables = [
  ...['KUBE_URL', 'KUBE_TOKEN', 'KUBE_CA_PEM', 'KUBE_CA_PEM_FILE', 'KUBE_NAMESPACE', 'KUBE_SERVICE_ACCOUNT'],
  ...['KUBECONFIG', 'KUBE_INGRESS_BASE_DOMAIN'],
];
const scriptKeys = ['before_script', 'script', 'after_script'];
/** GitLab takes no longer names of jobs. */
const MAX_NAME = 255;
const AUTO_DEPLOY = /(?<![\w-])auto-deploy(?:-image)?(?![\w-])/;
const TEMPLATES = /(?:^|\/)Auto-DevOps\.gitlab-ci\.yml$|(?:^|\/)Jobs\/Deploy[^/]*\.gitlab-ci\.yml$/;

/** Finds what needs a certificate cluster in a project's CI configuration. Sends nothing and keeps no text of it. */
export function readCertificateUses(answer: LintAnswer): CiReading {
  const document = answer.mergedYaml === undefined ? undefined : readCi(answer.mergedYaml);
  const always: readonly NotLookedAt[] = (['otherBranches', 'policies', 'projectVariables'] as const).map((kind) => ({
    kind,
  }));
  if (!document) return { state: 'unreadable', jobs: [], template: templateOf(answer), notLookedAt: always };
  const all = [...jobsOf(document), ...jobsBeside(answer, document)];
  const read = all.map(readJob);
  const gate = usesMention('CI_KUBERNETES_ACTIVE', gateTexts(workflowOf(document)));
  const workflow: readonly JobReading[] = gate
    ? [{ name: 'workflow', environment: undefined, uses: [{ kind: 'gate', word: 'CI_KUBERNETES_ACTIVE' }], moved: [] }]
    : [];
  const jobs = [...workflow, ...read].filter(
    ({ environment, uses, moved }) => environment !== undefined || uses.length + moved.length > 0,
  );
  const isShown = jobs.some(({ uses, moved }) => uses.some(({ kind }) => kind === 'autoDevOps') || moved.length > 0);
  return {
    state: 'read',
    jobs,
    template: isShown ? undefined : templateOf(answer),
    notLookedAt: [
      ...all
        .filter(({ tree }) => tree['trigger'] !== undefined)
        .map(({ name }) => ({ kind: 'childPipeline', job: name }) as const),
      ...read.filter(isSilent).map(({ name }) => ({ kind: 'scripts', job: name }) as const),
      ...always,
    ],
  };
}

/** Whether a job gets the cluster's variables, and its text neither uses them nor shows that it has moved. */
export function isSilent({ environment, uses, moved }: JobReading): boolean {
  return environment !== undefined && uses.length + moved.length === 0;
}

function templateOf({ includes }: LintAnswer): string | undefined {
  return includes.find((location) => TEMPLATES.test(location));
}

function readJob(job: CiJob): JobReading {
  const environment = environmentOf(job.tree['environment']);
  const shells = shellsOf(job.tree);
  const { texts, names } = reachedTexts(job, shells);
  const isOverridden = (name: string): boolean => {
    const value = job.variables.get(name);
    return value !== undefined && !textsIn(value).some((text) => mentions(name, text));
  };
  const hasOwnKubeconfig = isOverridden('KUBECONFIG') || shells.some((shell) => beginsWithOwnKubeconfig(shell, texts));
  const scripts = shells.map((shell) =>
    readScript(
      [shell],
      (name) => job.variables.has(name),
      isOverridden('KUBECONFIG') || beginsWithOwnKubeconfig(shell, [shell]),
    ),
  );
  const tools = new Set(scripts.flatMap(({ withDefaultContext }) => withDefaultContext));
  const deploysItself = texts.some((text) => AUTO_DEPLOY.test(text));
  const namesContext = job.variables.has('KUBE_CONTEXT');
  const inEnvironment: readonly CertificateUse[] =
    environment === undefined
      ? []
      : [
          ...clusterVariables
            .filter((name) => !isOverridden(name) && usesMention(name, texts))
            .filter((name) => name !== 'KUBECONFIG' || !hasOwnKubeconfig)
            .map((name) => ({ kind: 'variable', name }) as const),
          ...(usesMention('gitlab-deploy', texts) ? [{ kind: 'gitlabDeploy' } as const] : []),
          ...(hasCertificateNamespace(job.tree['environment']) ? [{ kind: 'yamlNamespace' } as const] : []),
          ...[...tools].map((name) => ({ kind: 'tool', name }) as const),
          ...(deploysItself && !namesContext ? [{ kind: 'autoDevOps' } as const] : []),
        ];
  const gates: readonly CertificateUse[] = [
    ...(usesMention('CI_KUBERNETES_ACTIVE', texts) ? [{ kind: 'gate', word: 'CI_KUBERNETES_ACTIVE' } as const] : []),
    ...(isKubernetesActive(job.tree) ? [{ kind: 'gate', word: 'kubernetes: active' } as const] : []),
  ];
  const moved: readonly MovedSign[] = [
    ...(scripts.some(({ selectsContext }) => selectsContext) ? (['use-context'] as const) : []),
    ...(scripts.some(({ namesContext }) => namesContext) ? (['--context'] as const) : []),
    ...(namesContext || names.has('KUBE_CONTEXT') ? (['KUBE_CONTEXT'] as const) : []),
    ...(job.variables.has('HELM_KUBECONTEXT') || names.has('HELM_KUBECONTEXT') ? (['HELM_KUBECONTEXT'] as const) : []),
    ...(textAt(job.tree, 'environment', 'kubernetes', 'agent') ? (['environment.kubernetes.agent'] as const) : []),
  ];
  return { name: job.name, environment, uses: [...inEnvironment, ...gates], moved };
}

/**
 * The scripts of a job as they run: the first two in one shell, the last in another, which gets the kubeconfig of GitLab
 * again, so that a context selected before counts no more.
 */
function shellsOf(tree: CiJob['tree']): readonly string[] {
  const both = [...textsIn(tree['before_script']), ...textsIn(tree['script'])];
  return [both, textsIn(tree['after_script'])]
    .filter((lines) => lines.length > 0)
    .map((lines) => withoutComments(withoutPrintedWords(lines.join('\n'))));
}

/** The texts of a job, and of the variables it mentions, and of those these mention. */
function reachedTexts(
  { tree, variables }: CiJob,
  shells: readonly string[],
): {
  readonly texts: readonly string[];
  readonly names: ReadonlySet<string>;
} {
  const { variables: own, rules, ...others } = tree;
  const rest = Object.entries(others).flatMap(([key, part]) => (scriptKeys.includes(key) ? [] : textsIn(part)));
  // A variable of the job itself may be read by a program that no line mentions it to.
  const texts = [...shells, ...rest.map(withoutComments), ...gateTexts(rules), ...textsIn(own)];
  const names = new Set(texts.flatMap(variablesIn));
  // A set grows while it is walked through.
  for (const name of names) {
    const value = variables.get(name);
    if (value === undefined) continue;
    for (const text of textsIn(value)) {
      texts.push(text);
      for (const one of variablesIn(text)) names.add(one);
    }
  }
  return { texts, names };
}

/** The script sets another kubeconfig before anything else mentions it or runs a program that would read it. */
function beginsWithOwnKubeconfig(script: string, texts: readonly string[]): boolean {
  const set = /^[ \t]*export KUBECONFIG=(?!.*KUBECONFIG)\S+/m.exec(script);
  if (!set) return false;
  const before = script.slice(0, set.index);
  const isFirst = !mentions('KUBECONFIG', before) && !/\b(?:kubectl|helm|helmfile|kustomize)/.test(before);
  // Rules are read before the script runs.
  return isFirst && texts.every((text) => !mentions('KUBECONFIG', text) || script.includes(text));
}

/** A rule that accepts a kubeconfig as well lets agents pass (agents and environments 4.4, 4.5). */
function gateTexts(rules: Tree | undefined): readonly string[] {
  return textsIn(rules).filter((text) => !(mentions('CI_KUBERNETES_ACTIVE', text) && mentions('KUBECONFIG', text)));
}

function variablesIn(text: string): readonly string[] {
  return text.match(/[A-Za-z_]\w*/g) ?? [];
}

function usesMention(word: string, texts: readonly string[]): boolean {
  return texts.some((text) => mentions(word, text));
}

/** A dash ends the name of a variable, and is part of any other word. */
function mentions(word: string, text: string): boolean {
  const letter = word.includes('-') ? '[\\w-]' : '\\w';
  return text.includes(word) && new RegExp(`(?<!${letter})${word}(?!${letter})`).test(text);
}

function withoutComments(text: string): string {
  return text.includes('#') ? text.replace(/^[ \t]*#(?!!).*$/gm, '') : text;
}

function environmentOf(tree: Tree | undefined): string | undefined {
  if (typeof tree === 'string') return tree.trim() === '' ? undefined : tree.trim();
  return textAt(tree, 'name');
}

/** With an agent beside it, the key has its newer meaning (agents and environments 14). */
function hasCertificateNamespace(environment: Tree | undefined): boolean {
  const names = textAt(environment, 'kubernetes', 'namespace') !== undefined;
  return names && textAt(environment, 'kubernetes', 'agent') === undefined;
}

function isKubernetesActive(job: { readonly [key: string]: Tree }): boolean {
  return ['only', 'except'].some((key) => {
    const value = at(job, key, 'kubernetes');
    return typeof value === 'string' && /^:?active$/.test(value.trim());
  });
}

/** Jobs that GitLab lists and the merged text does not show; those it made several of are one job. */
function jobsBeside({ jobs }: LintAnswer, document: { readonly [key: string]: Tree }): readonly CiJob[] {
  return jobs.flatMap(({ name, environment, scripts, conditions }) => {
    const base = name.slice(0, MAX_NAME).replace(/(?:: \[.*\]| \d+\/\d+)$/s, '');
    if (Object.hasOwn(document, base) || Object.hasOwn(document, name)) return [];
    const tree = {
      script: [...scripts],
      ...(environment !== undefined && { environment }),
      only: plainTree(conditions, 0),
    };
    return [{ name: base, tree, variables: new Map<string, Tree>() }];
  });
}

function plainTree(value: unknown, level: number): Tree {
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || value === null || level > 10) return '';
  if (Array.isArray(value)) return value.map((item) => plainTree(item, level + 1));
  const tree: Tree = Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plainTree(item, level + 1)]));
  return isList(tree) ? '' : tree;
}
