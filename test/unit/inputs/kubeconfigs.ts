import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { inputFile } from '../../inputs/inputs';

/** What a generated kubeconfig holds, and so what must be read from it. */
export interface Facts {
  readonly name: string;
  readonly apiUrl: string;
  readonly token: string;
  readonly ca: X509Certificate;
}

export const authorities = ['ca.pem', 'ca-2.pem', 'no-subject.pem', 'direction-in-subject.pem'].map(
  (name) => new X509Certificate(readFileSync(inputFile(name))),
);

const word = fc.stringMatching(/^[a-z][a-z0-9]{0,11}$/);
const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const jwt = fc
  .tuple(word, word, fc.stringMatching(/^[A-Za-z0-9_-]{20,40}$/))
  .map(([namespace, account, signature]) =>
    [
      part({ alg: 'RS256', kid: account }),
      part({ iss: 'kubernetes/serviceaccount', sub: `system:serviceaccount:${namespace}:${account}` }),
      signature.slice(0, signature.length - (signature.length % 4 === 1 ? 1 : 0)),
    ].join('.'),
  );

export const facts: fc.Arbitrary<Facts> = fc.record({
  name: fc.oneof(
    word,
    fc.constantFrom('y', 'no', '0x1F', '1e10', '12345', 'null', 'a: b', '#x', 'arn:aws:eks:eu:1:cluster/x', 'ü "q"'),
  ),
  apiUrl: fc
    .tuple(word, word, fc.constantFrom('', ':6443', ':443', ':16443'), fc.constantFrom('', '/k8s/clusters/c-abc12'))
    .map(([host, domain, port, path]) => `https://${host}.${domain}.example${port}${path}`),
  token: fc.oneof(jwt, jwt, fc.stringMatching(/^[a-f]{4}-[A-Za-z0-9]{16,30}$/), fc.stringMatching(/^[1-9][0-9]{17}$/)),
  ca: fc.constantFrom(...authorities),
});

type Scalar = (text: string, indent: string) => string;

const quoted: Scalar = (text) => JSON.stringify(text);
const single: Scalar = (text) => `'${text.replaceAll("'", "''")}'`;
const isPlain = (text: string): boolean => /^[A-Za-z][\w./:+=-]*$/.test(text) && !/: |:$/.test(text);
const plain: Scalar = (text, indent) => (isPlain(text) || /^[\w+/=.-]+$/.test(text) ? text : quoted(text, indent));
const inLines =
  (mark: string): Scalar =>
  (text, indent) =>
    text.length > 400
      ? `${mark}\n${(text.match(/.{1,60}/g) ?? []).map((line) => `${indent}${line}`).join('\n')}`
      : quoted(text, indent);

const scalars: Readonly<Record<string, Scalar>> = {
  'plain scalars': plain,
  'double quotes': quoted,
  'single quotes': single,
  'literal block': inLines('|'),
  'folded block': inLines('>-'),
};

const datas: Readonly<Record<string, (ca: X509Certificate) => string>> = {
  'base64 of PEM': (ca) => Buffer.from(ca.toString()).toString('base64'),
  'base64 of DER': (ca) => ca.raw.toString('base64'),
  'base64 twice': (ca) => Buffer.from(Buffer.from(ca.toString()).toString('base64')).toString('base64'),
  'base64 of PEM with CRLF': (ca) => Buffer.from(ca.toString().replace(/\n/g, '\r\n')).toString('base64'),
};

interface Built {
  readonly lines: string;
}

interface Shape {
  readonly scalar: Scalar;
  readonly others: boolean;
  readonly extras: boolean;
  readonly doubled: boolean;
  readonly kindless: boolean;
  readonly backwards: boolean;
}

