import * as l10n from '@vscode/l10n';
import type { FormContext, FoundProject } from '../src/features/form/protocol';
import type { ClusterDraft } from '../src/core/model/clusterDraft';
import { make } from './dom';
import { frame } from './fields';
import type { Field } from './fields';

/** Milliseconds without typing before GitLab is asked. */
const SEARCH_DELAY = 250;

export interface Found {
  readonly projects: readonly FoundProject[];
  readonly more: boolean;
  readonly problem?: string | undefined;
}

interface ProjectField extends Field {
  /** The answer to the latest search. */
  showFound(found: Found): void;
}

/**
 * The management project: a text field that searches, after the ARIA Authoring Practices' editable combobox with list
 * autocomplete. Focus stays in the text; the active option is told by `aria-activedescendant`.
 */
export function projectField(context: FormContext, search: (text: string) => void): ProjectField {
  const control = make('input', {
    type: 'text',
    role: 'combobox',
    spellcheck: 'false',
    autocomplete: 'off',
    'aria-autocomplete': 'list',
    'aria-expanded': 'false',
    'aria-controls': 'projects',
    placeholder: l10n.t('Type to search for a project'),
  });
  const list = make('ul', { id: 'projects', role: 'listbox', 'aria-label': l10n.t('Projects'), hidden: true });
  const status = make('p', { class: 'status', role: 'status' });
  const clear = make(
    'button',
    { type: 'button', class: 'clear', 'aria-label': l10n.t('Clear the management project') },
    '✕',
  );
  let chosen: ClusterDraft['managementProject'];
  let options: readonly FoundProject[] = [];
  let active = -1;
  let timer: number | undefined;
  let awaited = false;

  const edited = (): void => void control.dispatchEvent(new Event('input', { bubbles: true }));
  const close = (): void => {
    window.clearTimeout(timer);
    awaited = false;
    list.hidden = true;
    status.textContent = '';
    control.setAttribute('aria-expanded', 'false');
    activate(-1);
  };
  const activate = (index: number): void => {
    active = index;
    [...list.children].forEach((option, position) => option.setAttribute('aria-selected', String(position === index)));
    const option = list.children[index];
    if (option) {
      control.setAttribute('aria-activedescendant', option.id);
      option.scrollIntoView({ block: 'nearest' });
    } else control.removeAttribute('aria-activedescendant');
  };
  const choose = (project: FoundProject | undefined): void => {
    chosen = project;
    control.value = project?.path ?? '';
    clear.hidden = project === undefined;
    close();
    edited();
  };
  const ask = (delay: number): void => {
    window.clearTimeout(timer);
    awaited = true;
    status.textContent = l10n.t('Searching…');
    // What is chosen already is no text to search by: with it alone, everything that may be chosen is listed.
    const text = chosen ? '' : control.value;
    timer = window.setTimeout(() => search(text), delay);
  };

  control.addEventListener('input', (event) => {
    // Of the user's typing only; `edited` above tells the form of a choice.
    if (!event.isTrusted) return;
    chosen = undefined;
    clear.hidden = control.value === '';
    if (control.value.trim() === '') close();
    else ask(SEARCH_DELAY);
  });
  control.addEventListener('blur', close);
  control.addEventListener('keydown', (event) => {
    const open = !list.hidden;
    const last = options.length - 1;
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      if (!open) ask(0);
      else if (event.key === 'ArrowDown') activate(active === last ? 0 : active + 1);
      else activate(active <= 0 ? last : active - 1);
    } else if (open && event.key === 'Enter') {
      // With the list open, Enter takes an option and never saves the form.
      event.preventDefault();
      const project = options[active];
      if (project) choose(project);
    } else if (open && (event.key === 'Escape' || event.key === 'Tab')) {
      close();
      if (event.key === 'Escape') event.stopPropagation();
    }
  });
  // Pressing the mouse would take focus from the text, and closing the list before the click.
  list.addEventListener('mousedown', (event) => event.preventDefault());
  list.addEventListener('click', (event) => {
    const option = event.target instanceof Element ? event.target.closest('[role=option]') : null;
    const project = option ? options[[...list.children].indexOf(option)] : undefined;
    if (project) choose(project);
  });
  clear.addEventListener('click', () => {
    choose(undefined);
    control.focus();
  });

  const framed = frame('managementProjectId', control, context);
  const box = make('div', { class: 'combobox' });
  control.replaceWith(box);
  box.append(control, clear, list, status);
  return {
    id: 'managementProjectId',
    control,
    ...framed,
    write: ({ managementProject }) => {
      chosen = managementProject?.id === undefined ? undefined : managementProject;
      control.value = managementProject?.path ?? '';
      clear.hidden = control.value === '';
    },
    read: () => ({
      managementProject: chosen ?? (control.value.trim() === '' ? undefined : { path: control.value.trim() }),
    }),
    showFound: ({ projects, more, problem }) => {
      if (!awaited) return;
      awaited = false;
      options = projects;
      list.replaceChildren(
        ...projects.map(({ path }, index) =>
          make('li', { role: 'option', id: `project-${index}`, 'aria-selected': 'false' }, path),
        ),
      );
      list.hidden = projects.length === 0;
      control.setAttribute('aria-expanded', String(projects.length > 0));
      activate(-1);
      status.textContent = problem ?? countOf(projects.length, more);
      box.scrollIntoView({ block: 'nearest' });
    },
  };
}

function countOf(count: number, more: boolean): string {
  if (count === 0) {
    return more
      ? l10n.t('None among the first matches. Type more of the name.')
      : l10n.t('No project found that GitLab would accept.');
  }
  if (more) return l10n.t('{0} projects found, and there are more. Type more of the name.', count);
  return count === 1 ? l10n.t('1 project found.') : l10n.t('{0} projects found.', count);
}
