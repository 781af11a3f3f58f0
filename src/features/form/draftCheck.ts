import { certificateWithin } from '../../core/model/certificateText';
import type { ClusterDraft } from '../../core/model/clusterDraft';
import { checkDraft } from '../../core/model/clusterRules';
import type { DraftContext } from '../../core/model/clusterRules';
import { inspectCertificate } from './certificateFindings';
import type { FormPorts, FormTarget } from './formPorts';
import { ownerOf } from './loadedForm';
import type { InspectedCertificate, Rejected } from './protocol';

/** Judges what stands in a form by all that is known now, and tells its page. */
export class DraftCheck {
  private readonly ports: Pick<FormPorts, 'post' | 'siblings' | 'presentOwner' | 'gitlabVersion'>;
  /** What management projects are judged by, once it was needed and asked for. */
  private ownerPath: string | undefined;
  private inspected: { readonly text: string; readonly certificates: InspectedCertificate[] } | undefined;

  constructor(ports: Pick<FormPorts, 'post' | 'siblings' | 'presentOwner' | 'gitlabVersion'>) {
    this.ports = ports;
  }

  context(target: FormTarget, initial: ClusterDraft): DraftContext {
    return {
      mode: target.mode,
      level: ownerOf(target).level,
      provider: target.mode === 'add' ? 'user' : target.cluster.provider,
      initial,
      siblings: this.ports.siblings(),
      ownerPath: this.ownerPath,
      gitlabVersion: this.ports.gitlabVersion(),
    };
  }

  /** Gives what is wrong. `edit`: the number of the page's edit that is judged. */
  tell(draft: ClusterDraft, context: DraftContext, edit: number): Rejected['problems'] {
    const { caCert, removeCaCert } = draft;
    const all = checkDraft(draft, context);
    this.ports.post({
      type: 'checked',
      edit,
      findings: [...all],
      certificates: this.inspect(removeCaCert ? '' : caCert),
      certificateWithin: removeCaCert ? undefined : certificateWithin(caCert),
    });
    return all.filter(({ severity }) => severity === 'error').map(({ field, message }) => ({ field, message }));
  }

  /**
   * A management project chosen here fits: only fitting ones are found. One that is there already is judged by where the
   * owner is now. Gives whether that has become known.
   */
  async askOwnerPath({ managementProject }: ClusterDraft): Promise<boolean> {
    if (this.ownerPath !== undefined || !managementProject) return false;
    const owner = await this.ports.presentOwner();
    if (owner.level === 'instance') return false;
    this.ownerPath = owner.path;
    return true;
  }

  /** Decodes a text once, not with every keystroke elsewhere. */
  private inspect(text: string): InspectedCertificate[] {
    if (this.inspected?.text !== text) this.inspected = { text, certificates: inspectCertificate(text) };
    return this.inspected.certificates;
  }
}
