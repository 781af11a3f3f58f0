import * as l10n from '@vscode/l10n';
import type { Attribute } from '../src/core/model/attributes';
import * as z from 'zod/mini';
import { serviceTokenWithin } from '../src/core/model/serviceToken';
import { toForm } from '../src/features/form/protocol';
import type { FromForm } from '../src/features/form/fromForm';
import type { Rejected, ToForm } from '../src/features/form/protocol';
import { connectionCheck } from './connectionCheck';
import type { Note } from './fields';
import { buildForm } from './formView';
import { keepFocusClear } from './keepFocusClear';
import { importPanel, listenForTexts } from './importPanel';
import { meanwhileWords } from './wording';

type Told<Type extends ToForm['type']> = Extract<ToForm, { type: Type }>;
type Finding = Note & { readonly field: Attribute };

/** Milliseconds without typing before a new complaint appears; one that is settled goes at once. */
const COMPLAINT_DELAY = 400;

/** Fields to look at again when another one changes. */
const dependents: Partial<Record<Attribute, Attribute>> = {
  managed: 'namespace',
  managementProjectId: 'environmentScope',
};

const vscode = acquireVsCodeApi();

/** Edits told so far. Counted over all that is shown in this page, so that no answer to an earlier form is taken for one. */
let edits = 0;

/** The only place that posts. */
function post(message: FromForm): void {
  vscode.postMessage(message);
}

