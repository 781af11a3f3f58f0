import { certificate } from '../gitlab/certificates';
import { addGroup, addProject, addToken, addUser, setRole } from '../gitlab/populate';
import { profileOf, type Profile } from '../gitlab/profiles';
import { startGitLab, type GitLab, type GitLabOptions } from '../gitlab/server';
import { emptyWorld, type Group, type Project, type User, type World } from '../gitlab/world';

/** Who is there to ask. Each has a token of the same name. */
export type Person = 'admin' | 'maintainer' | 'developer' | 'reporter' | 'guest' | 'outsider';

/** A small GitLab: group `own` › `sub` › `deep` and group `foreign`, one project each; roles are on `own`. */
export interface SmallWorld {
  readonly world: World;
  readonly people: Readonly<Record<Person, User>>;
  readonly own: Group;
  readonly sub: Group;
  readonly deep: Group;
  readonly foreign: Group;
  /** own/app */
  readonly app: Project;
  /** own/tools, beside `app` */
  readonly tools: Project;
  /** own/sub/lib */
  readonly lib: Project;
  /** own/sub/deep/core */
  readonly core: Project;
  /** foreign/other, where nobody has a role */
  readonly other: Project;
  /** maintainer/notes, personal */
  readonly notes: Project;
}

export function smallWorld(): SmallWorld {
  const world = emptyWorld();
  const people = {
    admin: addUser(world, { username: 'admin', name: 'Ada Admin', admin: true }),
    maintainer: addUser(world, { username: 'maintainer', name: 'Mia Maintainer' }),
    developer: addUser(world, { username: 'developer', name: 'Dev Developer' }),
    reporter: addUser(world, { username: 'reporter', name: 'Rae Reporter' }),
    guest: addUser(world, { username: 'guest', name: 'Gil Guest' }),
    outsider: addUser(world, { username: 'outsider', name: 'Ole Outsider' }),
  };
  for (const [name, user] of Object.entries(people)) {
    addToken(world, user, name);
  }
  const own = addGroup(world, 'own', undefined, { name: 'Own' });
  const sub = addGroup(world, 'sub', own, { name: 'Sub' });
  const deep = addGroup(world, 'deep', sub, { name: 'Deep' });
  const foreign = addGroup(world, 'foreign');
  setRole(world, people.maintainer, own, 40);
  setRole(world, people.developer, own, 30);
  setRole(world, people.reporter, own, 20);
  setRole(world, people.guest, own, 10);
  return {
    world,
    people,
    own,
    sub,
    deep,
    foreign,
    app: addProject(world, 'app', own, { name: 'App' }),
    tools: addProject(world, 'tools', own, { name: 'Tools' }),
    lib: addProject(world, 'lib', sub),
    core: addProject(world, 'core', deep),
    other: addProject(world, 'other', foreign),
    notes: addProject(world, 'notes', people.maintainer),
  };
}

export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The parsed body, undefined where it is not JSON. */
  readonly json: unknown;
}

export interface Asking {
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

/** A GitLab around each test, and what asks it. */
export interface Lab extends SmallWorld {
  readonly gitlab: GitLab;
  /** One request with somebody's token, or with none. `path` is below `/api/v4`; a string body goes out as it is. */
  ask(who: string | undefined, method: string, path: string, asking?: Asking): Promise<Answered>;
}

/** Serves a fresh small world around each test of the current suite. */
export function openLab(options: Omit<GitLabOptions, 'profile'> & { profile?: Profile | string } = {}): Lab {
  let gitlab: GitLab | undefined;
  const lab: Lab = {
    ...smallWorld(),
    get gitlab() {
      if (!gitlab) {
        throw new Error('the lab is open during tests only');
      }
      return gitlab;
    },
    ask: (who, method, path, asking) => ask(lab.gitlab.url, who, method, path, asking),
  };
  beforeEach(async () => {
    const small = Object.assign(lab, smallWorld());
    const { profile, ...rest } = options;
    gitlab = await startGitLab({
      world: small.world,
      ...rest,
      profile: typeof profile === 'object' ? profile : profileOf(profile),
    });
  });
  afterEach(async () => {
    await gitlab?.close();
    gitlab = undefined;
  });
  return lab;
}

/** One request to the API of the GitLab at `url`; redirects are not followed. */
export async function ask(
  url: string,
  who: string | undefined,
  method: string,
  path: string,
  { body, headers = {} }: Asking = {},
): Promise<Answered> {
  const response = await fetch(`${url}/api/v4${path}`, {
    method,
    redirect: 'manual',
    headers: {
      ...(who === undefined ? {} : { 'PRIVATE-TOKEN': who }),
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, json: parsed(text) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A value inside parsed JSON, by keys and positions; undefined where the way ends. */
export function at(json: unknown, ...way: (string | number)[]): unknown {
  return way.reduce<unknown>(
    (value, key) => (typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined),
    json,
  );
}

/** One value of each row of a list, `id` by default. */
export function each(json: unknown, key: string = 'id'): unknown[] {
  return Array.isArray(json) ? json.map((row: unknown) => at(row, key)) : [];
}

/** The keys of an object, sorted. */
export function keysOf(json: unknown): string[] {
  return typeof json === 'object' && json !== null ? Object.keys(json).sort() : [];
}

/** A complete body to add a cluster with. */
export function newCluster(values: object = {}, platform: object = {}): Record<string, unknown> {
  return {
    name: 'new-cluster',
    platform_kubernetes_attributes: { api_url: 'https://k8s.example.com', token: 'service-token', ...platform },
    ...values,
  };
}

/** A real CA certificate. */
export const pem = certificate('production-eu').trim();

/** The three levels with what differs between them. */
export const levels = [
  { level: 'project', list: '/projects/1/clusters', add: '/projects/1/clusters/user', writer: 'maintainer' },
  { level: 'group', list: '/groups/1/clusters', add: '/groups/1/clusters/user', writer: 'maintainer' },
  { level: 'instance', list: '/admin/clusters', add: '/admin/clusters/add', writer: 'admin' },
] as const;

/** The owner a level's endpoints in `levels` speak about. */
export function ownerOf(lab: SmallWorld, level: (typeof levels)[number]['level']): 'instance' | Group | Project {
  return level === 'project' ? lab.app : level === 'group' ? lab.own : 'instance';
}
