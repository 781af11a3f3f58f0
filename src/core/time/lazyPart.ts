import type { Disposable } from './event';

/** A part that is loaded and made when it is first asked for, and disposed with the others, if it was made by then. */
export class LazyPart<T extends Disposable> implements Disposable {
  private readonly make: () => Promise<T>;
  private making: Promise<T> | undefined;
  private made: T | undefined;
  private disposed = false;

  constructor(make: () => Promise<T>) {
    this.make = make;
  }

  /** The part, once it was made. */
  get current(): T | undefined {
    return this.made;
  }

  /** Always the same part. Throws what making it throws, and tries again next time. */
  get(): Promise<T> {
    this.making ??= this.make().then(
      (part) => {
        this.made = part;
        if (this.disposed) part.dispose();
        return part;
      },
      (error: unknown) => {
        this.making = undefined;
        throw error;
      },
    );
    return this.making;
  }

  dispose(): void {
    this.disposed = true;
    this.made?.dispose();
  }
}