/** Shows the form and gives what to do with each later message. */
function open(loaded: Told<'loaded'>) {
  let busy: false | 'saving' | 'looking' = false;
  let submitted = false;
  let request = 0;
  let typing: number | undefined;
  let pressed = false;
  /** The last edit is not judged yet: what is known may be about what stood there before. */
  let unjudged = false;
  /** Fields whose findings are shown: those the user touched, an expired certificate, what GitLab does not report. */
  const touched = new Set<Attribute>(['caCert', 'namespacePerEnvironment']);
  let findings: readonly Finding[] = [];
  /** GitLab's complaints, and what somebody else changed; each stays until its field is edited. */
  let complaints: readonly Finding[] = [];
  let shown = new Set<string>();

  const offers = importPanel(post);
  const view = buildForm(
    loaded,
    (text) => post({ type: 'searchProjects', request: ++request, text }),
    () => post({ type: 'checkEffect' }),
  );
  document.getElementById('root')?.replaceChildren(view.header, offers.root, view.summary.root, view.form);
  keepFocusClear(view.summary.root, view.footer);
  for (const field of view.fields) field.write(loaded.draft);
  // What was filled in at once is judged like what was typed.
  if (JSON.stringify(loaded.draft) !== JSON.stringify(loaded.context.initial))
    for (const { id } of view.fields) touched.add(id);

  const replaceWith = (id: Attribute, text: string): void => {
    const field = view.fields.find((one) => one.id === id);
    field?.write({ ...view.read(), [id]: text });
    field?.root.dispatchEvent(new Event('input', { bubbles: true }));
    field?.control.focus();
  };
  /** Puts a button behind a sentence where it is known what was meant. The service token never comes from outside. */
  const withOffer = ({ offer, ...found }: Told<'checked'>['findings'][number]): Finding => {
    if (found.field === 'serviceToken') {
      const within = serviceTokenWithin(view.read().serviceToken);
      const label = l10n.t('Use the token without it');
      return within === undefined
        ? found
        : { ...found, action: { label, run: () => replaceWith(found.field, within) } };
    }
    const label = l10n.t('Use {0}', offer ?? '');
    return offer === undefined ? found : { ...found, action: { label, run: () => replaceWith(found.field, offer) } };
  };
  const connection = connectionCheck(post, (pem) => replaceWith('caCert', pem));
  view.fields.find(({ id }) => id === 'apiUrl')?.root.append(connection.root);
  const keyOf = ({ field, message }: Finding): string => `${field} ${message}`;
  const render = (): void => {
    const all = [...findings, ...complaints];
    const visible = all
      .filter(({ field }) => submitted || touched.has(field))
      // While a project is still being searched for, it is no mistake that none is chosen.
      .filter(({ field }) => field !== 'managementProjectId' || document.activeElement !== view.project.control)
      .filter((finding) => (typing === undefined && !pressed && !unjudged) || shown.has(keyOf(finding)));
    shown = new Set(visible.map(keyOf));
    for (const { id, show } of view.fields) show(visible.filter(({ field }) => field === id));
    // What is being typed is judged once it is done, here as at the field.
    if (typing === undefined && !pressed && !unjudged) {
      view.summary.follow([...findings.filter(({ severity }) => severity === 'error'), ...complaints]);
    }
  };
  const endTyping = (): void => {
    window.clearTimeout(typing);
    typing = undefined;
    render();
  };
  const submit = (): void => {
    if (!busy) post({ type: 'submit', draft: view.read() });
  };

  view.form.addEventListener('submit', (event) => {
    event.preventDefault();
    submit();
  });
  document.addEventListener('keydown', (event) => {
    const key = event.key.toLowerCase();
    if ((event.ctrlKey || event.metaKey) && (key === 's' || key === 'enter')) {
      event.preventDefault();
      submit();
    }
  });
  view.cancel.addEventListener('click', () => {
    if (busy !== 'saving') post({ type: 'cancel' });
  });
  view.form.addEventListener('input', ({ target }) => {
    const edited = view.fields.find(({ root }) => target instanceof Node && root.contains(target));
    if (!edited) return;
    const dependent = dependents[edited.id];
    const looked = dependent ? [edited.id, dependent] : [edited.id];
    for (const id of looked) touched.add(id);
    complaints = complaints.filter(({ field }) => !looked.includes(field));
    window.clearTimeout(typing);
    typing = window.setTimeout(endTyping, COMPLAINT_DELAY);
    unjudged = true;
    render();
    // At once, since the panel may be closed before anything else runs here.
    edits += 1;
    post({ type: 'edited', draft: view.read(), edit: edits });
  });
  view.form.addEventListener('focusout', endTyping);
  // A complaint that appears between press and release moves the button away from under the pointer: no click.
  document.addEventListener('pointerdown', () => {
    pressed = true;
  });
  for (const end of ['pointerup', 'pointercancel'] as const) {
    document.addEventListener(end, () => {
      window.setTimeout(() => {
        pressed = false;
        render();
      });
    });
  }
  view.fields.find(({ control }) => !control.hasAttribute('readonly'))?.control.focus();

  return {
    checked: (message: Told<'checked'>): void => {
      // Of a draft that was edited since: its fields may have been blank then. The answer to the last edit follows.
      if (message.edit !== edits) return;
      findings = message.findings.map(withOffer);
      unjudged = false;
      view.certificate.showDecoded(message.certificates, message.certificateWithin);
      render();
    },
    saving: ({ looking }: Told<'saving'>): void => {
      busy = looking ? 'looking' : 'saving';
      complaints = [];
      view.summary.hide();
      view.setBusy(busy);
    },
    rejected: ({ problems, summary, mayBeSaved }: Rejected): void => {
      busy = false;
      submitted = true;
      view.setBusy(false);
      const known = new Set(findings.map(keyOf));
      complaints = problems
        .map((problem): Finding => ({ ...problem, severity: 'error' }))
        .filter((complaint) => !known.has(keyOf(complaint)));
      endTyping();
      view.summary.show(summary, problems, mayBeSaved);
      const wrong = view.fields.find(({ id }) => problems.some(({ field }) => field === id));
      (wrong?.control ?? view.summary).focus();
    },
    changedMeanwhile: ({ fields }: Told<'changedMeanwhile'>): void => {
      complaints = fields.map((changed): Finding => {
        const use = (): void => {
          const field = view.fields.find(({ id }) => id === changed.field);
          field?.write(loaded.context.initial);
          field?.root.dispatchEvent(new Event('input', { bubbles: true }));
          field?.control.focus();
        };
        const action = changed.kept ? { label: l10n.t('Use GitLab’s value'), run: use } : undefined;
        return {
          field: changed.field,
          severity: 'warning',
          message: meanwhileWords(changed),
          ...(action && { action }),
        };
      });
      for (const { field } of fields) touched.add(field);
      endTyping();
      view.summary.show(
        [
          l10n.t(
            'Someone else changed this cluster in GitLab after you opened the form. Review the differences, then save again.',
          ),
        ],
        fields.map((changed) => ({ field: changed.field, message: meanwhileWords(changed) })),
      );
      view.summary.focus();
    },
    effect: (message: Told<'effect'>): void => view.effect.show(message),
    connection: (message: Told<'connection'>): void => connection.show(message),
    offered: (message: Told<'found' | 'notFound'>): void => offers.show(message),
    projectsFound: (answer: Told<'projectsFound'>): void => {
      if (answer.request === request) view.project.showFound(answer);
    },
  };
}

let form: ReturnType<typeof open> | undefined;

function receive(message: ToForm): void {
  switch (message.type) {
    case 'loaded':
      if (message.strings) l10n.config({ contents: JSON.stringify(message.strings) });
      form = open(message);
      return;
    case 'checked':
      return form?.checked(message);
    case 'saving':
      return form?.saving(message);
    case 'rejected':
      return form?.rejected(message);
    case 'changedMeanwhile':
      return form?.changedMeanwhile(message);
    case 'effect':
      return form?.effect(message);
    case 'connection':
      return form?.connection(message);
    case 'found':
    case 'notFound':
      return form?.offered(message);
    case 'projectsFound':
      return form?.projectsFound(message);
    default:
      message satisfies never;
  }
}

window.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
  const parsed = z.safeParse(toForm, data);
  if (parsed.success) receive(parsed.data);
});
listenForTexts(post);
post({ type: 'ready' });
