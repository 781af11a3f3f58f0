import { attributeNames } from '../../core/model/attributes';
import type { Attribute } from '../../core/model/attributes';
import { attributeUses } from '../../core/model/attributeUses';
import type { Cluster } from '../../core/model/cluster';
import { toAddFields, toEditFields } from '../../core/model/clusterDraft';
import type { ClusterDraft } from '../../core/model/clusterDraft';
import type { ClusterFields } from '../../core/model/clusterFields';
import { differences, stored } from '../../core/model/differences';
import type { FormPorts, FormTarget } from './formPorts';

/** Sends what a form holds, and tells its page how far that is. */
export class FormSave {
  private readonly ports: Pick<FormPorts, 'post' | 'save' | 'onSaved' | 'log'>;
  /** While one looks what became of a save whose answer got lost: ends that. */
  private looking: AbortController | undefined;

  constructor(ports: Pick<FormPorts, 'post' | 'save' | 'onSaved' | 'log'>) {
    this.ports = ports;
  }

  /** `closed` is called as soon as GitLab has confirmed it. Throws GitLabError where it was not saved, or may not be. */
  async send(target: FormTarget, draft: ClusterDraft, closed: () => void): Promise<void> {
    const fields = target.mode === 'edit' ? toEditFields(draft, target.cluster) : toAddFields(draft);
    const stop = new AbortController();
    const onLost = (): void => {
      this.looking = stop;
      this.tellPage();
    };
    try {
      const cluster = await this.ports.save(target, fields, { onLost, signal: stop.signal });
      closed();
      this.tellSaved(target, cluster, fields);
    } finally {
      this.looking = undefined;
    }
  }

  tellPage(): void {
    this.ports.post({ type: 'saving', looking: this.looking !== undefined });
  }

  stopLooking(): void {
    this.looking?.abort();
  }

  /** A mistake of whoever is told makes no confirmed save a failed one. */
  private tellSaved({ mode }: FormTarget, cluster: Cluster, fields: ClusterFields): void {
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
}

/** Whether nothing would be sent but what GitLab would otherwise reset. */
export function hasNothingToSend(target: FormTarget, draft: ClusterDraft): boolean {
  if (target.mode === 'add') return false;
  const { cluster } = target;
  const fields = toEditFields(draft, cluster);
  const isKept = (attribute: Attribute): boolean =>
    attributeUses[attribute].repeated && fields[attribute] === stored[attribute](cluster);
  return attributeNames.every((attribute) => fields[attribute] === undefined || isKept(attribute));
}
