import type { GitLabClient } from '../gitlab/client';
import type { ClusterName } from '../gitlab/discovery';
import { discoverClusters } from '../gitlab/discovery';
import type { GitLabError } from '../gitlab/errors';
import type { PagedGroup, PagedProject } from '../gitlab/ownerPages';
import { ownerByPath } from '../gitlab/ownerPages';
import { ownerKey } from '../model/cluster';
import type { ClusterOwner } from '../model/cluster';
import { Coverage, LATER } from './coverage';
import type { Errand } from './errands';
import type { Fleet } from './fleet';
import type { FleetOwner } from './ownerRecord';
import { OwnerLists } from './ownerLists';
import type { CrawlGap } from './ownerLists';

/** An owner whose clusters are to be read. */
export interface OwnerToRead extends FleetOwner {
  /** What discovery named there. */
  readonly names: readonly ClusterName[];
  /** Called with each page of its clusters: it may be read. */
  readonly answered?: (() => void) | undefined;
  /** Called when its clusters are known, or why they are not. */
  readonly settled?: ((failure: GitLabError | undefined) => void) | undefined;
}

interface SurveyOptions {
  /** Told of every group, and of names that lead nowhere. */
  readonly fleet: Fleet;
  readonly administrator: boolean;
  /** Whether this GitLab may have discovery. */
  readonly discovers: boolean;
  readonly add: (errand: Errand) => void;
  readonly read: (owner: OwnerToRead) => void;
  /** Of an owner that was given to read before, discovery named these since. */
  readonly named: (owner: OwnerToRead) => void;
  /** Discovery answered for an owner and names no cluster there. */
  readonly hasNone: () => void;
  /** Clusters are named at a path that GitLab gives no owner for. */
  readonly lost: () => void;
}

/** So many owners are rather read one by one than that one finds out which of them discovery speaks for. */
const FEW = 20;

interface Held extends FleetOwner {
  readonly owner: Exclude<ClusterOwner, { readonly level: 'instance' }>;
  readonly personal: boolean;
}

/** Finds the owners whose clusters have to be read: all there are, but for those discovery says have none. */
export class OwnerSurvey {
  private readonly options: SurveyOptions;
  private readonly coverage = new Coverage();
  private readonly met = new Set<string>();
  /** Owners given to read where there is discovery, by level and path: another group's answer may name them too. */
  private readonly given = new Map<string, FleetOwner>();
  /** Owners whose discovery is still asked, by the path of the group it is asked of; `''` while that is not known. */
  private readonly held = new Map<string, Held[]>();
  private readonly lists: OwnerLists;
  private openDiscoveries = 0;

  constructor(options: SurveyOptions) {
    this.options = options;
    this.lists = new OwnerLists({
      add: options.add,
      group: (group) => this.meetGroup(group),
      project: (project) => this.meetProject(project),
      maintained: (group) => this.coverage.addMaintained(group),
      maintainedEnded: () => this.askDiscovery(),
      maintainedProjects: (projects) => this.settleProjects(projects),
    });
    if (!options.discovers) this.coverage.giveUp();
    // Of what an administrator sees, memberships are few.
    if (options.administrator) this.coverage.skipProjects();
  }

  /** Owners met so far. */
  get seen(): number {
    return this.met.size;
  }

  /** Whether all lists of owners have been read. */
  get complete(): boolean {
    return this.lists.complete;
  }

  /** Whether it is known of every owner if it has to be read. */
  get settled(): boolean {
    return this.complete && this.openDiscoveries === 0 && this.held.size === 0;
  }

  get gaps(): readonly CrawlGap[] {
    return this.lists.gaps;
  }

  start(): void {
    if (!this.options.administrator) return this.listOwners(false);
    this.met.add('instance');
    const listOnce = (everything: boolean): void => {
      if (!this.lists.begun) this.listOwners(everything);
    };
    this.options.read({
      owner: { level: 'instance' },
      name: '',
      archived: false,
      names: [],
      // With a thousand clusters of the instance the rest of its pages would keep everything else waiting.
      answered: () => listOnce(true),
      // An administrator's token without Admin Mode is refused there and is like anybody else's (GitLab API contract 4.7).
      settled: (failure) => listOnce(failure?.kind !== 'forbidden'),
    });
    // Read in this window already, as its row does when the host is opened: then nothing has to wait for it.
    const instance = this.options.fleet.known({ level: 'instance' });
    if (instance?.current && !instance.failure) listOnce(true);
  }

