import * as l10n from '@vscode/l10n';

/** How an administrator turns on what is off by default since GitLab 15.0 (GitLab API contract 10). */
export function integrationHelp(): string {
  return [
    `# ${l10n.t('Turning on the cluster integration')}`,
    '',
    l10n.t(
      'Since GitLab 15.0, certificate-based clusters are switched off by default. Nothing is broken: their records are kept, and are back as soon as the feature flag “certificate_based_clusters” is on.',
    ),
    '',
    `## ${l10n.t('For the whole GitLab')}`,
    '',
    l10n.t('An administrator runs this in GitLab’s Rails console (gitlab-rails console):'),
    '',
    '```ruby',
    'Feature.enable(:certificate_based_clusters)',
    '```',
    '',
    l10n.t('Or, with an administrator’s access token that has the scope “api”, through the API:'),
    '',
    '```sh',
    'curl --request POST --header "PRIVATE-TOKEN: $TOKEN" --data "value=true" \\',
    '  "https://gitlab.example.com/api/v4/features/certificate_based_clusters"',
    '```',
    '',
    `## ${l10n.t('For one top-level group or user')}`,
    '',
    '```ruby',
    'Feature.enable(:certificate_based_clusters, Namespace.find_by_full_path("GROUP"))',
    '```',
    '',
    l10n.t('Then run “Refresh All”.'),
    '',
  ].join('\n');
}
