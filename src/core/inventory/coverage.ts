import type { ClusterName, DiscoveredClusters } from '../gitlab/discovery';
import type { PagedGroup } from '../gitlab/ownerPages';

/**
 * What is known about an owner before its clusters are read: `wait` while the discovery that covers it is still asked,
 * `none` where discovery answered and does not name it, `read` where it names it or does not cover it.
 */
export type Verdict =
  | { readonly verdict: 'wait'; /** Path of the group asked, `''` while those are not known. */ readonly root: string }
  | { readonly verdict: 'none' }
  | { readonly verdict: 'read'; readonly names: readonly ClusterName[] };

type Answer = 'asked' | 'refused' | DiscoveredClusters;

const READ: Verdict = { verdict: 'read', names: [] };

/**
 * Which owners discovery speaks for. A discovery from a group speaks for everything below it, since roles are inherited;
 * the groups to ask are therefore the topmost ones where the token is Maintainer, which need not be top-level groups.
 */
export class Coverage {
  private readonly maintained: { readonly id: number; readonly path: string }[] = [];
  private readonly answers = new Map<string, Answer>();
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

  answered(root: string, found: DiscoveredClusters): void {
    this.answers.set(root, found);
    for (const [path, names] of found.groups) this.expected.set(`group ${path}`, { level: 'group', path, names });
    for (const [path, names] of found.projects) this.expected.set(`project ${path}`, { level: 'project', path, names });
  }

  /** This group's discovery failed or was refused: its owners are read one by one. */
  refused(root: string): void {
    this.answers.set(root, 'refused');
  }

  /** What to do with an owner; one that is named is then no longer expected. */
  judge(level: 'group' | 'project', path: string, personal: boolean): Verdict {
    if (this.state === 'missing') return READ;
    if (this.state === 'unknown' && !personal) return { verdict: 'wait', root: '' };
    const root = personal ? undefined : [path, ...ancestorsOf(path)].find((above) => this.answers.has(above));
    const answer = root === undefined ? undefined : this.answers.get(root);
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
