import * as l10n from '@vscode/l10n';
import { blankDraft } from '../../core/model/clusterDraft';
import type { ClusterDraft } from '../../core/model/clusterDraft';
import { checkDraft } from '../../core/model/clusterRules';
import type { Finding } from '../../core/model/clusterRules';
import { plain } from '../../core/model/plainText';
import { serviceTokenWithin } from '../../core/model/serviceToken';
import type { Dialogs } from '../../editor/dialogs';
import { askCaCertificate, certificateNotes } from './askCaCertificate';
import type { AskedChange } from './askChange';

type ConnectionField = 'apiUrl' | 'caCert' | 'serviceToken';

/** Asks for new values of a connection, by the rules of the form. Undefined where the user stops. */
export async function askConnection(
  fields: readonly ConnectionField[],
  title: string,
  { dialogs, gitlabVersion }: { readonly dialogs: Dialogs; readonly gitlabVersion: string | undefined },
): Promise<AskedChange | undefined> {
  const values = new Map<ConnectionField, string>();
  for (const field of fields) {
    const value =
      field === 'caCert' ? await askCaCertificate(title, dialogs) : await askConnectionText(field, title, dialogs);
    if (value === undefined) return undefined;
    values.set(field, value);
  }
  const [apiUrl, caCert, serviceToken] = [values.get('apiUrl'), values.get('caCert'), values.get('serviceToken')];
  return {
    change: { type: 'connection', apiUrl, caCert, replacesServiceToken: serviceToken !== undefined },
    serviceToken,
    notes: [
      ...[...values].flatMap(([field, value]) =>
        findingsOf(field, value, gitlabVersion).flatMap(({ severity, message }) =>
          severity === 'error' ? [] : [message],
        ),
      ),
      ...(caCert === undefined ? [] : certificateNotes(caCert)),
    ],
  };
}

async function askConnectionText(
  field: 'apiUrl' | 'serviceToken',
  title: string,
  dialogs: Dialogs,
): Promise<string | undefined> {
  const prompt =
    field === 'apiUrl'
      ? l10n.t('New address of the Kubernetes API')
      : l10n.t('New token of the service account; it is sent to GitLab and not kept');
  const value = await askField(field, title, prompt, dialogs);
  return value === undefined ? undefined : repaired(field, value, dialogs);
}

/** Asks for the value of one field. What can be repaired passes: the repair is offered after that. */
export function askField(
  field: 'apiUrl' | 'serviceToken' | 'baseDomain',
  title: string,
  prompt: string,
  dialogs: Dialogs,
): Promise<string | undefined> {
  return dialogs.ask({
    title,
    prompt,
    password: field === 'serviceToken',
    check: (value) =>
      findingsOf(field, value).find(({ severity, offer }) => severity === 'error' && offer === undefined)?.message,
  });
}

/**
 * Offers what the form offers: the address or the token that was meant. What GitLab takes may be kept as it was typed. No
 * token is shown. Undefined where the user stops.
 */
async function repaired(
  field: 'apiUrl' | 'serviceToken',
  value: string,
  dialogs: Dialogs,
): Promise<string | undefined> {
  const findings = findingsOf(field, value);
  const offer = field === 'apiUrl' ? findings.find((one) => one.offer !== undefined)?.offer : serviceTokenWithin(value);
  if (offer === undefined) return value;
  const isRefused = findings.some(({ severity }) => severity === 'error');
  const use = field === 'apiUrl' ? l10n.t('Use {0}', plain(offer)) : l10n.t('Use the Token Inside');
  const keep = l10n.t('Use as Typed');
  const message =
    field === 'apiUrl'
      ? isRefused
        ? l10n.t('GitLab would refuse this API URL.')
        : l10n.t('This API URL may not be what you mean.')
      : l10n.t('This text holds more than the token.');
  const detail = findings.map((one) => one.message).join('\n');
  const answer = await dialogs.confirm(message, detail, use, ...(isRefused ? [] : [keep]));
  return answer === use ? offer : answer === keep ? value : undefined;
}

/** What the form says of one value. */
function findingsOf(field: ConnectionField | 'baseDomain', value: string, gitlabVersion?: string): readonly Finding[] {
  const draft: ClusterDraft = { ...blankDraft(), [field]: value };
  // As if it were added: then no value counts as left alone.
  const context = { mode: 'add', level: 'project', provider: 'user', initial: blankDraft(), gitlabVersion } as const;
  return checkDraft(draft, { ...context, siblings: [], ownerPath: undefined }).filter((one) => one.field === field);
}
