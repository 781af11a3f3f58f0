import { createHash } from 'node:crypto';

/** The slug GitLab makes of an environment's name (agents and environments 3.3). */
export function slugOf(name: string): string {
  let slug = [...name.toLowerCase()].map((letter) => (/[a-z0-9]/.test(letter) ? letter : '-')).join('');
  if (!/^[a-z]/.test(slug)) slug = `env-${slug}`;
  while (slug.includes('--')) slug = slug.replace('--', '-');
  if (slug === name && slug.length <= 24) return slug.endsWith('-') ? slug.slice(0, -1) : slug;
  const digest = BigInt(`0x${createHash('sha256').update(name).digest('hex')}`).toString(36);
  const start = slug.slice(0, 17);
  return (start.endsWith('-') ? start : `${start}-`) + digest.slice(-6);
}

/** The tier GitLab guesses from a name (agents and environments 14); the first that matches counts. */
export function tierOf(name: string): 'production' | 'staging' | 'testing' | 'development' | 'other' {
  if (/dev|review|trunk/i.test(name)) return 'development';
  if (/test|tst|int|ac(ce|)pt|qa|qc|control|quality/i.test(name)) return 'testing';
  if (/st(a|)g|mod(e|)l|pre|demo|non/i.test(name)) return 'staging';
  return /pr(o|)d|live/i.test(name) ? 'production' : 'other';
}
