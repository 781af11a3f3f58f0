import * as l10n from '@vscode/l10n';
import * as z from 'zod/mini';
import { GitLabError } from '../../core/gitlab/errors';
import { certificateWithin } from '../../core/model/certificateText';
import { ownerPath } from '../../core/model/cluster';
import type { Cluster } from '../../core/model/cluster';
import { blankDraft, draftOf, isDraftChanged, toAddFields, toEditFields } from '../../core/model/clusterDraft';
import type { ClusterDraft } from '../../core/model/clusterDraft';
import type { ClusterFields } from '../../core/model/clusterFields';
import { checkDraft } from '../../core/model/clusterRules';
import { attributeNames, isReadOnly } from '../../core/model/attributes';
import type { DraftContext } from '../../core/model/clusterRules';
import { differences } from '../../core/model/differences';
import type { Waiting } from '../../core/inventory/lostAnswer';
import { inspectCertificate } from './certificateFindings';
import { ConnectionCheck } from './connectionCheck';
import type { FormPorts, FormTarget, UnsavedForm } from './formPorts';
import { fromForm } from './fromForm';
import { changedMeanwhile, merged } from './meanwhile';
import { draftWith } from './importOffer';
import { Pasting } from './pasting';
import { ProjectSearch } from './projectSearch';
import type { ChangedField, FormField, InspectedCertificate, Rejected } from './protocol';
import { rejectionOf } from './rejection';
import { ServingEffect } from './servingEffect';

/** One form's conversation, without the editor. The service token is remembered, but never posted to the page. */
export class ClusterFormController {
  /** On edit, with the cluster as GitLab last had it. */
  private target: FormTarget;
  private readonly ports: FormPorts;
  private initial: ClusterDraft;
  /** As last told by the page. Its service token is what stands in the control now. */
  private draft: ClusterDraft;
  /** A service token typed before the page was loaded anew; it counts while the control is blank. */
  private keptToken: string;
  private rejected: Rejected | undefined;
  private mayBeSaved: boolean;
  /** What somebody else changed, until the user saves again. */
  private meanwhile: readonly ChangedField[] = [];
  private state: 'editing' | 'saving' | 'closed' = 'editing';
  private saving: Promise<void> | undefined;
  /** While one looks what became of a save whose answer got lost: ends that. */
  private looking: AbortController | undefined;
  /** What management projects are judged by, once it was needed and asked for. */
  private ownerPath: string | undefined;
  private readonly effect: ServingEffect;
  private readonly connection: ConnectionCheck;
  private readonly pasting: Pasting;
  private readonly projects: ProjectSearch;
  /** The number of the page's last edit. */
  private lastEdit = 0;
  private inspected: { readonly text: string; readonly certificates: InspectedCertificate[] } | undefined;

  constructor(target: FormTarget, ports: FormPorts, resumed?: UnsavedForm) {
    this.target = target;
    this.ports = ports;
    this.initial = target.mode === 'add' ? blankDraft() : draftOf(target.cluster);
    this.draft = { ...(resumed?.draft ?? this.initial), serviceToken: '' };
    this.keptToken = resumed?.draft.serviceToken ?? '';
    this.rejected = resumed?.rejected;
    this.mayBeSaved = resumed?.mayBeSaved ?? false;
    this.effect = new ServingEffect(ports.readEffect, ports.post);
    this.connection = new ConnectionCheck(ports.connection, ports.post);
    this.pasting = new Pasting(ports, {
      isEditing: () => this.state === 'editing',
      draft: () => this.withToken(this.draft),
      readOnly: () => this.readOnly(),
    });
    this.projects = new ProjectSearch(ports);
  }

