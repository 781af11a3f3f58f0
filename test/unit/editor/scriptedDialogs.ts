import assert from 'node:assert/strict';
import type {
  Choice,
  Dialogs,
  FileQuestion,
  FilterPick,
  ProgressOptions,
  Question,
  ReportProgress,
  ServerSearch,
  Severity,
  TypedFilter,
} from '../../../src/editor/dialogs';
import type { FoundOwner } from '../../../src/core/gitlab/owners';

/**
 * One answer of the user: a part of the title or message that is expected, and a button, a label, or what is typed.
 * Several labels are ticked; in a search the first is typed and the second chosen. Undefined: Escape, Cancel or closed.
 * A function is called when the answer is given: something may happen first.
 */
export type Answer = readonly [asked: string, answer: Given | (() => Given)];
type Given = string | readonly string[] | undefined;

/** Something the user was asked or told. */
export interface Shown {
  readonly kind: 'ask' | 'choose' | 'search' | 'confirm' | 'review' | Severity;
  readonly text: string;
  readonly detail: string;
  /** Buttons, or labels with what stands beside them. */
  readonly offered: readonly string[];
  /** The label with a check mark, in a list to choose from. */
  readonly checked?: string | undefined;
}

/** Dialogs that answer as a test says, in that order, and keep what was shown. An unexpected question fails the test. */
export class ScriptedDialogs implements Dialogs {
  readonly shown: Shown[] = [];
  /** Texts shown to read, by title; the newest of each. */
  readonly texts = new Map<string, string>();
  /** Documents that were opened. */
  readonly documents: {
    readonly title: string;
    readonly content: string;
    readonly extension: string;
    saved: boolean;
  }[] = [];
  /** Addresses opened in the browser. */
  readonly opened: string[] = [];
  /** Titles of what was shown as going on, and every report. */
  readonly progressed: string[] = [];
  /** What the boxes said is wrong with what was typed. */
  readonly problems: string[] = [];
  clipboard = '';
  file: Uint8Array | undefined;
  /** Called with every report; `cancel` is the user's Cancel. */
  onReport: (message: string, cancel: () => void) => void = () => undefined;
  private readonly script: Answer[] = [];

  /** Adds answers to those not given yet. */
  will(...answers: readonly Answer[]): void {
    this.script.push(...answers);
  }

  /** Fails where an answer was not asked for. */
  assertAllAsked(): void {
    assert.deepEqual(this.script, []);
  }

  /** Everything told in notifications, in order. */
  get told(): readonly string[] {
    return this.shown.flatMap(({ kind, text }) =>
      kind === 'information' || kind === 'warning' || kind === 'error' ? [text] : [],
    );
  }

  /** The one dialog that was shown with this text. */
  find(text: string): Shown {
    const [found, ...more] = this.shown.filter((one) => one.text.includes(text));
    assert.ok(
      found && more.length === 0,
      `${1 + more.length} × “${text}” in ${JSON.stringify(this.shown, undefined, 1)}`,
    );
    return found;
  }

  async ask(question: Question): Promise<string | undefined> {
    const text = `${question.title}\n${question.prompt}`;
    this.show('ask', text, '', []);
    for (;;) {
      const typed = this.answer(text);
      if (typeof typed !== 'string') return undefined;
      if (typed === 'Back' && question.onBack) {
        question.onBack();
        return undefined;
      }
      if (typed === question.button?.tooltip) question.button.run();
      else {
        const problem = await question.check(typed.trim(), new AbortController().signal);
        if (problem === undefined) return typed.trim();
        this.problems.push(problem);
      }
    }
  }

  /** The answer is what is typed, or one text after another; what the box says after each is kept as a question. */
  typeFilter({ title, prompt, onType }: TypedFilter): Promise<void> {
    const answer = this.answer(title);
    const typed = typeof answer === 'string' ? [answer] : (answer ?? []);
    this.show('ask', `${title}\n${prompt()}`, '', []);
    for (const text of typed) {
      onType(text);
      this.show('ask', `${title}\n${prompt()}`, text, []);
    }
    return Promise.resolve();
  }

  choose<T>(title: string, things: readonly T[], toChoice: (thing: T) => Choice): Promise<T | undefined> {
    const labels = this.offer('choose', title, things.map(toChoice));
    return this.reply(title, (answer) => (answer === undefined ? undefined : things[indexOf(answer, labels)]));
  }

  chooseMany<T>(title: string, things: readonly T[], toChoice: (thing: T) => Choice): Promise<readonly T[]> {
    const labels = this.offer('choose', title, things.map(toChoice));
    return this.reply(title, (answer) =>
      (typeof answer === 'string' ? [answer] : (answer ?? [])).flatMap((label) => things[indexOf(label, labels)] ?? []),
    );
  }

  /** The answer is what is typed and the label chosen then, or the label alone. */
  filterPick<T>({ title, matching, toChoice }: FilterPick<T>): Promise<T | undefined> {
    return this.reply(title, (answer) => {
      const [typed = '', label = typed] = typeof answer === 'string' ? ['', answer] : (answer ?? []);
      const things = matching(typed);
      const labels = this.offer('choose', title, things.map(toChoice));
      return answer === undefined ? undefined : things[indexOf(label, labels)];
    });
  }

