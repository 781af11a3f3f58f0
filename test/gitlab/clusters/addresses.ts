import { BlockList, isIP } from 'node:net';

/** The address a host resolves to, IPv4 with four numbers and IPv6 in its short form; undefined where it does not. */
export function resolved(host: string, resolves: Readonly<Record<string, string>>): string | undefined {
  const name = host.toLowerCase();
  const known = name === '' ? '0.0.0.0' : name === 'localhost' ? '127.0.0.1' : (resolves[name] ?? name);
  return isIP(known) === 6 ? shortened(known) : numeric(known);
}

/** IPv6 in its short form, or the IPv4 address in IPv6 clothes. */
function shortened(address: string): string {
  const short = new URL(`http://[${address.replace(/%.*$/, '')}]`).hostname.slice(1, -1);
  const [, high, low] = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/i.exec(short) ?? [];
  if (high === undefined || low === undefined) {
    return short;
  }
  return dotted(Number.parseInt(high, 16) * 0x10000 + Number.parseInt(low, 16));
}

/** IPv4 as resolvers read it: one to four numbers, decimal, octal or hexadecimal, the last one filling the rest. */
function numeric(host: string): string | undefined {
  const parts = host.split('.');
  const numbers = parts.map(numberOf);
  const last = numbers.pop();
  if (parts.length > 4 || last === undefined || Number.isNaN(last) || last >= 256 ** (5 - parts.length)) {
    return undefined;
  }
  const fits = numbers.every((number) => number < 256);
  return fits ? dotted(numbers.reduce((sum, number, at) => sum + number * 256 ** (3 - at), last)) : undefined;
}

function numberOf(part: string): number {
  const radix = /^0x[0-9a-f]+$/i.test(part)
    ? 16
    : /^0[0-7]*$/.test(part)
      ? 8
      : /^[1-9]\d*$/.test(part)
        ? 10
        : undefined;
  return radix === undefined ? Number.NaN : Number.parseInt(part, radix);
}

function dotted(value: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join('.');
}

/** Whether an entry of the outbound allow list covers a host or its address (GitLab API contract 3.3). */
export function onAllowList(
  entry: string,
  { host, address, port }: { host: string; address: string | undefined; port: number | undefined },
): boolean {
  const [, name = entry, ofPort] = /^\[([^\]]*)\](?::(\d+))?$/.exec(entry) ?? /^([^:]*)(?::(\d+))?$/.exec(entry) ?? [];
  if (ofPort !== undefined && Number(ofPort) !== port) {
    return false;
  }
  const [net = '', prefix] = name.split('/');
  const family = isIP(net);
  if (family === 0) {
    return named(name) === named(host);
  }
  if (address === undefined || isIP(address) !== family) {
    return false;
  }
  const kind = family === 6 ? 'ipv6' : 'ipv4';
  const list = new BlockList();
  list.addSubnet(net, prefix === undefined ? (family === 6 ? 128 : 32) : Number(prefix), kind);
  return list.check(address, kind);
}

function named(host: string): string {
  return host.toLowerCase().replace(/\.$/, '');
}
