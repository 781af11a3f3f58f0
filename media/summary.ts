import * as l10n from '@vscode/l10n';
import type { Attribute } from '../src/core/model/attributes';
import { fieldLabel } from '../src/core/model/fieldLabels';

import { make } from './dom';

export interface Problem {
  readonly field: Attribute;
  readonly message: string;
}

interface Summary {
  readonly root: HTMLElement;
  /** Tells why the cluster was not saved, or may not be: whole sentences first, then each field's problem as a link to it. */
  show(sentences: readonly string[], problems: readonly Problem[], mayBeSaved?: boolean): void;
  /** Shows just what is wrong now, where anything is shown; the summary goes with the last problem. */
  follow(problems: readonly Problem[]): void;
  /** Brings it into view, with the focus: the links are the next stops. */
  focus(): void;
  hide(): void;
}

/** The error summary above the form, announced when it appears. */
export function errorSummary(focus: (field: Attribute) => void): Summary {
  const root = make('div', { class: 'summary', role: 'alert', tabindex: '-1', hidden: true });
  let sentences: readonly string[] = [];
  /** By field and message, so that a screen reader does not repeat those that stay. */
  let items = new Map<string, HTMLElement>();
  let list = make('ul');
  const itemOf = ({ field, message }: Problem): HTMLElement => {
    const link = make('a', { href: `#${field}` }, fieldLabel(field));
    link.addEventListener('click', (event) => {
      event.preventDefault();
      focus(field);
    });
    return make('li', {}, link, `: ${message}`);
  };
  const keyOf = ({ field, message }: Problem): string => `${field} ${message}`;
  const hide = (): void => {
    root.hidden = true;
    root.replaceChildren();
  };
  return {
    root,
    hide,
    focus: () => {
      root.focus({ preventScroll: true });
      root.scrollIntoView();
    },
    show: (told, problems, mayBeSaved = false) => {
      sentences = told;
      items = new Map(problems.map((problem) => [keyOf(problem), itemOf(problem)]));
      list = make('ul', {}, ...items.values());
      const heading = make(
        'h2',
        {},
        mayBeSaved ? l10n.t('The cluster may have been saved') : l10n.t('The cluster was not saved'),
      );
      root.replaceChildren(
        heading,
        ...told.map((sentence) => make('p', {}, sentence)),
        ...(problems.length > 0 ? [list] : []),
      );
      root.hidden = false;
    },
    follow: (problems) => {
      if (root.hidden || items.size === 0) return;
      const now = new Map(problems.map((problem) => [keyOf(problem), problem]));
      for (const [key, item] of items) {
        if (now.delete(key)) continue;
        item.remove();
        items.delete(key);
      }
      for (const [key, problem] of now) {
        const item = itemOf(problem);
        items.set(key, item);
        list.append(item);
      }
      if (items.size === 0 && sentences.length === 0) hide();
    },
  };
}
