import * as l10n from '@vscode/l10n';
import { plain } from '../model/plainText';
import { serviceAccountOf } from '../model/serviceToken';
import { wordsOf } from './curlWords';
import { found, readingOf } from './found';
import type { Reading } from './found';
import { registration } from './objects';
import { parseJson } from './tree';
import type { Tree } from './tree';
import { takeApiUrl, takeToken, together } from './values';

/** What is behind the address of a Kubernetes API in a request. */
const REQUEST = /\/(?:api\/v1|api$|apis|version|healthz|livez|readyz|openapi)(?:[/?].*)?$/;
/** What a shell would put there. */
const PLACEHOLDER = /\$\w|\$[{(]|%\w+%|^<.*>$/;

export function isCurl(text: string): boolean {
  return /^\s*(?:sudo\s+)?(?:curl(?:\.exe)?|Invoke-RestMethod|Invoke-WebRequest|irm|iwr)\s/i.test(text);
}

/** The options of curl that matter, short and long, and PowerShell's names of them; true where a value follows. */
const options: Readonly<
  Record<string, 'header' | 'ca' | 'cert' | 'bearer' | 'user' | 'data' | 'url' | 'insecure' | 'skip'>
> = {
  '-H': 'header',
  '--header': 'header',
  '-headers': 'header',
  '--cacert': 'ca',
  '--cert': 'cert',
  '-E': 'cert',
  '--key': 'cert',
  '--oauth2-bearer': 'bearer',
  '-u': 'user',
  '--user': 'user',
  '-d': 'data',
  '--data': 'data',
  '--data-raw': 'data',
  '--data-binary': 'data',
  '--data-ascii': 'data',
  '--json': 'data',
  '--data-urlencode': 'data',
  '-F': 'data',
  '--form': 'data',
  '--form-string': 'data',
  '-body': 'data',
  '--url': 'url',
  '-uri': 'url',
  '-k': 'insecure',
  '--insecure': 'insecure',
  '-skipcertificatecheck': 'insecure',
  '-X': 'skip',
  '--request': 'skip',
  '-method': 'skip',
  '-o': 'skip',
  '--output': 'skip',
  '-A': 'skip',
  '--user-agent': 'skip',
  '-m': 'skip',
  '--max-time': 'skip',
  '--connect-timeout': 'skip',
  '--resolve': 'skip',
  '-contenttype': 'skip',
  '--retry': 'skip',
  '-x': 'skip',
  '--proxy': 'skip',
  '-b': 'skip',
  '--cookie': 'skip',
  '-w': 'skip',
  '--write-out': 'skip',
};

/** A request to a Kubernetes API or to GitLab's, as curl or PowerShell; nothing in it is run. */
export function readCurl(text: string): Reading {
  const given = new Map<string, string[]>();
  const note = (kind: string, value: string): void => void given.set(kind, [...(given.get(kind) ?? []), value]);
  const words = wordsOf(text.trim().replace(/^sudo\s+/, '')).slice(1);
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? '';
    const [, name = word, glued] = /^(--[\w-]+)=(.*)$/s.exec(word) ?? /^(-[HuXdEoAmbxwF])(.+)$/s.exec(word) ?? [];
    const option = options[name] ?? options[name.toLowerCase()];
    if (option === undefined) {
      if (!word.startsWith('-')) note('url', word);
    } else if (option === 'insecure') note(option, '');
    else note(option, glued ?? words[++at] ?? '');
  }
  const url = given.get('url')?.find((one) => /^https?:\/\/|^[\w.-]+(?::\d+)?(?:\/|$)/i.test(one));
  if (url === undefined) return { problem: l10n.t('This command names no address.') };
  if (/\/api\/v4\//.test(url)) return gitlabCall(url, given.get('data') ?? []);
  return kubernetesCall(url, given, text);
}

/** The token of GitLab in its header is dropped. */
function gitlabCall(url: string, data: readonly string[]): Reading {
  const dropped = l10n.t('GitLab’s own access token in this command was dropped.');
  const [, query = ''] = url.split('?');
  const tree =
    jsonOf(data.at(-1) ?? '') ?? formFields([...query.split('&'), ...data.flatMap((part) => part.split('&'))]);
  if (tree === undefined) return { problem: l10n.t('This is a request to GitLab without the fields of a cluster.') };
  const one = registration(tree);
  return { kind: 'curl', choices: [{ ...one, notes: [...one.notes, dropped] }] };
}

/** Windows PowerShell needs `\\"` inside single quotes, where other shells pass the backslash on. */
function jsonOf(text: string): Tree | undefined {
  if (!/^\s*\{/.test(text)) return undefined;
  for (const one of [text, text.replaceAll('\\"', '"')]) {
    try {
      return parseJson(one);
    } catch {
      // Perhaps the other reads.
    }
  }
  return undefined;
}

/** `name=…` and `platform_kubernetes_attributes[api_url]=…`, encoded or not, as GitLab's parameters. */
function formFields(parts: readonly string[]): Tree | undefined {
  const top: Record<string, Tree> = {};
  const platform: Record<string, Tree> = {};
  for (const part of parts) {
    const [, key = '', value = ''] = /^([^=]+)=(.*)$/s.exec(part) ?? [];
    const [, name = '', inside] = /^(\w+)(?:\[(\w+)\])?$/.exec(decodedPart(key)) ?? [];
    const text = decodedPart(value);
    if (inside === undefined && name !== '') top[name] = text;
    if (name === 'platform_kubernetes_attributes' && inside !== undefined) platform[inside] = text;
  }
  const hasPlatform = Object.keys(platform).length > 0;
  if (!hasPlatform && !('name' in top)) return undefined;
  return { ...top, ...(hasPlatform && { platform_kubernetes_attributes: platform }) };
}

function decodedPart(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', text.includes('%') ? ' ' : '+'));
  } catch {
    return text;
  }
}

function kubernetesCall(url: string, given: ReadonlyMap<string, readonly string[]>, text: string): Reading {
  const headers = given.get('header') ?? [];
  // PowerShell writes headers as @{ Authorization = "Bearer …" }.
  const header = [...headers, text].map(
    (one) => /authorization["']?\s*[:=]\s*["']?(?:bearer\s+)([^"'\s}]+)/i.exec(one)?.[1],
  );
  const bearer = given.get('bearer')?.at(-1) ?? header.find((one) => one !== undefined);
  const base = url.replace(/[?#].*$/s, '').replace(REQUEST, '');
  const isPlaceholder = bearer !== undefined && PLACEHOLDER.test(bearer);
  const taken = together(
    takeApiUrl(PLACEHOLDER.test(base) ? undefined : base),
    takeToken(isPlaceholder ? undefined : bearer),
  );
  const ca = given.get('ca')?.at(-1);
  const notes = [
    ...taken.notes,
    ...(PLACEHOLDER.test(base) ? [l10n.t('The address in this command is a placeholder of the shell.')] : []),
    ...(isPlaceholder
      ? [l10n.t('The token in this command is a placeholder of the shell: print its value and paste that.')]
      : []),
    ...(ca === undefined ? [] : [l10n.t('The CA certificate is in the file {0}. Choose that file.', plain(ca))]),
    ...(given.has('insecure')
      ? [l10n.t('The command does not check the certificate; GitLab does, and needs the CA certificate.')]
      : []),
    ...(given.has('cert') ? [l10n.t('The command signs in with a client certificate, which GitLab can’t use.')] : []),
    ...(given.has('user')
      ? [l10n.t('The command signs in with user name and password, which GitLab can’t use. They were dropped.')]
      : []),
  ];
  const token = taken.values.serviceToken;
  const one = found('curl', taken.values, {
    notes,
    needsAccount: token === undefined,
    account: token && serviceAccountOf(token),
  });
  return readingOf(
    'curl',
    Object.keys(taken.values).length === 0 && notes.length === 0 ? [] : [one],
    l10n.t('Nothing in this command can be used.'),
  );
}
