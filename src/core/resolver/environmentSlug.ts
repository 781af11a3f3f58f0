import { createHash } from 'node:crypto';

/** GitLab's limit for a slug, which becomes part of host names. */
const MAX_SLUG = 24;
/** What is kept of a slug that gets a suffix. */
const KEPT = 17;

/**
 * The slug GitLab gives an environment when it makes it (agents and environments 3.3). Only for environments that do not
 * exist yet: GitLab 11 gave existing ones a random suffix, so theirs is read from the API.
 */
export function environmentSlug(name: string): string {
  const letters = name.toLowerCase().replace(/[^a-z0-9]/g, '-');
  const slug = (/^[a-z]/.test(letters) ? letters : `env-${letters}`).replace(/-+/g, '-');
  if (slug.length <= MAX_SLUG && slug === name) return slug.replace(/-$/, '');
  const kept = slug.slice(0, KEPT);
  return `${kept}${kept.endsWith('-') ? '' : '-'}${suffixOf(name)}`;
}

/** Six letters and digits by which names with the same beginning differ. */
function suffixOf(name: string): string {
  const hash = createHash('sha256').update(name).digest('hex');
  return BigInt(`0x${hash}`).toString(36).slice(-6);
}