  async search<Other = never>(wanted: ServerSearch<Other>): Promise<FoundOwner | Other | undefined> {
    const answer = this.answer(wanted.title);
    if (answer === undefined) return undefined;
    const [typed = '', label = typed] = typeof answer === 'string' ? ['', answer] : answer;
    const { items } = await wanted.search(typed, 1, new AbortController().signal);
    const choices = items.map((found) => {
      const description = wanted.describe(found);
      return { label: found.path, ...(description !== undefined && { description }) };
    });
    const { other } = wanted;
    const own = typed === '' ? undefined : wanted.typed?.(typed);
    const labels = this.offer('search', wanted.title, [...(own ? [own] : []), ...choices]);
    if (own && label === own.label) return own.answer;
    if (other && label === other.label) return other.answer;
    return items.find(({ path }) => path === label) ?? assert.fail(`“${label}” is not among ${labels.join(', ')}`);
  }

  /** What is ticked before, and what the answer ticks and unticks: what is typed, then labels. */
  async searchMany(
    wanted: ServerSearch<never>,
    ticked: readonly FoundOwner[],
  ): Promise<readonly FoundOwner[] | undefined> {
    const answer = this.answer(wanted.title);
    if (answer === undefined) return undefined;
    const [typed = '', ...labels] = typeof answer === 'string' ? ['', answer] : answer;
    const { items } = await wanted.search(typed, 1, new AbortController().signal);
    const all = [...ticked, ...items.filter(({ id }) => !ticked.some((one) => one.id === id))];
    this.offer(
      'search',
      wanted.title,
      all.map((found) => {
        const description = wanted.describe(found);
        return { label: found.path, ...(description !== undefined && { description }) };
      }),
    );
    const chosen = labels.flatMap(
      (label) =>
        all[
          indexOf(
            label,
            all.map(({ path }) => path),
          )
        ] ?? [],
    );
    return all.filter((one) => ticked.includes(one) !== chosen.includes(one));
  }

  confirm(message: string, detail: string, ...buttons: readonly string[]): Promise<string | undefined> {
    this.show('confirm', message, detail, buttons);
    return this.reply(message, (answer) => (answer === undefined ? undefined : buttons[indexOf(answer, buttons)]));
  }

  notify(severity: Severity, message: string, ...buttons: readonly string[]): Promise<string | undefined> {
    this.show(severity, message, '', buttons);
    // A notification may be left alone.
    if (!this.script[0] || !message.includes(this.script[0][0])) return Promise.resolve(undefined);
    return this.reply(message, (answer) => (answer === undefined ? undefined : buttons[indexOf(answer, buttons)]));
  }

  progress<T>(
    { title }: ProgressOptions,
    work: (report: ReportProgress, signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const cancelled = new AbortController();
    this.progressed.push(title);
    return work((message) => {
      this.progressed.push(message);
      this.onReport(message, () => cancelled.abort());
    }, cancelled.signal);
  }

  writeClipboard(text: string): Promise<void> {
    this.clipboard = text;
    return Promise.resolve();
  }

  showText(title: string, text: string): Promise<void> {
    this.texts.set(title, text);
    return Promise.resolve();
  }

  /** The answer is the action, or undefined for Cancel. */
  review(title: string, text: string, action: string): Promise<boolean> {
    this.texts.set(title, text);
    this.show('review', title, text, [action]);
    return this.reply(title, (answer) => answer !== undefined && indexOf(answer, [action]) === 0);
  }

  openDocument(title: string, content: string, extension: string): Promise<{ saveAs(): Promise<void> }> {
    const document = { title, content, extension, saved: false };
    this.documents.push(document);
    return Promise.resolve({ saveAs: () => Promise.resolve(void (document.saved = true)) });
  }

  readClipboard(): Promise<string> {
    return Promise.resolve(this.clipboard);
  }

  readFile({ largest }: FileQuestion): Promise<Uint8Array | 'tooLarge' | undefined> {
    return Promise.resolve((this.file?.length ?? 0) > largest ? 'tooLarge' : this.file);
  }

  /** The answer is a path. */
  chooseFile({ title }: Omit<FileQuestion, 'largest'>): Promise<string | undefined> {
    return this.reply(title, (answer) => (typeof answer === 'string' ? answer : undefined));
  }

  openExternal(address: string): Promise<void> {
    this.opened.push(address);
    return Promise.resolve();
  }

  private show(kind: Shown['kind'], text: string, detail: string, offered: readonly string[]): void {
    this.shown.push({ kind, text, detail, offered });
  }

  private offer(kind: Shown['kind'], text: string, choices: readonly Choice[]): readonly string[] {
    const inLine = ({ label, description, detail }: Choice): string =>
      [label, description, detail].filter((part) => part !== undefined).join(' — ');
    const checked = choices.find(({ icon }) => icon === 'check')?.label;
    this.shown.push({ kind, text, detail: '', offered: choices.map(inLine), checked });
    return choices.map(({ label }) => label);
  }

  private reply<T>(asked: string, take: (answer: Given) => T): Promise<T> {
    return Promise.resolve().then(() => take(this.answer(asked)));
  }

  private answer(asked: string): Given {
    const [next] = this.script.splice(0, 1);
    assert.ok(next, `An unexpected question: ${asked}`);
    assert.ok(asked.includes(next[0]), `Asked “${asked}” where “${next[0]}” was expected`);
    return typeof next[1] === 'function' ? next[1]() : next[1];
  }
}

function indexOf(answer: string | readonly string[], offered: readonly string[]): number {
  const index = offered.indexOf(String(answer));
  assert.ok(index >= 0, `“${String(answer)}” is not among ${offered.join(', ')}`);
  return index;
}
