import * as l10n from '@vscode/l10n';
import * as z from 'zod/mini';
import { plain } from '../model/plainText';

/** What a Kubernetes token says of itself, without asking anybody. Its text is in none of this. */
export interface TokenFacts {
  /** Who it is for, as it claims; nothing is verified. */
  readonly lines: readonly string[];
  /** When it ends; undefined where it does not say, or never does. */
  readonly expiresAt: Date | undefined;
}

const claims = z.object({
  iss: z.optional(z.string()),
  sub: z.optional(z.string()),
  exp: z.optional(z.number()),
});

/** Kinds that are told by their beginning (Kubernetes facts 2.1). */
const kinds: readonly (readonly [RegExp, () => string])[] = [
  [/^sha256~/, () => l10n.t('OpenShift user token: it belongs to a person and expires.')],
  [/^(kubeconfig-|token-)[^:]+:/, () => l10n.t('Rancher token: it belongs to a person and may expire.')],
  [/^[a-z0-9]{6}\.[a-z0-9]{16}$/, () => l10n.t('Bootstrap token: it only lets nodes join.')],
  [/^k8s-aws-v1\./, () => l10n.t('EKS sign-in token: it expires after 15 minutes.')],
  [/^ya29\./, () => l10n.t('Google access token: it expires after an hour.')],
  [/^gl[a-z]{2,5}-/, () => l10n.t('GitLab token, not a Kubernetes one.')],
];

/** Reads the claims of a token; whatever it is, nothing is thrown. */
export function tokenFacts(token: string): TokenFacts {
  const known = kinds.find(([pattern]) => pattern.test(token));
  if (known) return { lines: [known[1]()], expiresAt: undefined };
  const read = claims.safeParse(jsonOf(token.split('.')[1] ?? '')).data;
  if (!read) return { lines: [l10n.t('Kind of token: unknown.')], expiresAt: undefined };
  const { iss, sub, exp } = read;
  const who = sub === undefined ? [] : [l10n.t('Claims to be: {0}', plain(sub))];
  const kind =
    iss === 'kubernetes/serviceaccount'
      ? l10n.t('Service account token from a Secret')
      : sub?.startsWith('system:serviceaccount:')
        ? l10n.t('Bound service account token')
        : l10n.t('Token of an identity provider ({0})', plain(iss ?? '?'));
  const expiresAt = exp === undefined || Math.abs(exp) > 8.64e12 ? undefined : new Date(exp * 1000);
  return { lines: [kind, ...who], expiresAt };
}

function jsonOf(part: string): unknown {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}
