import * as l10n from '@vscode/l10n';
import * as z from 'zod/mini';
import { GitLabError } from '../../core/gitlab/errors';
import type { Cluster } from '../../core/model/cluster';
import { blankDraft, draftOf, isDraftChanged } from '../../core/model/clusterDraft';
import type { ClusterDraft } from '../../core/model/clusterDraft';
import type { DraftContext } from '../../core/model/clusterRules';
import { ConnectionCheck } from './connectionCheck';
import { DraftCheck } from './draftCheck';
import type { FormPorts, FormTarget, UnsavedForm } from './formPorts';
import { FormSave, hasNothingToSend } from './formSave';
import { fromForm } from './fromForm';
import { draftWith, readOnlyFields } from './importOffer';
import { loadedForm } from './loadedForm';
import { changedMeanwhile, merged } from './meanwhile';
import { Pasting } from './pasting';
import { ProjectSearch } from './projectSearch';
import type { ChangedField, FormField, Rejected } from './protocol';
import { rejectionOf, stillRejected } from './rejection';
import { ServingEffect } from './servingEffect';
import { TypedDraft } from './typedDraft';

/** One form's conversation, without the editor. The service token is remembered, but never posted to the page. */
export class ClusterFormController {
  /** On edit, with the cluster as GitLab last had it. */
  private target: FormTarget;
  private readonly ports: FormPorts;
  private initial: ClusterDraft;
  private typed: TypedDraft;
  private rejected: Rejected | undefined;
  private mayBeSaved: boolean;
  /** What somebody else changed, until the user saves again. */
  private meanwhile: readonly ChangedField[] = [];
  private state: 'editing' | 'saving' | 'closed' = 'editing';
  private saving: Promise<void> | undefined;
  private readonly checking: DraftCheck;
  private readonly save: FormSave;
  private readonly effect: ServingEffect;
  private readonly connection: ConnectionCheck;
  private readonly pasting: Pasting;
  private readonly projects: ProjectSearch;
  /** The number of the page's last edit. */
  private lastEdit = 0;

  constructor(target: FormTarget, ports: FormPorts, resumed?: UnsavedForm) {
    this.target = target;
    this.ports = ports;
    this.initial = target.mode === 'add' ? blankDraft() : draftOf(target.cluster);
    this.typed = TypedDraft.forPage(resumed?.draft ?? this.initial);
    this.rejected = resumed?.rejected;
    this.mayBeSaved = resumed?.mayBeSaved ?? false;
    this.checking = new DraftCheck(ports);
    this.save = new FormSave(ports);
    this.effect = new ServingEffect(ports.readEffect, ports.post);
    this.connection = new ConnectionCheck(ports.connection, ports.post);
    this.pasting = new Pasting(ports, {
      isEditing: () => this.state === 'editing',
      draft: () => this.typed.whole,
      readOnly: () => readOnlyFields(this.context()),
    });
    this.projects = new ProjectSearch(ports);
  }

  /** What closing the form now would lose, if anything. */
  get unsaved(): UnsavedForm | undefined {
    const draft = this.typed.whole;
    return this.state !== 'closed' && isDraftChanged(draft, this.initial)
      ? { target: this.target, draft, rejected: this.rejected, mayBeSaved: this.mayBeSaved }
      : undefined;
  }

  /** Resolves when no save is under way; what became of it shows in `unsaved`. */
  async settled(): Promise<void> {
    await this.saving;
  }

  /** Takes a message of the page. Never throws. Resolves when it has been dealt with. */
  async receive(message: unknown): Promise<void> {
    const parsed = z.safeParse(fromForm, message);
    if (!parsed.success) {
      this.ports.log('cluster form: unknown message ignored');
      return;
    }
    const { data: told } = parsed;
    switch (told.type) {
      case 'ready':
        // Another page, which counts from the beginning.
        this.lastEdit = 0;
        return this.load();
      case 'edited':
        this.lastEdit = told.edit;
        if (this.state !== 'editing') return;
        this.typed = this.typed.as(told.draft);
        this.judge();
        return;
      case 'submit':
        return this.submit(told.draft);
      case 'cancel':
        return this.cancel();
      case 'checkEffect':
        if (this.target.mode === 'edit') await this.effect.checkNow(this.target.cluster);
        return;
      case 'checkConnection':
        return this.connection.check(this.typed.whole);
      case 'stopConnection':
        return this.connection.stop();
      case 'showConnection':
        return this.connection.showSteps();
      case 'pasted':
        return this.pasting.offer(told.text, told.quiet);
      case 'readClipboard':
        return this.pasting.offer(await this.ports.readClipboard());
      case 'chooseFile':
        return this.pasting.offerFile();
      case 'take':
        return this.take(told.choice, told.fields);
      case 'forget':
        return this.pasting.forget();
      case 'showRecipe':
        return this.ports.showRecipe();
      case 'searchProjects':
        return this.projects.search(told.request, told.text);
      default:
        told satisfies never;
    }
  }