function yamlOf({ name, apiUrl, token }: Facts, data: string, shape: Shape): Built {
  const s = (text: string, depth = 6): string => shape.scalar(text, ' '.repeat(depth));
  const n = isPlain(name) && !/^(?:y|no|null)$/.test(name) ? name : JSON.stringify(name);
  const other = (lines: string): string => (shape.others ? lines : '');
  const sections = [
    `clusters:\n${other('- name: other\n  cluster:\n    server: https://other.example\n')}- name: ${n}\n  cluster:\n${
      shape.doubled ? '    server: https://first.example\n' : ''
    }    certificate-authority-data: ${s(data)}\n    server: ${s(apiUrl)}\n${
      shape.extras
        ? '    disable-compression: true\n    extensions:\n    - name: x\n      extension: {last-update: today}\n'
        : ''
    }`,
    `contexts:\n${other('- name: other\n  context:\n    cluster: other\n    user: other\n')}- context:\n    cluster: ${n}\n    namespace: default\n    user: ${n}\n  name: ${n}\n`,
    `current-context: ${n}\n`,
    `users:\n${other('- name: other\n  user: {token: otherothertoken99}\n')}- name: ${n}\n  user:\n    token: ${s(token)}\n`,
  ];
  const head = shape.kindless ? '' : 'apiVersion: v1\nkind: Config\npreferences: {}\n';
  return { lines: head + (shape.backwards ? sections.reverse() : sections).join('') };
}

function jsonOf({ name, apiUrl, token }: Facts, data: string, space: number): Built {
  const config = {
    kind: 'Config',
    apiVersion: 'v1',
    clusters: [{ name, cluster: { server: apiUrl, 'certificate-authority-data': data } }],
    users: [{ name, user: { token } }],
    contexts: [{ name, context: { cluster: name, user: name } }],
    'current-context': name,
  };
  return { lines: `${JSON.stringify(config, undefined, space)}\n` };
}

/** What is put around or done to a whole text. */
const wrappings: Readonly<Record<string, (text: string) => string>> = {
  CRLF: (text) => text.replace(/\n/g, '\r\n'),
  'byte order mark': (text) => `\ufeff${text}`,
  'Markdown fence': (text) => `See:\n\n\`\`\`yaml\n${text}\`\`\`\n`,
  'prompt of sh': (text) => `me@host:~$ kubectl config view --raw\n${text}me@host:~$ `,
  'prompt of PowerShell': (text) => `PS C:\\Users\\me> kubectl config view --raw\n${text}`,
  colours: (text) => text.replace(/^(\s*server:)/gm, '\u001b[36m$1\u001b[0m'),
  'no-break spaces': (text) => text.replace(/^ {4}/gm, '\u00a0\u00a0\u00a0\u00a0'),
  'quoted mail': (text) => text.replace(/^/gm, '> '),
  'a second document': (text) => `${text}---\nkind: Config\nclusters: []\nusers: []\ncontexts: []\n`,
  'blank lines around': (text) => `\n\n${text}\n\n`,
};

export interface Dressed {
  readonly text: string;
  readonly costumes: readonly string[];
}

/** A kubeconfig in two to four costumes. */
export const dressed = (of: Facts): fc.Arbitrary<Dressed> =>
  fc
    .record({
      syntax: fc.constantFrom('YAML', 'YAML', 'YAML', 'JSON on one line', 'indented JSON'),
      scalar: fc.constantFrom(...Object.keys(scalars)),
      data: fc.constantFrom(...Object.keys(datas)),
      shape: fc.constantFrom('others', 'extras', 'doubled', 'kindless', 'backwards', 'none', 'none'),
      wrapping: fc.constantFrom(...Object.keys(wrappings), 'none', 'none'),
    })
    .map(({ syntax, scalar, data, shape, wrapping }) => {
      const isYaml = syntax === 'YAML';
      const built = isYaml
        ? yamlOf(of, datas[data]?.(of.ca) ?? '', {
            scalar: scalars[scalar] ?? plain,
            others: shape === 'others',
            extras: shape === 'extras',
            doubled: shape === 'doubled',
            kindless: shape === 'kindless',
            backwards: shape === 'backwards',
          })
        : jsonOf(of, datas[data]?.(of.ca) ?? '', syntax === 'indented JSON' ? 2 : 0);
      const isBreaking = wrapping === 'a second document' && !isYaml;
      const wrap = isBreaking ? undefined : wrappings[wrapping];
      return {
        text: wrap ? wrap(built.lines) : built.lines,
        costumes: [
          ...(isYaml ? [scalar] : [syntax]),
          data,
          ...(isYaml && shape !== 'none' ? [shapeNames[shape] ?? shape] : []),
          ...(wrap ? [wrapping] : []),
        ],
      };
    });

const shapeNames: Readonly<Record<string, string>> = {
  others: 'several contexts',
  extras: 'unknown fields',
  doubled: 'a key twice',
  kindless: 'no kind',
  backwards: 'another order',
};

