import type { ClusterName, DiscoveredClusters } from '../gitlab/discovery';
import type { PagedGroup } from '../gitlab/ownerPages';

/**
 * What is known about an owner before its clusters are read: `wait` while the discovery that covers it is still asked,
 * `none` where discovery answered and does not name it, `read` where it names it or does not cover it.
 */
export type Verdict =
  | {
      readonly verdict: 'wait';
      /** Path of the group asked, `''` while those are not known, `LATER` while single projects are not. */
      readonly root: string;
    }
  | { readonly verdict: 'none' }
  | { readonly verdict: 'read'; readonly names: readonly ClusterName[] };

type Answer = 'asked' | 'refused' | DiscoveredClusters;

/** What owners wait for that hang in no group where the token is Maintainer: the projects where it is. */
export const LATER = '*';

const READ: Verdict = { verdict: 'read', names: [] };

/**
 * Which owners discovery speaks for. From a group where the token is Maintainer it speaks for everything below, since
 * roles are inherited: the topmost ones of these are asked. From any other group that the token sees it speaks for the
 * group itself and for those projects below where the token is Maintainer (GitLab API contract 8.3): such groups are asked
 * where that spares requests.
 */
export class Coverage {
  private readonly maintained: { readonly id: number; readonly path: string }[] = [];
  private readonly answers = new Map<string, Answer>();
  /** Answers of groups where the token need not be Maintainer. */
  private readonly partial = new Map<string, Answer>();
  /** Full paths of projects where the token is Maintainer, of those that hang in no maintained group. */
  private projects: ReadonlySet<string> | undefined;
  private state: 'unknown' | 'known' | 'missing' = 'unknown';
  /** Named and not met yet: key → path and names. */
  private readonly expected = new Map<
    string,
    { readonly level: 'group' | 'project'; readonly path: string; readonly names: readonly ClusterName[] }
  >();

  /** Discovery does not exist here, or turned out not to: every owner has to be read. */
  giveUp(): void {
    this.state = 'missing';
    this.expected.clear();
  }

  get missing(): boolean {
    return this.state === 'missing';
  }

  addMaintained({ id, path }: PagedGroup): void {
    this.maintained.push({ id, path });
  }

  /** All groups where the token is Maintainer are known. Gives the ones to ask. */
  settle(): readonly { readonly id: number; readonly path: string }[] {
    if (this.state !== 'unknown') return [];
    this.state = 'known';
    const paths = new Set(this.maintained.map(({ path }) => path));
    const roots = this.maintained.filter(({ path }) => !ancestorsOf(path).some((above) => paths.has(above)));
    for (const { path } of roots) this.answers.set(path, 'asked');
    return roots;
  }

  /**
   * All single projects where the token is Maintainer are known, with the group each is in. Gives the groups to ask: the
   * topmost ones, where one answer speaks for several projects.
   */
  settleProjects(
    projects: readonly { readonly path: string; readonly groupId: number | undefined }[],
  ): readonly { readonly id: number; readonly path: string }[] {
    const single = projects.filter(({ path }) => !ancestorsOf(path).some((above) => this.answers.has(above)));
    this.projects = new Set(single.map(({ path }) => path));
    const groups = new Map<string, number>();
    for (const { path, groupId } of single) {
      const [above] = ancestorsOf(path);
      if (above !== undefined && groupId !== undefined) groups.set(above, groupId);
    }
    const roots = [...groups].filter(([path]) => !ancestorsOf(path).some((above) => groups.has(above)));
    const worth = roots.filter(([path]) => single.filter((one) => one.path.startsWith(`${path}/`)).length > 1);
    for (const [path] of worth) this.partial.set(path, 'asked');
    return worth.map(([path, id]) => ({ id, path }));
  }

  /** Single projects are not worth finding out about: owners outside maintained groups are read one by one. */
  skipProjects(): void {
    this.projects ??= new Set();
  }

  answered(root: string, found: DiscoveredClusters): void {
    (this.partial.has(root) ? this.partial : this.answers).set(root, found);
    for (const [path, names] of found.groups) this.expected.set(`group ${path}`, { level: 'group', path, names });
    for (const [path, names] of found.projects) this.expected.set(`project ${path}`, { level: 'project', path, names });
  }

  /** This group's discovery failed or was refused: its owners are read one by one. */
  refused(root: string): void {
    (this.partial.has(root) ? this.partial : this.answers).set(root, 'refused');
  }

  /** What to do with an owner; one that is named is then no longer expected. */
  judge(level: 'group' | 'project', path: string, personal: boolean): Verdict {
    if (this.state === 'missing') return READ;
    if (this.state === 'unknown' && !personal) return { verdict: 'wait', root: '' };
    const found = personal ? undefined : this.answerFor(level, path);
    if (found === 'later') return { verdict: 'wait', root: LATER };
    const { root, answer } = found ?? {};
    if (root !== undefined && answer === 'asked') return { verdict: 'wait', root };
    const key = `${level} ${path}`;
    // A group's answer also names projects that are shared with it, wherever they are.
    const elsewhere = this.expected.get(key)?.names ?? [];
    this.expected.delete(key);
    if (answer === undefined || answer === 'asked' || answer === 'refused')
      return { verdict: 'read', names: elsewhere };
    const names = (level === 'group' ? answer.groups : answer.projects).get(path);
    return names ? { verdict: 'read', names } : { verdict: 'none' };
  }

  /** The answer that speaks for an owner, if one does. */
  private answerFor(
    level: 'group' | 'project',
    path: string,
  ): { readonly root: string; readonly answer: Answer | undefined } | 'later' | undefined {
    const above = [path, ...ancestorsOf(path)];
    const root = above.find((one) => this.answers.has(one));
    if (root !== undefined) return { root, answer: this.answers.get(root) };
    if (this.projects === undefined) return 'later';
    const partial = above.find((one) => this.partial.has(one));
    const isCovered = level === 'group' ? partial === path : this.projects.has(path);
    return partial !== undefined && isCovered ? { root: partial, answer: this.partial.get(partial) } : undefined;
  }

  /** What discovery named after it was judged, or what no list of owners showed; each is given once. */
  takeExpected(): readonly { level: 'group' | 'project'; path: string; names: readonly ClusterName[] }[] {
    const left = [...this.expected.values()];
    this.expected.clear();
    return left;
  }
}

/** The groups above a path, nearest first: of `a/b/c` these are `a/b` and `a`. */
function ancestorsOf(path: string): string[] {
  const above: string[] = [];
  for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) above.push(path.slice(0, end));
  return above;
}