  /** More is known than before: clusters were read again, and an environment scope may have become taken or free. */
  checkAgain(): void {
    if (this.state === 'editing') this.check();
  }

  dispose(): void {
    this.effect.dispose();
    this.connection.stop();
    this.pasting.forget();
    this.projects.stop();
  }

  /** Shows what a text holds of a cluster, for the user to take what is wanted. */
  offer(text: string): Promise<void> {
    return this.pasting.offer(text);
  }

  /** The token goes where one typed before the page was loaded anew is: the page never gets it. */
  private take(choice: number, fields: readonly FormField[]): void {
    const found = this.state === 'editing' ? this.pasting.take(choice) : undefined;
    if (!found) return;
    this.typed = TypedDraft.forPage(draftWith(this.typed.whole, found, fields, readOnlyFields(this.context())));
    this.load();
  }

  private load(): void {
    this.typed = TypedDraft.forPage(this.typed.whole);
    this.ports.post(loadedForm(this.target, this.context(), this.typed, this.ports.strings));
    const problems = this.judge();
    this.rejected = this.rejected && stillRejected(this.rejected, problems);
    this.connection.showAgain();
    void this.checking.askOwnerPath(this.typed.shown).then((isNews) => isNews && this.checkAgain());
    if (this.state === 'saving') this.save.tellPage();
    else if (this.rejected) this.ports.post(this.rejected);
    else if (this.meanwhile.length > 0) this.ports.post({ type: 'changedMeanwhile', fields: [...this.meanwhile] });
    this.pasting.show();
  }

  private context(): DraftContext {
    return this.checking.context(this.target, this.initial);
  }

  /** Tells the page what is wrong with the draft, and gives it. */
  private check(): Rejected['problems'] {
    return this.checking.tell(this.typed.whole, this.context(), this.lastEdit);
  }

  /** The same, with what the draft would do. A new cluster takes environments too, but none is lost by adding it. */
  private judge(): Rejected['problems'] {
    if (this.target.mode === 'edit') this.effect.judge(this.target.cluster, this.typed.shown);
    this.connection.edited(this.typed.whole);
    return this.check();
  }

  private async submit(told: ClusterDraft): Promise<void> {
    if (this.state !== 'editing') return;
    this.typed = this.typed.as(told);
    const draft = this.typed.whole;
    const problems = this.check();
    if (problems.length > 0) return this.reject({ type: 'rejected', problems, summary: [], mayBeSaved: false });
    if (hasNothingToSend(this.target, draft)) return this.tellNothingToSave(draft);
    this.saving = this.trySave(draft);
    await this.saving;
  }

  private async trySave(draft: ClusterDraft): Promise<void> {
    const { target } = this;
    this.state = 'saving';
    this.rejected = undefined;
    this.save.tellPage();
    try {
      if (target.mode === 'edit' && this.isChangedMeanwhile(await this.ports.readAgain(target.cluster), draft)) return;
      await this.save.send(target, draft, () => this.close());
    } catch (error) {
      this.state = 'editing';
      if (!(error instanceof GitLabError)) this.ports.log(`cluster form: ${String(error)}`);
      this.reject(rejectionOf(error, draft));
    }
  }

  private tellNothingToSave(draft: ClusterDraft): void {
    if (!isDraftChanged(draft, this.initial)) return this.close();
    const summary = [l10n.t('There is nothing to save: GitLab has these values already.')];
    this.reject({ type: 'rejected', problems: [], summary, mayBeSaved: false });
  }

  /**
   * GitLab has no lock: the last writer wins (GitLab API contract 11.17). Where somebody was faster, the form goes on
   * from what GitLab has now, with the user's edits on top, and shows both; only saving again sends them.
   */
  private isChangedMeanwhile(cluster: Cluster, mine: ClusterDraft): boolean {
    const theirs = draftOf(cluster);
    this.meanwhile = changedMeanwhile(this.initial, theirs, mine);
    if (this.meanwhile.length === 0) return false;
    this.typed = TypedDraft.forPage(merged(this.initial, theirs, mine));
    this.target = { hostName: this.target.hostName, mode: 'edit', cluster };
    this.initial = theirs;
    this.state = 'editing';
    this.load();
    return true;
  }

  private reject(rejected: Rejected): void {
    this.rejected = rejected;
    this.mayBeSaved ||= rejected.mayBeSaved;
    this.ports.post(rejected);
  }

  private async cancel(): Promise<void> {
    this.save.stopLooking();
    if (this.state !== 'editing') return;
    if (this.unsaved === undefined || (await this.ports.confirmDiscard(this.mayBeSaved))) this.close();
  }

  private close(): void {
    this.state = 'closed';
    this.pasting.forget();
    this.projects.stop();
    this.typed = TypedDraft.forPage(this.initial);
    this.ports.close();
  }
}
