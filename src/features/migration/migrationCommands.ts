import * as l10n from '@vscode/l10n';
import { commands } from '../../contributions';
import { planChange } from '../../core/changes/bulkPlan';
import { burnDown } from '../../core/migration/burnDown';
import { MAX_NOTE } from '../../core/migration/migrationNotes';
import { blockerInWords } from '../../core/migration/usesInWords';
import type { Cluster } from '../../core/model/cluster';
import type { HostUrl } from '../../core/model/host';
import { plain } from '../../core/model/plainText';
import { placedTitle } from '../../core/model/titles';
import type { CommandTable } from '../../editor/commandTable';
import { chooseFormat, showExport } from '../../editor/exportText';
import { createVariables } from './createVariables';
import { chooseProject, ciFileEdit, configFileEdit, editOrTell, showEdit } from './fileChanges';
import type { MigrationSources } from './migrationSources';
import { exportTable, tableDocument } from './migrationTable';
import type { MigrationTable, TableRow } from './migrationTable';
import { Moves } from './moves';
import { planDocument } from './planDocument';
import type { ShownPlan } from './planDocument';
import { proposeChanges } from './proposals';

/** Weeks the table looks back. */
const WEEKS = 12;
/** More plans than anybody has open are not remembered. */
const KEPT = 20;

