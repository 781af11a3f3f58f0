import { clusterKey } from '../model/cluster';
import type { HostUrl } from '../model/host';
import { lintScopes } from './lints';
import type { ScopeWarning } from './lints';
import { remedyOf, warningInWords, warningTitle } from './lintsInWords';
import type { Remedy } from './lintsInWords';
import type { Resolver } from './resolver';

/** A warning as it is listed, with what to do about it. */
interface ListedWarning {
  /** Unique at its host, and the same whenever the same is found again. */
  readonly key: string;
  readonly title: string;
  readonly sentence: string;
  readonly remedy: Remedy;
}

export interface ListedWarnings {
  readonly warnings: readonly ListedWarning[];
  /** How many clusters were looked over. */
  readonly clusters: number;
}

/** Looks over everything known of a host, with the environments that were read in this window. Sends nothing. */
export function listWarnings(resolver: Pick<Resolver, 'known' | 'projects'>, host: HostUrl, now: Date): ListedWarnings {
  const clusters = resolver.known(host);
  const warnings = lintScopes(clusters, resolver.projects(host), now).map((warning): ListedWarning => {
    return {
      key: keyOf(warning),
      title: warningTitle(warning),
      sentence: warningInWords(warning),
      remedy: remedyOf(warning),
    };
  });
  return { warnings, clusters: clusters.length };
}

function keyOf(warning: ScopeWarning): string {
  const key = `${warning.kind}|${clusterKey(warning.cluster)}`;
  switch (warning.kind) {
    case 'ambiguous':
    case 'duplicateManaged':
      return `${key}|${clusterKey(warning.with)}`;
    case 'hidesExact':
      return `${key}|${clusterKey(warning.hidden)}`;
    case 'namespaceTooLong':
      return `${key}|${warning.project}|${warning.environment}`;
    case 'matchesNothing':
    case 'shadowed':
    case 'disabledBlocks':
    case 'caExpired':
      return key;
  }
}