/** Ways a text comes to harm, each of which must be noticed. The name says what is lost or wrong. */
export const damages: Readonly<Record<string, (facts: Facts, seed: number) => string>> = {
  'cut before the users': (of) => whole(of).replace(/users:[\s\S]*$/, ''),
  'cut before the contexts': (of) => whole(of).replace(/contexts:[\s\S]*$/, ''),
  'cut inside the CA': (of, seed) => whole(of, { data: cutOut(pem64(of), seed, 3 + (seed % 50)) }),
  'one character missing in the CA': (of, seed) => whole(of, { data: cutOut(pem64(of), seed, 1) }),
  'a bit flipped in the CA’s signature': (of, seed) => whole(of, { data: flipped(of.ca, seed).toString('base64') }),
  'other characters in the CA': (of, seed) => whole(of, { data: inserted(pem64(of), seed, '*') }),
  'the CA left out': (of) => whole(of, { data: 'DATA+OMITTED' }),
  'a token of two parts': (of) => whole(of, { token: `${part({ alg: 'RS256' })}.${part({ iss: 'x' })}` }),
  'the token hidden': (of) => whole(of, { token: 'REDACTED' }),
  'the token masked': (of) => whole(of, { token: '"••••••••"' }),
  'a placeholder as token': (of) => whole(of, { token: '"<token>"' }),
  'a placeholder in the address': (of) => whole(of, { apiUrl: '"https://{{host}}:6443"' }),
  'two schemes': (of) => whole(of, { apiUrl: `https://https://${of.apiUrl.slice(8)}` }),
  'a port too high': (of) => whole(of, { apiUrl: `${of.apiUrl.replace(/(:\d+)?(\/.*)?$/, '')}:99999` }),
  'the wrong indentation': (of) => whole(of).replace('    server:', '\t server:'),
  'an open quote': (of) => whole(of).replace('server: ', 'server: "'),
  'a context of no cluster': (of) => whole(of).replace(/^( {4}cluster:).*$/m, '$1 gone'),
  'an alias': (of) => whole(of).replace('users:', 'users: *users\nothers:'),
  'another version': (of) => whole(of).replace('apiVersion: v1', 'apiVersion: v9'),
  'another kind': (of) =>
    whole(of)
      .replace('kind: Config', 'kind: Deployment')
      .replace(/clusters:[\s\S]*/, ''),
  'a name twice': (of) =>
    whole(of).replace('users:', `users:\n- name: ${JSON.stringify(of.name)}\n  user: {token: other}`),
  'nested too deep': (of) => whole(of).replace('preferences: {}', `preferences: ${'['.repeat(200)}${']'.repeat(200)}`),
};

function pem64({ ca }: Facts): string {
  return Buffer.from(ca.toString()).toString('base64');
}

function whole(of: Facts, change: { data?: string; token?: string; apiUrl?: string } = {}): string {
  const n = JSON.stringify(of.name);
  return `apiVersion: v1\nkind: Config\npreferences: {}\nclusters:\n- name: ${n}\n  cluster:\n    certificate-authority-data: ${change.data ?? pem64(of)}\n    server: ${change.apiUrl ?? of.apiUrl}\ncontexts:\n- name: ${n}\n  context:\n    cluster: ${n}\n    user: ${n}\ncurrent-context: ${n}\nusers:\n- name: ${n}\n  user:\n    token: ${change.token ?? `"${of.token}"`}\n`;
}

/** Where the certificate itself is, behind the line that begins it. */
function within(text: string, seed: number): number {
  return 60 + (seed % (text.length - 160));
}

function cutOut(text: string, seed: number, length: number): string {
  const at = within(text, seed);
  return text.slice(0, at) + text.slice(at + length);
}

function inserted(text: string, seed: number, what: string): string {
  const at = within(text, seed);
  return text.slice(0, at) + what + text.slice(at);
}

/** DER with one bit changed in the signature; names that were changed could be anybody’s. */
function flipped(ca: X509Certificate, seed: number): Buffer {
  const bytes = Buffer.from(ca.raw);
  const at = bytes.length - 1 - (seed % 60);
  bytes[at] = (bytes[at] ?? 0) ^ (1 << (seed % 8));
  return bytes;
}
