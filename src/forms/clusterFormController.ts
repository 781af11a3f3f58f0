import * as l10n from '@vscode/l10n';
import * as z from 'zod/mini';
import { GitLabError } from '../gitlab/errors';
import { explain } from '../gitlab/explain';
import type { Cluster, ClusterOwner } from '../model/cluster';
import { blankDraft, draftOf, isDraftChanged, toAddFields, toEditFields } from '../model/clusterDraft';
import type { ClusterDraft } from '../model/clusterDraft';
import type { ClusterFields } from '../model/clusterFields';
import { checkDraft } from '../model/clusterRules';
import type { DraftContext, Sibling } from '../model/clusterRules';
import { differences } from '../model/differences';
import type { Difference } from '../model/differences';
import { inspectCertificate } from './certificateFindings';
import type { FoundProjects } from './managementProjects';
import { fromForm } from './protocol';
import type { Rejected, ToForm } from './protocol';
import { rejectionOf } from './rejection';

/** What a form is about. The cluster is as GitLab had it when the form was opened. */
export type FormTarget = { readonly hostName: string } & (
  { readonly mode: 'add'; readonly owner: ClusterOwner } | { readonly mode: 'edit'; readonly cluster: Cluster }
);

/** What a form needs from the rest of the extension. */
export interface FormPorts {
  readonly post: (message: ToForm) => void;
  /** Adds or edits. Throws GitLabError. */
  readonly save: (fields: ClusterFields) => Promise<Cluster>;
  /** The other clusters that may be in the way of an environment scope, as far as known now. */
  readonly siblings: () => readonly Sibling[];
  /** Throws GitLabError. */
  readonly searchProjects: (text: string, signal: AbortSignal) => Promise<FoundProjects>;
  /** Asks whether what was typed may be lost. */
  readonly confirmDiscard: () => Promise<boolean>;
  /** Closes the form; nothing is left to lose. */
  readonly close: () => void;
  readonly onSaved: (cluster: Cluster, ignored: readonly Difference[]) => void;
  /** The bundle of translations, for the page. */
  readonly strings: Readonly<Record<string, unknown>> | undefined;
  readonly log: (line: string) => void;
}

/** What a form held when it went away without being saved; in memory only, since it may hold a service token. */
export interface UnsavedForm {
  readonly draft: ClusterDraft;
  /** Why the last save failed, where that is why it was not saved. */
  readonly rejected: Rejected | undefined;
}

/** One form's conversation, without the editor. The service token is remembered, but never posted to the page. */
export class ClusterFormController {
  private readonly target: FormTarget;
  private readonly ports: FormPorts;
  private readonly initial: ClusterDraft;
  /** As last told by the page. Its service token is what stands in the control now. */
  private draft: ClusterDraft;
  /** A service token typed before the page was loaded anew; it counts while the control is blank. */
  private keptToken: string;
  private rejected: Rejected | undefined;
  private state: 'editing' | 'saving' | 'closed' = 'editing';
  private search: AbortController | undefined;
  private saving: Promise<void> | undefined;

  constructor(target: FormTarget, ports: FormPorts, resumed?: UnsavedForm) {
    this.target = target;
    this.ports = ports;
    this.initial = target.mode === 'add' ? blankDraft() : draftOf(target.cluster);
    this.draft = { ...(resumed?.draft ?? this.initial), serviceToken: '' };
    this.keptToken = resumed?.draft.serviceToken ?? '';
    this.rejected = resumed?.rejected;
  }

