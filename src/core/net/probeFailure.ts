import { GitLabError } from '../gitlab/errors';
import { decoded } from './ownCa';
import type { Trust } from './ownCa';
import type { Probe } from './tlsProbe';
import { lacksTrust } from './tlsReason';

/** Why a look at a host found no trusted connection, as requests would tell it; undefined where it did. */
export function failureOf(seen: Probe, trust: Trust): GitLabError | undefined {
  const { proxy } = seen;
  switch (seen.outcome) {
    case 'plain':
      return undefined;
    case 'secure': {
      const { reason, presented, code } = seen;
      if (reason === undefined) return undefined;
      const changed = trust.pinned && lacksTrust(reason);
      const tls = { reason, presented, trusted: decoded(trust), changed, caProblem: trust.problem };
      return new GitLabError('tls', { message: code, proxy, tls });
    }
    case 'tlsFailed':
      return new GitLabError('tls', { message: seen.code, proxy, tls: { reason: seen.reason } });
    case 'proxyRefused':
      return new GitLabError('proxy', { status: seen.status, proxy });
    case 'proxyUnreachable':
      return new GitLabError('proxy', { message: seen.code, proxy });
    case 'unreachable':
      return new GitLabError('network', { message: seen.code, proxy });
  }
}
