import * as l10n from '@vscode/l10n';
import { explain } from '../../core/gitlab/explain';
import type { Cluster } from '../../core/model/cluster';
import { isTooLong, namesOf } from '../../core/resolver/expectedNamespace';
import { clusterInReport, code, outcomeInReport } from '../../core/resolver/inWords';
import type { Served, ServedEnvironment } from '../../core/resolver/served';

interface ServedAnswer extends Served {
  readonly cluster: Cluster;
  /** When the clusters were found, where they were not read for this answer. */
  readonly clustersAt: Date | undefined;
  readonly isCut: boolean;
  readonly isCancelled: boolean;
  readonly at: Date;
}

/** Whom a cluster serves, as Markdown that can be copied into a ticket. */
export function servedDocument(answer: ServedAnswer): string {
  const { cluster, serves, ambiguous, shadowed, failures, projects, cut } = answer;
  const sections = [
    [`# ${l10n.t('What {0} serves', clusterInReport(cluster))}`],
    [
      l10n.t('Environment scope: {0}', code(cluster.environmentScope)),
      '',
      l10n.t(
        'It serves {0} environments of the {1} projects looked at, and would serve {2} more if no other cluster came first.',
        serves.length,
        projects,
        shadowed.length,
      ),
    ],
    ...section(l10n.t('Serves'), serves.map(line)),
    ...section(l10n.t('May serve: other scopes are equally specific'), ambiguous.map(line)),
    ...section(
      l10n.t('Would serve, but another cluster comes first'),
      shadowed.map((one) => `${place(one)}: ${outcomeInReport(one.by)}`),
    ),
    ...section(
      l10n.t('Not read'),
      failures.map(({ project, error }) => `- ${code(project.path)}: ${explain(error).title}`),
    ),
    ...section(l10n.t('Notes'), [
      ...notes(answer).map((note) => `- ${note}`),
      ...cut.map(
        (path) => `- ${l10n.t('{0} has more than 100 environments; the first 100 were looked at.', code(path))}`,
      ),
    ]),
    [
      l10n.t(
        'Computed on {0} from environments that are neither stopped nor stopping. Jobs may create others at any time. This report contains no tokens or passwords.',
        `${answer.at.toISOString().slice(0, 16).replace('T', ' ')} UTC`,
      ),
    ],
  ];
  return `${sections.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

function section(title: string, lines: readonly string[]): string[][] {
  return lines.length === 0 ? [] : [[`## ${title}`, '', ...lines]];
}

function place({ project, environment }: ServedEnvironment): string {
  return `- ${code(environment)} – ${code(project.path)}`;
}

function line(one: ServedEnvironment): string {
  const names = namesOf(one.namespace).map(code).join(l10n.t(' or '));
  const expected = l10n.t('expected namespace {0}', names);
  return `${place(one)}, ${expected}${isTooLong(one.namespace) ? ` (${l10n.t('too long for Kubernetes')})` : ''}`;
}

function notes({ cluster, clustersAt, isCut, isCancelled, projects }: ServedAnswer): string[] {
  return [
    ...(cluster.enabled === false ? [l10n.t('The cluster is disabled, so it serves nothing.')] : []),
    ...(isCancelled ? [l10n.t('Cancelled: projects that had not been read yet are missing.')] : []),
    ...(isCut ? [l10n.t('Only the first {0} projects were looked at.', projects)] : []),
    ...(clustersAt
      ? [
          l10n.t(
            'Clusters of projects are those found on {0}. Run “Find Again” to bring them up to date.',
            clustersAt.toISOString().slice(0, 16).replace('T', ' ') + ' UTC',
          ),
        ]
      : []),
  ];
}
