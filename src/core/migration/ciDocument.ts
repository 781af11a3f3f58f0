import { FAILSAFE_SCHEMA, defineScalarTag, defineSequenceTag, load, mergeTag } from 'js-yaml';
import { at, isList, isMapping } from '../importer/tree';
import type { Tree } from '../importer/tree';

/** A job as it runs: what it extends, refers to and takes from `default` is filled in. */
export interface CiJob {
  readonly name: string;
  readonly tree: Mapping;
  /** Variables that hold for it, by name, from its own section and from the top of the file. */
  readonly variables: ReadonlyMap<string, Tree>;
}

type Mapping = { readonly [key: string]: Tree };

/** Longer texts are not read: GitLab itself allows no configuration near that. Characters. */
export const MAX_TEXT = 4 * 1024 * 1024;
const MAX_ALIASES = 20_000;
/** GitLab's limits for `extends` and for nested references. */
const MAX_LEVELS = 11;

const REFERENCE = '!reference';

/** Custom tags are kept as text or lists; that of a reference is kept as a mapping with one key, to be looked up later. */
const schema = FAILSAFE_SCHEMA.withTags(
  mergeTag,
  defineScalarTag('!', { matchByTagPrefix: true, resolve: (source) => source, identify: () => false }),
  defineSequenceTag<{ readonly tag: string; readonly items: unknown[] }, unknown>('!', {
    matchByTagPrefix: true,
    create: (tag) => ({ tag, items: [] }),
    addItem: ({ items }, item) => void items.push(item),
    finalize: ({ tag, items }) => (tag === REFERENCE ? { [REFERENCE]: items } : items),
    identify: () => false,
  }),
);

/** Keys at the top of the file that are no jobs. */
const sections = new Set([
  ...['default', 'include', 'stages', 'types', 'variables', 'workflow', 'spec', 'image', 'services', 'cache'],
  ...['before_script', 'after_script'],
]);

/** What `default` may fill in for a job, as far as it matters here; the same words stand at the top of old files. */
const defaults = ['before_script', 'after_script', 'image', 'services', 'hooks'];

/**
 * Reads CI configuration, merged by GitLab or not: without running anything, with custom tags, aliases, and the `:key` form
 * of old servers (agents and environments 12.1, trap 16). Undefined for a text that is too long or no mapping. The text may
 * hold secrets, so errors never quote it.
 */
export function readCi(text: string): Mapping | undefined {
  if (text.length > MAX_TEXT) return undefined;
  try {
    const read = load(text, { schema, json: true, maxAliases: MAX_ALIASES, maxDepth: 100 });
    const tree = treeOf(read, new Map());
    return isMapping(tree) ? tree : undefined;
  } catch {
    return undefined;
  }
}

/** The jobs of a configuration; hidden ones, which only others extend, are left out. */
export function jobsOf(document: Mapping): readonly CiJob[] {
  return Object.entries(document).flatMap(([name, value]) => {
    if (name.startsWith('.') || sections.has(name) || !isMapping(value)) return [];
    const own = inFull(document, value);
    const tree = { ...inherited(document, own), ...own };
    return [{ name, tree, variables: variablesOf(document, own) }];
  });
}

/** Rules that decide whether there is a pipeline at all. */
export function workflowOf(document: Mapping): Tree | undefined {
  const workflow = document['workflow'];
  return workflow && resolved(document, workflow);
}

/** Everything in a tree that is a text, keys left out; shared parts are read once. */
export function textsIn(tree: Tree | undefined): readonly string[] {
  const texts: string[] = [];
  const seen = new Set<unknown>();
  const walk = (one: Tree | undefined): void => {
    if (one === undefined) return;
    if (typeof one === 'string') {
      texts.push(one);
      return;
    }
    if (seen.has(one)) return;
    seen.add(one);
    for (const part of isList(one) ? one : Object.values(one)) walk(part);
  };
  walk(tree);
  return texts;
}

function inFull(document: Mapping, job: Mapping): Mapping {
  const tree = resolved(document, extended(document, job, 0));
  return isMapping(tree) ? tree : job;
}

