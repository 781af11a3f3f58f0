import { readFile, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import * as z from 'zod/mini';
import { outputOf } from '../lab/childProcess';
import { root } from '../lab/paths';
import { atMost, type Figure } from './figures';

/** How much is installed, and how much of it is loaded when. */
export async function measureSizes(): Promise<Figure[]> {
  const vsix = join(root, 'out', 'gitlab-clusters.vsix');
  await outputOf(process.execPath, [join(root, '.ci', 'package.mjs'), vsix]);
  const kilobytes = async (...files: string[]) => {
    const sizes = await Promise.all(files.map((file) => stat(join(root, file))));
    return sizes.reduce((sum, { size }) => sum + size / 1000, 0);
  };
  const { atStart, all } = await chunks();
  return [
    { what: 'package (.vsix)', measured: await kilobytes(relative(root, vsix)), unit: 'KB', ...atMost(400) },
    { what: 'extension, loaded at start', measured: await kilobytes(...atStart), unit: 'KB', ...atMost(200) },
    { what: `extension, all of it (${all.length} chunks)`, measured: await kilobytes(...all), unit: 'KB' },
    // 40 before it could show what was pasted, check a connection and say which environments change.
    { what: 'form bundle', measured: await kilobytes('dist/clusterForm.js'), unit: 'KB', ...atMost(50) },
  ];
}

/** What esbuild.js notes of dist/extension.js and the chunks beside it: which of them loads which. */
const BuiltChunks = z.object({
  outputs: z.record(z.string(), z.object({ imports: z.array(z.object({ path: z.string(), kind: z.string() })) })),
});

/** The extension's chunks: those that are loaded together with dist/extension.js, itself included, and all. */
async function chunks(): Promise<{ readonly atStart: readonly string[]; readonly all: readonly string[] }> {
  const noted: unknown = JSON.parse(await readFile(join(root, 'dist', 'extension.meta.json'), 'utf8'));
  const { outputs } = z.parse(BuiltChunks, noted);
  const atStart = new Set(['dist/extension.js']);
  // What is added to a set while it is walked is walked too.
  for (const chunk of atStart) {
    for (const { path, kind } of outputs[chunk]?.imports ?? []) {
      if (kind === 'import-statement' && path in outputs) atStart.add(path);
    }
  }
  return { atStart: [...atStart], all: Object.keys(outputs) };
}
