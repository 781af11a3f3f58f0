import { randomUUID } from 'node:crypto';
import * as l10n from '@vscode/l10n';
import { alignedTable } from '../../core/changes/bulkText';
import { createVariable } from '../../core/gitlab/projectVariables';
import { noted } from '../../core/journal/writeJournal';
import type { MoveVariable } from '../../core/migration/moveVariables';
import { plain } from '../../core/model/plainText';
import { plannedVariables } from './ciSection';
import type { MigrationSources } from './migrationSources';
import type { ShownPlan } from './planDocument';
import { sendEach, sentOnce, showResults } from './sendEach';

/** A variable whose value is known. */
type Known = MoveVariable & { readonly value: string };

/** Lets the user choose projects, shows the variables of a plan that would be created there, asks, and creates each once. */
export async function createVariables(shown: ShownPlan, sources: MigrationSources): Promise<void> {
  const { dialogs, resolver, inventory, journal } = sources;
  const { host } = shown.plan.cluster;
  const all = plannedVariables(shown).flatMap((one): readonly Known[] =>
    one.value === undefined ? [] : [{ ...one, value: one.value }],
  );
  const paths = [...new Set(all.map(({ project }) => project.path))];
  if (paths.length === 0) {
    void dialogs.notify('information', l10n.t('The plan names no CI/CD variable whose value is known.'));
    return;
  }
  const title = l10n.t('Create CI/CD Variables');
  const chosen =
    paths.length === 1
      ? paths
      : await dialogs.chooseMany(title, paths, (path) => ({
          label: plain(path),
          description: l10n.t('Variables: {0}', all.filter(({ project }) => project.path === path).length),
        }));
  const variables = all.filter(({ project }) => chosen.includes(project.path));
  if (variables.length === 0) return;
  const action = l10n.t('Create {0} Variables', variables.length);
  if (!(await dialogs.review(l10n.t('Planned CI/CD variables'), planText(variables), action))) return;
  const client = await resolver.client(host);
  const change = randomUUID();
  const user = inventory.identity(host)?.user.username;
  const results = await sendEach(
    variables.map(({ project, key, environmentScope, value }) => ({
      project: project.path,
      what: `${key} (${environmentScope})`,
      send: () =>
        sentOnce(async () => {
          const thing = { name: key };
          const part = { name: environmentScope };
          const scope = await noted(
            journal,
            {
              host,
              user,
              change,
              kind: 'createVariable',
              project: { id: project.id, path: project.path },
              thing,
              part,
            },
            () => createVariable(client, project.id, { key, value, environmentScope }),
          );
          return scope === environmentScope
            ? l10n.t('created')
            : l10n.t('created for {0}: this GitLab ignored the scope', scope);
        }),
    })),
    l10n.t('Creating {0} variables', variables.length),
    sources,
  );
  await showResults(l10n.t('Results of creating CI/CD variables'), results, sources);
}

function planText(variables: readonly Known[]): string {
  const heads = [l10n.t('Project'), l10n.t('Name'), l10n.t('Environment scope'), l10n.t('Value')];
  return [
    l10n.t('Preview. Nothing has been sent to GitLab yet.'),
    '',
    l10n.t(
      'The next pipelines use these variables; Auto DevOps then deploys with the agent. One that exists with the same scope is left as it is. No value is secret, and none is recorded.',
    ),
    '',
    ...alignedTable(
      heads,
      variables.map(({ project, key, environmentScope, value }) =>
        [project.path, key, environmentScope, value].map((cell) => plain(cell)),
      ),
    ),
    '',
  ].join('\n');
}
