// Builds what ships (dist/) and, with --tests, what tests it (out/). `--watch` rebuilds on change.
const esbuild = require('esbuild');
const { existsSync, globSync, rmSync } = require('node:fs');

const watch = process.argv.includes('--watch');
const tests = process.argv.includes('--tests');

/** fetch-blob asks for this polyfill only where ReadableStream is missing; VS Code's Node has it. Saves 60 KB. */
const unusedPolyfill = 'web-streams-polyfill/dist/ponyfill.es2018.js';

/** @type {esbuild.BuildOptions} */
const shared = { bundle: true, logLevel: 'warning', sourcemap: 'linked', legalComments: 'none' };

/** @type {esbuild.BuildOptions} */
const node = {
  ...shared,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  mainFields: ['module', 'main'],
  external: ['vscode', unusedPolyfill],
};

/** @type {esbuild.BuildOptions[]} */
const shipped = [
  { ...node, entryPoints: ['src/extension.ts'], outfile: 'dist/extension.js', minify: true, metafile: true },
  {
    ...shared,
    entryPoints: ['media/clusterForm.ts'],
    outfile: 'dist/clusterForm.js',
    platform: 'browser',
    target: 'chrome132',
    format: 'iife',
    minify: true,
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
    'test/{gitlab/main,faults/main,lab/{start,runEditorTests,runDesktop,installPackage},ui/**/*.test,bench/{bench,fleet}}.ts',
  );
  const inEditor = globSync('test/{editor/{index,*.test},bench/activation}.ts');
  const base = { ...node, outdir: 'out', outbase: 'test' };
  return [
    { ...base, entryPoints: coreTests, external: [unusedPolyfill, 'fast-check', 'mocha'] },
    { ...base, entryPoints: programs, external: [...packages, unusedPolyfill] },
    { ...base, entryPoints: inEditor, external: ['vscode', 'mocha', unusedPolyfill] },
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
    const contexts = await Promise.all(builds.map((build) => esbuild.context({ ...build, plugins: [announcer] })));
    await Promise.all(contexts.map((context) => context.watch()));
    return;
  }
  const results = await Promise.allSettled(builds.map((build) => esbuild.build(build)));
  if (results.some((result) => result.status === 'rejected')) process.exitCode = 1;
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
