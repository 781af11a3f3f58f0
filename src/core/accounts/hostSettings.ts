import * as l10n from '@vscode/l10n';
import type { workspace } from 'vscode';
import * as z from 'zod/mini';
import { SETTINGS_SECTION } from '../../contributions';
import type { Disposable } from '../time/event';
import { Emitter } from '../time/event';
import { GitLabError } from '../gitlab/errors';
import { defaultHostName, parseHostUrl, shownAddress } from '../model/host';
import type { Host, HostUrl, WatchedOwner } from '../model/host';
import type { HostProblem, HostSettings } from './hostAccounts';
import { plain, plainName } from '../model/plainText';

const watchedEntry = z.object({ id: z.int().check(z.positive()), path: z.string().check(z.minLength(1)) });
const hostEntry = z.object({
  url: z.string(),
  name: z.optional(z.string()),
  projects: z.optional(z.array(watchedEntry)),
  groups: z.optional(z.array(watchedEntry)),
  caFile: z.optional(z.string().check(z.minLength(1))),
  ca: z.optional(z.string().check(z.minLength(1))),
  sshHosts: z.optional(z.array(z.string().check(z.minLength(1)))),
});

type Parsed = { readonly hosts: readonly Host[]; readonly problems: readonly HostProblem[] };

/** The setting `gitlabClusters.hosts`. People edit it by hand too: what cannot be read is told and left as it is. */
export class HostListSetting implements HostSettings, Disposable {
  private readonly workspace: Pick<typeof workspace, 'getConfiguration' | 'onDidChangeConfiguration'>;
  private readonly changed = new Emitter<void>();
  private readonly subscription: Disposable;
  private parsed: Parsed | undefined;
  private writing: Promise<void> = Promise.resolve();

  readonly onDidChange = this.changed.event;

  constructor(source: Pick<typeof workspace, 'getConfiguration' | 'onDidChangeConfiguration'>) {
    this.workspace = source;
    this.subscription = source.onDidChangeConfiguration((event) => {
      if (!event.affectsConfiguration(`${SETTINGS_SECTION}.hosts`)) return;
      this.parsed = undefined;
      this.changed.fire();
    });
  }

  read(): Parsed {
    return (this.parsed ??= parseHosts(this.value()));
  }

  put(host: Host): Promise<void> {
    return this.write((entries) => {
      const at = entries.findIndex((entry) => urlOf(entry) === host.url && isReadable(entry));
      if (at >= 0) return entries.with(at, toEntry(host));
      if (entries.some((entry) => urlOf(entry) === host.url))
        throw new GitLabError('settings', { message: unusable() });
      return [...entries, toEntry(host)];
    });
  }

  remove(url: HostUrl): Promise<void> {
    return this.write((entries) => entries.filter((entry) => urlOf(entry) !== url || !isReadable(entry)));
  }

  /** One after another: two changes at once would each write the list it read. */
  private write(change: (entries: readonly unknown[]) => unknown[]): Promise<void> {
    const write = async (): Promise<void> => {
      const value = this.value();
      // What is there is no list: somebody's work in progress, which we would write over.
      if (value !== undefined && !Array.isArray(value)) throw new GitLabError('settings', { message: notAList() });
      try {
        await this.workspace.getConfiguration(SETTINGS_SECTION).update('hosts', change(this.entries()), true);
      } catch (error) {
        throw new GitLabError('settings', { message: error instanceof Error ? plain(error.message) : '' });
      } finally {
        this.parsed = undefined;
      }
    };
    const written = this.writing.then(write, write);
    this.writing = written.catch(() => undefined);
    return written;
  }

  private entries(): readonly unknown[] {
    const value = this.value();
    return Array.isArray(value) ? value : [];
  }

  private value(): unknown {
    return this.workspace.getConfiguration(SETTINGS_SECTION).get('hosts') ?? undefined;
  }

  dispose(): void {
    this.subscription.dispose();
    this.changed.dispose();
  }
}

function toEntry({ url, name, projects, groups, caFile, ca, sshHosts }: Host): unknown {
  return {
    url,
    ...(name !== defaultHostName(url) && { name }),
    ...(projects.length > 0 && { projects }),
    ...(groups.length > 0 && { groups }),
    ...(caFile !== undefined && { caFile }),
    ...(ca !== undefined && { ca }),
    ...(sshHosts !== undefined && { sshHosts }),
  };
}

const anyEntry = z.object({ url: z.string() });

function urlOf(entry: unknown): HostUrl | undefined {
  const parsed = anyEntry.safeParse(entry);
  const url = parsed.success ? parseHostUrl(parsed.data.url) : undefined;
  return url?.ok ? url.url : undefined;
}

function isReadable(entry: unknown): boolean {
  return hostEntry.safeParse(entry).success;
}

function unusable(): string {
  return l10n.t('The host’s entry in the settings is invalid and was left untouched.');
}

function notAList(): string {
  return l10n.t('The setting “gitlabClusters.hosts” must be a list.');
}

/** Reads the setting's value. Each entry that cannot be used becomes a problem; the others are unharmed. Never throws. */
export function parseHosts(value: unknown): Parsed {
  if (value !== undefined && !Array.isArray(value)) {
    return { hosts: [], problems: [{ entry: 'gitlabClusters.hosts', problem: notAList() }] };
  }
  const entries: readonly unknown[] = value ?? [];
  const hosts: Host[] = [];
  const problems: HostProblem[] = [];
  entries.forEach((entry, index) => {
    const named = anyEntry.safeParse(entry);
    const label = named.success ? plain(shownAddress(named.data.url)) : l10n.t('Entry {0}', index + 1);
    const parsed = hostEntry.safeParse(entry);
    if (!parsed.success) {
      const url = urlOf(entry);
      const fields = [...new Set(parsed.error.issues.map((issue) => issue.path.map(String).join('.') || 'url'))].join(
        ', ',
      );
      problems.push({
        entry: label,
        problem: l10n.t('This entry of the setting “gitlabClusters.hosts” cannot be used; check: {0}.', fields),
        ...(url !== undefined && { url }),
      });
      return;
    }
    const { url: address, name, projects = [], groups = [], caFile, ca, sshHosts } = parsed.data;
    const url = parseHostUrl(address);
    if (!url.ok) problems.push({ entry: label, problem: url.problem });
    else if (hosts.some((host) => host.url === url.url)) {
      problems.push({
        entry: label,
        problem: l10n.t('This host is listed twice in the setting “gitlabClusters.hosts”.'),
        url: url.url,
      });
    } else
      hosts.push({
        url: url.url,
        name: plainName(name ?? '') || defaultHostName(url.url),
        projects: distinct(projects),
        groups: distinct(groups),
        ...(caFile !== undefined && { caFile }),
        ...(ca !== undefined && { ca }),
        ...(sshHosts !== undefined && { sshHosts }),
      });
  });
  return { hosts, problems };
}

/** Rows are known by id, so each id once; the last spelling of a path counts. */
function distinct(owners: readonly WatchedOwner[]): readonly WatchedOwner[] {
  return [...new Map(owners.map((owner) => [owner.id, owner])).values()];
}
