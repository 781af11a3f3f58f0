import * as z from 'zod/mini';
import type { GitLabClient } from './client';
import { GitLabError } from './errors';
import { failureKinds } from './failureKinds';
import { tokenPayload, userPayload, versionPayload } from './schemas';

/** Who we are at a host, what it runs, and what the token may do. */
export interface HostIdentity {
  readonly user: { readonly id: number; readonly username: string; readonly name: string; readonly isAdmin: boolean };
  /** `undefined` where GitLab would not say (the token cannot read it). */
  readonly version: { readonly number: string; readonly enterprise: boolean | undefined } | undefined;
  /** `undefined` on GitLab before 15.5 and for OAuth tokens: scopes and expiry are then unknown. */
  readonly token: { readonly scopes: readonly string[]; readonly expiresAt: string | undefined } | undefined;
  /** False for a `read_api` token: everything can be seen, nothing changed. True while its scopes are unknown. */
  readonly canWrite: boolean;
}

/**
 * Asks GitLab who the token is. Throws GitLabError `unauthorized`, `tokenExpired` or `tokenRevoked` for a token that
 * does not work and `insufficientScope` for one that cannot read clusters (GitLab API contract 1.6, 4.2, 4.6).
 */
export async function readIdentity(client: GitLabClient, signal?: AbortSignal): Promise<HostIdentity> {
  const user = await client.request('GET', '/user', userPayload, { signal });
  const [version, token] = await Promise.all([
    readVersion(client, signal),
    readToken(client, signal),
    // /user answers a token with read_user alone, which can read no cluster; old versions do not tell the scopes.
    client.request('GET', '/projects', z.unknown(), { query: { simple: true, membership: true, per_page: 1 }, signal }),
  ]);
  return {
    user: { id: user.id, username: user.username, name: user.name, isAdmin: user.is_admin ?? false },
    version,
    token,
    canWrite: !(token?.scopes.includes('read_api') && !token.scopes.includes('api')),
  };
}

/** Whether a token has permissions of its own instead of scopes; GitLab gives `granular` as its only scope. */
export function isFineGrained(token: HostIdentity['token']): boolean {
  return token?.scopes.includes('granular') ?? false;
}

/** GitLab's version and edition; undefined where it does not report them. */
export async function readVersion(
  client: GitLabClient,
  signal: AbortSignal | undefined,
): Promise<HostIdentity['version']> {
  for (const path of ['/metadata', '/version']) {
    const answer = await unlessRefused(client.request('GET', path, versionPayload, { signal }));
    if (answer) return { number: answer.version, enterprise: answer.enterprise ?? undefined };
  }
  return undefined;
}

/** Scopes and expiry of the token; undefined where GitLab does not report them. */
export async function readToken(client: GitLabClient, signal: AbortSignal | undefined): Promise<HostIdentity['token']> {
  const token = await unlessRefused(client.request('GET', '/personal_access_tokens/self', tokenPayload, { signal }));
  return token && { scopes: token.scopes, expiresAt: token.expires_at ?? undefined };
}

/**
 * Before 15.5 these routes do not exist, OAuth tokens get a 400, and some tokens may not ask. A GitLab or proxy that
 * stumbles over them alone is no reason to refuse the host either: then it stays unknown.
 */
async function unlessRefused<T>(request: Promise<T>): Promise<T | undefined> {
  try {
    return await request;
  } catch (error) {
    if (error instanceof GitLabError && failureKinds[error.kind].aboutRequest) return undefined;
    throw error;
  }
}
