import type { HostUrl } from '../model/host';

/** What whoever changes clusters needs of the history. */
export interface Recording {
  readonly isOn: () => boolean;
  /** Why changes at these hosts cannot be recorded now, as a sentence for the question before them. */
  readonly problem: (hosts: readonly HostUrl[]) => Promise<string | undefined>;
  /** Undoes what was recorded under this ID, after a question of its own. */
  readonly undo: (change: string) => unknown;
}

/** Records nothing. */
export const noRecording: Recording = {
  isOn: () => false,
  problem: () => Promise.resolve(undefined),
  undo: () => undefined,
};
