import * as l10n from '@vscode/l10n';
import { attributeNames } from '../src/core/model/attributes';
import { fieldLabel } from '../src/core/model/fieldLabels';
import { textOfBytes } from '../src/core/model/fileText';
import { isMisplaced } from '../src/features/form/misplacedText';
import type { FromForm } from '../src/features/form/fromForm';
import type { FormField, OfferedChoice, ToForm } from '../src/features/form/protocol';
import { make } from './dom';

type Offered = Extract<ToForm, { type: 'found' | 'notFound' }>;

/** The bar above the form that takes a pasted text, and what was understood of it. */
interface ImportPanel {
  readonly root: HTMLElement;
  /** Shows what a text holds, with the focus on it. */
  show(offered: Offered): void;
}

export function importPanel(post: (message: FromForm) => void): ImportPanel {
  const paste = make('button', { type: 'button', class: 'secondary' }, l10n.t('Paste…'));
  const file = make('button', { type: 'button', class: 'secondary' }, l10n.t('Choose File…'));
  paste.addEventListener('click', () => post({ type: 'readClipboard' }));
  file.addEventListener('click', () => post({ type: 'chooseFile' }));
  const help = make(
    'p',
    { class: 'help' },
    l10n.t(
      'Fill in from a kubeconfig, Secret, command, or certificate: paste it into any field, or hold Shift and drop a file here.',
    ),
  );
  const preview = make('section', {
    class: 'preview',
    tabindex: '-1',
    hidden: true,
    'aria-labelledby': 'preview-title',
  });
  const root = make('div', { class: 'import' }, help, make('div', { class: 'actions' }, paste, file), preview);

  const close = (): void => {
    preview.hidden = true;
    preview.replaceChildren();
    post({ type: 'forget' });
    paste.focus();
  };
  const open = (...children: (Node | undefined)[]): void => {
    preview.replaceChildren(...children.filter((child) => child !== undefined));
    preview.hidden = false;
    preview.focus({ preventScroll: true });
    preview.scrollIntoView({ block: 'nearest' });
  };
  return {
    root,
    show: (offered) => {
      if (offered.type === 'notFound') {
        const heading = make('h2', { id: 'preview-title' }, l10n.t('Nothing was filled in'));
        return open(heading, make('p', {}, offered.problem), buttons(close, post, offered.needsAccount));
      }
      const title = l10n.t('Found: {0}', offered.kind);
      open(make('h2', { id: 'preview-title' }, title), ...choiceView(offered.choices, post, close));
    },
  };
}

function buttons(
  close: () => void,
  post: (message: FromForm) => void,
  needsAccount: boolean,
  take?: HTMLButtonElement,
): HTMLElement {
  const recipe = make('button', { type: 'button', class: 'secondary' }, l10n.t('Show Recipe for a Service Account'));
  recipe.addEventListener('click', () => post({ type: 'showRecipe' }));
  recipe.hidden = !needsAccount;
  const dismiss = make('button', { type: 'button', class: 'secondary' }, take ? l10n.t('Dismiss') : l10n.t('Close'));
  dismiss.addEventListener('click', close);
  return make('div', { class: 'actions' }, take, recipe, dismiss);
}

/** The list of choices, and the chosen one field by field. */
function choiceView(
  choices: readonly OfferedChoice[],
  post: (message: FromForm) => void,
  close: () => void,
): readonly Node[] {
  const select = make(
    'select',
    { id: 'import-choice' },
    ...choices.map(({ label }, index) => make('option', { value: String(index) }, label)),
  );
  const body = make('div');
  const showChoice = (index: number): void => {
    const choice = choices[index];
    if (choice) body.replaceChildren(...oneChoice(choice, index, post, close));
  };
  select.addEventListener('change', () => showChoice(Number(select.value)));
  showChoice(0);
  const [first] = choices;
  const label =
    choices.length > 1
      ? make('div', {}, make('label', { for: 'import-choice' }, l10n.t('Which one?')), select)
      : make('p', {}, first?.label ?? '');
  return [label, body];
}

