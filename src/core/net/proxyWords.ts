/**
 * `host:port` of the first entry of a proxy decision (`PROXY user:password@host:port; DIRECT`), without the
 * credentials that may stand in it; undefined for a direct connection.
 */
export function proxyOf(decision: string | undefined): string | undefined {
  const [kind, target] = (decision ?? '').split(';')[0]?.trim().split(/\s+/) ?? [];
  if (kind === undefined || kind === '' || kind === 'DIRECT' || target === undefined) return undefined;
  return target.slice(target.lastIndexOf('@') + 1);
}
