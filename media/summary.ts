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
  /** Drops the links to fields that are right by now; the summary goes with the last of them. */
  keep(wrong: ReadonlySet<Attribute>): void;
  /** Brings it into view, with the focus: the links are the next stops. */
  focus(): void;
  hide(): void;
}

/** The error summary above the form, announced when it appears. */
export function errorSummary(focus: (field: Attribute) => void): Summary {
  const root = make('div', { class: 'summary', role: 'alert', tabindex: '-1', hidden: true });
  let sentences: readonly string[] = [];
  let items = new Map<Attribute, HTMLElement[]>();
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
      items = new Map();
      const list = make('ul');
      for (const { field, message } of problems) {
        const link = make('a', { href: `#${field}` }, fieldLabel(field));
        link.addEventListener('click', (event) => {
          event.preventDefault();
          focus(field);
        });
        const item = make('li', {}, link, `: ${message}`);
        items.set(field, [...(items.get(field) ?? []), item]);
        list.append(item);
      }
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
    keep: (wrong) => {
      if (items.size === 0) return;
      for (const [field, elements] of items) {
        if (wrong.has(field)) continue;
        for (const element of elements) element.remove();
        items.delete(field);
      }
      if (items.size === 0 && sentences.length === 0) hide();
    },
  };
}
