/**
 * The text of a file in the encoding its bytes show: UTF-16 with or without byte order mark, as Windows PowerShell writes
 * it, else UTF-8. The byte order mark is left out.
 */
export function textOfBytes(bytes: Uint8Array): string {
  return new TextDecoder(encodingOf(bytes)).decode(bytes);
}

function encodingOf(bytes: Uint8Array): 'utf-8' | 'utf-16le' | 'utf-16be' {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  // Without a mark, ASCII text has a zero in every other byte.
  const start = bytes.subarray(0, 64);
  if (start.length < 4 || !start.includes(0) || start[0] === 0x30) return 'utf-8';
  const zeros = (from: 0 | 1): boolean => start.every((byte, index) => index % 2 !== from || byte === 0);
  return zeros(1) ? 'utf-16le' : zeros(0) ? 'utf-16be' : 'utf-8';
}
