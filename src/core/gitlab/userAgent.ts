/**
 * What every request names as its sender, so that an administrator finds it in GitLab's logs: the extension, its version,
 * and the editor with its version. A header takes ASCII only.
 */
export function userAgent(version: string, editor: { readonly name: string; readonly version: string }): string {
  const ascii = (text: string): string => text.replace(/[^\x20-\x7e]+|[()\\]/g, '').trim();
  return `GitLabClusters/${ascii(version)} (${ascii(`${editor.name} ${editor.version}`)})`;
}
