import type { Found, Reading } from '../../core/importer/found';
import type { ClusterDraft } from '../../core/model/clusterDraft';
import type { ClusterField } from '../../core/model/clusterFields';
import type { FormPorts } from './formPorts';
import { offerOf } from './importOffer';

/** What the form that is pasted into says of itself. */
interface PastedInto {
  readonly isEditing: () => boolean;
  readonly draft: () => ClusterDraft;
  readonly readOnly: () => ReadonlySet<ClusterField>;
}

/** What was understood of the text pasted last, until the user has said what of it to take; it may hold a token. */
export class Pasting {
  private readonly ports: Pick<FormPorts, 'readPaste' | 'chooseFile' | 'post'>;
  private readonly form: PastedInto;
  private offered: Reading | undefined;
  /** The page is there, and can show what is offered. */
  private isShown = false;

  constructor(ports: Pick<FormPorts, 'readPaste' | 'chooseFile' | 'post'>, form: PastedInto) {
    this.ports = ports;
    this.form = form;
  }

  /**
   * Shows what a text holds of a cluster, for the user to take what is wanted. `quiet`: the text stands in a field, and is
   * worth a word only where it holds more than belongs there.
   */
  async offer(text: string, quiet = false): Promise<void> {
    const reading = await this.ports.readPaste(text);
    if (!this.form.isEditing() || (quiet && !holdsMore(reading))) return;
    this.offered = reading;
    if (this.isShown) this.show();
  }

  async offerFile(): Promise<void> {
    const chosen = await this.ports.chooseFile();
    if (!chosen || !this.form.isEditing()) return;
    if ('text' in chosen) return this.offer(chosen.text);
    this.offered = undefined;
    this.ports.post({ type: 'notFound', problem: chosen.problem, needsAccount: false });
  }

  /** Tells the page what is offered, also when it was loaded anew. */
  show(): void {
    this.isShown = true;
    if (this.offered) this.ports.post(offerOf(this.offered, this.form.draft(), this.form.readOnly()));
  }

  /** One of the choices that were offered, which is the end of the offer. */
  take(choice: number): Found | undefined {
    const found = this.offered && 'choices' in this.offered ? this.offered.choices[choice] : undefined;
    if (found) this.offered = undefined;
    return found;
  }

  forget(): void {
    this.offered = undefined;
  }
}

/** Whether a text holds more than one field of a cluster. */
function holdsMore(reading: Reading): boolean {
  return 'choices' in reading && reading.choices.some(({ values }) => Object.keys(values).length > 1);
}
