import type { IncomingHttpHeaders } from 'node:http';
import type { Caller } from './access';
import { json, refuse, Refusal } from './answer';
import type { Values } from './body';
import type { Site } from './call';
import { byId } from './lookup';
import type { AccessToken, User, World } from './world';

/** What a route asks of a token: one of these scopes, or any token at all. */
export type NeededScopes = readonly string[] | 'any';

/** The scopes of an ordinary route: `api` for everything, `read_api` for reading. */
export const apiScopes: NeededScopes = ['api', 'read_api'];
/** The scopes of routes that only tell who one is and which GitLab this is. */
export const userScopes: NeededScopes = ['read_user', 'api', 'read_api'];

/**
 * Who asks, or undefined where no token was sent.
 * Refuses unknown, expired, revoked and too narrow tokens and blocked accounts (GitLab API contract 4.2 and 4.3).
 */
export function authenticate(
  { world, profile, configuredUrl }: Site,
  now: Date,
  sent: { method: string; headers: IncomingHttpHeaders; query: Values },
  needed: NeededScopes,
): Caller | undefined {
  const found = findToken(world, sent.headers, sent.query);
  if (found === 'none') {
    return undefined;
  }
  const user = found && byId(world.users, found.userId);
  if (!found || !user) {
    throw refuse(401, '401 Unauthorized');
  }
  checkUsable(found, now);
  checkAccount(user, configuredUrl);
  checkPermitted(found, needed, sent.method);
  const inAdminMode = !world.settings.adminMode || !profile.adminModeScope || found.scopes.includes('admin_mode');
  return { user, token: found, administrator: user.admin && inAdminMode };
}

/** Which token counts if several are sent: OAuth as Bearer, then the query, the header, and a personal one as Bearer. */
function findToken(world: World, headers: IncomingHttpHeaders, query: Values): AccessToken | 'none' | undefined {
  const bearer = /^bearer +(.*)$/i.exec(headers.authorization ?? '')?.[1] || filled(query['access_token']);
  const ofKind = (kind: AccessToken['kind'], value: string | undefined) =>
    value === undefined ? undefined : world.tokens.find((token) => token.value === value && token.kind === kind);
  const oauth = ofKind('oauth', bearer);
  if (oauth) {
    return oauth;
  }
  const value = filled(query['private_token']) ?? filled(headers['private-token']) ?? bearer;
  return value === undefined ? 'none' : ofKind('personal', value);
}

/** Whom the throttle of the whole instance counts, before anything of the token is checked. */
export function askingUser(world: World, headers: IncomingHttpHeaders, query: Values): string {
  const token = findToken(world, headers, query);
  return token === undefined || token === 'none' ? 'nobody' : `user ${token.userId}`;
}

function filled(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value : undefined;
}

/** What makes a token useless, whatever it is for; its order is that of GitLab API contract 4.2. */
function checkUsable(token: AccessToken, now: Date): void {
  if (token.expiresAt !== null && now >= new Date(`${token.expiresAt}T00:00:00Z`)) {
    throw invalidToken('Token is expired. You can either do re-authorization or token refresh.');
  }
  if (token.revoked) {
    throw invalidToken('Token was revoked. You have to re-authorize from the user.');
  }
  if (token.refusal === 'impersonation') {
    throw invalidToken('Token is an impersonation token but impersonation was disabled.');
  }
}

/** What comes after the account was looked at: DPoP, and only then the scope. */
function checkPermitted(token: AccessToken, needed: NeededScopes, method: string): void {
  if (token.refusal === 'dpop') {
    throw tokenError('dpop_error', 'DPoP validation error: DPoP header is missing');
  }
  if (needed !== 'any') {
    const reading = method === 'GET' || method === 'HEAD';
    const enough = needed.filter((scope) => scope === 'api' || reading);
    // A fine-grained token has permissions in their stead, judged below.
    if (!token.scopes.some((scope) => enough.includes(scope) || scope === 'granular')) {
      throw new Refusal(
        json(403, {
          error: 'insufficient_scope',
          error_description: 'The request requires higher privileges than provided by the access token.',
          scope: needed.join(' '),
        }),
      );
    }
  }
  if (token.refusal === 'granular') {
    const permission = `${permitted[method] ?? 'read'}_cluster`;
    const error_description = `Access denied: Your Personal Access Token lacks the required permissions: [${permission}].`;
    throw new Refusal(json(403, { error: 'insufficient_granular_scope', error_description }));
  }
}

/** What a fine-grained token must be permitted to do with clusters. */
const permitted: Readonly<Record<string, string>> = { POST: 'create', PUT: 'update', DELETE: 'delete' };

function invalidToken(description: string): Refusal {
  return tokenError('invalid_token', description);
}

function tokenError(error: string, description: string): Refusal {
  const challenge = `Bearer realm="Protected by OAuth 2.0", error="${error}", error_description="${description}"`;
  return new Refusal(json(401, { error, error_description: description }, { 'WWW-Authenticate': challenge }));
}

/** Each sentence names where to mend it, except of what an administrator must mend (user_access_denied_reason.rb). */
function checkAccount(user: User, address: string): void {
  const reasons: Record<User['state'], string | undefined> = {
    active: undefined,
    blocked: 'Your account has been blocked.',
    deactivated:
      'Your account has been deactivated by your administrator. Please log back in from a web browser to reactivate ' +
      `your account at ${address}`,
    unconfirmed:
      'Your primary email address is not confirmed. Please check your inbox for the confirmation instructions. In case ' +
      `the link is expired, you can request a new confirmation email at ${address}/users/confirmation/new`,
    termsPending:
      `You (@${user.username}) must accept the Terms of Service in order to perform this action. To accept these ` +
      `terms, please access GitLab from a web browser at ${address}.`,
  };
  const reason = reasons[user.state];
  if (reason !== undefined) {
    throw refuse(403, `403 Forbidden - ${reason}`);
  }
}
