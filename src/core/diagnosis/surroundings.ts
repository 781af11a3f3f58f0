import type { OpenAgent } from '../net/agents';
import type { KnownCa } from './chainCause';
import type { Target } from './target';

/** What a diagnosis needs of the world. */
export interface Surroundings {
  readonly openAgent: OpenAgent;
  /** All addresses of a name. Throws the system's error. */
  readonly resolve: (name: string) => Promise<readonly string[]>;
  /** Whether something accepts connections there; asked of other usual ports where there is no connection. */
  readonly tryPort: (address: string, port: number, deadline: number) => Promise<boolean>;
  /** The CAs of registrations that are known. */
  readonly knownCas: () => readonly KnownCa[];
  /** Whether it is the address of a GitLab host that is known; no Kubernetes token is sent there. */
  readonly isGitLab: (target: Pick<Target, 'hostname' | 'port'>) => boolean;
  /** Milliseconds after which an address that says nothing has its verdict. */
  readonly deadline: number;
  readonly now: () => Date;
}
