import { readFile } from 'node:fs/promises';
import { SourceMap } from 'node:module';
import { fileURLToPath } from 'node:url';
import * as z from 'zod/mini';

/** What of a profile (Chrome's developer tools, `.cpuprofile`) is read here. */
const Profile = z.object({
  nodes: z.array(
    z.object({
      id: z.number(),
      callFrame: z.object({
        functionName: z.string(),
        url: z.string(),
        lineNumber: z.number(),
        columnNumber: z.number(),
      }),
    }),
  ),
  samples: z.array(z.number()),
  timeDeltas: z.array(z.number()),
});
/** What of a source map is read here. */
const MapFile = z.object({
  version: z.number(),
  sources: z.array(z.string()),
  names: z.array(z.string()),
  mappings: z.string(),
});

type Frame = z.infer<typeof Profile>['nodes'][number]['callFrame'];

/** What a source file of the extension belongs to, the first that fits. */
const ours: readonly (readonly [RegExp, string])[] = [
  [/node_modules\/zod/, 'zod'],
  [/node_modules\/(node-fetch|fetch-blob|data-uri|formdata)/, 'node-fetch'],
  [/src\/core\/(net|gitlab)/, 'requests and answers'],
  [/src\/core\//, 'search and records'],
  [/src\/features\/tree|src\/editor/, 'rows'],
];

/** Milliseconds computed by each part of the extension host, most first; waiting is not computing. */
export async function sharesOf(file: string): Promise<readonly (readonly [part: string, milliseconds: number])[]> {
  const profile = Profile.parse(JSON.parse(await readFile(file, 'utf8')));
  const maps = new Map<string, SourceMap | undefined>();
  const parts = new Map<number, string>();
  for (const { id, callFrame } of profile.nodes) parts.set(id, await partOf(callFrame, maps));
  const sums = new Map<string, number>();
  for (const [index, node] of profile.samples.entries()) {
    const part = parts.get(node) ?? '';
    if (part !== '') sums.set(part, (sums.get(part) ?? 0) + (profile.timeDeltas[index] ?? 0) / 1000);
  }
  return [...sums].toSorted(([, one], [, other]) => other - one);
}

/** Empty for what is no computing. */
async function partOf(frame: Frame, maps: Map<string, SourceMap | undefined>): Promise<string> {
  const { functionName, url } = frame;
  // The inspector is what notes all this.
  if (['(idle)', '(root)'].includes(functionName) || url === 'node:inspector') return '';
  if (functionName === '(garbage collector)') return 'garbage collection';
  if (url.startsWith('node:')) return /tls|http|net|stream|zlib|buffer/.test(url) ? 'Node: connections' : 'Node: other';
  if (url.includes('proxy-agent')) return 'the editor’s way to a host';
  if (/\/dist\/[^/]+\.js$/.test(url)) return sourceOf(frame, maps);
  return url === '' ? 'Node: built in' : 'the editor';
}

async function sourceOf({ url, lineNumber, columnNumber }: Frame, maps: Map<string, SourceMap | undefined>) {
  if (!maps.has(url)) maps.set(url, await mapOf(url).catch(() => undefined));
  const entry = maps.get(url)?.findEntry(lineNumber, columnNumber);
  const source = entry && 'originalSource' in entry ? entry.originalSource : '';
  return ours.find(([fits]) => fits.test(source))?.[1] ?? 'rest of the extension';
}

async function mapOf(url: string): Promise<SourceMap> {
  const path = url.startsWith('file:') ? fileURLToPath(url) : url;
  const map = MapFile.parse(JSON.parse(await readFile(`${path}.map`, 'utf8')));
  return new SourceMap({ file: '', sourceRoot: '', sourcesContent: [], ...map });
}
