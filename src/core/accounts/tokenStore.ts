import type { SecretStorage } from 'vscode';
import type { Disposable } from '../time/event';
import { Emitter } from '../time/event';
import type { HostUrl } from '../model/host';
import type { TokenStore } from './hostAccounts';
import { parseHostUrl } from '../model/host';

const PREFIX = 'gitlabClusters.token:';

/** GitLab tokens in the editor's SecretStorage, one per HostUrl. Nothing else of the extension touches it. */
export class SecretTokenStore implements TokenStore, Disposable {
  private readonly secrets: SecretStorage;
  private readonly changed = new Emitter<HostUrl>();
  private readonly subscription: Disposable;

  /** Fires for changes of other windows too. */
  readonly onDidChange = this.changed.event;

  constructor(secrets: SecretStorage) {
    this.secrets = secrets;
    this.subscription = secrets.onDidChange(({ key }) => {
      const parsed = key.startsWith(PREFIX) ? parseHostUrl(key.slice(PREFIX.length)) : undefined;
      if (parsed?.ok) this.changed.fire(parsed.url);
    });
  }

  async get(url: HostUrl): Promise<string | undefined> {
    return this.secrets.get(PREFIX + url);
  }

  async set(url: HostUrl, token: string): Promise<void> {
    await this.secrets.store(PREFIX + url, token);
  }

  async delete(url: HostUrl): Promise<void> {
    await this.secrets.delete(PREFIX + url);
  }

  dispose(): void {
    this.subscription.dispose();
    this.changed.dispose();
  }
}
