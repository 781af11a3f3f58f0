import type { ConfigurationChangeEvent, SecretStorage, workspace } from 'vscode';
import { Emitter } from '../../../../src/core/time/event';

/** The editor's SecretStorage in memory. `locked` makes everything fail, as a locked keyring does. */
export class MemorySecrets implements SecretStorage {
  readonly stored = new Map<string, string>();
  /** What was done, in order: `store k`, `delete k`. */
  readonly done: string[] = [];
  locked = false;
  private readonly changed = new Emitter<{ readonly key: string }>();
  readonly onDidChange = this.changed.event;

  async get(key: string): Promise<string | undefined> {
    await this.open();
    return this.stored.get(key);
  }

  async keys(): Promise<string[]> {
    await this.open();
    return [...this.stored.keys()];
  }

  async store(key: string, value: string): Promise<void> {
    await this.open();
    this.done.push(`store ${key}`);
    this.stored.set(key, value);
    this.changed.fire({ key });
  }

  async delete(key: string): Promise<void> {
    await this.open();
    this.done.push(`delete ${key}`);
    this.stored.delete(key);
    this.changed.fire({ key });
  }

  private async open(): Promise<void> {
    await Promise.resolve();
    if (this.locked) throw new Error('The keyring is locked; the secret was glpat-in-the-message');
  }
}

/** The part of the editor's settings the hosts are kept in. */
export class MemorySettings {
  value: unknown = undefined;
  /** Each `update` of the setting, in order. */
  readonly written: unknown[] = [];
  readOnly = false;
  private readonly changed = new Emitter<ConfigurationChangeEvent>();

  /** What VS Code hands out as `workspace`, as far as it is used. */
  readonly workspace: Pick<typeof workspace, 'getConfiguration' | 'onDidChangeConfiguration'> = {
    getConfiguration: () => ({
      get: () => this.value,
      has: () => true,
      inspect: () => undefined,
      update: (key: string, value: unknown, target?: unknown) => this.update(key, value, target),
    }),
    onDidChangeConfiguration: this.changed.event,
  };

  /** Somebody edits the setting by hand, or another window does. */
  type(value: unknown): void {
    this.value = value;
    this.changed.fire({ affectsConfiguration: (section) => 'gitlabClusters.hosts'.startsWith(section) });
  }

  private async update(key: string, value: unknown, target: unknown): Promise<void> {
    await Promise.resolve();
    if (key !== 'hosts' || target !== true) throw new Error(`wrong place: ${key} ${String(target)}`);
    if (this.readOnly) throw new Error('Unable to write into user settings.');
    this.written.push(value);
    this.type(value);
  }
}
