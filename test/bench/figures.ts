/** One measured thing. */
export interface Figure {
  readonly what: string;
  readonly measured: number;
  readonly unit: string;
  /** The most it may be, or the least. */
  readonly goal?: { readonly atMost: number } | { readonly atLeast: number };
  /** Said behind it. */
  readonly note?: string;
}

export const mebibyte = 2 ** 20;

let missed = 0;

/** How many of the goals printed so far were missed. */
export function missedGoals(): number {
  return missed;
}

export function atMost(goal: number): { readonly goal: { readonly atMost: number } } {
  return { goal: { atMost: goal } };
}

export function atLeast(goal: number): { readonly goal: { readonly atLeast: number } } {
  return { goal: { atLeast: goal } };
}

/** Prints figures below each other, each with the verdict on its goal. */
export function printFigures(title: string, figures: readonly Figure[]): void {
  printTable(
    title,
    figures.map((figure) => [figure.what, rounded(figure.measured), figure.unit, verdict(figure), figure.note ?? '']),
  );
}

/** Prints rows of cells; numbers stand to the right. */
export function printTable(title: string, rows: readonly (readonly string[])[]): void {
  const widths = rows.reduce<number[]>((most, row) => row.map((cell, at) => Math.max(cell.length, most[at] ?? 0)), []);
  const aligned = (cell: string, at: number): string =>
    /^[\d.,]+$/.test(cell) ? cell.padStart(widths[at] ?? 0) : cell.padEnd(widths[at] ?? 0);
  console.log(`\n${title}`);
  for (const row of rows) console.log(`  ${row.map(aligned).join('  ').trimEnd()}`);
}

function verdict({ measured, goal }: Figure): string {
  if (!goal) return '';
  const met = 'atMost' in goal ? measured <= goal.atMost : measured >= goal.atLeast;
  if (!met) missed++;
  const words = 'atMost' in goal ? `≤ ${goal.atMost}` : `≥ ${goal.atLeast}`;
  return met ? `goal ${words}` : `MISSES the goal ${words}`;
}

/** Two digits where they matter. */
export function rounded(value: number): string {
  return value < 10 ? String(Math.round(value * 100) / 100) : value.toFixed(value < 100 ? 1 : 0);
}
