import * as l10n from '@vscode/l10n';
import { toGitLabError } from '../../core/gitlab/errors';
import { explain } from '../../core/gitlab/explain';
import { templatePath } from '../../core/migration/manifests';
import type { FileEdit } from '../../core/migration/moveSteps';
import { plain } from '../../core/model/plainText';
import { drain, Queue } from '../../core/time/taskPool';
import type { Choice } from '../../editor/dialogs';
import { changeableProjects, ciFileEdit, configFileEdit, editOrTell, tellNothing, templateEdit } from './fileChanges';
import type { FoundEdit } from './fileChanges';
import { createMergeRequests } from './mergeRequests';
import type { MigrationSources } from './migrationSources';
import type { ShownPlan } from './planDocument';

/** Files that are read at a time. */
const AT_ONCE = 8;

/** A change of a file that a merge request may propose; the file is read when it is wanted. */
interface Proposal extends Choice {
  readonly read: (signal?: AbortSignal) => Promise<FoundEdit>;
}

/** Everything of a plan that merge requests may propose: CI files, then what is in the agent's project. */
function proposalsOf(shown: ShownPlan, sources: MigrationSources): readonly Proposal[] {
  const { plan, replacement } = shown;
  const { best } = replacement;
  const ofCi = changeableProjects(shown).map((project) => ({
    label: plain(project.project.path),
    description: l10n.t('Jobs that need it: {0}', project.needing.length),
    read: (signal?: AbortSignal) => ciFileEdit(shown, project, sources, signal),
  }));
  const ofConfig = best?.lacking.length
    ? [
        {
          label: l10n.t('Configuration of the Agent'),
          description: plain(best.context),
          read: (signal?: AbortSignal) => configFileEdit(shown, sources, signal),
        },
      ]
    : [];
  const ofTemplate =
    best && plan.rule
      ? [
          {
            label: l10n.t('Environment Template of the Agent'),
            description: `Premium, ${plain(templatePath(best.name))}`,
            read: (signal?: AbortSignal) => templateEdit(shown, sources, signal),
          },
        ]
      : [];
  return [...ofCi, ...ofConfig, ...ofTemplate];
}

/** Lets the user choose changes of a plan, and creates merge requests of them after a question. */
export async function proposeChanges(shown: ShownPlan, sources: MigrationSources): Promise<void> {
  const { dialogs } = sources;
  const offered = proposalsOf(shown, sources);
  const chosen =
    offered.length > 1
      ? await dialogs.chooseMany(l10n.t('Create Merge Requests'), offered, (proposal) => proposal)
      : offered;
  const [only, ...more] = chosen;
  if (!only) {
    if (offered.length === 0) tellNothing(sources);
    return;
  }
  if (more.length === 0) {
    const edit = await editOrTell(await only.read(), sources);
    if (edit) await createMergeRequests(shown.plan.cluster, [edit], [], sources);
    return;
  }
  const read = await readProposals(chosen, sources);
  if (read) await createMergeRequests(shown.plan.cluster, read.edits, read.problems, sources);
}

/** Reads the files of proposals, eight at a time; what cannot be changed comes as sentences. Undefined when cancelled. */
async function readProposals(
  proposals: readonly Proposal[],
  { dialogs }: MigrationSources,
): Promise<{ readonly edits: readonly FileEdit[]; readonly problems: readonly string[] } | undefined> {
  const found = new Map<Proposal, FoundEdit>();
  const tasks = new Queue<Proposal>();
  for (const proposal of proposals) tasks.push(proposal);
  const options = {
    title: l10n.t('Reading {0} files', proposals.length),
    where: 'notification',
    cancellable: true,
  } as const;
  const isDone = await dialogs.progress(options, async (report, signal) => {
    try {
      await drain({
        lanes: [{ tasks, share: AT_ONCE }],
        slots: AT_ONCE,
        signal,
        run: async (proposal, running) => {
          found.set(proposal, await readOne(proposal, running));
          report(l10n.t('{0} of {1}', found.size, proposals.length), 100 / proposals.length);
        },
      });
      return true;
    } catch (error) {
      if (!signal.aborted) throw error;
      return false;
    }
  });
  if (!isDone) return undefined;
  const all = proposals.flatMap((proposal) => {
    const one = found.get(proposal);
    return one ? [{ label: proposal.label, one }] : [];
  });
  return {
    edits: all.flatMap(({ one }) => (one.kind === 'edit' ? [one.edit] : [])),
    problems: all.flatMap(({ label, one }) => (one.kind === 'none' ? [`${label}: ${one.why}`] : [])),
  };
}

async function readOne(proposal: Proposal, signal: AbortSignal): Promise<FoundEdit> {
  try {
    return await proposal.read(signal);
  } catch (cause) {
    const error = toGitLabError(cause);
    if (error.kind === 'cancelled') throw error;
    return { kind: 'none', why: explain(error).sentence };
  }
}
