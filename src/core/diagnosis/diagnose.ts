import { plain } from '../model/plainText';
import { Queue, drain } from '../time/taskPool';
import { AddressDiagnosis } from './addressDiagnosis';
import type { Surroundings } from './surroundings';
import type { Diagnosis, Registration } from './ladder';
import { StepLadder } from './stepLadder';
import { httpMissing, httpStep, nameStep, tlsSteps, urlWarning, versionStep, wayStep } from './steps';
import { addressKey, targetOf } from './target';
import { tokenStep } from './tokenStep';

/** Addresses that are looked at at once. */
export const ADDRESSES_AT_ONCE = 8;

/**
 * Looks at registrations from this computer, those of one address together, so that everything is asked once per address.
 * Calls `onResult` with the place in the list as each is known. Rejects only where `signal` is aborted.
 */
export async function diagnoseAll(
  registrations: readonly Registration[],
  world: Surroundings,
  onResult: (index: number, diagnosis: Diagnosis) => void,
  signal?: AbortSignal,
): Promise<void> {
  const byAddress = new Map<string, number[]>();
  registrations.forEach(({ apiUrl }, index) => {
    const key = addressKey(apiUrl) ?? `?${apiUrl}`;
    const together = byAddress.get(key);
    if (together) together.push(index);
    else byAddress.set(key, [index]);
  });
  const tasks = new Queue<readonly number[]>();
  for (const indices of byAddress.values()) tasks.push(indices);
  await drain({
    lanes: [{ tasks, share: ADDRESSES_AT_ONCE }],
    slots: ADDRESSES_AT_ONCE,
    signal,
    run: async (indices, running) => {
      let address: AddressDiagnosis | undefined;
      for (const index of indices) {
        const registration = registrations[index];
        if (!registration || running.aborted) return;
        const target = targetOf(registration.apiUrl);
        address ??= 'base' in target ? new AddressDiagnosis(target, world, running) : undefined;
        onResult(index, await diagnose(registration, address, world));
      }
    },
  });
}

/** Goes up the ladder for one registration. Never throws. */
async function diagnose(
  registration: Registration,
  address: AddressDiagnosis | undefined,
  world: Surroundings,
): Promise<Diagnosis> {
  const ladder = new StepLadder(registration.apiUrl, world.now());
  const target = targetOf(registration.apiUrl);
  if (!('base' in target) || !address) {
    if (!('base' in target)) ladder.fail('url', target);
    return ladder.result();
  }
  const shown = plain(target.base);
  const doubt = urlWarning(registration.apiUrl);
  if (doubt) ladder.warn('url', doubt, undefined, [shown]);
  else ladder.pass('url', [shown]);

  const resolution = await address.resolved();
  const forbidden = await address.forbidden();
  if (forbidden) return ladder.fail('name', forbidden, resolution.milliseconds).result();
  const verdicts = await address.verdictsFor(registration.caCert, registration.gitlabVersion);
  if (!nameStep(ladder, target, resolution, verdicts.gitlab)) return ladder.result();
  if (!wayStep(ladder, target, verdicts.gitlab)) return ladder.result();
  tlsSteps(ladder, target, registration, verdicts);
  const version = address.http && httpStep(ladder, address.http);
  if (!address.http) httpMissing(ladder, target, address);
  const { token, gitlabVersion } = registration;
  const checked = token === undefined ? undefined : await tokenStep(address, registration, token, verdicts, world);
  if (checked) ladder.add(checked.step, checked.problem);
  const known = version ?? checked?.version;
  if (known) versionStep(ladder, known, gitlabVersion);
  return ladder.result(known);
}
