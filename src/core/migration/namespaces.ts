import type { Cluster } from '../model/cluster';
import { MAX_NAMESPACE, namesOf } from '../resolver/expectedNamespace';
import type { ExpectedNamespace } from '../resolver/expectedNamespace';
import { isSince } from './version';

/** A rule by which an environment template names namespaces (agents and environments 2 B, 8). */
export interface NamespaceRule {
  /** As it is written in a template. */
  readonly template: string;
  /** What it gives. `environment`: the slug. */
  readonly nameFor: (project: ProjectName, slug: string) => string;
}

interface ProjectName {
  readonly id: number;
  /** Full path. */
  readonly path: string;
}

/** Whether GitLab can make namespaces through an agent; Premium besides, which no answer shows. */
export function hasTemplates(version: string | undefined): boolean {
  return isSince(version, 17, 9);
}

/**
 * The rule that keeps an environment where the certificate cluster had it, as far as this version can; undefined where it
 * has no templates.
 */
export function keepingRule(
  version: string | undefined,
  cluster: Pick<Cluster, 'platform' | 'namespacePerEnvironment'>,
): NamespaceRule | undefined {
  if (!hasTemplates(version)) return undefined;
  const custom = cluster.platform?.namespace;
  const isPerEnvironment = cluster.namespacePerEnvironment !== false;
  // It becomes part of a file.
  if (custom && !isNamespace(custom)) return undefined;
  if (custom) {
    return isPerEnvironment
      ? { template: `${custom}-{{ .environment.slug }}`, nameFor: (_project, slug) => `${custom}-${slug}` }
      : { template: custom, nameFor: () => custom };
  }
  if (isSince(version, 18, 5)) return isPerEnvironment ? legacyRule : projectRule;
  return isPerEnvironment
    ? {
        template: '{{ .project.slug }}-{{ .project.id }}-{{ .environment.slug }}',
        nameFor: (project, slug) => `${lastPart(project)}-${project.id}-${slug}`,
      }
    : {
        template: '{{ .project.slug }}-{{ .project.id }}',
        nameFor: (project) => `${lastPart(project)}-${project.id}`,
      };
}

const legacyRule: NamespaceRule = {
  template: '{{ .legacy_namespace }}',
  nameFor: (project, slug) => {
    const rest = `-${project.id}-${slug}`;
    // The name of the project is cut, so that the whole fits.
    return `${sanitised(lastPart(project)).slice(0, Math.max(0, MAX_NAMESPACE - rest.length))}${rest}`;
  },
};

const projectRule: NamespaceRule = {
  template: '{{ .project.slug | slugify }}-{{ .project.id }}',
  nameFor: (project) => `${slugified(lastPart(project))}-${project.id}`,
};

/** What GitLab uses where the agent's project has no template of its own. */
export const builtInRule: NamespaceRule = {
  template: '{{ .environment.slug }}-{{ .project.id }}-{{ .agent.id }}',
  // The agent's ID is not known before there is one; any will do to see that the names differ.
  nameFor: (project, slug) => `${slug}-${project.id}-0`,
};

/** Whether an environment will be where it was. Before counts as expected: a stored namespace wins, and no API shows it. */
export type SamePlace =
  | { readonly kind: 'equal'; readonly name: string }
  | { readonly kind: 'different'; readonly before: string; readonly after: string }
  /** The new name is none that Kubernetes would take. */
  | { readonly kind: 'invalid'; readonly before: string; readonly after: string }
  | {
      readonly kind: 'notProvable';
      readonly reason: 'jobChooses' | 'optionsUnknown' | 'noTemplates' | 'tooLong';
      readonly before: readonly string[];
    };

/** Compares the namespace a certificate cluster is expected to use with that of a rule; without a rule nothing is promised. */
export function comparePlaces(
  before: ExpectedNamespace,
  rule: NamespaceRule | undefined,
  project: ProjectName,
  slug: string,
): SamePlace {
  const names = namesOf(before);
  const [name = ''] = names;
  const notProvable = (reason: 'jobChooses' | 'optionsUnknown' | 'noTemplates' | 'tooLong'): SamePlace => ({
    kind: 'notProvable',
    reason,
    before: names,
  });
  if (before.kind === 'oneOf') return notProvable('optionsUnknown');
  // A deployment there has never worked.
  if (name.length > MAX_NAMESPACE) return notProvable('tooLong');
  if (before.jobMayChoose) return notProvable('jobChooses');
  if (!rule) return notProvable('noTemplates');
  const after = rule.nameFor(project, slug);
  if (!isNamespace(after)) return { kind: 'invalid', before: name, after };
  return after === name ? { kind: 'equal', name } : { kind: 'different', before: name, after };
}

/** Whether Kubernetes takes a name for a namespace. */
export function isNamespace(name: string): boolean {
  return /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(name);
}

function lastPart({ path }: ProjectName): string {
  return path.split('/').at(-1) ?? '';
}

/** As the certificate integration makes a project's name a part of a namespace (agents and environments 3.2). */
function sanitised(path: string): string {
  return path
    .toLowerCase()
    .replace(/[^a-z0-9-]/g, '-')
    .replace(/^-+/, '');
}

function slugified(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9-]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, MAX_NAMESPACE);
}
