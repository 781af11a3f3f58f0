import * as l10n from '@vscode/l10n';
import { attributeNames } from '../src/core/model/attributes';
import type { Attribute } from '../src/core/model/attributes';
import type { ToForm } from '../src/features/form/protocol';
import type { ClusterDraft } from '../src/core/model/clusterDraft';
import { certificateField } from './certificateField';
import { projectField } from './combobox';
import { make } from './dom';
import type { Field } from './fields';
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
  const built: Readonly<Record<Attribute, Field>> = {
    name: textField('name', context, required),
    enabled: flagField('enabled', context),
    apiUrl: textField('apiUrl', context, { ...required, type: 'url', placeholder: 'https://k8s.example.com:6443' }),
    serviceToken: textField('serviceToken', context, {
      type: 'password',
      // "off" alone is not heeded for passwords.
      autocomplete: 'new-password',
      ...(context.mode === 'add' && !context.tokenKept && required),
      // In the field itself, which looks blank: the token never comes back to the page.
      ...(context.tokenKept && { placeholder: l10n.t('The token you entered is kept') }),
    }),
    caCert: certificate,
    authorizationType: authorizationField(context),
    environmentScope: textField('environmentScope', context, required),
    baseDomain: textField('baseDomain', context),
    managed: flagField('managed', context),
    namespacePerEnvironment: flagField('namespacePerEnvironment', context),
    namespace: textField('namespace', context),
    managementProjectId: project,
  };
  const fields = attributeNames.map((attribute) => built[attribute]);
  const [heading, place] = headingOf(context);
  const summary = errorSummary((id) => fields.find((field) => field.id === id)?.control.focus());
  const save = make(
    'button',
    { type: 'submit' },
    context.mode === 'add' ? l10n.t('Add Cluster') : l10n.t('Save Changes'),
  );
  const cancel = make('button', { type: 'button', class: 'secondary' }, l10n.t('Cancel'));
  const status = make('span', { class: 'status', role: 'status' });
  const sent = make('span', { class: 'sent' }, l10n.t('Only what you changed is sent.'));
  const effect = effectLine(checkEffect);
  const body = make('div', { class: 'sections' }, ...sectionsOf(fields));
  const footer = make('footer', {}, save, cancel, context.mode === 'edit' ? sent : undefined, status, effect.root);
  const form = make('form', { novalidate: true, autocomplete: 'off', 'aria-labelledby': 'heading' }, body, footer);
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
    footer,
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

/** Each section goes from the field that begins it to the next one that does. */
function sectionsOf(fields: readonly Field[]): readonly HTMLElement[] {
  const legends: Partial<Record<Attribute, string>> = {
    name: l10n.t('Cluster'),
    apiUrl: l10n.t('Kubernetes API'),
    environmentScope: l10n.t('Environments'),
    managed: l10n.t('Management by GitLab'),
  };
  const sections: HTMLElement[] = [];
  for (const { id, root } of fields) {
    const legend = legends[id];
    if (legend) sections.push(make('fieldset', {}, make('legend', {}, legend)));
    sections.at(-1)?.append(root);
  }
  return sections;
}

function lookingWords(): string {
  return l10n.t('GitLab’s response was lost. Checking whether the cluster was saved (up to 20 seconds)…');
}
