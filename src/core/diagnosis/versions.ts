import * as l10n from '@vscode/l10n';
import { plain } from '../model/plainText';

/** What `/version` says. */
export interface ApiVersion {
  readonly gitVersion: string;
  readonly major: number;
  readonly minor: number;
}

/** Reads `gitVersion` (`v1.30.5-gke.1014001`); its minor may also come as `30+` (Kubernetes facts 5.5). */
export function apiVersionOf(gitVersion: string): ApiVersion | undefined {
  const [, major, minor] = /^v?(\d{1,3})\.(\d{1,4})/.exec(gitVersion) ?? [];
  if (major === undefined || minor === undefined) return undefined;
  return { gitVersion: plain(gitVersion), major: Number(major), minor: Number(minor) };
}

/** Which distribution a version names, where it does. */
export function distributionOf({ gitVersion }: ApiVersion): string | undefined {
  const known: readonly (readonly [RegExp, string])[] = [
    [/-gke\./, 'GKE'],
    [/-eks-/, 'EKS'],
    [/\+k3s/, 'k3s'],
    [/\+rke2/, 'RKE2'],
    [/^v1\.\d+\.\d+\+[0-9a-f]{7}$/, 'OpenShift'],
  ];
  return known.find(([pattern]) => pattern.test(gitVersion))?.[1];
}

/** Newest Kubernetes minor that a GitLab minor is documented for (Kubernetes facts 5.5). Newer ones are not known here. */
const documented: readonly (readonly [gitlab: string, minor: number])[] = [
  ['18.11', 35],
  ['17.0', 31],
];

/**
 * Why this GitLab does not support this Kubernetes; undefined where it does, or where nobody can tell. `gitlab` is
 * GitLab's version, undefined where it is unknown.
 */
export function versionProblem(
  { major, minor, gitVersion }: ApiVersion,
  gitlab: string | undefined,
): string | undefined {
  const [gitlabMajor = 0, gitlabMinor = 0] = (gitlab ?? '').split('.').map((part) => Number.parseInt(part, 10));
  if (gitlab === undefined || Number.isNaN(gitlabMajor) || major !== 1) return undefined;
  const shown = plain(gitlab);
  if (gitlabMajor < 13 && minor >= 22)
    return l10n.t('GitLab {0} uses Kubernetes APIs that {1} no longer has (removed in 1.22).', shown, gitVersion);
  if (gitlabMajor >= 16 && minor < 23)
    return l10n.t('GitLab {0} needs Kubernetes 1.23 or later for ingresses; this is {1}.', shown, gitVersion);
  const [, newest] =
    documented.find(([from]) => {
      const [a = 0, b = 0] = from.split('.').map(Number);
      return gitlabMajor > a || (gitlabMajor === a && gitlabMinor >= b);
    }) ?? [];
  // GitLab supports the three newest of its time.
  return newest !== undefined && minor < newest - 2
    ? l10n.t(
        '{1} is older than the versions that GitLab {0} supports ({2} to {3} or later).',
        shown,
        gitVersion,
        `1.${newest - 2}`,
        `1.${newest}`,
      )
    : undefined;
}
