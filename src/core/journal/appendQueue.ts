/** Writes texts one after another; what comes while one is being written goes out together as the next. */
export class AppendQueue {
  private readonly write: (text: string) => Promise<void>;
  private next: { texts: string[]; written: Promise<void> } | undefined;
  private last: Promise<unknown> = Promise.resolve();

  constructor(write: (text: string) => Promise<void>) {
    this.write = write;
  }

  /** Resolves when the text is written. Throws what writing it throws; later texts are tried all the same. */
  append(text: string): Promise<void> {
    if (this.next) {
      this.next.texts.push(text);
      return this.next.written;
    }
    const texts = [text];
    const written = this.last.then(() => {
      this.next = undefined;
      return this.write(texts.join(''));
    });
    this.next = { texts, written };
    this.last = written.catch(() => undefined);
    return written;
  }

  /** Resolves when everything that was to be written has been tried. */
  async settled(): Promise<void> {
    await this.last;
  }
}
