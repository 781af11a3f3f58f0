import * as vscode from 'vscode';
import { SETTINGS_SECTION } from '../contributions';
import { HostAccounts } from '../core/accounts/hostAccounts';
import { HostListSetting } from '../core/accounts/hostSettings';
import { HostTrust } from '../core/accounts/hostTrust';
import { SecretTokenStore } from '../core/accounts/tokenStore';
import { GitLabClient } from '../core/gitlab/client';
import { HostGates } from '../core/gitlab/hostGate';
import { agentOpener } from '../core/net/agents';
import { hostFetches } from '../core/net/hostFetch';
import { numberSetting } from './numberSetting';

/** The settings that limit how long a request may take, in seconds. */
const limits = ['requestTimeout', 'saveTimeout'] as const;

/**
 * The hosts of the settings with their tokens, and a client for each, by the limits of the settings, the way of each host
 * and its own CA. `parts` are to be disposed.
 */
export function connections(secrets: vscode.SecretStorage, log: vscode.LogOutputChannel, userAgent: string) {
  const settings = new HostListSetting(vscode.workspace);
  const tokens = new SecretTokenStore(secrets);
  const gates = new HostGates(maximumRequests);
  const seconds = { requestTimeout: setting('requestTimeout'), saveTimeout: setting('saveTimeout') };
  const accounts: HostAccounts = new HostAccounts(
    settings,
    tokens,
    (url, token) =>
      new GitLabClient(url, token, {
        fetch: fetches.of(url),
        gate: gates.of(url),
        userAgent,
        log: (line) => log.info(line),
        // Each request asks, so that a changed setting counts from the next one on.
        get readDeadline() {
          return seconds.requestTimeout * 1000;
        },
        get writeDeadline() {
          return seconds.saveTimeout * 1000;
        },
      }),
    (url) => fetches.prepare(url),
  );
  const trust = new HostTrust(accounts);
  const openAgent = agentOpener(() => vscode.workspace.getConfiguration('http').get('proxyAuthorization') ?? undefined);
  const fetches = hostFetches({ ownCa: (url) => trust.of(url), openAgent });
  const followed = vscode.workspace.onDidChangeConfiguration((event) => {
    if (event.affectsConfiguration('http')) fetches.forgetWays();
    if (event.affectsConfiguration(`${SETTINGS_SECTION}.maximumRequests`)) {
      gates.forget();
      accounts.reconnect();
    }
    for (const limit of limits) {
      if (event.affectsConfiguration(`${SETTINGS_SECTION}.${limit}`)) seconds[limit] = setting(limit);
    }
  });
  return { accounts, trust, openAgent, parts: [settings, tokens, accounts, trust, followed] };
}

/** Requests at a time to one host. */
export function maximumRequests(): number {
  return setting('maximumRequests');
}

/** A setting of ours that is a number; what else it is set to counts as not set. */
export function setting(key: (typeof limits)[number] | 'maximumRequests' | 'expiringSoon'): number {
  return numberSetting(vscode.workspace.getConfiguration(SETTINGS_SECTION), key);
}
