// Builds what ships (dist/) and, with --tests, what tests it (out/). `--watch` rebuilds on change.
const esbuild = require('esbuild');
const { existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } = require('node:fs');
const { basename, dirname, join, relative } = require('node:path');

const watch = process.argv.includes('--watch');
const tests = process.argv.includes('--tests');

/**
 * Parts of node-fetch that are never asked for: streams for a Node without them (60 KB), and reading forms in answers.
 */
const unused = ['web-streams-polyfill/dist/ponyfill.es2018.js', '*/multipart-parser.js'];

/**
 * Every Node and Chrome we run in knows the character classes of Unicode. esbuild would not rely on it, since newer ones
 * know newer characters, and make a new expression at each call: one per name that is shown.
 */
const supported = { 'regexp-unicode-property-escapes': true };

/** @type {esbuild.BuildOptions} */
const shared = {
  bundle: true,
  logLevel: 'warning',
  sourcemap: 'linked',
  legalComments: 'none',
  charset: 'utf8',
  supported,
};

/** @type {esbuild.BuildOptions} */
const node = {
  ...shared,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  mainFields: ['module', 'main'],
  external: ['vscode', ...unused],
};

/**
 * What src takes with `import()` is loaded when it is first needed. esbuild splits ES modules only, and ES
 * modules will not do: they bypass `Module._load`, where VS Code gives out `vscode` and its own http, https and tls, which
 * know proxies and certificates. So each chunk is turned into CommonJS, `import()` into a `require` at that time.
 * The names contain a hash of the content: what an earlier build left is removed. Leaves dist/extension.meta.json behind,
 * not shipped: what is in which chunk, and which chunks are loaded at once (https://esbuild.github.io/analyze/).
 * @type {esbuild.Plugin}
 */
const commonJsChunks = {
  name: 'commonJsChunks',
  setup(build) {
    build.onEnd(async ({ errors, metafile, outputFiles = [] }) => {
      if (errors.length > 0) return;
      const files = new Map([['dist/extension.meta.json', JSON.stringify(metafile)]]);
      for (const { path, text } of outputFiles) {
        const file = `dist/${basename(path)}`;
        // `text` ends with the source map of the first step: esbuild makes one of both.
        const { code, map } = await esbuild.transform(text, {
          format: 'cjs',
          supported: { ...supported, 'dynamic-import': false },
          target: node.target,
          minify: true,
          charset: 'utf8',
          sourcemap: 'external',
          sourcefile: path,
        });
        files.set(file, `${code}//# sourceMappingURL=${basename(path)}.map\n`).set(`${file}.map`, map);
      }
      mkdirSync('dist', { recursive: true });
      for (const [file, content] of files) writeFileSync(file, content);
      for (const file of globSync('dist/*-*')) if (!files.has(file.replaceAll('\\', '/'))) rmSync(file);
    });
  },
};

/** Which files that src imports with `import()` share a chunk, by purpose: the first that fits. */
const purposes = {
  background: /^src\/(core\/(gitlab|inventory|journal|net)|editor|features\/(hosts|tree))\//,
  form: /^src\/(core\/importer|features\/form)\//,
  moving: /^src\/features\/(agents|migration)\//,
  commands: /()/,
};

const dynamicImports = /(?<!typeof )\bimport\('(\.[^']+)'\)/g;

/**
 * Makes few chunks. By itself esbuild makes one for every `import()` and for every set of them that share some code:
 * dozens of small files, which take time to open and compress badly. Here an `import()` leads to the chunk of its purpose
 * and takes its module from there. Each chunk imports the extension's own entry point too, so that all share what a start
 * needs, and that is one chunk as well.
 * @type {esbuild.Plugin}
 */
const chunksByPurpose = {
  name: 'chunksByPurpose',
  setup(build) {
    /** @param {string} file @param {string} path */
    const targetOf = (file, path) => relative(__dirname, join(dirname(file), path)).replaceAll('\\', '/');
    /** @param {string} target */
    const purposeOf = (target) => Object.entries(purposes).find(([, files]) => files.test(target))?.[0];
    build.onLoad({ filter: /[\\/]src[\\/].*\.ts$/ }, ({ path: file }) => ({
      loader: 'ts',
      contents: readFileSync(file, 'utf8').replaceAll(dynamicImports, (_, path) => {
        const target = targetOf(file, path);
        return `import('purpose:${purposeOf(target)}').then((chunk) => chunk.${basename(target)})`;
      }),
    }));
    build.onResolve({ filter: /^purpose:/ }, ({ path }) => ({ path: path.split(':')[1], namespace: 'purpose' }));
    build.onLoad({ filter: /()/, namespace: 'purpose' }, ({ path: purpose }) => {
      const all = globSync('src/**/*.ts', { cwd: __dirname }).flatMap((file) =>
        [...readFileSync(join(__dirname, file), 'utf8').matchAll(dynamicImports)].map(([, path]) =>
          targetOf(join(__dirname, file), path),
        ),
      );
      const own = [...new Set(all)].filter((target) => purposeOf(target) === purpose).sort();
      const modules = own.map((target) => `export * as ${basename(target)} from './${target}';`);
      return { contents: ["import './src/extension';", ...modules].join('\n'), resolveDir: __dirname };
    });
  },
};

