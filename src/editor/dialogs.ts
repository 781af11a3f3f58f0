import type { Disposable } from '../core/time/event';
import type { FoundOwner } from '../core/gitlab/owners';
import type { FoundPage } from '../core/gitlab/ownerSearch';

/** An icon in the title of a question's box. */
export interface QuestionButton {
  /** A codicon's id. */
  readonly icon: string;
  readonly tooltip: string;
  readonly run: () => void;
  /** Offered beside it once it was pressed. */
  readonly next?: QuestionButton;
}

export interface Question {
  readonly title: string;
  readonly prompt: string;
  readonly placeholder?: string;
  readonly value?: string;
  readonly password?: boolean;
  readonly step?: number;
  readonly totalSteps?: number;
  readonly button?: QuestionButton;
  /** Offers to go back to the question before; called when that is chosen, and the answer is then undefined. */
  readonly onBack?: () => void;
  /** Called on Enter. Answers the problem to show, keeping what was typed, or undefined when all is well. */
  readonly check: (value: string, signal: AbortSignal) => Promise<string | undefined> | string | undefined;
}

/** How a thing is shown in a list to choose from. */
export interface Choice {
  readonly label: string;
  readonly description?: string;
  readonly detail?: string;
  /** A codicon's id. */
  readonly icon?: string;
}

/** A text that has its effect while it is typed. */
export interface TypedFilter {
  readonly title: string;
  readonly placeholder: string;
  readonly value: string;
  /** Says below the text what it does; asked again after each change and each `onDidChange`. */
  readonly prompt: () => string;
  readonly onDidChange: (listener: () => void) => Disposable;
  /** The button that empties the text. */
  readonly clear: string;
  readonly onType: (text: string) => void;
}

/** A list that is narrowed by our own rules while the user types. */
export interface FilterPick<T> {
  readonly title: string;
  readonly placeholder: string;
  /** What fits a text; everything for an empty one. */
  readonly matching: (text: string) => readonly T[];
  readonly toChoice: (thing: T) => Choice;
}

/** A list that GitLab searches while the user types. */
export interface ServerSearch<Other> {
  readonly title: string;
  readonly placeholder: string;
  /** One page of what GitLab finds for a text. */
  readonly search: (text: string, page: number, signal: AbortSignal) => Promise<FoundPage>;
  /** What is worth knowing about one that was found. */
  readonly describe: (found: FoundOwner) => string | undefined;
  /** Why nothing may have been found. */
  readonly nothingFound: string;
  /** An answer that is no search result, such as "none"; offered while nothing is typed. */
  readonly other?: { readonly label: string; readonly icon: string; readonly answer: Other } | undefined;
  /** What the text that is typed may stand for besides; without an answer the row only says why it cannot. */
  readonly typed?: (text: string) => TypedAnswer<Other> | undefined;
}

interface TypedAnswer<Other> {
  readonly label: string;
  readonly detail?: string;
  readonly icon: string;
  readonly answer: Other | undefined;
}

export interface FileQuestion {
  readonly title: string;
  readonly button: string;
  /** Names of kinds of files, with their extensions. */
  readonly filters: Readonly<Record<string, string[]>>;
  /** In bytes. */
  readonly largest: number;
}

export interface ProgressOptions {
  readonly title: string;
  /** `view`: a bar on top of the tree, without the title. */
  readonly where: 'notification' | 'statusBar' | 'view';
  /** Whether the user can end it; only in a notification. */
  readonly cancellable?: boolean;
}

/** Says how far it is: in words, and by how many percent more than before. */
export type ReportProgress = (message: string, increment: number) => void;

/**
 * Everything the flows of features ask and tell the user. In the editor vscodeDialogs.ts does that; unit tests give
 * scripted answers (test/unit/editor/scriptedDialogs.ts). A flow that takes this needs nothing else of VS Code.
 */
export interface Dialogs {
  /** Asks for one line of text; the box stays open, with the reason, until the answer passes `check`. Escape: undefined. */
  ask(question: Question): Promise<string | undefined>;
  /** Lets the user choose one. Escape: undefined. */
  choose<T>(title: string, things: readonly T[], toChoice: (thing: T) => Choice): Promise<T | undefined>;
  /** Takes a filter while it is typed; what was typed is kept when the box is closed. Ends then. */
  typeFilter(filter: TypedFilter): Promise<void>;
  /** Lets the user choose one of many, listed as they fit what is typed. Escape: undefined. */
  filterPick<T>(wanted: FilterPick<T>): Promise<T | undefined>;
  /** Lets the user tick any number. Escape: none. */
  chooseMany<T>(title: string, things: readonly T[], toChoice: (thing: T) => Choice): Promise<readonly T[]>;
  /** Lets the user search at GitLab: page by page, an outdated search cancelled. Escape: undefined. */
  search<Other = never>(wanted: ServerSearch<Other>): Promise<FoundOwner | Other | undefined>;
  /**
   * Lets the user tick any number while searching at GitLab; what is ticked stays so whatever is searched next. Gives all
   * that is ticked in the end; undefined for Escape.
   */
  searchMany(wanted: ServerSearch<never>, ticked: readonly FoundOwner[]): Promise<readonly FoundOwner[] | undefined>;
  /**
   * Asks in a modal dialog. Gives the button pressed; undefined for Cancel. Enter presses the first button, so it must
   * never be one that does harm.
   */
  confirm(message: string, detail: string, ...buttons: readonly string[]): Promise<string | undefined>;
  /**
   * Says in the status bar what went well, or what there is nothing to do about; in a notification what has a button. A
   * warning and an error always have one: their advice. Gives the button pressed; undefined once it is closed, which may
   * be never.
   */
  notify(severity: 'information', message: string, ...buttons: readonly string[]): Promise<string | undefined>;
  notify(severity: Severity, message: string, ...buttons: Buttons): Promise<string | undefined>;
  /** Shows that work is going on until it is over. The signal is aborted by the user's Cancel. */
  progress<T>(options: ProgressOptions, work: (report: ReportProgress, signal: AbortSignal) => Promise<T>): Promise<T>;
  /** Shows a text to read; one with the same title is replaced. Markdown is shown as it is, coloured. */
  showText(title: string, text: string, format?: TextFormat): Promise<void>;
  /**
   * Shows a plan to read, with what is done after it, and Cancel, as buttons on the text itself. False once it is cancelled
   * or closed.
   */
  review(title: string, text: string, action: string): Promise<boolean>;
  /** Opens a document with this content. Gives what saves it where the user wants it. */
  openDocument(title: string, content: string, extension: 'csv' | 'json' | 'md'): Promise<{ saveAs(): Promise<void> }>;
  readClipboard(): Promise<string>;
  writeClipboard(text: string): Promise<void>;
  /** The content of a file the user chooses; undefined where none is chosen. */
  readFile(question: FileQuestion): Promise<Uint8Array | 'tooLarge' | undefined>;
  /** The path of a file the user chooses; undefined where none is chosen. */
  chooseFile(question: Omit<FileQuestion, 'largest'>): Promise<string | undefined>;
  /** Opens an address in the browser. */
  openExternal(address: string): Promise<void>;
}

/** The buttons of a notification that interrupts. */
export type Buttons = readonly [string, ...string[]];

/** The extension of a text's name, by which the editor knows its language. */
export type TextFormat = 'txt' | 'md' | 'csv' | 'json' | 'yaml';

export type Severity = 'information' | 'warning' | 'error';
