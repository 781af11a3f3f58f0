import type { PagedGroup } from '../gitlab/ownerPages';

/** The groups of a host, by ID and by full path. */
export class GroupIndex {
  private readonly byId = new Map<number, PagedGroup>();
  private readonly byPath = new Map<string, PagedGroup>();

  get all(): Iterable<PagedGroup> {
    return this.byId.values();
  }

  at(path: string): PagedGroup | undefined {
    return this.byPath.get(path);
  }

  has(id: number): boolean {
    return this.byId.has(id);
  }

  /** Keeps a group; one that was moved is no longer at its old path. Gives whether it is new or moved. */
  put(group: PagedGroup): boolean {
    const before = this.byId.get(group.id);
    if (before && before.path !== group.path) this.byPath.delete(before.path);
    this.byId.set(group.id, group);
    this.byPath.set(group.path, group);
    return before?.path !== group.path;
  }

  /** Forgets all but some. Gives whether there were others. */
  keepOnly(isKept: (id: number) => boolean): boolean {
    const gone = [...this.byId.values()].filter(({ id }) => !isKept(id));
    for (const { id, path } of gone) {
      this.byId.delete(id);
      if (this.byPath.get(path)?.id === id) this.byPath.delete(path);
    }
    return gone.length > 0;
  }
}
