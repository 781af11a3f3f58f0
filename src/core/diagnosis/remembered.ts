/** More than the texts that are looked at together; then all are read again. */
const MOST = 50;

/** Reads a text once, however often it is asked for: many registrations have the same few CA certificates. */
export function remembered<T>(read: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>();
  return (text) => {
    const before = known.get(text);
    if (before !== undefined) return before;
    const found = read(text);
    if (known.size >= MOST) known.clear();
    known.set(text, found);
    return found;
  };
}