function oneChoice(
  { rows, notes, needsAccount }: OfferedChoice,
  index: number,
  post: (message: FromForm) => void,
  close: () => void,
): readonly Node[] {
  const boxes = rows.map((row) => {
    const box = make('input', { type: 'checkbox', id: `take-${row.field}`, disabled: row.same });
    box.checked = row.chosen;
    return { row, box };
  });
  const take = make('button', { type: 'button' }, l10n.t('Fill In'));
  const chosen = (): FormField[] => boxes.flatMap(({ row, box }) => (box.checked ? [row.field] : []));
  const judge = (): void => take.setAttribute('aria-disabled', String(chosen().length === 0));
  for (const { box } of boxes) box.addEventListener('change', judge);
  judge();
  take.addEventListener('click', () => {
    if (chosen().length > 0) post({ type: 'take', choice: index, fields: chosen() });
  });
  const cell = (text: string): HTMLElement => make('td', {}, text);
  const head = [l10n.t('Field'), l10n.t('Found'), l10n.t('In the form now')].map((text) =>
    make('th', { scope: 'col' }, text),
  );
  const table = make(
    'table',
    {},
    make('thead', {}, make('tr', {}, ...head)),
    make(
      'tbody',
      {},
      ...boxes.map(({ row, box }) =>
        make(
          'tr',
          {},
          make(
            'th',
            { scope: 'row' },
            make('span', { class: 'checkbox' }, box, make('label', { for: box.id }, fieldLabel(row.field))),
          ),
          cell(row.found),
          cell(row.same ? l10n.t('the same') : row.now),
        ),
      ),
    ),
  );
  const list = notes.length > 0 ? make('ul', {}, ...notes.map((note) => make('li', {}, note))) : undefined;
  return [
    ...(rows.length > 0 ? [table] : []),
    ...(list ? [list] : []),
    buttons(close, post, needsAccount, rows.length > 0 ? take : undefined),
  ];
}

/** Longer texts are not sent: the extension reads 1 MiB at most, and says so. */
const MAX_TEXT = 1_200_000;

/**
 * Sends what is dropped on the page, or pasted into a field where it is more than that field can hold or belongs into
 * another one.
 */
export function listenForTexts(post: (message: FromForm) => void): void {
  document.addEventListener('paste', (event) => {
    const text = event.clipboardData?.getData('text/plain') ?? '';
    const isLong = /\n\s*\S/.test(text.trim()) || /^\s*(?:[{[]|curl(?:\.exe)?\s|Invoke-RestMethod\s)/.test(text);
    const id = event.target instanceof HTMLElement ? event.target.id : '';
    const field = attributeNames.find((attribute) => attribute === id);
    const isElsewhere = !isLong && field !== undefined && isMisplaced(text, field);
    if (!isLong && !isElsewhere) return;
    // A text area takes a long text as it is; the offer comes beside that.
    const quiet = isLong && event.target instanceof HTMLTextAreaElement;
    if (!quiet) event.preventDefault();
    post({ type: 'pasted', text: text.slice(0, MAX_TEXT), quiet });
  });
  document.addEventListener('dragover', (event) => event.preventDefault());
  document.addEventListener('drop', (event) => {
    const [file] = event.dataTransfer?.files ?? [];
    const text = event.dataTransfer?.getData('text/plain') ?? '';
    if (!file && text === '') return;
    event.preventDefault();
    if (!file) return post({ type: 'pasted', text: text.slice(0, MAX_TEXT), quiet: false });
    void file
      .slice(0, 2 * MAX_TEXT)
      .arrayBuffer()
      .then((bytes) => post({ type: 'pasted', text: textOfBytes(new Uint8Array(bytes)), quiet: false }));
  });
}
