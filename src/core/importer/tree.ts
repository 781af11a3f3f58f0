import { FAILSAFE_SCHEMA, loadAll } from 'js-yaml';

/** YAML or JSON with every scalar as the text it was written as: `12345`, `no`, `1e10` stay what somebody typed. */
export type Tree = string | readonly Tree[] | { readonly [key: string]: Tree };

/** YAML as kubectl reads it: the last of equal keys counts. No aliases, which could grow without end, and no types. */
export function parseYaml(text: string): readonly Tree[] {
  return loadAll(text, { schema: FAILSAFE_SCHEMA, maxAliases: 0, json: true, maxDepth: 50 }).map((value) =>
    treeOf(value, 0),
  );
}

/** JSON as a tree; throws SyntaxError for what is none. */
export function parseJson(text: string): Tree {
  return treeOf(JSON.parse(text), 0);
}

function treeOf(value: unknown, depth: number): Tree {
  if (depth > 50) throw new SyntaxError('too deep');
  if (Array.isArray(value)) return value.map((item) => treeOf(item, depth + 1));
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value !== 'object' || value === null) return '';
  // Not by assignment: a key may be called `__proto__`.
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, treeOf(item, depth + 1)]));
}

/** What stands at a path of keys; undefined where anything on the way is missing. */
export function at(tree: Tree | undefined, ...keys: readonly string[]): Tree | undefined {
  let current = tree;
  for (const key of keys) {
    if (current === undefined || typeof current === 'string' || isList(current)) return undefined;
    current = Object.hasOwn(current, key) ? current[key] : undefined;
  }
  return current;
}

/** The text at a path; undefined where there is none, or nothing but blanks. */
export function textAt(tree: Tree | undefined, ...keys: readonly string[]): string | undefined {
  const value = at(tree, ...keys);
  return typeof value === 'string' && value.trim() !== '' && value !== 'null' && value !== '~'
    ? value.trim()
    : undefined;
}

/** A name at a path, which may be any word, `null` too. */
export function nameAt(tree: Tree | undefined, ...keys: readonly string[]): string | undefined {
  const value = at(tree, ...keys);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** The list at a path; empty where there is none. */
export function listAt(tree: Tree | undefined, ...keys: readonly string[]): readonly Tree[] {
  const value = at(tree, ...keys);
  return value !== undefined && isList(value) ? value : [];
}

/** Whether a flag is on, in any of YAML's spellings. */
export function isOn(tree: Tree | undefined, ...keys: readonly string[]): boolean {
  return /^(?:true|yes|on|y)$/i.test(textAt(tree, ...keys) ?? '');
}

export function isList(tree: Tree): tree is readonly Tree[] {
  return Array.isArray(tree);
}

export function isMapping(tree: Tree | undefined): tree is { readonly [key: string]: Tree } {
  return tree !== undefined && typeof tree !== 'string' && !isList(tree);
}

/** Every mapping of a tree, outer ones first. */
export function* mappingsIn(tree: Tree): Generator<{ readonly [key: string]: Tree }> {
  if (typeof tree === 'string') return;
  if (isList(tree)) {
    for (const item of tree) yield* mappingsIn(item);
    return;
  }
  yield tree;
  for (const item of Object.values(tree)) yield* mappingsIn(item);
}
