import * as l10n from '@vscode/l10n';
import type { Diagnosis, Registration } from '../../core/diagnosis/ladder';
import { stepHead } from '../../core/diagnosis/stepWords';
import type { ClusterDraft } from '../../core/model/clusterDraft';
import { plain } from '../../core/model/plainText';
import type { ToForm } from './protocol';

/** A registration as typed. What its GitLab can do is known elsewhere. */
type TypedConnection = Omit<Registration, 'gitlabVersion'>;

/** What diagnoses, which is no part of the form. */
export interface ConnectionPort {
  /**
   * Looks from this computer, after the address was agreed to. Undefined where the user declines. Rejects where `signal` is
   * aborted.
   */
  readonly diagnose: (typed: TypedConnection, signal: AbortSignal) => Promise<Diagnosis | undefined>;
  /** Shows every step with its evidence. */
  readonly show: (diagnosis: Diagnosis) => void;
}

/** *Check* beside the API URL: why it would not connect, with what is typed, before anything is saved. */
export class ConnectionCheck {
  private readonly port: ConnectionPort;
  private readonly post: (message: ToForm) => void;
  private running: AbortController | undefined;
  /** What the last result, or the one to come, is about. */
  private asked: string | undefined;
  private diagnosis: Diagnosis | undefined;

  constructor(port: ConnectionPort, post: (message: ToForm) => void) {
    this.port = port;
    this.post = post;
  }

  /** Resolves when the result was posted, or there will be none. */
  async check(draft: ClusterDraft): Promise<void> {
    this.running?.abort();
    const running = new AbortController();
    const typed = typedConnection(draft);
    this.running = running;
    this.asked = JSON.stringify(typed);
    this.diagnosis = undefined;
    this.tell('checking');
    let diagnosis: Diagnosis | undefined;
    try {
      diagnosis = await this.port.diagnose(typed, running.signal);
    } catch (error) {
      if (!running.signal.aborted) throw error;
    } finally {
      if (this.running === running) {
        this.running = undefined;
        this.diagnosis = diagnosis;
        this.tell(diagnosis ? 'checked' : 'none');
      }
    }
  }

  /** Drops what is no longer about the draft. */
  edited(draft: ClusterDraft): void {
    if (this.asked === undefined || this.asked === JSON.stringify(typedConnection(draft))) return;
    this.stop();
    this.diagnosis = undefined;
    this.tell('none');
  }

  /** The page was loaded anew. */
  showAgain(): void {
    if (this.running) this.tell('checking');
    else if (this.diagnosis) this.tell('checked');
  }

  stop(): void {
    this.asked = undefined;
    this.running?.abort();
  }

  showSteps(): void {
    if (this.diagnosis) this.port.show(this.diagnosis);
  }

  private tell(state: 'none' | 'checking' | 'checked'): void {
    const { problem, steps = [], offered } = this.diagnosis ?? {};
    const certificate = offered && { subject: plain(offered.subject), sha256: offered.sha256, pem: offered.pem };
    this.post({
      type: 'connection',
      state,
      verdict: problem ? `${problem.title}. ${problem.sentence} ${problem.next}` : l10n.t('Everything passed.'),
      steps: steps.filter(({ outcome }) => outcome !== 'notAsked').map(stepHead),
      ...(certificate && { certificate }),
    });
  }
}

function typedConnection({
  apiUrl,
  caCert,
  removeCaCert,
  managed,
  namespace,
  serviceToken,
}: ClusterDraft): TypedConnection {
  const token = serviceToken.trim();
  return {
    apiUrl: apiUrl.trim(),
    caCert: removeCaCert ? '' : caCert,
    managed,
    namespace: namespace.trim() === '' ? undefined : namespace.trim(),
    token: token === '' ? undefined : token,
  };
}