/** The move of clusters to the agent: the plan of one, with what it changes, and the table of all. */
export function migrationCommands(sources: MigrationSources) {
  const { dialogs, documents, pickers, notes, accounts, finder, fleets, knowledge, runPlan, now } = sources;
  const moves = new Moves(sources);
  const shownPlans = new Map<string, ShownPlan>();
  let lastTable: MigrationTable | undefined;

  const clusterFor = async (
    value: unknown,
    title: string,
    where?: (cluster: Cluster) => boolean,
  ): Promise<Cluster | undefined> => {
    const address = documents.addressOf(value);
    const ofPlan = address === undefined ? undefined : shownPlans.get(address)?.plan.cluster;
    return ofPlan ?? pickers.cluster(value, title, where);
  };

  const nameOf = (cluster: Cluster): string => placedTitle(cluster, accounts.find(cluster.host)?.name ?? cluster.host);

  const show = async (shown: ShownPlan): Promise<void> => {
    const title = l10n.t('Move of {0}', nameOf(shown.plan.cluster));
    const address = await documents.show(title, planDocument(shown), 'migration');
    shownPlans.delete(address);
    shownPlans.set(address, shown);
    for (const oldest of shownPlans.keys()) if (shownPlans.size > KEPT) shownPlans.delete(oldest);
  };

  const makePlan = async (value: unknown): Promise<ShownPlan | undefined> => {
    const cluster = await clusterFor(value, l10n.t('Plan Move to the GitLab Agent'));
    const shown = cluster && (await moves.plan(cluster));
    if (shown) await show(shown);
    return shown;
  };

  /** The plan of the document a command was called on; without one, a plan is made. */
  const planFor = async (value: unknown): Promise<ShownPlan | undefined> => {
    const address = documents.addressOf(value);
    return (address === undefined ? undefined : shownPlans.get(address)) ?? makePlan(value);
  };

  const makeTable = async (): Promise<MigrationTable | undefined> => {
    await fleets.recallAll();
    const known = await pickers.everything();
    if (!known) return undefined;
    const rows: TableRow[] = [];
    let isCancelled = false;
    let left = known.named.length;
    for (const host of new Set(known.clusters.map((cluster) => cluster.host))) {
      const clusters = known.clusters.filter((cluster) => cluster.host === host);
      const read = await moves.plans(host, clusters);
      if (!read) {
        left += clusters.length;
        continue;
      }
      isCancelled ||= read.isCancelled;
      rows.push(
        ...read.plans.map((plan) => ({
          plan,
          hostName: plain(accounts.find(host)?.name ?? host),
          note: notes.of(plan.cluster),
        })),
      );
    }
    if (rows.length === 0) return undefined;
    const enabled = finder.known().clusters.filter((cluster) => cluster.enabled !== false).length;
    const isListed = (host: HostUrl): boolean => accounts.find(host) !== undefined;
    const weeks = burnDown(enabled, await moves.writes(), isListed, now(), WEEKS);
    return { rows, deadline: moves.deadline(), weeks, left, isCancelled, at: now() };
  };

  /** Switches one cluster, by the usual table and question, which says what becomes of environments. */
  const change = async (cluster: Cluster, type: 'enable' | 'disable', more: readonly string[]): Promise<void> => {
    if (!pickers.isWritable(cluster)) return;
    const fresh = await sources.inventory.get(cluster);
    await runPlan(planChange([fresh], { type }, knowledge), { type }, more);
  };

  return {
    [commands.planMigration]: async (value: unknown) => void (await makePlan(value)),
    [commands.openCiDiff]: async (value: unknown) => {
      const shown = await planFor(value);
      const project = shown && (await chooseProject(shown, l10n.t('Open CI Diff'), sources));
      const edit = shown && project && (await editOrTell(await ciFileEdit(shown, project, sources), sources));
      if (edit) await showEdit(edit, sources);
    },
    [commands.openAgentDiff]: async (value: unknown) => {
      const shown = await planFor(value);
      const edit = shown && (await editOrTell(await configFileEdit(shown, sources), sources));
      if (edit) await showEdit(edit, sources);
    },
    [commands.createMoveRequest]: async (value: unknown) => {
      const shown = await planFor(value);
      if (shown) await proposeChanges(shown, sources);
    },
    [commands.createMoveVariables]: async (value: unknown) => {
      const shown = await planFor(value);
      if (shown) await createVariables(shown, sources);
    },
    [commands.copyMovePlan]: async (value: unknown) => {
      const shown = await planFor(value);
      if (!shown) return;
      await dialogs.writeClipboard(planDocument(shown));
      void dialogs.notify('information', l10n.t('Copied.'));
    },
    [commands.switchOffCluster]: async (value: unknown) => {
      const title = l10n.t('Switch Off Certificate Cluster');
      const cluster = await clusterFor(value, title, ({ enabled }) => enabled !== false);
      // What was read a while ago may have changed: the check comes right before the question.
      const shown = cluster && (await moves.plan(cluster));
      if (!cluster || !shown) return;
      await show(shown);
      const { stage, blockers } = shown.plan.progress;
      const open = stage === 'readyToSwitchOff' ? [] : blockers.map(blockerInWords);
      await change(cluster, 'disable', [...open, l10n.t('“Switch Certificate Cluster Back On…” undoes this.')]);
    },
    [commands.switchBackCluster]: async (value: unknown) => {
      const title = l10n.t('Switch Certificate Cluster Back On');
      const cluster = await clusterFor(value, title, ({ enabled }) => enabled === false);
      if (cluster) await change(cluster, 'enable', []);
    },
    [commands.showMigrations]: async () => {
      const table = await makeTable();
      if (!table) return;
      lastTable = table;
      await documents.show(l10n.t('Moves to the GitLab agent'), tableDocument(table), 'migrationTable');
    },
    [commands.exportMigrations]: async () => {
      lastTable ??= await makeTable();
      if (!lastTable) return;
      const format = await chooseFormat(l10n.t('Export Migration Table As'), dialogs);
      if (!format) return;
      const message = l10n.t('Exported the moves of {0} clusters.', lastTable.rows.length.toLocaleString());
      const content = exportTable(lastTable, format);
      await showExport({ name: l10n.t('Moves to the GitLab agent'), content, format, message }, dialogs);
    },
    [commands.editMoveNote]: async (value: unknown) => {
      const cluster = await clusterFor(value, l10n.t('Note About a Move'));
      if (!cluster) return;
      const note = await dialogs.ask({
        title: l10n.t('Note About the Move of {0}', nameOf(cluster)),
        prompt: l10n.t('Kept on this computer, and part of exports of the table. Leave it empty to remove it.'),
        value: notes.of(cluster) ?? '',
        check: (text) => (text.length > MAX_NOTE ? l10n.t('At most {0} characters.', MAX_NOTE) : undefined),
      });
      if (note !== undefined) await notes.write(cluster, note);
    },
  } satisfies CommandTable;
}
