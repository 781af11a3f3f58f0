import { BlockList, isIP } from 'node:net';
import type { Settings } from '../world';
import { parseAddressable } from './addressable';
import { onAllowList, resolved } from './addresses';

/**
 * Why GitLab refuses an `api_url`, or undefined where it takes it (GitLab API contract 3.3).
 * The stand-in asks no name server: names resolve to what `settings.resolves` says, `localhost` to 127.0.0.1.
 */
export function apiUrlProblem(apiUrl: string, settings: Settings): string | undefined {
  const reason = blockedReason(apiUrl, settings);
  return reason === undefined ? undefined : `is blocked: ${reason}`;
}

function blockedReason(apiUrl: string, settings: Settings): string | undefined {
  // Escaped line breaks count too: GitLab looks for them in the unescaped text.
  const url = /[\r\n]|%0[ad]/i.test(apiUrl) ? undefined : parseAddressable(apiUrl);
  if (!url) {
    return 'URI is invalid';
  }
  if (url.scheme !== 'http' && url.scheme !== 'https') {
    return 'Only allowed schemes are http, https';
  }
  const { host = '', port } = url;
  if (host !== '' && !/^[\p{L}\p{N}]/u.test(host) && isIP(host) === 0) {
    return 'Hostname or IP address invalid';
  }
  if (Buffer.byteLength(host) > 1024) {
    return 'Host is too long (maximum is 1024 characters)';
  }
  const address = port !== undefined && port > 65_535 ? undefined : resolved(host, settings.resolves);
  const { outboundAllowList, denyOutbound, allowLocalRequests } = settings;
  if (outboundAllowList.some((entry) => onAllowList(entry, { host, address, port }))) {
    return undefined;
  }
  if (denyOutbound) {
    return address === undefined
      ? 'Host cannot be resolved or invalid'
      : 'Requests to hosts and IP addresses not on the Allow List are denied';
  }
  return address === undefined || allowLocalRequests ? undefined : localReason(address, settings.ownAddresses);
}

function localReason(address: string, ownAddresses: readonly string[]): string | undefined {
  if ([...ownAddresses, '0.0.0.0', '::'].includes(address)) {
    return 'Requests to localhost are not allowed';
  }
  const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
  return ranges.find(({ list }) => list.check(address, family))?.reason;
}

const ranges = [
  { reason: 'Requests to loopback addresses are not allowed', list: subnets('127.0.0.0/8', '::1/128') },
  {
    reason: 'Requests to the local network are not allowed',
    list: subnets('10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7', 'fec0::/10'),
  },
  { reason: 'Requests to the link local network are not allowed', list: subnets('169.254.0.0/16', 'fe80::/10') },
  { reason: 'Requests to the shared address space are not allowed', list: subnets('100.64.0.0/10') },
  { reason: 'Requests to the limited broadcast address are not allowed', list: subnets('255.255.255.255/32') },
];

function subnets(...cidrs: string[]): BlockList {
  const list = new BlockList();
  for (const cidr of cidrs) {
    const [net = '', prefix] = cidr.split('/');
    list.addSubnet(net, Number(prefix), net.includes(':') ? 'ipv6' : 'ipv4');
  }
  return list;
}
