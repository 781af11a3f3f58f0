import type { Reading } from '../../core/importer/found';
import type { Cluster, ClusterOwner } from '../../core/model/cluster';
import type { ClusterDraft } from '../../core/model/clusterDraft';
import type { ClusterFields } from '../../core/model/clusterFields';
import type { Sibling } from '../../core/model/clusterRules';
import type { Difference } from '../../core/model/differences';
import type { Waiting } from '../../core/inventory/lostAnswer';
import type { ConnectionPort } from './connectionCheck';
import type { FoundProjects } from './managementProjects';
import type { Rejected, ToForm } from './protocol';
import type { ReadEffect } from './servingEffect';

/** What a form is about. The cluster is as GitLab had it when the form was opened. */
export type FormTarget = { readonly hostName: string } & (
  { readonly mode: 'add'; readonly owner: ClusterOwner } | { readonly mode: 'edit'; readonly cluster: Cluster }
);

/** What a form needs from the rest of the extension. */
export interface FormPorts {
  readonly post: (message: ToForm) => void;
  /** The cluster as GitLab has it now; asked right before an edit is saved. Throws GitLabError. */
  readonly readAgain: (cluster: Cluster) => Promise<Cluster>;
  /**
   * Adds or edits. `target` holds the cluster as the fields were compared with it, which is what a lost answer is judged
   * by. Throws GitLabError.
   */
  readonly save: (target: FormTarget, fields: ClusterFields, waiting: Waiting) => Promise<Cluster>;
  /** Throws GitLabError. */
  readonly readEffect: ReadEffect;
  readonly connection: ConnectionPort;
  /** The host's version of GitLab, as far as known now. */
  readonly gitlabVersion: () => string | undefined;
  /** The other clusters that may be in the way of an environment scope, as far as known now. */
  readonly siblings: () => readonly Sibling[];
  /** The owner with the path GitLab has for it now, or with the known one where GitLab does not tell. */
  readonly presentOwner: () => Promise<ClusterOwner>;
  /** Throws GitLabError. */
  readonly searchProjects: (text: string, signal: AbortSignal) => Promise<FoundProjects>;
  /** Asks whether what was typed may be lost. `mayBeSaved` as in `UnsavedForm`. */
  readonly confirmDiscard: (mayBeSaved: boolean) => Promise<boolean>;
  /** What a text holds of a cluster. */
  readonly readPaste: (text: string) => Promise<Reading>;
  readonly readClipboard: () => Promise<string>;
  /** The text of a file the user chooses; undefined where none is chosen, a problem where it cannot be read. */
  readonly chooseFile: () => Promise<{ readonly text: string } | { readonly problem: string } | undefined>;
  /** Shows how to make a service account for GitLab. */
  readonly showRecipe: () => void;
  /** Closes the form; nothing is left to lose. */
  readonly close: () => void;
  readonly onSaved: (cluster: Cluster, ignored: readonly Difference[]) => void;
  /** The bundle of translations, for the page. */
  readonly strings: unknown;
  readonly log: (line: string) => void;
}

/** What a form held when it went away without being saved; in memory only, since it may hold a service token. */
export interface UnsavedForm {
  /** With the cluster the draft was last compared with. */
  readonly target: FormTarget;
  readonly draft: ClusterDraft;
  /** Why the last save failed, where that is why it was not saved. */
  readonly rejected: Rejected | undefined;
  /** The outcome of a save was unknown, now or before: nobody may say that nothing has been saved. */
  readonly mayBeSaved: boolean;
}
