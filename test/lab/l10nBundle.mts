// Checks that every text shown to people can be translated: l10n/bundle.l10n.json holds what the code says (`--write`
// makes it so), and package.json and package.nls.json know the same keys.
import { getL10nJson } from '@vscode/l10n-dev';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const bundleFile = 'l10n/bundle.l10n.json';

const sources = ['src', 'media']
  .flatMap((folder) => readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((file) => join(folder, file)))
  .filter((file) => file.endsWith('.ts'));
const texts = await getL10nJson(sources.map((file) => ({ extension: '.ts', contents: readFileSync(file, 'utf8') })));
const sorted = Object.fromEntries(Object.entries(texts).sort(([a], [b]) => (a < b ? -1 : 1)));
const bundle = `${JSON.stringify(sorted, undefined, 2)}\n`;
if (process.argv.includes('--write')) writeFileSync(bundleFile, bundle);

const problems: string[] = [];
if (bundle !== readText(bundleFile)) problems.push(`${bundleFile} is not what the code says: run \`npm run l10n\`.`);

const used = new Set([...readText('package.json').matchAll(/"%([^%"]+)%"/g)].map((match) => match[1]));
const titles: unknown = JSON.parse(readText('package.nls.json') || '{}');
const defined = new Set(Object.keys(titles ?? {}));
for (const key of used) if (!defined.has(String(key))) problems.push(`package.nls.json lacks "${key}".`);
for (const key of defined)
  if (!used.has(key)) problems.push(`package.nls.json has "${key}", which package.json does not use.`);

for (const problem of problems) console.error(problem);
console.log(`${Object.keys(sorted).length} texts in the code, ${defined.size} in package.json.`);
process.exitCode = problems.length === 0 ? 0 : 1;

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
