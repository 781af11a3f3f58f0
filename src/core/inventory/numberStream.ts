/** Values as a row of numbers, texts by their place in a table that holds each once. 0 is a text, flag or number that is not there. */
export class NumberWriter {
  readonly numbers: number[] = [];
  private readonly places = new Map<string, number>();

  get texts(): string[] {
    return [...this.places.keys()];
  }

  put(value: number): void {
    this.numbers.push(value);
  }

  text(value: string | undefined): void {
    if (value === undefined) return this.put(0);
    const place = this.places.get(value) ?? this.places.size + 1;
    this.places.set(value, place);
    this.put(place);
  }

  flag(value: boolean | undefined): void {
    this.put(value === undefined ? 0 : value ? 2 : 1);
  }

  /** A number that may be missing; never negative. */
  optional(value: number | undefined): void {
    this.put(value === undefined ? 0 : value + 1);
  }
}

/** Reads what a NumberWriter wrote, in the same order. Throws RangeError where that cannot be. */
export class NumberReader {
  private readonly texts: readonly string[];
  private readonly numbers: readonly number[];
  private at = 0;

  constructor(texts: readonly string[], numbers: readonly number[]) {
    this.texts = texts;
    this.numbers = numbers;
  }

  get atEnd(): boolean {
    return this.at === this.numbers.length;
  }

  integer(): number {
    const value = this.numbers[this.at++];
    if (value === undefined || !Number.isSafeInteger(value)) throw new RangeError('no integer');
    return value;
  }

  /** How many follow; each takes a number at least. */
  count(): number {
    const value = this.integer();
    if (value < 0 || value > this.numbers.length - this.at) throw new RangeError('no count');
    return value;
  }

  text(): string | undefined {
    const place = this.integer();
    if (place === 0) return undefined;
    const text = this.texts[place - 1];
    if (text === undefined) throw new RangeError('no text');
    return text;
  }

  /** A text that is always there. */
  words(): string {
    const text = this.text();
    if (text === undefined) throw new RangeError('no text');
    return text;
  }

  flag(): boolean | undefined {
    const value = this.integer();
    if (value < 0 || value > 2) throw new RangeError('no flag');
    return value === 0 ? undefined : value === 2;
  }

  optional(): number | undefined {
    const value = this.integer();
    if (value < 0) throw new RangeError('no number');
    return value === 0 ? undefined : value - 1;
  }

  oneOf<T>(values: readonly T[]): T {
    const value = values[this.integer()];
    if (value === undefined) throw new RangeError('no such value');
    return value;
  }
}
