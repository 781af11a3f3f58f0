import * as l10n from '@vscode/l10n';
import { certificatesIn } from '../model/certificateText';
import { serviceAccountOf, serviceTokenWarnings } from '../model/serviceToken';
import { cleaned } from './clean';
import { isClusterTable } from './csv';
import { isCurl, readCurl } from './curl';
import { found } from './found';
import type { Reading } from './found';
import { readFragment } from './kubeconfig';
import { readTrees } from './objects';
import { isTerraform, readTerraform } from './terraform';
import { parseJson, parseYaml } from './tree';
import type { Tree } from './tree';
import { decodedText, takeApiUrl, takeCa, takeToken } from './values';

/** Longer texts are no description of a cluster. In UTF-16 code units. */
const MAX_PASTE = 1_048_576;

/** Keys by which a piece of YAML is known. */
const KEY =
  /^[ \t]*(?:-[ \t]+)*["']?(?:apiVersion|kind|clusters|users|contexts|cluster|user|context|server|certificate-authority(?:-data)?|token|tokenFile|current-context|data|items|metadata|endpoint|masterAuth|name|client-certificate-data)["']?[ \t]*:/m;

/**
 * What a pasted text or the content of a file holds of a cluster (Kubernetes facts 3). Never throws, runs and follows
 * nothing in it, and quotes no secret.
 */
export function readPaste(text: string): Reading {
  if (text.length > MAX_PASTE) return { problem: l10n.t('This text is too long: 1 MiB at most can be read.') };
  const clean = withoutAssignment(cleaned(text));
  if (clean.trim() === '') return { problem: l10n.t('There is nothing to read.') };
  return (
    readPem(clean) ??
    readJson(clean) ??
    (isCurl(clean) ? readCurl(clean.trim()) : undefined) ??
    (isTerraform(clean) ? readTerraform(clean) : undefined) ??
    readPrinted(clean) ??
    readGoMap(clean) ??
    readYaml(clean) ??
    readWord(clean) ?? { problem: isClusterTable(clean) ? ofMany() : unknown() }
  );
}

function ofMany(): string {
  return l10n.t('This is a table of clusters. The command “Add Clusters From List…” adds them all.');
}

/** One value that a shell's variable is set to: `export TOKEN="…"`, `$token = '…'`, `set TOKEN=…`. */
function withoutAssignment(text: string): string {
  const [, , quoted, word] =
    /^\s*(?:(?:export|set|setx|readonly|local)\s+)?\$?(?:env:)?[A-Za-z_]\w*\s*=\s*(?:(["'])([^"'\n]+)\1|([^\s"'=][^\s"']*={0,2}));?\s*$/.exec(
      text,
    ) ?? [];
  return quoted ?? word ?? text;
}

function unknown(): string {
  return l10n.t(
    'Nothing in this text was recognised. Paste a kubeconfig, a Secret of a service account, a CA certificate, or a token.',
  );
}

const CA_ONLY = 'PEM';

/** PEM that is not inside something else. A private key belongs to a client: it is dropped and named. */
function readPem(text: string): Reading | undefined {
  if (!/-----\s*BEGIN /.test(text) || /^\s*(?:[{[]|resource\s)/.test(text) || isCurl(text)) return undefined;
  if (
    /^[ \t]*["']?(?:apiVersion|clusters|server|kubernetes_api_url|ca\.crt|data|platform_kubernetes)["']?[ \t]*[:=]/m.test(
      text,
    )
  ) {
    return undefined;
  }
  const key = /-----\s*BEGIN [A-Z0-9 ]*PRIVATE KEY\s*-----/.test(text);
  const keyNote = l10n.t('The private key in this text was dropped: it belongs to a client, and GitLab needs none.');
  if (!/-----\s*BEGIN [A-Z0-9 ]*CERTIFICATE\s*-----/.test(text)) {
    return { problem: key ? keyNote : l10n.t('This PEM text holds no certificate.') };
  }
  const { values, notes } = takeCa(text);
  if (values.caCert === undefined) return { problem: [...notes, ...(key ? [keyNote] : [])].join(' ') };
  const left = certificatesIn(text).length - (values.caCert.match(/BEGIN/g)?.length ?? 0);
  const leftNote = l10n.t('Certificates that don’t belong to a CA were left out ({0}).', left);
  return {
    kind: CA_ONLY,
    choices: [
      found(l10n.t('CA certificate'), values, { notes: [...(key ? [keyNote] : []), ...(left > 0 ? [leftNote] : [])] }),
    ],
  };
}

function readJson(text: string): Reading | undefined {
  if (!/^\s*[{[]/.test(text)) return undefined;
  let tree: Tree;
  try {
    tree = parseJson(text);
  } catch {
    // A fragment, several documents, or YAML in flow style.
    return undefined;
  }
  return readTrees([tree]) ?? { problem: unknown() };
}

/** What `kubectl describe secret` and `kubectl cluster-info` print for people. */
function readPrinted(text: string): Reading | undefined {
  const described = /^Type:\s+kubernetes\.io\/service-account-token\s*$/m.test(text) || /^Data\n=+$/m.test(text);
  if (described) {
    const { values, notes } = takeToken(/^token:[ \t]+(\S+)[ \t]*$/m.exec(text)?.[1]);
    const name = /^Name:\s+(\S+)$/m.exec(text)?.[1] ?? '?';
    const ca = l10n.t('The CA certificate is not printed by this command. Read the Secret with {0}.', '-o json');
    if (values.serviceToken === undefined) return { problem: notes[0] ?? l10n.t('No token is printed in this text.') };
    return {
      kind: 'kubectl describe secret',
      choices: [
        found(l10n.t('Secret {0}', name), values, {
          notes: [...notes, ca],
          account: serviceAccountOf(values.serviceToken),
        }),
      ],
    };
  }
  const running = /^Kubernetes (?:control plane|master) is running at (\S+)$/m.exec(text.replace(/[ \t]+$/gm, ''))?.[1];
  if (running === undefined) return undefined;
  const { values, notes } = takeApiUrl(running);
  return { kind: 'kubectl cluster-info', choices: [found(l10n.t('cluster'), values, { notes, needsAccount: true })] };
}

/** What old versions of kubectl print for `-o jsonpath='{.data}'`: `map[ca.crt:… token:…]`. */
function readGoMap(text: string): Reading | undefined {
  const inside = /^\s*map\[([^[\]]*)\]\s*$/.exec(text)?.[1];
  if (inside === undefined) return undefined;
  const pairs = inside.trim().split(/\s+/);
  return readTrees([Object.fromEntries(pairs.map((pair) => [pair.replace(/:.*$/s, ''), pair.replace(/^[^:]*:/, '')]))]);
}

function readYaml(text: string): Reading | undefined {
  if (!KEY.test(text)) return undefined;
  let reason = '';
  for (const attempt of attemptsAt(text)) {
    try {
      const trees = parseYaml(attempt).filter((tree) => typeof tree !== 'string');
      const reading = trees.length > 0 ? readTrees(trees) : undefined;
      if (reading) return reading;
    } catch (error) {
      reason ||= error instanceof Error && 'reason' in error ? String(error.reason) : 'invalid';
      if (/alias/i.test(reason))
        return { problem: l10n.t('Aliases (&, *) in YAML are not read. Write the values out.') };
    }
  }
  const isWhole = /^\s*["']?(?:apiVersion|kind)["']?\s*:/m.test(text);
  return (isWhole ? undefined : readLines(text)) ?? (reason === '' ? undefined : { problem: broken() });
}

function broken(): string {
  return l10n.t(
    'This looks like YAML but can’t be read: it is incomplete or its indentation is wrong. Copy all of it.',
  );
}

/** The text as it is; without common indentation; and a piece of it from its first known key on. */
function* attemptsAt(text: string): Generator<string> {
  yield text;
  if (/^(?:apiVersion|kind|clusters)[ \t]*:/m.test(text)) return;
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const depth = Math.min(...lines.map((line) => line.length - line.trimStart().length));
  if (depth > 0) yield lines.map((line) => line.slice(depth)).join('\n');
  const from = lines.findIndex((line) => KEY.test(line));
  if (from > 0) yield lines.slice(from).join('\n');
}

/** A piece that begins inside an entry is no YAML any more: its lines are read one by one, if each key is there once. */
function readLines(text: string): Reading | undefined {
  const values: Record<string, Tree> = {};
  for (const [, key = '', , quoted, word] of text.matchAll(
    /^[ \t]*(?:-[ \t]+)?["']?(server|certificate-authority-data|certificate-authority|token|tokenFile|client-certificate-data)["']?[ \t]*:[ \t]*(?:(["'])(.*)\2|(\S+))[ \t,]*$/gm,
  )) {
    const value = quoted ?? word ?? '';
    if (key in values && values[key] !== value) {
      return {
        problem: l10n.t('This piece of a kubeconfig holds several clusters. Copy all of it, with its contexts.'),
      };
    }
    values[key] = value;
  }
  return Object.keys(values).length === 0 ? undefined : readFragment([values]);
}

/** One word: an address, a token, a certificate in base64. */
function readWord(text: string): Reading | undefined {
  const bare = text.trim();
  // A whole kubeconfig or Secret is handed on in base64, too.
  const inside = decodedText(bare.replace(/^["']|["']$/g, ''));
  const whole = inside === undefined ? undefined : (readJson(cleaned(inside)) ?? readYaml(cleaned(inside)));
  if (whole) return whole;
  if (
    /^[a-z0-9-]+(?:\.[a-z0-9-]+)+\.?(?::\d{1,5})?(?:\/\S*)?$/i.test(bare) &&
    !bare.startsWith('eyJ') &&
    isHostLike(bare)
  ) {
    const { values, notes } = takeApiUrl(bare);
    if (values.apiUrl !== undefined) return one(l10n.t('API URL'), values, notes);
  }
  const isUrl = /^["'<(]*https?:\/\/\S+$/i.test(bare);
  if (isUrl) {
    const { values, notes } = takeApiUrl(bare);
    const [note] = notes;
    return values.apiUrl === undefined ? { problem: note ?? unknown() } : one(l10n.t('API URL'), values, notes);
  }
  const ca = certificatesIn(bare).length > 0 ? takeCa(bare) : undefined;
  if (ca) {
    const [note] = ca.notes;
    return ca.values.caCert === undefined
      ? { problem: note ?? unknown() }
      : one(l10n.t('CA certificate'), ca.values, ca.notes);
  }
  const token = takeToken(bare);
  if (token.values.serviceToken !== undefined && isTokenLike(token.values.serviceToken)) {
    return one(l10n.t('token'), token.values, token.notes);
  }
  const [note] =
    /\s/.test(bare) && !bare.includes('eyJ') && !/^bearer /i.test(bare) ? [] : serviceTokenWarnings(bare, new Date());
  return note === undefined ? undefined : { problem: note, needsAccount: true };
}

function one(label: string, values: Parameters<typeof found>[1], notes: readonly string[]): Reading {
  const token = values.serviceToken;
  // A token that is worth a word ends or belongs to somebody.
  const needsAccount = token !== undefined && notes.length > 0;
  return {
    kind: label,
    choices: [found(label, values, { notes, needsAccount, account: token && serviceAccountOf(token) })],
  };
}

/** An address without its scheme: an IP address, or a name with a port or the end of a domain. */
function isHostLike(word: string): boolean {
  return (
    /^\d+(?:\.\d+){3}(?::|\/|$)/.test(word) || /:\d+(?:\/|$)/.test(word) || /^[^/:]+\.[a-z]{2,}\.?(?:\/|$)/i.test(word)
  );
}

/** A word that is no sentence, name or number. */
function isTokenLike(token: string): boolean {
  return (
    token.startsWith('eyJ') ||
    (token.length >= 16 && /\d/.test(token) && /[a-z]/i.test(token)) ||
    /^(?:sha256~|ya29\.|k8s-aws-v1\.|kubeconfig-|token-)/.test(token)
  );
}
