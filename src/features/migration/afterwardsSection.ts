import * as l10n from '@vscode/l10n';
import { leftoverCommands } from '../../core/migration/leftovers';
import { namesOf } from '../../core/resolver/expectedNamespace';
import type { ShownPlan } from './planDocument';
import { block } from './planMarkdown';

/** Part 8: what is left in the cluster, and when the record may go. */
export function afterwardsSection({ plan, observationDays }: ShownPlan): readonly string[] {
  const names = [
    ...new Set(plan.projects.flatMap((one) => one.environments.flatMap(({ namespace }) => namesOf(namespace)))),
  ];
  return [
    l10n.t(
      'Watch for {0} days (a setting). Until then keep the record, and the service account whose token it holds: without them there is no way back.',
      observationDays,
    ),
    l10n.t('Then look at what is left in the cluster. These commands only read; none of them was run:'),
    block('sh', leftoverCommands(plan.cluster, names.slice(0, 10))),
    ...(names.length > 10 ? [l10n.t('The same for {0} more namespaces.', names.length - 10)] : []),
    l10n.t(
      'Delete the record last. Never choose “Remove integration and resources” on GitLab’s page: it deletes namespaces with everything that runs in them.',
    ),
  ];
}
