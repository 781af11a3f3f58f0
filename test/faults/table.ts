import { allTrials, run, type Outcome, type Trial } from './trial';

/** Runs trials, so many at a time, and gives their outcomes in the order of the trials. */
export async function runAll(trials: readonly Trial[] = allTrials(), atOnce = 24): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    for (let at = next++; at < trials.length; at = next++) {
      const trial = trials[at];
      if (trial) outcomes[at] = await run(trial);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return outcomes;
}

const columns = [
  ['fault', 44],
  ['strikes', 7],
  ['operation', 10],
  ['requests', 8],
  ['lost', 4],
] as const;

/** The outcomes as one table of text, and a last line with the sum. */
export function table(outcomes: readonly Outcome[], width = 200): string {
  const cells = (values: readonly string[]): string =>
    columns.map(([, size], at) => (values[at] ?? '').padEnd(size)).join('  ');
  const used = columns.reduce((sum, [, size]) => sum + size + 2, 0);
  const rows = outcomes.map(({ fault, striking, operation, requests, lost, sees }) => {
    const first = cells([fault, striking, operation, String(requests).padStart(8), lost === undefined ? 'no' : 'LOST']);
    const said = lost === undefined ? sees : `${lost}: ${sees}`;
    return `${first}  ${said.length > width - used ? `${said.slice(0, width - used - 1)}…` : said}`;
  });
  return [`${cells(columns.map(([name]) => name))}  what the user sees`, ...rows, '', summary(outcomes)].join('\n');
}

/** How many trials there were and how many of them lost something. */
export function summary(outcomes: readonly Outcome[]): string {
  const count = (key: (outcome: Outcome) => string): number => new Set(outcomes.map(key)).size;
  const lost = outcomes.filter((outcome) => outcome.lost !== undefined).length;
  const missed = outcomes.filter(({ struck }) => struck === 0).length;
  const requests = outcomes.reduce((sum, outcome) => sum + outcome.requests, 0);
  return (
    `${count(({ fault }) => fault)} faults × ${count(({ operation }) => operation)} operations: ` +
    `${outcomes.length} tried, ${missed === 0 ? 'each struck' : `${missed} not struck`}, ${lost} lost, ${requests} requests`
  );
}
