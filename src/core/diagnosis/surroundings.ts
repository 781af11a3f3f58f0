import type { OpenAgent } from '../net/agents';
import type { KnownCa } from './chainCause';

/** What a diagnosis needs of the world. */
export interface Surroundings {
  readonly openAgent: OpenAgent;
  /** All addresses of a name. Throws the system's error. */
  readonly resolve: (name: string) => Promise<readonly string[]>;
  /** Whether something accepts connections there; asked of other usual ports where there is no connection. */
  readonly tryPort: (address: string, port: number, deadline: number) => Promise<boolean>;
  /** The CAs of registrations that are known. */
  readonly knownCas: () => readonly KnownCa[];
  /** Milliseconds after which an address that says nothing has its verdict. */
  readonly deadline: number;
  readonly now: () => Date;
}