  /** Lists that failed are asked once more. */
  closeGaps(): void {
    this.lists.closeGaps();
  }

  /**
   * Once all else is done. Owners outside maintained groups are many where the user maintains projects one by one: which
   * these are takes a page for each hundred, and then one answer for each group of them.
   */
  goOn(): void {
    const left = this.held.get(LATER)?.length ?? 0;
    if (left === 0) return this.askForMissing();
    if (left > FEW && !this.coverage.missing) this.lists.listMaintainedProjects();
    else this.settleProjects([]);
  }

  private settleProjects(projects: readonly PagedProject[]): void {
    this.discoverFrom(this.coverage.settleProjects(projects.filter(({ personal }) => !personal)));
    this.place(LATER);
  }

  /** What discovery named and no list shows is looked up by its path, once all lists are read. */
  private askForMissing(): void {
    for (const { level, path, names } of this.coverage.takeExpected()) {
      const given = this.given.get(`${level} ${path}`);
      if (given) {
        this.options.named({ ...given, names });
        continue;
      }
      this.options.add({
        lane: 'discoveries',
        perform: async (client, signal) => {
          const { id, name, archived } = await ownerByPath(client, level, path, signal);
          this.met.add(`${level}/${id}`);
          this.options.read({ owner: { level, id, path }, name, archived, names });
        },
        failed: (error) => {
          this.options.fleet.putUnresolved({ level, path }, names, error);
          this.options.lost();
        },
      });
    }
  }

  private listOwners(everything: boolean): void {
    this.lists.begin({ everything, maintained: !this.coverage.missing });
  }

  private askDiscovery(): void {
    this.discoverFrom(this.coverage.settle());
    this.place('');
  }

  private discoverFrom(roots: readonly { readonly id: number; readonly path: string }[]): void {
    for (const root of roots) {
      this.openDiscoveries++;
      const closed = (): void => {
        this.openDiscoveries--;
        this.place(root.path);
      };
      this.options.add({
        lane: 'discoveries',
        perform: async (client, signal) => {
          // Another group's answer may have told in the meantime that there is no discovery.
          if (!this.coverage.missing) await this.discover(root, client, signal);
          closed();
        },
        failed: (error) => {
          if (error.kind === 'unsupported') this.coverage.giveUp();
          else this.coverage.refused(root.path);
          closed();
        },
      });
    }
  }

  private async discover(
    { id, path }: { readonly id: number; readonly path: string },
    client: GitLabClient,
    signal: AbortSignal,
  ): Promise<void> {
    this.coverage.answered(path, await discoverClusters(client, id, signal));
  }

  private meetGroup(group: PagedGroup): void {
    this.options.fleet.putGroup(group);
    const { id, path, name } = group;
    this.meet({ owner: { level: 'group', id, path }, name, archived: false, personal: false });
  }

  private meetProject({ id, path, name, archived, personal }: PagedProject): void {
    this.meet({ owner: { level: 'project', id, path }, name, archived, personal });
  }

  private meet(owner: Held): void {
    const key = ownerKey(owner.owner);
    if (this.met.has(key)) return;
    this.met.add(key);
    this.judge(owner);
  }

  private judge(held: Held): void {
    const { owner, name, archived, personal } = held;
    const verdict = this.coverage.judge(owner.level, owner.path, personal);
    // What was known before is not given up unseen.
    const unseen = verdict.verdict === 'none' && this.options.fleet.record(owner) !== undefined;
    if (verdict.verdict === 'read' || unseen) {
      if (!this.coverage.missing) this.given.set(`${owner.level} ${owner.path}`, { owner, name, archived });
      this.options.read({ owner, name, archived, names: verdict.verdict === 'read' ? verdict.names : [] });
    } else if (verdict.verdict === 'none') this.options.hasNone();
    else {
      const waiting = this.held.get(verdict.root);
      if (waiting) waiting.push(held);
      else this.held.set(verdict.root, [held]);
    }
  }

  /** Owners that waited for this answer are judged again. */
  private place(root: string): void {
    const waiting = this.held.get(root) ?? [];
    this.held.delete(root);
    for (const owner of waiting) this.judge(owner);
  }
}
