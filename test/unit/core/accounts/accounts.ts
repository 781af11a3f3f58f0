import type { GitLabClient } from '../../../../src/core/gitlab/client';
import type { Host, HostUrl } from '../../../../src/core/model/host';
import { HostAccounts, type Connect } from '../../../../src/core/accounts/hostAccounts';
import { HostListSetting } from '../../../../src/core/accounts/hostSettings';
import { SecretTokenStore } from '../../../../src/core/accounts/tokenStore';
import { connect, hostUrl } from '../gitlab/connection';
import { MemorySecrets, MemorySettings } from './editor';

/** Accounts over the real stores, with the editor's own parts in memory. */
export class Accounts {
  readonly settings = new MemorySettings();
  readonly secrets = new MemorySecrets();
  readonly accounts: HostAccounts;
  /** Tokens that clients were made with, in order. */
  readonly connected: string[] = [];

  constructor(make: Connect = (url, token): GitLabClient => connect({ url }, token), prepare?: (url: HostUrl) => void) {
    this.accounts = new HostAccounts(
      new HostListSetting(this.settings.workspace),
      new SecretTokenStore(this.secrets),
      (url, token) => {
        this.connected.push(token);
        return make(url, token);
      },
      prepare,
    );
  }
}

export function host(url: string, changes: Partial<Host> = {}): Host {
  return { url: hostUrl(url), name: 'A host', projects: [], groups: [], ...changes };
}
