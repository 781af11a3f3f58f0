import { MoveStages } from '../../../../src/core/migration/moveStages';
import { MigrationNotes } from '../../../../src/core/migration/migrationNotes';
import { bulkCommands } from '../../../../src/features/bulk/bulkCommands';
import { migrationCommands } from '../../../../src/features/migration/migrationCommands';
import { checkWhatIf } from '../../../../src/core/resolver/whatIfCheck';
import { whatIfLines } from '../../../../src/core/resolver/whatIfInWords';
import { Pickers } from '../../../../src/editor/pickers';
import { noRecording } from '../../../../src/core/journal/recording';
import type { Host } from '../../../../src/core/model/host';
import type { FlowLab } from '../flowLab';

export interface MoveLab {
  readonly commands: ReturnType<typeof migrationCommands>;
  /** Documents that were shown, by what their title says before the place of the cluster; the newest of each. */
  readonly documents: Map<string, string>;
  /** The whole titles of what was shown, in order. */
  readonly titles: string[];
  /** Comparisons that were shown: title, before, after. */
  readonly compared: (readonly [title: string, before: string, after: string])[];
  readonly memory: Map<string, unknown>;
  readonly stages: MoveStages;
  now: Date;
  removalDate: string;
  /** What an address of a document is taken for. */
  address: string | undefined;
}

/** The commands of a move over a flow lab, without an editor. */
export function moveLab(flow: FlowLab): MoveLab {
  const { accounts, inventory, fleets, finder, dialogs, journal, resolver } = flow;
  const tree = {
    ownersOf: ({ projects }: Host) => projects.map((project) => ({ level: 'project', ...project }) as const),
  };
  const pickers = new Pickers(accounts.accounts, inventory, finder, tree, dialogs);
  const { runPlan, knowledge } = bulkCommands({
    accounts: accounts.accounts,
    inventory,
    fleets,
    finder,
    dialogs,
    pickers,
    roles: { mayChange: () => undefined, ask: () => Promise.resolve(undefined) },
    effects: async (changes, signal) => whatIfLines(await checkWhatIf(resolver, changes, signal)),
    recording: noRecording,
  });
  const documents = new Map<string, string>();
  const memory = new Map<string, unknown>();
  const stages = new MoveStages();
  const lab: MoveLab = {
    stages,
    documents,
    memory,
    titles: [],
    compared: [],
    now: new Date(),
    removalDate: '2027-05-01',
    address: undefined,
    commands: migrationCommands({
      accounts: accounts.accounts,
      inventory,
      fleets,
      finder,
      resolver,
      pickers,
      dialogs,
      journal,
      notes: new MigrationNotes({
        get: (key) => memory.get(key),
        update: (key, value) => Promise.resolve(void memory.set(key, value)),
      }),
      settings: { removalDate: () => lab.removalDate, observationDays: () => 30 },
      documents: {
        show: (title, text) => {
          // By the cluster alone: tests have one of each name.
          const [key = title] = title.split(' · ');
          lab.titles.push(title);
          documents.set(key, text);
          return Promise.resolve(key);
        },
        compare: (shown, before, after) => Promise.resolve(void lab.compared.push([shown, before, after])),
        addressOf: (value) => (typeof value === 'string' ? value : lab.address),
      },
      runPlan,
      knowledge,
      stages,
      now: () => lab.now,
    }),
  };
  return lab;
}
