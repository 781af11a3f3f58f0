/** Something to release; the same shape as VS Code's, so that both kinds can be pushed onto one list. */
export interface Disposable {
  dispose(): unknown;
}

/** Subscribe to something that happened; the same shape as VS Code's `Event`. */
export type Event<T> = (listener: (value: T) => unknown) => Disposable;

let report = (error: unknown): void => {
  setTimeout(() => {
    throw error;
  });
};

/** Says what becomes of errors that listeners throw. Unless this is called, they end up with the platform's uncaught ones. */
export function onListenerError(told: (error: unknown) => void): void {
  report = told;
}

/**
 * Fires an `Event`. A listener that throws keeps no other from being told, and does whoever fires no harm. The core has
 * its own emitter, since it must run without the editor.
 */
export class Emitter<T> implements Disposable {
  private readonly listeners = new Set<(value: T) => unknown>();

  readonly event: Event<T> = (listener) => {
    const entry = (value: T): unknown => listener(value);
    this.listeners.add(entry);
    return { dispose: () => this.listeners.delete(entry) };
  };

  fire(value: T): void {
    for (const listener of [...this.listeners]) {
      try {
        listener(value);
      } catch (error) {
        report(error);
      }
    }
  }

  dispose(): void {
    this.listeners.clear();
  }
}
