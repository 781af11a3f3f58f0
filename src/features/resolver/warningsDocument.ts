import * as l10n from '@vscode/l10n';
import type { Host } from '../../core/model/host';
import { escapeMarkdown } from '../../core/model/markdown';
import { code } from '../../core/resolver/inWords';
import type { ScopeWarning } from '../../core/resolver/lints';
import { remedyOf, warningInWords } from '../../core/resolver/lintsInWords';

/** The warnings as Markdown that can be copied into a ticket, each with what to do. */
export function warningsDocument(
  host: Pick<Host, 'url'>,
  warnings: readonly ScopeWarning[],
  clusters: number,
  projects: number,
  at: Date,
): string {
  const lines = warnings.map((warning) => {
    const { title, cluster } = remedyOf(warning);
    return `- ${escapeMarkdown(warningInWords(warning))}\n  - ${title}: ${code(cluster.name)} (ID ${cluster.id})`;
  });
  const about = l10n.t(
    'Checked on {0}: {1} clusters known of {2}, and the environments of {3} projects read in this window.',
    `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`,
    clusters,
    code(host.url),
    projects,
  );
  return `# ${l10n.t('Environment scopes')}\n\n${lines.join('\n')}\n\n${about}\n`;
}
