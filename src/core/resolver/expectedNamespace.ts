import type { Cluster } from '../model/cluster';
import { environmentSlug } from './environmentSlug';

/** Kubernetes refuses longer names of namespaces; a deployment there fails. */
export const MAX_NAMESPACE = 63;

/**
 * The namespace a job is expected to deploy to. Expected only: a record GitLab has stored wins, and no API shows it
 * (agents and environments 3.1).
 */
export type ExpectedNamespace =
  | {
      readonly kind: 'expected';
      readonly name: string;
      /** A job may name another one, since the cluster is not managed by GitLab. */
      readonly jobMayChoose: boolean;
    }
  /** GitLab does not report the options that decide: it is one of these. */
  | { readonly kind: 'oneOf'; readonly names: readonly string[]; readonly jobMayChoose: boolean };

/** An environment as far as its slug goes: GitLab's own where it exists. */
export interface EnvironmentName {
  readonly name: string;
  /** Undefined where it does not exist yet; it is computed then. */
  readonly slug: string | undefined;
}

/** The default namespace of a cluster for a project and an environment (agents and environments 3.2). */
export function expectedNamespace(
  cluster: Pick<Cluster, 'platform' | 'managed' | 'namespacePerEnvironment'>,
  project: { readonly id: number; readonly path: string },
  environment: EnvironmentName,
): ExpectedNamespace {
  const slug = environment.slug ?? environmentSlug(environment.name);
  const managed = cluster.managed === undefined ? [true, false] : [cluster.managed];
  const perEnvironment =
    cluster.namespacePerEnvironment === undefined ? [true, false] : [cluster.namespacePerEnvironment];
  const names = managed.flatMap((isManaged) =>
    perEnvironment.map((isPer) => nameOf(cluster.platform?.namespace, isManaged, isPer ? slug : undefined, project)),
  );
  const [first = '', ...others] = [...new Set(names)];
  const jobMayChoose = cluster.managed !== true;
  return others.length === 0
    ? { kind: 'expected', name: first, jobMayChoose }
    : { kind: 'oneOf', names: [first, ...others], jobMayChoose };
}

/** Whether any name it may have is too long for Kubernetes. */
export function isTooLong(namespace: ExpectedNamespace): boolean {
  return namesOf(namespace).some((name) => name.length > MAX_NAMESPACE);
}

export function namesOf(namespace: ExpectedNamespace): readonly string[] {
  return namespace.kind === 'expected' ? [namespace.name] : namespace.names;
}

function nameOf(
  custom: string | undefined,
  managed: boolean,
  slug: string | undefined,
  { id, path }: { readonly id: number; readonly path: string },
): string {
  if (custom) return managed && slug !== undefined ? `${custom}-${slug}` : custom;
  const project = (path.split('/').at(-1) ?? '').toLowerCase();
  const name = slug === undefined ? `${project}-${id}` : `${project}-${id}-${slug}`;
  return name.replace(/[^a-z0-9-]/g, '-').replace(/^-+/, '');
}
