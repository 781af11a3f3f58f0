import type { HostAccounts } from '../../core/accounts/hostAccounts';
import type { FleetFinder } from '../../core/arrange/fleetFinder';
import type { BulkChange, BulkKnowledge, BulkRow } from '../../core/changes/bulkPlan';
import type { Fleets } from '../../core/inventory/fleets';
import type { Inventory } from '../../core/inventory/inventory';
import type { Journal } from '../../core/journal/journal';
import type { MoveStages } from '../../core/migration/moveStages';
import type { MigrationNotes } from '../../core/migration/migrationNotes';
import type { Resolver } from '../../core/resolver/resolver';
import type { Dialogs } from '../../editor/dialogs';
import type { Pickers } from '../../editor/pickers';

/** What kind of document a command in a title is about. */
type DocumentKind = 'migration' | 'migrationTable';

export interface MigrationSources {
  readonly accounts: HostAccounts;
  readonly inventory: Pick<Inventory, 'get' | 'identity'>;
  readonly fleets: Pick<Fleets, 'recallAll'>;
  readonly finder: Pick<FleetFinder, 'known' | 'sorted'>;
  readonly resolver: Resolver;
  readonly pickers: Pickers;
  readonly dialogs: Dialogs;
  readonly journal: Journal;
  readonly notes: MigrationNotes;
  readonly settings: MigrationSettings;
  readonly documents: MigrationDocuments;
  /** Carries out a planned change, with its table and its question. */
  readonly runPlan: (rows: readonly BulkRow[], change: BulkChange, notes: readonly string[]) => Promise<void>;
  readonly knowledge: BulkKnowledge;
  /** Where rows of the tree learn how far moves are. */
  readonly stages: Pick<MoveStages, 'keep'>;
  readonly now: () => Date;
}

interface MigrationSettings {
  /** `YYYY-MM-DD`: until when everything has to have moved. */
  readonly removalDate: () => string;
  /** Days to watch before a record is deleted. */
  readonly observationDays: () => number;
}

interface MigrationDocuments {
  /** Shows Markdown, and gives the address its title's commands are called with. */
  readonly show: (title: string, text: string, kind: DocumentKind) => Promise<string>;
  /** Shows two texts of a file with this ending beside each other. */
  readonly compare: (title: string, before: string, after: string, ending: string) => Promise<void>;
  /** The address of the document a value stands for, or of the one in front. */
  readonly addressOf: (value: unknown) => string | undefined;
}
