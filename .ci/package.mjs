// `npm run package [-- FILE]`: builds and makes the .vsix. Who publishes it, and every address it names, is read from
// .ci/publisher.json alone; without that file the package names no address, and `release.mjs` refuses to publish it.
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

/** What the publisher has to fill in. */
export const publisherKeys = ['publisher', 'repository', 'homepage', 'bugs', 'qna'];

/**
 * Reads what the publisher filled in.
 * @param {string} file
 * @returns {Record<string, string> | undefined} undefined where there is no such file
 * @throws where something is missing, or is an address that nobody can have
 */
export function readPublisher(file) {
  if (!existsSync(file)) return undefined;
  const filled = JSON.parse(readFileSync(file, 'utf8'));
  for (const key of publisherKeys) {
    if (typeof filled[key] !== 'string' || filled[key] === '') throw new Error(`${file} lacks “${key}”.`);
    if (key === 'publisher') continue;
    const { protocol, hostname } = new URL(filled[key]);
    if (protocol !== 'https:' || /(^|\.)(example(\.\w+)?|invalid|test|localhost)$/.test(hostname))
      throw new Error(`${file}: “${key}” is no address on the internet.`);
  }
  return filled;
}

/** Makes the package from a copy of what ships, so that the checkout's own manifest stays as it is. */
async function makePackage(target, publisherFile) {
  const { createVSIX, listFiles } = await import('@vscode/vsce');
  execFileSync(process.execPath, ['esbuild.js'], { stdio: 'inherit' });
  const staging = mkdtempSync(join(tmpdir(), 'gitlab-clusters-package-'));
  try {
    for (const file of await listFiles({ cwd: process.cwd(), dependencies: false })) {
      mkdirSync(join(staging, dirname(file)), { recursive: true });
      cpSync(file, join(staging, file));
    }
    // What is about the checkout alone does not ship.
    const manifest = JSON.parse(readFileSync('package.json', 'utf8'));
    for (const key of ['scripts', 'devDependencies', 'devEngines', 'allowScripts', 'prettier', 'private'])
      delete manifest[key];
    writeFileSync(join(staging, '.vscodeignore'), '# Everything here ships.\n');
    const filled = readPublisher(publisherFile);
    const addresses = filled && {
      ...filled,
      repository: { type: 'git', url: filled.repository },
      bugs: { url: filled.bugs },
    };
    writeFileSync(join(staging, 'package.json'), JSON.stringify({ ...manifest, ...addresses }));
    // Line breaks and indents are for those who edit these files.
    for (const file of globSync('{l10n/*,package.nls*}.json', { cwd: staging }))
      writeFileSync(join(staging, file), JSON.stringify(JSON.parse(readFileSync(join(staging, file), 'utf8'))));
    mkdirSync(dirname(target), { recursive: true });
    // Pictures are in the package and shown from there: no link in the README is turned into an address.
    const options = { dependencies: false, rewriteRelativeLinks: false, allowMissingRepository: true };
    await createVSIX({ cwd: staging, packagePath: target, ...options });
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { name, version } = JSON.parse(readFileSync('package.json', 'utf8'));
  await makePackage(resolve(process.argv[2] ?? `${name}-${version}.vsix`), resolve('.ci/publisher.json'));
}
