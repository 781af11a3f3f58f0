import { FAILSAFE_SCHEMA, load } from 'js-yaml';
import { at, isList, isMapping, listAt, parseJson, textAt } from '../importer/tree';
import type { Tree } from '../importer/tree';
import { blockBelow, indentOf, inserted, linesOf, opensBlock, sameTree, scalar } from './textLines';

/** An entry that lets the jobs of a project, or of everything below a group, use an agent (agents and environments 7.1). */
export interface AccessEntry {
  readonly kind: 'projects' | 'groups';
  /** Full path. */
  readonly id: string;
  readonly defaultNamespace?: string | undefined;
  /** GitLab makes namespaces and role bindings, and jobs act as themselves: Premium, GitLab 17.9 and later. */
  readonly isManaged: boolean;
}

export type ConfigEdit =
  /** Read back, both texts differ in the entry alone. */
  | { readonly kind: 'edited'; readonly before: string; readonly after: string }
  /** Jobs of that project or group may use the agent already. */
  | { readonly kind: 'present' }
  /** The text is written in a way that is not edited here. */
  | { readonly kind: 'paste'; readonly entry: string }
  /** GitLab drops what comes after 500 entries, without a word (agents and environments 7.1). */
  | { readonly kind: 'full'; readonly entry: string };

const MAX_ENTRIES = 500;
const MAX_TEXT = 1024 * 1024;

/** Adds an entry to the text of an agent's configuration, without touching anything else in it; undefined is no file yet. */
export function addAccess(text: string | undefined, entry: AccessEntry): ConfigEdit {
  const before = text ?? '';
  const lines = entryLines(entry);
  const pasted = ['ci_access:', `  ${entry.kind}:`, ...lines.map((line) => `    ${line}`), ''].join('\n');
  // A file with nothing but comments says nothing yet.
  const isEmpty = linesOf(before).lines.every((line) => indentOf(line) === undefined);
  const read = isEmpty ? {} : treeOf(before);
  if (!isMapping(read)) return { kind: 'paste', entry: pasted };
  const listed = listAt(read, 'ci_access', entry.kind);
  const wanted = entry.id.toLowerCase();
  // Ids are matched in lower case.
  if (listed.some((one) => textAt(one, 'id')?.toLowerCase() === wanted)) return { kind: 'present' };
  if (listed.length >= MAX_ENTRIES) return { kind: 'full', entry: pasted };
  const after = insertEntry(before, entry.kind, lines);
  const reread = after === undefined ? undefined : treeOf(after);
  const expected = withEntry(read, entry, listed);
  return after !== undefined && reread !== undefined && sameTree(reread, expected)
    ? { kind: 'edited', before, after }
    : { kind: 'paste', entry: pasted };
}

function entryLines({ id, defaultNamespace, isManaged }: AccessEntry): readonly string[] {
  return [
    `- id: ${scalar(id)}`,
    ...(defaultNamespace === undefined ? [] : [`  default_namespace: ${scalar(defaultNamespace)}`]),
    ...(isManaged ? ['  access_as:', '    ci_job: {}', '  resource_management:', '    enabled: true'] : []),
  ];
}

function withEntry(read: { readonly [key: string]: Tree }, entry: AccessEntry, listed: readonly Tree[]): Tree {
  const access = at(read, 'ci_access');
  const added = treeOf(entryLines(entry).join('\n'));
  const [item = ''] = added !== undefined && isList(added) ? added : [];
  return { ...read, ci_access: { ...(isMapping(access) ? access : {}), [entry.kind]: [...listed, item] } };
}

function insertEntry(text: string, kind: string, entry: readonly string[]): string | undefined {
  const { lines } = linesOf(text);
  const access = lines.findIndex((line) => indentOf(line) === '' && opensBlock(line, 'ci_access'));
  const shifted = (indent: string): string[] => entry.map((line) => `${indent}${line}`);
  if (access < 0) {
    // Any other way to write it is left alone.
    if (lines.some((line) => /^["']?ci_access\b/.test(line))) return undefined;
    return inserted(text, lines.length, ['ci_access:', `  ${kind}:`, ...shifted('    ')]);
  }
  const { indent, start, end } = blockBelow(lines, access);
  if (indent === undefined) return inserted(text, access + 1, [`  ${kind}:`, ...shifted('    ')]);
  const list = lines.findIndex(
    (line, index) => index >= start && index < end && indentOf(line) === indent && opensBlock(line, kind),
  );
  if (list < 0) return inserted(text, end, [`${indent}${kind}:`, ...shifted(`${indent}  `)]);
  const items = blockBelow(lines, list);
  return inserted(text, items.end, shifted(items.indent ?? `${indent}  `));
}

/** Undefined for what is no single YAML document; two equal keys are refused, since nobody can say which counts. */
function treeOf(text: string): Tree | undefined {
  if (text.length > MAX_TEXT) return undefined;
  try {
    return parseJson(JSON.stringify(load(text, { schema: FAILSAFE_SCHEMA, maxAliases: 100, maxDepth: 50 })));
  } catch {
    return undefined;
  }
}
