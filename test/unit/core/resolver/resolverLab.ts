import { GitLabError } from '../../../../src/core/gitlab/errors';
import { readIdentity } from '../../../../src/core/gitlab/identity';
import { Fleet } from '../../../../src/core/inventory/fleet';
import type { HostState } from '../../../../src/core/inventory/hostIdentityLoad';
import type { HostUrl } from '../../../../src/core/model/host';
import { Resolver } from '../../../../src/core/resolver/resolver';
import { Emitter } from '../../../../src/core/time/event';
import { connect, hostUrl } from '../gitlab/connection';

export interface ResolverLab {
  readonly host: HostUrl;
  readonly resolver: Resolver;
  /** What is known of clusters; empty, and nothing was ever found, unless the test fills it. */
  readonly fleet: Fleet;
  /** Says that the host got another token. */
  readonly replaceToken: () => void;
}

/** A resolver that asks a stand-in with somebody's token. */
export function resolverLab(gitlab: { readonly url: string }, token: string): ResolverLab {
  const host = hostUrl(gitlab.url);
  const client = connect(gitlab, token);
  const fleet = new Fleet(host);
  const tokens = new Emitter<HostUrl>();
  let state: HostState | undefined;
  const resolver = new Resolver({
    accounts: {
      find: () => undefined,
      onDidChangeToken: tokens.event,
      onDidChangeHosts: new Emitter<void>().event,
    },
    inventory: {
      client: () => Promise.resolve(client),
      hostState: () => state,
      loadHost: async () => {
        try {
          state = { state: 'loaded', value: await readIdentity(client), at: new Date() };
        } catch (error) {
          if (!(error instanceof GitLabError)) throw error;
          state = { state: 'failed', error };
        }
      },
    },
    fleets: { fleet: () => fleet },
  });
  return { host, resolver, fleet, replaceToken: () => tokens.fire(host) };
}
