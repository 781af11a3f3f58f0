import type { IncomingHttpHeaders } from 'node:http';
import { accessOf, type Access, type Caller } from './access';
import { refuse } from './answer';
import { byId } from './lookup';
import { isList, isValues, type Value, type Values } from './body';
import type { Profile } from './profiles';
import type { User, World } from './world';

/** One GitLab as its endpoints see it. */
export interface Site {
  readonly world: World;
  readonly profile: Profile;
  /** The address GitLab believes it has, with the sub-path and without a trailing slash. */
  readonly configuredUrl: string;
  readonly now: () => Date;
}

/** What arrived, before anything is understood. */
export interface Incoming {
  readonly method: string;
  /** Path with query, as it stood in the request line. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly scheme: 'http' | 'https';
}

/** One request on its way through an endpoint. */
export interface Call extends Site {
  readonly incoming: Incoming;
  readonly query: Values;
  /** Values from the address, such as `id`, decoded. */
  readonly captured: Readonly<Record<string, string>>;
  /** Query, body and address together; the address wins, then the body. */
  readonly sent: Values;
  readonly caller: Caller | undefined;
  readonly access: Access;
  /** Counts this request for the limit of its endpoint; asked after the parameter layer (GitLab API contract 6). */
  readonly checkLimit: () => void;
}

/** Puts a call together once the caller is known. */
export function callOf(site: Site, rest: Omit<Call, keyof Site | 'access'>): Call {
  return { ...site, ...rest, access: accessOf(site.world, rest.caller) };
}

/** The caller, or 401 for nobody. */
export function requireCaller(call: Call): Caller {
  if (!call.caller) {
    throw refuse(401, '401 Unauthorized');
  }
  return call.caller;
}

/** The administrator who calls, or 401 for nobody and 403 for everybody else. */
export function requireAdministrator(call: Call): Caller {
  const caller = requireCaller(call);
  if (!caller.administrator) {
    throw refuse(403, '403 Forbidden');
  }
  return caller;
}

/** Address of this list for `Link`: the request's scheme and path on the configured host (GitLab API contract 5). */
export function listAddress(call: Call): string {
  const { host, pathname } = new URL(call.configuredUrl);
  const apiPath = call.incoming.path.split('?')[0] ?? '';
  return `${call.incoming.scheme}://${host}${pathname === '/' ? '' : pathname}${apiPath}`;
}

/** What links repeat: the query, the declared parameters with their defaults, and the values from the address. */
export function echoedQuery(call: Call, settled: Values = {}): URLSearchParams {
  const echoed = new URLSearchParams();
  const add = (name: string, value: Value): void => {
    if (isList(value)) {
      value.forEach((one: Value) => add(`${name}[]`, one));
    } else if (isValues(value)) {
      Object.entries(value).forEach(([key, one]) => add(`${name}[${key}]`, one));
    } else {
      echoed.append(name, value === null ? '' : String(value));
    }
  };
  for (const [name, value] of Object.entries({ ...call.query, ...settled, ...call.captured })) {
    add(name, value);
  }
  return echoed;
}

/** The user with this id, or undefined where it was deleted. */
export function userOf(site: Site, id: number | null): User | undefined {
  return byId(site.world.users, id);
}