/** Fills in what a job extends; harmless where GitLab has done so and left the word `extends`. */
function extended(document: Mapping, job: Mapping, level: number): Mapping {
  const bases = job['extends'];
  if (bases === undefined || level > MAX_LEVELS) return job;
  const names = typeof bases === 'string' ? [bases] : textsIn(bases);
  // The last of several wins.
  return names.reduceRight<Mapping>((filled, name) => {
    const base = at(document, name);
    return isMapping(base) ? filledIn(filled, extended(document, base, level + 1)) : filled;
  }, job);
}

/** Mappings are not merged deeper than any job is. */
const DEEPEST = 6;

/** `own` with what only `base` has; mappings are merged, lists and texts are not. */
function filledIn(own: Mapping, base: Mapping, depth = 0): Mapping {
  if (own === base || depth > DEEPEST) return own;
  const keys = new Set([...Object.keys(base), ...Object.keys(own)]);
  return Object.fromEntries(
    [...keys].flatMap((key) => {
      const mine = own[key];
      const theirs = base[key];
      if (mine === undefined) return theirs === undefined ? [] : [[key, theirs] as const];
      return [[key, isMapping(mine) && isMapping(theirs) ? filledIn(mine, theirs, depth + 1) : mine] as const];
    }),
  );
}

/** Looks up `!reference [job, key, …]`. What several places share is looked up once, and stays shared. */
function resolved(document: Mapping, tree: Tree, level = 0, known = new Map<Tree, Tree>()): Tree {
  if (typeof tree === 'string' || level > MAX_LEVELS) return tree;
  const before = known.get(tree);
  if (before !== undefined) return before;
  const after = lookedUp(document, tree, level, known);
  known.set(tree, after);
  return after;
}

function lookedUp(document: Mapping, tree: Mapping | readonly Tree[], level: number, known: Map<Tree, Tree>): Tree {
  if (isList(tree)) return tree.map((item) => resolved(document, item, level, known));
  const path = tree[REFERENCE];
  if (path === undefined) {
    return Object.fromEntries(Object.entries(tree).map(([key, item]) => [key, resolved(document, item, level, known)]));
  }
  const [job = '', ...keys] = textsIn(path);
  const base = at(document, job);
  const found = isMapping(base) ? at(extended(document, base, 0), ...keys) : undefined;
  return found === undefined ? '' : resolved(document, found, level + 1, known);
}

function inherited(document: Mapping, job: Mapping): Mapping {
  const wanted = at(job, 'inherit', 'default');
  const isWanted = (key: string): boolean =>
    wanted === undefined || (typeof wanted === 'string' ? wanted !== 'false' : textsIn(wanted).includes(key));
  return Object.fromEntries(
    defaults.flatMap((key) => {
      const value = at(document, 'default', key) ?? document[key];
      return value === undefined || !isWanted(key) ? [] : [[key, resolved(document, value)]];
    }),
  );
}

function variablesOf(document: Mapping, job: Mapping): ReadonlyMap<string, Tree> {
  const wanted = at(job, 'inherit', 'variables');
  const isWanted = (name: string): boolean =>
    wanted === undefined || (typeof wanted === 'string' ? wanted !== 'false' : textsIn(wanted).includes(name));
  const shared = at(document, 'variables');
  const own = at(job, 'variables');
  return new Map([
    ...(isMapping(shared) ? Object.entries(shared).filter(([name]) => isWanted(name)) : []),
    ...(isMapping(own) ? Object.entries(own) : []),
  ]);
}

/** Aliases stay shared, so that a small text cannot become a large tree. */
function treeOf(value: unknown, known: Map<unknown, Tree>): Tree {
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || value === null) return '';
  const before = known.get(value);
  if (before !== undefined) return before;
  const tree: Tree = Array.isArray(value)
    ? value.map((item) => treeOf(item, known))
    : Object.fromEntries(Object.entries(value).map(([key, item]) => [withoutColon(key), treeOf(item, known)]));
  known.set(value, tree);
  return tree;
}

/** Old servers write Ruby's symbols: `:script`, `:"deploy it"`. */
function withoutColon(key: string): string {
  return /^:"(.+)"$/s.exec(key)?.[1] ?? /^:(.+)$/s.exec(key)?.[1] ?? key;
}
