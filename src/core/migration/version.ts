/** Whether a server is of this version or a later one; a version that is not known is not. */
export function isSince(version: string | undefined, major: number, minor: number): boolean {
  const [, ours, sub] = /^(\d+)\.(\d+)/.exec(version ?? '') ?? [];
  if (ours === undefined || sub === undefined) return false;
  return Number(ours) > major || (Number(ours) === major && Number(sub) >= minor);
}
