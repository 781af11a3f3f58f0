import * as l10n from '@vscode/l10n';
import { noReadings, readProjects, REQUESTS_PER_PROJECT } from '../../core/migration/movePlan';
import type { Below, Readings } from '../../core/migration/movePlan';
import type { HostUrl } from '../../core/model/host';
import { plain } from '../../core/model/plainText';
import type { ReportProgress } from '../../editor/dialogs';
import type { MigrationSources } from './migrationSources';

/** More requests than these are asked about first. */
const ASK_FROM = 50;
/** Milliseconds for which what was found before is gone on from; a plan should not be older. */
const FRESH = 10 * 60_000;

/** What was read of a host, and whether that was all. */
interface HostReadings {
  readonly readings: Readings;
  readonly isCancelled: boolean;
}

/** Reads projects below clusters. What a reading that was cancelled or failed has found is used by the next one. */
export class ProjectReadings {
  private readonly sources: Pick<MigrationSources, 'accounts' | 'dialogs' | 'resolver' | 'now'>;
  /** Of readings that did not come to their end. */
  private readonly unfinished = new Map<HostUrl, Readings>();

  constructor(sources: ProjectReadings['sources']) {
    this.sources = sources;
  }

  /** Reads what is not read yet, saying how far it is. Throws GitLabError where the host fails. */
  async read(host: HostUrl, { projects }: Below, report: ReportProgress, signal: AbortSignal): Promise<HostReadings> {
    const readings = this.unfinished.get(host) ?? noReadings();
    this.unfinished.delete(host);
    const oldest = this.sources.now().getTime() - FRESH;
    for (const [id, { at }] of readings.projects) if (at.getTime() < oldest) readings.projects.delete(id);
    let done = 0;
    try {
      await readProjects(this.sources.resolver, host, projects, readings, {
        signal,
        onProject: () => {
          done++;
          report(l10n.t('{0} of {1} projects', done, projects.length), 100 / projects.length);
        },
      });
      return { readings, isCancelled: false };
    } catch (error) {
      this.unfinished.set(host, readings);
      if (!signal.aborted) throw error;
      return { readings, isCancelled: true };
    }
  }

  /** Asks first, where that takes many requests. */
  async confirm(host: HostUrl, { projects, isCut }: Below): Promise<boolean> {
    const { dialogs, accounts } = this.sources;
    const requests = projects.length * REQUESTS_PER_PROJECT;
    if (requests <= ASK_FROM) return true;
    const detail = [
      l10n.t(
        'At most {0} requests are sent to {1}, eight projects at a time. Each has GitLab merge a CI configuration, which is work for it.',
        requests.toLocaleString(),
        plain(accounts.find(host)?.name ?? host),
      ),
      l10n.t('You can cancel at any time; what was read until then is used when you run the command again.'),
      ...(isCut ? [l10n.t('There are more projects; only the first {0} are looked at.', projects.length)] : []),
    ].join('\n');
    const go = l10n.t('Continue');
    return (
      (await dialogs.confirm(
        l10n.t('Read the CI configurations and environments of {0} projects?', projects.length.toLocaleString()),
        detail,
        go,
      )) === go
    );
  }
}
