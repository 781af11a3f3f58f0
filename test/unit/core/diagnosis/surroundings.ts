import { diagnoseAll } from '../../../../src/core/diagnosis/diagnose';
import type { Surroundings } from '../../../../src/core/diagnosis/surroundings';
import type { Diagnosis, Registration, StepName } from '../../../../src/core/diagnosis/ladder';
import { tryPort } from '../../../../src/core/diagnosis/tryPort';
import { agentOpener } from '../../../../src/core/net/agents';

/** The world of a diagnosis: real sockets; the names that the tests make up are of this computer. */
export function surroundings(changes: Partial<Surroundings> = {}): Surroundings {
  return {
    openAgent: agentOpener(() => undefined),
    resolve: (name) =>
      /(^|\.)(test|localhost)$/.test(name)
        ? Promise.resolve(['127.0.0.1'])
        : Promise.reject(Object.assign(new Error(`getaddrinfo ENOTFOUND ${name}`), { code: 'ENOTFOUND' })),
    tryPort,
    knownCas: () => [],
    isGitLab: () => false,
    deadline: 5000,
    now: () => new Date(),
    ...changes,
  };
}

/** The diagnosis of one registration. */
export async function diagnosed(
  registration: Partial<Registration> & Pick<Registration, 'apiUrl'>,
  world: Surroundings = surroundings(),
): Promise<Diagnosis> {
  const results: Diagnosis[] = [];
  const complete = { caCert: undefined, gitlabVersion: undefined, ...registration };
  await diagnoseAll([complete], world, (_index, diagnosis) => results.push(diagnosis));
  const [only] = results;
  if (!only || results.length !== 1) throw new Error(`${results.length} results`);
  return only;
}

/** `url passed, name passed, …`, without what was not asked. */
export function outcomes({ steps }: Diagnosis): string {
  return steps
    .filter(({ outcome }) => outcome !== 'notAsked')
    .map(({ name, outcome }) => `${name} ${outcome}`)
    .join(', ');
}

export function stepLines({ steps }: Diagnosis, wanted: StepName): string {
  return steps.find(({ name }) => name === wanted)?.lines.join('\n') ?? '';
}
