import * as l10n from '@vscode/l10n';

/** Why GitLab refuses a base domain, as a sentence (GitLab API contract 3.3); undefined where it takes it. */
export function baseDomainProblem(domain: string): string | undefined {
  if (domain === '') return undefined;
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(domain)) return l10n.t('Leave out https://: only the domain is needed.');
  if (domain.endsWith('.')) return l10n.t('The base domain must not end with a dot.');
  if (domain.includes('..')) return l10n.t('The base domain must not contain two dots in a row.');
  if (!/^[a-z0-9.-]+$/i.test(domain)) {
    return l10n.t('Only letters a to z, digits, hyphens and dots can be used: no port, path, underscore or *.');
  }
  const labels = domain.split('.');
  if (labels.some((label) => label === '' || label.length > 63) || domain.length > 255) {
    return l10n.t('Each part between dots must have 1 to 63 characters, the whole at most 255.');
  }
  return labels.some((label) => label.startsWith('-') || label.endsWith('-'))
    ? l10n.t('No part of the base domain may begin or end with a hyphen.')
    : undefined;
}
