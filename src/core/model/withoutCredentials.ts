/**
 * An API URL without user name and password, else spelled as it was: for what outlives the window or leaves it. Also one
 * that the URL parser would not take, since GitLab's is another.
 */
export function withoutCredentials(apiUrl: string): string {
  return apiUrl.replace(/^(\s*[a-z][a-z\d+.-]*:\/*)[^/?#]*@/i, '$1');
}
