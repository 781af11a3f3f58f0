import * as l10n from '@vscode/l10n';
import { isReadOnly } from '../src/core/model/attributes';
import type { Attribute, AttributeOf } from '../src/core/model/attributes';
import { fieldLabel } from '../src/core/model/fieldLabels';
import type { FormContext } from '../src/features/form/protocol';
import type { ClusterDraft } from '../src/core/model/clusterDraft';
import { authorizationTypes } from '../src/core/model/clusterDraft';
import { make } from './dom';
import { authorizationName, helpOf } from './wording';

export interface Note {
  readonly severity: 'error' | 'warning' | 'information';
  readonly message: string;
  /** A button behind the message. */
  readonly action?: { readonly label: string; readonly run: () => void };
}

/** One labelled control of the form. */
export interface Field {
  readonly id: Attribute;
  /** Label, help, control and notes. */
  readonly root: HTMLElement;
  readonly control: HTMLElement;
  write(draft: ClusterDraft): void;
  /** This field's part of the draft. What the user left alone comes back exactly as it was written. */
  read(): Partial<ClusterDraft>;
  readonly show: (notes: readonly Note[]) => void;
}

type Control = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

/** Puts label, help and notes around a control, linked for assistive technology. */
export function frame(id: Attribute, control: Control, context: FormContext, extras: readonly HTMLElement[] = []) {
  const readOnly = isReadOnly(id, context);
  if (readOnly) {
    control.setAttribute('readonly', '');
    control.removeAttribute('aria-required');
    control.removeAttribute('placeholder');
  }
  const required = control.getAttribute('aria-required') === 'true';
  const label = make('label', { for: id }, fieldLabel(id));
  const tag = required ? l10n.t('(required)') : readOnly ? l10n.t('(read-only)') : '';
  if (tag) label.append(' ', make('span', { class: 'required' }, tag));
  const words = helpOf(id, context);
  const help = words ? make('p', { class: 'help', id: `${id}-help` }, words) : undefined;
  const notes = make('div', { class: 'notes', id: `${id}-notes`, 'aria-live': 'polite' });
  control.id = id;
  control.setAttribute('aria-describedby', `${help?.id ?? 'reason'} ${notes.id}`);
  const isCheckbox = control instanceof HTMLInputElement && control.type === 'checkbox';
  const root = isCheckbox
    ? make('div', { class: 'field checkbox' }, control, make('div', {}, label, help, notes))
    : make('div', { class: 'field' }, label, help, control, notes, ...extras);
  const show = (all: readonly Note[]): void => {
    const errors = all.filter(({ severity }) => severity === 'error');
    const invalid = errors.length > 0;
    if (invalid) control.setAttribute('aria-invalid', 'true');
    else control.removeAttribute('aria-invalid');
    // What must be changed first; the rest may settle with it.
    showNotes(notes, invalid ? errors : all);
  };
  return { root, show };
}

/** Replaces notes only where they changed, so that a screen reader does not repeat those that stay. */
function showNotes(container: HTMLElement, shown: readonly Note[]): void {
  const key = ({ severity, message }: Note): string => `${severity} ${message}`;
  const wanted = new Map(shown.map((note) => [key(note), note]));
  for (const child of [...container.children]) {
    if (!(child instanceof HTMLElement) || !wanted.delete(child.dataset['key'] ?? '')) child.remove();
  }
  for (const note of wanted.values()) {
    const prefix = note.severity === 'error' ? l10n.t('Error:') : l10n.t('Note:');
    container.append(
      make(
        'p',
        { class: `note ${note.severity}`, 'data-key': key(note) },
        make('strong', {}, prefix),
        ' ',
        note.message,
        ...(note.action ? [' ', actionButton(note.action)] : []),
      ),
    );
  }
}

function actionButton({ label, run }: NonNullable<Note['action']>): HTMLElement {
  const button = make('button', { type: 'button', class: 'link' }, label);
  button.addEventListener('click', run);
  return button;
}

/** Remembers what was written: a control may change it (line breaks in a name, CRLF), which is no edit of the user's. */
export function textValue(control: HTMLInputElement | HTMLTextAreaElement) {
  let written = '';
  let shown = '';
  return {
    write: (text: string): void => {
      written = text;
      control.value = text;
      shown = control.value;
    },
    read: (): string => (control.value === shown ? written : control.value),
  };
}

function framed(
  id: Attribute,
  control: Control,
  context: FormContext,
  write: Field['write'],
  read: Field['read'],
): Field {
  return { id, control, ...frame(id, control, context), write, read };
}

/** A one-line text field. */
export function textField(
  id: AttributeOf<'text' | 'secret'>,
  context: FormContext,
  attributes: Readonly<Record<string, string | boolean>> = {},
): Field {
  const control = make('input', { type: 'text', spellcheck: 'false', autocomplete: 'off', ...attributes });
  const value = textValue(control);
  return framed(
    id,
    control,
    context,
    (draft) => value.write(draft[id]),
    () => ({ [id]: value.read() }),
  );
}

/** A yes or no; with a third choice where GitLab did not tell what it is. */
export function flagField(id: AttributeOf<'flag'>, context: FormContext): Field {
  return context.initial[id] === undefined ? untoldFlagField(id, context) : checkboxField(id, context);
}

function checkboxField(id: AttributeOf<'flag'>, context: FormContext): Field {
  const control = make('input', { type: 'checkbox' });
  return framed(
    id,
    control,
    context,
    (draft) => {
      control.checked = draft[id] ?? false;
    },
    () => ({ [id]: control.checked }),
  );
}

function untoldFlagField(id: AttributeOf<'flag'>, context: FormContext): Field {
  const control = make(
    'select',
    {},
    make('option', { value: '' }, l10n.t('Not reported; leave unchanged')),
    make('option', { value: 'on' }, l10n.t('On')),
    make('option', { value: 'off' }, l10n.t('Off')),
  );
  return framed(
    id,
    control,
    context,
    (draft) => {
      control.value = draft[id] === undefined ? '' : draft[id] ? 'on' : 'off';
    },
    () => ({ [id]: control.value === '' ? undefined : control.value === 'on' }),
  );
}

/** The authorization type: a choice when adding, afterwards a text that cannot be changed. */
export function authorizationField(context: FormContext): Field {
  const id = 'authorizationType';
  if (isReadOnly(id, context)) {
    const control = make('input', { type: 'text' });
    return framed(
      id,
      control,
      context,
      (draft) => {
        control.value = authorizationName(draft.authorizationType);
      },
      () => ({}),
    );
  }
  const options = authorizationTypes.map((type) => make('option', { value: type }, authorizationName(type)));
  const control = make('select', {}, ...options);
  return framed(
    id,
    control,
    context,
    (draft) => {
      control.value = draft.authorizationType;
    },
    () => ({ authorizationType: control.value }),
  );
}
