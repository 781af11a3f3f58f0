import * as l10n from '@vscode/l10n';
import type { ToForm } from '../src/features/form/protocol';
import type { ClusterDraft } from '../src/core/model/clusterDraft';
import { certificateField } from './certificateField';
import { projectField } from './combobox';
import { make } from './dom';
import { authorizationField, flagField, textField } from './fields';
import { effectLine } from './effectLine';
import { errorSummary } from './summary';
import { headingOf, providerReason } from './wording';

type Loaded = Extract<ToForm, { type: 'loaded' }>;

/** Builds the whole form for what was loaded, with nothing typed yet. */
export function buildForm(loaded: Loaded, searchProjects: (text: string) => void, checkEffect: () => void) {
  const { context } = loaded;
  const required = { 'aria-required': 'true' };
  const certificate = certificateField(context);
  const project = projectField(context, searchProjects);
  const sections = [
    section(l10n.t('Cluster'), [textField('name', context, required), flagField('enabled', context)]),
    section(l10n.t('Kubernetes API'), [
      textField('apiUrl', context, { ...required, type: 'url', placeholder: 'https://k8s.example.com:6443' }),
      textField('serviceToken', context, {
        type: 'password',
        // "off" alone is not heeded for passwords.
        autocomplete: 'new-password',
        ...(context.mode === 'add' && !context.tokenKept && required),
      }),
      certificate,
      authorizationField(context),
    ]),
    section(l10n.t('Environments'), [
      textField('environmentScope', context, required),
      textField('baseDomain', context),
    ]),
    section(l10n.t('Management by GitLab'), [
      flagField('managed', context),
      flagField('namespacePerEnvironment', context),
      textField('namespace', context),
      project,
    ]),
  ];
  const fields = sections.flatMap((one) => one.fields);
  const [heading, place] = headingOf(context);
  const summary = errorSummary((id) => fields.find((field) => field.id === id)?.control.focus());
  const save = make(
    'button',
    { type: 'submit' },
    context.mode === 'add' ? l10n.t('Add Cluster') : l10n.t('Save Changes'),
  );
  const cancel = make('button', { type: 'button', class: 'secondary' }, l10n.t('Cancel'));
  const status = make('span', { class: 'status', role: 'status' });
  const effect = effectLine(checkEffect);
  const body = make('div', { class: 'sections' }, ...sections.map(({ root }) => root));
  const form = make(
    'form',
    { novalidate: true, autocomplete: 'off', 'aria-labelledby': 'heading' },
    body,
    make('footer', {}, save, cancel, status, effect.root),
  );
  const reason = providerReason(context);
  const header = make(
    'header',
    {},
    make('h1', { id: 'heading' }, heading),
    make('p', { class: 'place' }, place),
    reason && make('p', { id: 'reason', class: 'note' }, reason),
  );

  return {
    header,
    form,
    fields,
    certificate,
    project,
    summary,
    cancel,
    effect,
    read: (): ClusterDraft => fields.reduce((draft, field) => ({ ...draft, ...field.read() }), loaded.draft),
    /** While GitLab works, nothing can be typed; focus waits on the button. */
    setBusy: (busy: false | 'saving' | 'looking'): void => {
      if (busy) save.focus();
      body.inert = busy !== false;
      form.setAttribute('aria-busy', String(busy !== false));
      save.setAttribute('aria-disabled', String(busy !== false));
      cancel.setAttribute('aria-disabled', String(busy === 'saving'));
      cancel.textContent = busy === 'looking' ? l10n.t('Stop Looking') : l10n.t('Cancel');
      status.textContent = busy === 'saving' ? l10n.t('Saving…') : busy ? lookingWords() : '';
    },
  };
}

function lookingWords(): string {
  return l10n.t('GitLab’s answer got lost. Looking whether it saved the cluster, for up to 20 seconds…');
}

export type FormView = ReturnType<typeof buildForm>;

function section(legend: string, fields: readonly ReturnType<typeof textField>[]) {
  return { fields, root: make('fieldset', {}, make('legend', {}, legend), ...fields.map(({ root }) => root)) };
}
