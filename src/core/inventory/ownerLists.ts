import type { GitLabError } from '../gitlab/errors';
import { groupPage, projectPage } from '../gitlab/ownerPages';
import type { PagedGroup, PagedProject, ProjectPageQuery } from '../gitlab/ownerPages';
import { DEVELOPER, MAINTAINER } from '../gitlab/owners';
import type { Errand } from './errands';
import { followUps } from './projectRanges';

/** A list of owners that could not be read to its end: the crawl does not know what it misses there. */
export interface CrawlGap {
  readonly list: 'groups' | 'projects' | 'archivedProjects';
  readonly error: GitLabError;
}

interface ListPorts {
  readonly add: (errand: Errand) => void;
  readonly group: (group: PagedGroup) => void;
  readonly project: (project: PagedProject) => void;
  /** A group that the token's user maintains. */
  readonly maintained: (group: PagedGroup) => void;
  /** All groups that the user maintains are known. */
  readonly maintainedEnded: () => void;
  /** The projects that the user maintains, once they were asked for; as far as they could be read. */
  readonly maintainedProjects: (projects: readonly PagedProject[]) => void;
}

type List = 'groups' | 'maintained' | 'projects' | 'archivedProjects' | 'maintainedProjects';

/** Reads the lists of groups and projects, page after page; pages that failed are gaps, which can be asked again. */
export class OwnerLists {
  private readonly ports: ListPorts;
  /** Highest page number asked of each list that is paged by number. */
  private readonly asked = new Map<List, number>();
  private readonly failures: { readonly gap: CrawlGap; readonly again: () => void }[] = [];
  private everything = false;
  private listing = false;
  private openPages = 0;
  private openMaintained = 0;
  private readonly maintainedProjects: PagedProject[] = [];
  private openProjects = 0;

  constructor(ports: ListPorts) {
    this.ports = ports;
  }

  get begun(): boolean {
    return this.listing;
  }

  /** Whether all lists have been read, or given up. */
  get complete(): boolean {
    return this.listing && this.openPages === 0;
  }

  get gaps(): readonly CrawlGap[] {
    return this.failures.map(({ gap }) => gap);
  }

  /** With `everything`, also what the user is no member of; with `maintained`, also which groups the user maintains. */
  begin({ everything, maintained }: { readonly everything: boolean; readonly maintained: boolean }): void {
    this.listing = true;
    this.everything = everything;
    this.addGroupPage('groups', 1);
    if (maintained) this.addGroupPage('maintained', 1);
    this.addProjectPage('projects', { after: 0, before: undefined, from: 'low' });
    this.addProjectPage('archivedProjects', { after: 0, before: undefined, from: 'low' });
  }

  /** Lists that failed are asked once more. */
  closeGaps(): void {
    for (const { again } of this.failures.splice(0)) again();
  }

  private addGroupPage(list: 'groups' | 'maintained', page: number): void {
    const maintained = list === 'maintained';
    // Of an administrator too, only memberships count in discovery (GitLab API contract 8.3).
    const minAccessLevel = maintained ? MAINTAINER : this.everything ? undefined : DEVELOPER;
    this.asked.set(list, Math.max(page, this.asked.get(list) ?? 0));
    if (maintained) this.openMaintained++;
    const closed = (): void => {
      if (maintained && --this.openMaintained === 0) this.ports.maintainedEnded();
    };
    this.addPage(list, {
      perform: async (client, signal) => {
        const found = await groupPage(client, { minAccessLevel, page }, signal);
        for (const group of found.groups) {
          if (maintained) this.ports.maintained(group);
          else this.ports.group(group);
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
        for (const project of page.projects) this.ports.project(project);
        if (page.paging === 'key') for (const next of followUps(at, page)) this.addProjectPage(list, next);
        else {
          const number = 'page' in at ? at.page : 1;
          this.addNumbered(list, number, page, (next) => this.addProjectPage(list, { page: next }));
        }
      },
      failed: (error) => this.addGap({ list, error }, () => this.addProjectPage(list, at)),
    });
  }

  /** Lists the projects that the user maintains, of either kind. */
  listMaintainedProjects(at: ProjectPageQuery['at'] = { after: 0, before: undefined, from: 'low' }): void {
    this.openProjects++;
    const closed = (): void => {
      if (--this.openProjects === 0) this.ports.maintainedProjects(this.maintainedProjects);
    };
    this.addPage('maintainedProjects', {
      perform: async (client, signal) => {
        const page = await projectPage(client, { at, archived: undefined, minAccessLevel: MAINTAINER }, signal);
        this.maintainedProjects.push(...page.projects);
        if (page.paging === 'key') for (const next of followUps(at, page)) this.listMaintainedProjects(next);
        else if (page.next !== undefined) this.listMaintainedProjects({ page: page.next });
        closed();
      },
      // Projects not known to be maintained are read one by one: that misses nothing.
      failed: closed,
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
    this.ports.add({
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
}
