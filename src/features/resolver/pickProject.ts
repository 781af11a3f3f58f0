import * as l10n from '@vscode/l10n';
import { DEVELOPER } from '../../core/gitlab/owners';
import { searchProjects } from '../../core/gitlab/ownerSearch';
import type { HostUrl } from '../../core/model/host';
import type { Resolver } from '../../core/resolver/resolver';
import type { Pickers } from '../../editor/pickers';
import type { Dialogs } from '../../editor/dialogs';

export interface AskedProject {
  readonly host: HostUrl;
  readonly id: number;
  readonly path: string;
}

/** The project a command is about: that of the row, or of the cluster on it, or else one the user searches for. */
export async function pickProject(
  value: unknown,
  pickers: Pickers,
  resolver: Resolver,
  dialogs: Dialogs,
): Promise<AskedProject | undefined> {
  const node = pickers.node(value);
  const owner =
    node?.type === 'cluster' || node?.type === 'warning'
      ? node.cluster.owner
      : node?.type === 'owner' || node?.type === 'branch'
        ? node.owner
        : undefined;
  const hostUrl =
    node?.type === 'cluster' || node?.type === 'warning'
      ? node.cluster.host
      : node && 'host' in node && typeof node.host === 'string'
        ? node.host
        : undefined;
  if (owner?.level === 'project' && hostUrl !== undefined) return { host: hostUrl, id: owner.id, path: owner.path };
  const title = l10n.t('Which Cluster Serves…');
  const host = hostUrl ?? (await pickers.host(value, title))?.url;
  if (host === undefined) return undefined;
  const [client, isAdmin] = await Promise.all([resolver.client(host), resolver.isAdmin(host)]);
  const found = await dialogs.search({
    title,
    placeholder: l10n.t('Type the name or path of the project whose jobs are deployed'),
    search: (text, page, signal) =>
      searchProjects(client, { text, page, signal, minAccessLevel: isAdmin ? undefined : DEVELOPER }),
    describe: ({ name }) => name,
    nothingFound: l10n.t('Only projects where your role is Developer or higher are listed.'),
  });
  return found && { host, id: found.id, path: found.path };
}
