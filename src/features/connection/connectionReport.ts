import { askGitLab } from './askGitLab';
import { stepNames, throwIfCancelled, timed } from './reportSteps';
import type { ReportParts, Step } from './reportSteps';
import { addressStep, resolved, wayTo } from './wayToHost';

/** Goes the whole way to a host, step by step, as requests do. Throws GitLabError `cancelled` and nothing else. */
export async function connectionReport(parts: ReportParts): Promise<readonly Step[]> {
  const steps: Step[] = [];
  const [address, seen] = await Promise.all([timed(() => resolved(parts)), timed(parts.look)]);
  throwIfCancelled(parts.signal);
  steps.push(addressStep(address, seen.value.probe.proxy !== undefined));
  steps.push(...wayTo(seen, parts));
  if (steps.some(({ outcome }) => outcome === 'failed')) return complete(steps);
  await askGitLab(parts, steps);
  return complete(steps);
}

/** What came after a failure was not tried, and says so. */
function complete(steps: readonly Step[]): readonly Step[] {
  return stepNames.map(
    (name) =>
      steps.find((step) => step.name === name) ?? { name, outcome: 'skipped', milliseconds: undefined, lines: [] },
  );
}
