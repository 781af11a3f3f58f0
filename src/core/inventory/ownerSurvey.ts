import type { GitLabClient } from '../gitlab/client';
import type { ClusterName } from '../gitlab/discovery';
import { discoverClusters } from '../gitlab/discovery';
import type { GitLabError } from '../gitlab/errors';
import type { PagedGroup, PagedProject, ProjectPageQuery } from '../gitlab/ownerPages';
import { groupPage, ownerByPath, projectPage } from '../gitlab/ownerPages';
import { DEVELOPER, MAINTAINER } from '../gitlab/owners';
import { ownerKey } from '../model/cluster';
import type { ClusterOwner } from '../model/cluster';
import { Coverage } from './coverage';
import type { Errand } from './errands';
import type { Fleet } from './fleet';
import type { FleetOwner } from './ownerRecord';
import { followUps } from './projectRanges';

/** An owner whose clusters are to be read. */
export interface OwnerToRead extends FleetOwner {
  /** What discovery named there. */
  readonly names: readonly ClusterName[];
  /** Called with each page of its clusters: it may be read. */
  readonly answered?: (() => void) | undefined;
  /** Called when its clusters are known, or why they are not. */
  readonly settled?: ((failure: GitLabError | undefined) => void) | undefined;
}

/** A list of owners that could not be read to its end: the crawl does not know what it misses there. */
export interface CrawlGap {
  readonly list: 'groups' | 'projects' | 'archivedProjects';
  readonly error: GitLabError;
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

interface Held extends FleetOwner {
  readonly owner: Exclude<ClusterOwner, { readonly level: 'instance' }>;
  readonly personal: boolean;
}

type List = 'groups' | 'maintained' | 'projects' | 'archivedProjects';

/** Finds the owners whose clusters have to be read: all there are, but for those discovery says have none. */
export class OwnerSurvey {
  private readonly options: SurveyOptions;
  private readonly coverage = new Coverage();
  private readonly met = new Set<string>();
  /** Owners given to read where there is discovery, by level and path: another group's answer may name them too. */
  private readonly given = new Map<string, FleetOwner>();
  /** Owners whose discovery is still asked, by the path of the group it is asked of; `''` while that is not known. */
  private readonly held = new Map<string, Held[]>();
  /** Highest page number asked of each list that is paged by number. */
  private readonly asked = new Map<List, number>();
  private readonly failures: { readonly gap: CrawlGap; readonly again: () => void }[] = [];
  private everything = false;
  private listing = false;
  private openPages = 0;
  private openMaintained = 0;
  private openDiscoveries = 0;

  constructor(options: SurveyOptions) {
    this.options = options;
    if (!options.discovers) this.coverage.giveUp();
  }

  /** Owners met so far. */
  get seen(): number {
    return this.met.size;
  }

  /** Whether all lists of owners have been read. */
  get complete(): boolean {
    return this.listing && this.openPages === 0;
  }

  /** Whether it is known of every owner if it has to be read. */
  get settled(): boolean {
    return this.complete && this.openDiscoveries === 0 && this.held.size === 0;
  }

  get gaps(): readonly CrawlGap[] {
    return this.failures.map(({ gap }) => gap);
  }

  start(): void {
    if (!this.options.administrator) return this.listOwners(false);
    this.met.add('instance');
    const listOnce = (everything: boolean): void => {
      if (!this.listing) this.listOwners(everything);
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
  }

  /** Lists that failed are asked once more. */
  closeGaps(): void {
    for (const { again } of this.failures.splice(0)) again();
  }

  /** What discovery named and no list shows is looked up by its path, once all lists are read. */
  askForMissing(): void {
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
    this.listing = true;
    this.everything = everything;
    this.addGroupPage('groups', 1);
    if (!this.coverage.missing) this.addGroupPage('maintained', 1);
    this.addProjectPage('projects', { after: 0, before: undefined, from: 'low' });
    this.addProjectPage('archivedProjects', { after: 0, before: undefined, from: 'low' });
  }

  private addGroupPage(list: 'groups' | 'maintained', page: number): void {
    const maintained = list === 'maintained';
    // Of an administrator too, only memberships count in discovery (GitLab API contract 8.3).
    const minAccessLevel = maintained ? MAINTAINER : this.everything ? undefined : DEVELOPER;
    this.asked.set(list, Math.max(page, this.asked.get(list) ?? 0));
    if (maintained) this.openMaintained++;
    const closed = (): void => {
      if (maintained && --this.openMaintained === 0) this.askDiscovery();
    };
    this.addPage(list, {
      perform: async (client, signal) => {
        const found = await groupPage(client, { minAccessLevel, page }, signal);
        for (const group of found.groups) {
          if (maintained) this.coverage.addMaintained(group);
          else this.meetGroup(group);
        }
        this.addNumbered(list, page, found, (next) => this.addGroupPage(list, next));
        closed();
      },
      // Groups not known to be maintained are read one by one: that misses nothing.
      failed: (error) => {
        if (!maintained) this.addGap({ list, error }, () => this.addGroupPage(list, page));
        closed();
      },
    });
  }

  private addProjectPage(list: 'projects' | 'archivedProjects', at: ProjectPageQuery['at']): void {
    const ask: ProjectPageQuery = {
      at,
      archived: list === 'archivedProjects',
      minAccessLevel: this.everything ? undefined : DEVELOPER,
    };
    this.addPage(list, {
      perform: async (client, signal) => {
        const page = await projectPage(client, ask, signal);
        for (const project of page.projects) this.meetProject(project);
        if (page.paging === 'key') for (const next of followUps(at, page)) this.addProjectPage(list, next);
        else {
          const number = 'page' in at ? at.page : 1;
          this.addNumbered(list, number, page, (next) => this.addProjectPage(list, { page: next }));
        }
      },
      failed: (error) => this.addGap({ list, error }, () => this.addProjectPage(list, at)),
    });
  }

  private addNumbered(
    list: List,
    page: number,
    found: { readonly next: number | undefined; readonly pages: number | undefined },
    add: (page: number) => void,
  ): void {
    const last = page === 1 ? Math.max(found.next ?? 1, found.pages ?? 1) : (found.next ?? 1);
    for (let next = Math.max(page, this.asked.get(list) ?? 1) + 1; next <= last; next++) {
      this.asked.set(list, next);
      add(next);
    }
  }

  private addPage(list: List, page: { perform: Errand['perform']; failed: Errand['failed'] }): void {
    this.openPages++;
    this.options.add({
      lane: 'pages',
      perform: async (client, signal) => {
        await page.perform(client, signal);
        this.openPages--;
      },
      failed: (error) => {
        page.failed(error);
        this.openPages--;
      },
    });
  }

  private addGap(gap: CrawlGap, again: () => void): void {
    this.failures.push({ gap, again });
  }

  private askDiscovery(): void {
    for (const root of this.coverage.settle()) {
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
    this.place('');
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
