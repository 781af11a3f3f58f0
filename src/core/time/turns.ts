/**
 * Does one thing after another for each key, at once where nothing is under way. What is returned is the work's own
 * promise; a failure holds up nothing.
 */
export function turns<K>(): <T>(key: K, work: () => Promise<T>) => Promise<T> {
  const last = new Map<K, Promise<void>>();
  return (key, work) => {
    const before = last.get(key);
    const done = before ? before.then(work) : work();
    const over: Promise<void> = done.then(ended, ended);
    last.set(key, over);
    return done;

    function ended(): void {
      if (last.get(key) === over) last.delete(key);
    }
  };
}