  /** What closing the form now would lose, if anything. */
  get unsaved(): UnsavedForm | undefined {
    const draft = this.withToken(this.draft);
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
        this.draft = told.draft;
        this.check();
        this.judgeEffect();
        this.connection.edited(this.withToken(this.draft));
        return;
      case 'submit':
        return this.submit(told.draft);
      case 'cancel':
        return this.cancel();
      case 'checkEffect':
        if (this.target.mode === 'edit') await this.effect.checkNow(this.target.cluster);
        return;
      case 'checkConnection':
        return this.connection.check(this.withToken(this.draft));
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

  /** Clusters were read again: an environment scope may have become taken or free. */
  siblingsChanged(): void {
    if (this.state === 'editing') this.check();
  }

  /** A new cluster takes environments too, but none is lost by adding it: the form says so for changes alone. */
  private judgeEffect(): void {
    if (this.target.mode === 'edit') this.effect.judge(this.target.cluster, this.draft);
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

  private readOnly(): ReadonlySet<FormField> {
    return new Set(attributeNames.filter((attribute) => isReadOnly(attribute, this.context())));
  }

  /** The token goes where one typed before the page was loaded anew is: the page never gets it. */
  private take(choice: number, fields: readonly FormField[]): void {
    const found = this.state === 'editing' ? this.pasting.take(choice) : undefined;
    if (!found) return;
    this.draft = draftWith(this.withToken(this.draft), found, fields, this.readOnly());
    this.load();
  }

  private load(): void {
    const { target } = this;
    this.keptToken = this.withToken(this.draft).serviceToken;
    this.draft = { ...this.draft, serviceToken: '' };
    const { mode, level, provider, initial } = this.context();
    const owner = target.mode === 'add' ? target.owner : target.cluster.owner;
    this.ports.post({
      type: 'loaded',
      context: {
        mode,
        level,
        provider,
        initial,
        tokenKept: this.keptToken !== '',
        owner: ownerPath(owner) ?? target.hostName,
        host: target.hostName,
      },
      draft: this.draft,
      strings: this.ports.strings,
    });
    this.rejected = this.judgedAnew(this.check());
    this.judgeEffect();
    this.connection.edited(this.withToken(this.draft));
    this.connection.showAgain();
    void this.askOwnerPath();
    if (this.state === 'saving') this.postSaving();
    else if (this.rejected) this.ports.post(this.rejected);
    else if (this.meanwhile.length > 0) this.ports.post({ type: 'changedMeanwhile', fields: [...this.meanwhile] });
    this.pasting.show();
  }

  /** A rejection by our own rules is as old as what was known then: another cluster may have left its scope since. */
  private judgedAnew(problems: Rejected['problems']): Rejected | undefined {
    if (!this.rejected || this.rejected.summary.length > 0 || this.rejected.mayBeSaved) return this.rejected;
    return problems.length === 0 ? undefined : { ...this.rejected, problems };
  }

  private context(): DraftContext {
    const { target } = this;
    const owner = target.mode === 'add' ? target.owner : target.cluster.owner;
    return {
      mode: target.mode,
      level: owner.level,
      provider: target.mode === 'add' ? 'user' : target.cluster.provider,
      initial: this.initial,
      siblings: this.ports.siblings(),
      ownerPath: this.ownerPath,
      gitlabVersion: this.ports.gitlabVersion(),
    };
  }

  /** One chosen here fits: only fitting ones are found. One that is there already is judged, by where the owner is now. */
  private async askOwnerPath(): Promise<void> {
    if (this.ownerPath !== undefined || !this.draft.managementProject) return;
    const owner = await this.ports.presentOwner();
    if (owner.level === 'instance') return;
    this.ownerPath = owner.path;
    if (this.state === 'editing') this.check();
  }

  /** Judges the draft and tells the page. Gives what is wrong. */
  private check(): Rejected['problems'] {
    const { caCert, removeCaCert } = this.draft;
    const all = checkDraft(this.withToken(this.draft), this.context());
    this.ports.post({
      type: 'checked',
      edit: this.lastEdit,
      findings: [...all],
      certificates: this.inspect(removeCaCert ? '' : caCert),
      certificateWithin: removeCaCert ? undefined : certificateWithin(caCert),
    });
    return all.filter(({ severity }) => severity === 'error').map(({ field, message }) => ({ field, message }));
  }

  /** Decodes a text once, not with every keystroke elsewhere. */
  private inspect(text: string): InspectedCertificate[] {
    if (this.inspected?.text !== text) this.inspected = { text, certificates: inspectCertificate(text) };
    return this.inspected.certificates;
  }

  private withToken(draft: ClusterDraft): ClusterDraft {
    return draft.serviceToken.trim() === '' ? { ...draft, serviceToken: this.keptToken } : draft;
  }

  private async submit(told: ClusterDraft): Promise<void> {
    if (this.state !== 'editing') return;
    this.draft = told;
    const draft = this.withToken(told);
    const problems = this.check();
    if (problems.length > 0) return this.reject({ type: 'rejected', problems, summary: [], mayBeSaved: false });
    if (this.target.mode === 'edit' && isOnlyEcho(toEditFields(draft, this.target.cluster), this.target.cluster)) {
      return this.tellNothingToSave(draft);
    }
    this.saving = this.save(draft);
    await this.saving;
  }

  private async save(draft: ClusterDraft): Promise<void> {
    const { target } = this;
    this.state = 'saving';
    this.rejected = undefined;
    this.postSaving();
    try {
      if (target.mode === 'edit' && this.isChangedMeanwhile(await this.ports.readAgain(target.cluster), draft)) return;
      const fields = target.mode === 'edit' ? toEditFields(draft, target.cluster) : toAddFields(draft);
      const cluster = await this.ports.save(target, fields, this.waiting());
      this.close();
      this.tellSaved(cluster, fields);
    } catch (error) {
      this.state = 'editing';
      if (!(error instanceof GitLabError)) this.ports.log(`cluster form: ${String(error)}`);
      this.looking = undefined;
      this.reject(rejectionOf(error, draft));
    }
  }

  private waiting(): Waiting {
    const stop = new AbortController();
    const onLost = (): void => {
      this.looking = stop;
      this.postSaving();
    };
    return { onLost, signal: stop.signal };
  }

  private postSaving(): void {
    this.ports.post({ type: 'saving', looking: this.looking !== undefined });
  }

  /** A mistake of whoever is told makes no confirmed save a failed one. */
  private tellSaved(cluster: Cluster, fields: ClusterFields): void {
    const { mode } = this.target;
    // GitLab up to 13.6 never tells the flags. On is what a new cluster gets anyway; off is ignored by versions that do
    // not know the flag yet (GitLab API contract 1.4, 10).
    const ignored = differences(fields, cluster).filter(
      ({ kind, field }) => kind === 'notApplied' || mode === 'edit' || fields[field] === false,
    );
    try {
      this.ports.onSaved(cluster, ignored);
    } catch (error) {
      this.ports.log(`cluster form: ${String(error)}`);
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
    const { serviceToken, ...draft } = merged(this.initial, theirs, mine);
    this.target = { hostName: this.target.hostName, mode: 'edit', cluster };
    this.initial = theirs;
    this.draft = { ...draft, serviceToken: '' };
    this.keptToken = serviceToken;
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
    this.looking?.abort();
    if (this.state !== 'editing') return;
    if (this.unsaved === undefined || (await this.ports.confirmDiscard(this.mayBeSaved))) this.close();
  }

  private close(): void {
    this.state = 'closed';
    this.pasting.forget();
    this.projects.stop();
    this.draft = this.initial;
    this.keptToken = '';
    this.ports.close();
  }
}

/** Nothing but the value GitLab told for `namespacePerEnvironment`, sent back so that it stays. */
function isOnlyEcho(fields: ClusterFields, cluster: Cluster): boolean {
  const { namespacePerEnvironment, ...changes } = fields;
  return Object.keys(changes).length === 0 && namespacePerEnvironment === cluster.namespacePerEnvironment;
}
