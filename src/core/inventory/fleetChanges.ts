import { atMostEvery } from '../time/atMostEvery';
import type { Disposable } from '../time/event';
import { Emitter } from '../time/event';
import type { HostUrl } from '../model/host';

/** What has changed since the last event: owners by their key, and whether any came or went. */
export interface FleetChange {
  readonly owners: ReadonlySet<string>;
  readonly structure: boolean;
  /** Groups came, went or moved: owners may hang elsewhere now. */
  readonly groups: boolean;
}

/** Which owners' clusters of a host are other than before, whoever read them. Told at most ten times a second. */
export interface ClustersChange extends FleetChange {
  readonly host: HostUrl;
}

/** Milliseconds between two change events. */
const EVENT_INTERVAL = 100;

/** Gathers what changes of a fleet and tells it at most ten times a second, however fast a crawl goes. */
export class FleetChanges implements Disposable {
  private owners = new Set<string>();
  private structure = false;
  private groups = false;
  private readonly changed = new Emitter<FleetChange>();
  private readonly pace = atMostEvery(EVENT_INTERVAL, () => this.fire());

  readonly onDidChange = this.changed.event;

  /** The record of an owner is another one. */
  touch(key: string): void {
    this.owners.add(key);
    this.pace.request();
  }

  /** Owners came or went. */
  restructure(): void {
    this.structure = true;
    this.pace.request();
  }

  /** Groups came, went or moved; told with what comes next. */
  regroup(): void {
    this.groups = true;
  }

  /** Tells now, for whoever looks for something just added. */
  flush(): void {
    this.pace.flush();
  }

  dispose(): void {
    this.pace.dispose();
    this.changed.dispose();
  }

  private fire(): void {
    const { owners, structure, groups } = this;
    this.owners = new Set();
    this.structure = false;
    this.groups = false;
    this.changed.fire({ owners, structure, groups });
  }
}
