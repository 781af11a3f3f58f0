import * as l10n from '@vscode/l10n';
import { SHORTEST_SEARCH, environmentPage } from '../../core/gitlab/environments';
import type { Environment } from '../../core/gitlab/environments';
import type { GitLabClient } from '../../core/gitlab/client';
import { plain } from '../../core/model/plainText';
import { environmentNameProblem } from '../../core/resolver/environmentName';
import type { Dialogs } from '../../editor/dialogs';

/** What is asked about: an environment of a project, or a job that has none. */
export type Asked = { readonly environment: string } | 'noEnvironment';

/** Lets the user pick an environment of a project, type a name that may not exist yet, or choose a job without one. */
export async function pickEnvironment(
  client: GitLabClient,
  project: { readonly id: number; readonly path: string },
  dialogs: Dialogs,
): Promise<Asked | undefined> {
  const seen = new Map<number, Environment>();
  const picked = await dialogs.search<Asked>({
    title: l10n.t('Which Cluster Serves… ({0})', plain(project.path)),
    placeholder: l10n.t('Choose an environment, or type the name of one that may not exist yet'),
    search: async (text, page, signal) => {
      const { items, next } = await environmentPage(client, project.id, { page, search: text, signal });
      // GitLab does not search for so little, so that a page of everything comes.
      const fitting = text.length < SHORTEST_SEARCH ? items.filter(({ name }) => name.includes(text)) : items;
      for (const one of fitting) seen.set(one.id, one);
      return { items: fitting.map(({ id, name }) => ({ id, name, path: name })), next };
    },
    describe: ({ id }) => describe(seen.get(id)),
    nothingFound: l10n.t('The project has no such environment.'),
    other: {
      label: l10n.t('Job Without an Environment'),
      icon: 'circle-slash',
      answer: 'noEnvironment',
    },
    typed: (text) => {
      const detail = environmentNameProblem(text);
      return detail === undefined
        ? { label: l10n.t('Environment “{0}”', plain(text)), icon: 'edit', answer: { environment: text } }
        : { label: l10n.t('Not a valid environment name'), detail, icon: 'error', answer: undefined };
    },
  });
  if (picked === undefined || picked === 'noEnvironment') return picked;
  return 'environment' in picked ? picked : { environment: picked.name };
}

function describe(environment: Environment | undefined): string | undefined {
  if (!environment) return undefined;
  const { state, tier } = environment;
  return [state, tier].flatMap((word) => (word === undefined ? [] : [plain(word)])).join(' · ') || undefined;
}
