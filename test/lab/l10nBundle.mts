// Checks that every text shown to people can be translated, and is in German: l10n/bundle.l10n.json holds what the code
// says (`--write` makes it so), package.json and package.nls.json know the same keys, and the German files have them all.
// What lacks a German text is listed one on a line, also by `npm run l10n`.
import { getL10nJson } from '@vscode/l10n-dev';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const bundleFile = 'l10n/bundle.l10n.json';
const isWriting = process.argv.includes('--write');

/** Texts that German has the same: names, what is typed as it is, and words it has taken over. */
const sameInGerman = new Set([
  '    SHA-256: {0}',
  'Agent',
  'Agent {0}',
  'Amazon EKS',
  'Cluster',
  'Cluster {0}',
  'Community Edition',
  'Enterprise Edition',
  'GET /version: {0}',
  'GitLab',
  'GitLab Clusters',
  'GitLab {0}',
  'Google GKE',
  'Host',
  'Host: {0}',
  'ID',
  'Name',
  'Namespace',
  'Problem',
  'Route',
  'Scopes: {0}',
  'Secret {0}',
  'Token',
  'Token {0}',
  'Version',
  'Windows (PowerShell)',
  'true',
  '{0} (ID {1})',
  '{0} min',
  '{0} s',
]);

const sources = ['src', 'media']
  .flatMap((folder) => readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((file) => join(folder, file)))
  .filter((file) => file.endsWith('.ts'));
const texts = await getL10nJson(sources.map((file) => ({ extension: '.ts', contents: readFileSync(file, 'utf8') })));
const sorted = Object.fromEntries(Object.entries(texts).sort(([a], [b]) => (a < b ? -1 : 1)));
const bundle = `${JSON.stringify(sorted, undefined, 2)}\n`;
if (isWriting) writeFileSync(bundleFile, bundle);

const problems: string[] = [];
if (bundle !== readText(bundleFile)) problems.push(`${bundleFile} is not what the code says: run \`npm run l10n\`.`);

const used = new Set([...readText('package.json').matchAll(/"%([^%"]+)%"/g)].map((match) => match[1]));
const titles = readTexts('package.nls.json');
for (const key of used) if (!titles.has(String(key))) problems.push(`package.nls.json lacks "${key}".`);
for (const key of titles.keys())
  if (!used.has(key)) problems.push(`package.nls.json has "${key}", which package.json does not use.`);

const inCode = new Map(
  Object.entries(sorted).map(([key, text]) => [key, typeof text === 'string' ? text : text.message]),
);
const german = [
  ...compare('l10n/bundle.l10n.de.json', inCode),
  ...compare('package.nls.de.json', titles),
  ...[...sameInGerman]
    .filter((text) => !inCode.has(text))
    .map((text) => `sameInGerman has "${text}", which is no text.`),
];

for (const problem of [...problems, ...german]) console.error(problem);
console.log(`${inCode.size} texts in the code, ${titles.size} in package.json.`);
// Whoever writes the English texts is shown what to translate, and not stopped.
process.exitCode = problems.length === 0 && (isWriting || german.length === 0) ? 0 : 1;

/** What is wrong with the German texts of a file, measured by the English ones. */
function compare(file: string, english: ReadonlyMap<string, string>): string[] {
  const translated = readTexts(file);
  const found: string[] = [];
  for (const key of translated.keys())
    if (!english.has(key)) found.push(`${file} has ${JSON.stringify(key)}, which is no text any more.`);
  for (const [key, text] of english) {
    const words = translated.get(key);
    const add = (what: string): unknown =>
      found.push(`${file} ${what} ${JSON.stringify(key)}${key === text ? '' : `: ${JSON.stringify(text)}`}`);
    if (words === undefined) add('lacks');
    else if (fixedParts(words) !== fixedParts(text)) add('has other placeholders, commands or spaces at the ends in');
    else if (words === text && /\p{L}/u.test(text.replaceAll(/\{\d+\}/g, '')) && !sameInGerman.has(text))
      add('has not translated');
    else if (words.includes('”')) add('has English quotation marks in');
  }
  return found;
}

/** What a translation leaves as it is: placeholders, icons, commands behind links, spaces at both ends. */
function fixedParts(text: string): string {
  const inside = [...text.matchAll(/\{\d+\}|\$\([a-z-]+\)|\(command:[^)]*\)/g)].map(([part]) => part).sort();
  return JSON.stringify([/^\s*/.exec(text)?.[0], ...inside, /\s*$/.exec(text)?.[0]]);
}

function readTexts(file: string): Map<string, string> {
  const parsed: unknown = JSON.parse(readText(file) || '{}');
  return new Map(Object.entries(parsed ?? {}).map(([key, text]) => [key, String(text)]));
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