/**
 * The packages of which something is in a bundle, by their folder.
 * @param {esbuild.Metafile} metafile
 * @returns {string[]}
 */
function packagesIn({ outputs }) {
  const folders = Object.values(outputs).flatMap(({ inputs }) =>
    Object.entries(inputs).flatMap(([file, { bytesInOutput }]) => {
      const [folder] = /^.*node_modules\/(@[^/]+\/)?[^/]+/.exec(file.replace(/^\w+:/, '')) ?? [];
      return folder && bytesInOutput > 0 ? [folder] : [];
    }),
  );
  return [...new Set(folders)];
}

/**
 * The licence text of a package. One that names MIT and has no file gets our own copy of that text with its author's name;
 * any other without a file stops the build, so that nobody ships it unseen.
 * @param {string} folder
 * @param {{ name: string, license: string, author?: string | { name: string } }} manifest
 */
function licenceText(folder, { name, license, author }) {
  const [file] = globSync('{LICENSE,LICENCE,license,licence}*', { cwd: folder });
  if (file) return readFileSync(join(folder, file), 'utf8').trim();
  const holder = typeof author === 'string' ? author : author?.name;
  if (license !== 'MIT' || !holder) throw new Error(`${name} has no licence file`);
  return readFileSync('LICENSE', 'utf8')
    .replace(/^Copyright .*$/m, `Copyright (c) ${holder}`)
    .trim();
}

/**
 * Writes dist/THIRD-PARTY-NOTICES.txt: name, version and licence text of every package in what ships.
 * @param {esbuild.Metafile[]} metafiles
 */
function writeNotices(metafiles) {
  const notices = [...new Set(metafiles.flatMap(packagesIn))].sort().map((folder) => {
    const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    return `${manifest.name} ${manifest.version} (${manifest.license})\n\n${licenceText(folder, manifest)}\n`;
  });
  const intro = 'GitLab Clusters contains parts of the following packages, under these licences.\n';
  writeFileSync('dist/THIRD-PARTY-NOTICES.txt', [intro, ...notices].join(`\n${'-'.repeat(80)}\n\n`));
}

/** @type {esbuild.BuildOptions[]} */
const shipped = [
  {
    ...node,
    entryPoints: ['src/extension.ts'],
    outdir: 'dist',
    chunkNames: '[name]-[hash]',
    format: 'esm',
    splitting: true,
    minify: true,
    metafile: true,
    sourcemap: 'inline',
    write: false,
    plugins: [chunksByPurpose, commonJsChunks],
  },
  {
    ...shared,
    entryPoints: ['media/clusterForm.ts'],
    outfile: 'dist/clusterForm.js',
    platform: 'browser',
    target: 'chrome132',
    format: 'iife',
    minify: true,
    metafile: true,
  },
];

/**
 * The unit and contract tests are bundled without `external: ['vscode']`: a core module that imports vscode at run
 * time breaks this build with its name. That is the whole lint for "the core does not know the editor".
 * @returns {esbuild.BuildOptions[]}
 */
function testBuilds() {
  const packages = [
    'playwright-core',
    '@axe-core/playwright',
    '@sparticuz/chromium',
    'mocha',
    'fast-check',
    '@vscode/*',
  ];
  const coreTests = globSync('test/{unit,contract}/**/*.test.ts');
  const programs = globSync(
    'test/{gitlab/main,journal/main,faults/main,lab/{start,runEditorTests,runDesktop,installPackage},{ui,companies}/**/*.test,ui/pictures,bench/bench}.ts',
  );
  const inEditor = globSync('test/{editor/{index,*.test},bench/{activation,probe}}.ts');
  const base = { ...node, outdir: 'out', outbase: 'test' };
  return [
    { ...base, entryPoints: coreTests, external: [...unused, 'fast-check', 'mocha'] },
    { ...base, entryPoints: programs, external: [...packages, ...unused] },
    { ...base, entryPoints: inEditor, external: ['vscode', 'mocha', ...unused] },
  ].filter((build) => build.entryPoints.length > 0);
}

let running = 0;

/**
 * Says when the first of all builds begins and when the last is done: .vscode/tasks.json waits for these lines.
 * @type {esbuild.Plugin}
 */
const announcer = {
  name: 'announcer',
  setup(build) {
    build.onStart(() => {
      if (running++ === 0) console.log('building');
    });
    build.onEnd(() => {
      if (--running === 0) console.log('built');
    });
  },
};

async function main() {
  const builds = tests ? [...shipped, ...testBuilds()] : shipped;
  if (watch) {
    const contexts = await Promise.all(
      builds.map((build) => esbuild.context({ ...build, plugins: [...(build.plugins ?? []), announcer] })),
    );
    await Promise.all(contexts.map((context) => context.watch()));
    return;
  }
  const results = await Promise.allSettled(builds.map((build) => esbuild.build(build)));
  if (results.some((result) => result.status === 'rejected')) process.exitCode = 1;
  else writeNotices(results.flatMap(({ value }) => value.metafile ?? []));
  // A test that was deleted or renamed must not run on.
  for (const built of tests ? globSync('out/**/*.test.js') : []) {
    const source = built.replace(/^out/, 'test').replace(/\.js$/, '.ts');
    if (!existsSync(source)) rmSync(built);
  }
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