  /** What closing the form now would lose, if anything. */
  get unsaved(): UnsavedForm | undefined {
    const draft = this.withToken(this.draft);
    return this.state !== 'closed' && isDraftChanged(draft, this.initial)
      ? { draft, rejected: this.rejected }
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
        return this.load();
      case 'edited':
        if (this.state === 'editing') this.draft = told.draft;
        return;
      case 'submit':
        return this.submit(told.draft);
      case 'cancel':
        return this.cancel();
      case 'searchProjects':
        return this.searchProjects(told.request, told.text);
      case 'inspectCertificate':
        this.ports.post({
          type: 'certificateInspected',
          request: told.request,
          ...inspectCertificate(told.text, new Date()),
        });
        return;
      default:
        told satisfies never;
    }
  }

  /** The owner's clusters were read again: the page shall judge environment scopes by them. */
  siblingsChanged(): void {
    this.ports.post({ type: 'siblings', siblings: [...this.ports.siblings()] });
  }

  dispose(): void {
    this.search?.abort();
  }

  private load(): void {
    const { target } = this;
    const owner = target.mode === 'add' ? target.owner : target.cluster.owner;
    this.keptToken = this.withToken(this.draft).serviceToken;
    this.draft = { ...this.draft, serviceToken: '' };
    this.ports.post({
      type: 'loaded',
      context: this.context(),
      draft: this.draft,
      owner: owner.level === 'instance' ? target.hostName : owner.path,
      host: target.hostName,
      ...(this.ports.strings && { strings: { ...this.ports.strings } }),
    });
    if (this.state === 'saving') this.ports.post({ type: 'saving' });
    else if (this.rejected) this.ports.post(this.rejected);
  }

  private context(): DraftContext {
    const { target } = this;
    const owner = target.mode === 'add' ? target.owner : target.cluster.owner;
    return {
      mode: target.mode,
      level: owner.level,
      provider: target.mode === 'add' ? 'user' : target.cluster.provider,
      initial: this.initial,
      siblings: [...this.ports.siblings()],
      tokenKept: this.keptToken !== '',
      ...(owner.level !== 'instance' && { ownerPath: owner.path }),
    };
  }

  private withToken(draft: ClusterDraft): ClusterDraft {
    return draft.serviceToken.trim() === '' ? { ...draft, serviceToken: this.keptToken } : draft;
  }

  private async submit(told: ClusterDraft): Promise<void> {
    if (this.state !== 'editing') return;
    this.draft = told;
    const draft = this.withToken(told);
    const problems = this.errorsOf(draft);
    if (problems.length > 0) return this.reject({ type: 'rejected', problems, summary: [] });
    const fields = this.target.mode === 'add' ? toAddFields(draft) : toEditFields(draft, this.target.cluster);
    if (this.target.mode === 'edit' && isOnlyEcho(fields, this.target.cluster)) {
      if (!isDraftChanged(draft, this.initial)) return this.close();
      return this.reject({
        type: 'rejected',
        problems: [],
        summary: [l10n.t('There is nothing to save: GitLab has these values already.')],
      });
    }
    this.saving = this.save(fields, draft);
    await this.saving;
  }

  /** GitLab's validations once more, on this side, and what only decoding the certificate tells. */
  private errorsOf(draft: ClusterDraft): Rejected['problems'] {
    const findings = checkDraft(draft, this.context()).filter(({ severity }) => severity === 'error');
    const certificateChanged = draft.caCert.trim() !== this.initial.caCert.trim() && !draft.removeCaCert;
    const { notes } = inspectCertificate(certificateChanged ? draft.caCert : '', new Date());
    return [
      ...findings.map(({ field, message }) => ({ field, message })),
      ...notes
        .filter(({ severity }) => severity === 'error')
        .map(({ message }) => ({ field: 'caCert' as const, message })),
    ];
  }

  private async save(fields: ClusterFields, draft: ClusterDraft): Promise<void> {
    const { mode } = this.target;
    this.state = 'saving';
    this.rejected = undefined;
    this.ports.post({ type: 'saving' });
    try {
      const saved = await this.ports.save(fields);
      this.close();
      // GitLab up to 13.6 takes the flags when adding but never tells them: only an edit leaves it open.
      const ignored = differences(fields, saved).filter(({ kind }) => kind === 'notApplied' || mode === 'edit');
      this.ports.onSaved(saved, ignored);
    } catch (error) {
      this.state = 'editing';
      if (!(error instanceof GitLabError)) this.ports.log(`cluster form: ${String(error)}`);
      this.reject(rejectionOf(error, draft, mode));
    }
  }

  private reject(rejected: Rejected): void {
    this.rejected = rejected;
    this.ports.post(rejected);
  }

  private async cancel(): Promise<void> {
    if (this.state !== 'editing') return;
    if (this.unsaved === undefined || (await this.ports.confirmDiscard())) this.close();
  }

  private close(): void {
    this.state = 'closed';
    this.draft = this.initial;
    this.keptToken = '';
    this.ports.close();
  }

  private async searchProjects(request: number, text: string): Promise<void> {
    this.search?.abort();
    const search = new AbortController();
    this.search = search;
    const answer = await this.ports.searchProjects(text, search.signal).catch((error: unknown) => {
      return { projects: [], more: false, problem: explain(error).sentence };
    });
    if (this.search === search && this.state !== 'closed') {
      this.ports.post({ type: 'projectsFound', request, ...answer });
    }
  }
}

/** Nothing but the value GitLab told for `namespacePerEnvironment`, sent back so that it stays. */
function isOnlyEcho(fields: ClusterFields, cluster: Cluster): boolean {
  const { namespacePerEnvironment, ...changes } = fields;
  return Object.keys(changes).length === 0 && namespacePerEnvironment === cluster.namespacePerEnvironment;
}
