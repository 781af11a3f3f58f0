// `node .ci/release.mjs [--dry-run] [--publisher FILE]`: checks everything that a published version needs, makes the package
// and publishes it in both registries of extensions, with the tokens in VSCE_PAT and OVSX_PAT. The version is the tag's
// (CI_COMMIT_TAG, such as v0.1.0) where there is one. A dry run checks the same and says what it would run.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { readPublisher } from './package.mjs';

const dryRun = process.argv.includes('--dry-run');
const at = process.argv.indexOf('--publisher');
const publisherFile = resolve(at < 0 ? '.ci/publisher.json' : (process.argv[at + 1] ?? ''));

const { name, version } = JSON.parse(readFileSync('package.json', 'utf8'));
const problems = check();
if (problems.length > 0) {
  for (const problem of problems) console.error(problem);
  console.error('Nothing was published.');
  process.exit(1);
}
const vsix = `${name}-${version}.vsix`;
run(process.execPath, ['.ci/package.mjs', vsix]);
run('npx', ['vsce', 'publish', '--packagePath', vsix]);
run('npx', ['--yes', 'ovsx', 'publish', vsix]);

/** Everything that stands in the way, so that it can be put right at once. */
function check() {
  const found = [];
  try {
    if (!readPublisher(publisherFile)) found.push('.ci/publisher.json is missing: see CONTRIBUTING.md.');
  } catch (error) {
    found.push(error.message);
  }
  const tag = process.env.CI_COMMIT_TAG;
  if (tag && tag !== `v${version}`) found.push(`The tag ${tag} is not the version ${version} of package.json.`);
  const dated = new RegExp(`^## \\[${version.replaceAll('.', '\\.')}\\] - \\d{4}-\\d\\d-\\d\\d$`, 'm');
  if (!dated.test(readFileSync('CHANGELOG.md', 'utf8'))) found.push(`CHANGELOG.md has no dated entry for ${version}.`);
  for (const key of ['VSCE_PAT', 'OVSX_PAT']) if (!process.env[key]) found.push(`${key} is not set.`);
  return found;
}

function run(command, args) {
  console.log([command === process.execPath ? 'node' : command, ...args].join(' '));
  if (!dryRun) execFileSync(command, args, { stdio: 'inherit' });
}
