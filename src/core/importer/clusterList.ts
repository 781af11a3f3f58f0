import * as l10n from '@vscode/l10n';
import { attributeNames, isOfKind } from '../model/attributes';
import type { AttributeOf } from '../model/attributes';
import type { ClusterLevel } from '../model/cluster';
import { plain } from '../model/plainText';
import { readCsv } from './csv';
import type { FoundValues } from './found';
import { isList, isMapping, parseJson, textAt } from './tree';
import type { Tree } from './tree';
import { plainValues, takeApiUrl, takeCa, takeToken, together } from './values';

/** One cluster of a list, with where it is to be added. */
export interface ListEntry {
  /** Its place in the list, from 1. */
  readonly number: number;
  /** The host's address as the list has it. */
  readonly host: string | undefined;
  readonly level: ClusterLevel;
  /** Full path of the group or project; undefined for the instance. */
  readonly path: string | undefined;
  readonly values: FoundValues;
  /** Full path of its management project. */
  readonly managementProject: string | undefined;
  /** What was repaired or left out, in sentences. Quotes no secret. */
  readonly notes: readonly string[];
  /** Why it cannot be added, in a sentence. */
  readonly problem: string | undefined;
}

/** Longer lists are refused, in UTF-16 code units and in clusters. */
export const MAX_LIST = 10_485_760;
const MAX_ENTRIES = 5000;

/** What columns of a list may be called, beside our own export's names, in lower case and letters only. */
const columns: Readonly<Record<string, string>> = {
  hostname: '',
  hosturl: 'host',
  gitlab: 'host',
  path: 'owner',
  project: 'owner',
  group: 'owner',
  scope: 'environmentscope',
  ca: 'cacert',
  cacertificate: 'cacert',
  token: 'servicetoken',
  kubernetestoken: 'servicetoken',
  domain: 'basedomain',
  kubernetesnamespace: 'namespace',
};

/**
 * A list of clusters to add: our own export as CSV or JSON, to which columns for the CA certificate and the service token
 * may have been added, or any table with such columns. Never throws, and quotes no secret.
 */
export function readClusterList(
  text: string,
): { readonly entries: readonly ListEntry[] } | { readonly problem: string } {
  if (text.length > MAX_LIST) return { problem: l10n.t('This list is too long: 10 MiB at most can be read.') };
  const rows = rowsOf(text.replace(/^\ufeff/, '').trim());
  if ('problem' in rows) return rows;
  if (rows.rows.length > MAX_ENTRIES) {
    return {
      problem: l10n.t('This list has {0} clusters; at most {1} can be added at once.', rows.rows.length, MAX_ENTRIES),
    };
  }
  const entries = rows.rows.map((row, index) => entryOf(row, index + 1));
  return entries.length > 0 ? { entries } : { problem: l10n.t('There is no cluster in this list.') };
}

function rowsOf(text: string): { readonly rows: readonly Tree[] } | { readonly problem: string } {
  const needed = l10n.t('It needs at least the columns {0}.', 'level, owner, name, apiUrl');
  if (/^[[{]/.test(text)) {
    let tree: Tree;
    try {
      tree = parseJson(text);
    } catch {
      return { problem: l10n.t('This list is not valid JSON.') };
    }
    const rows = (isList(tree) ? tree : [tree]).map(named);
    if (!rows.every((row) => isMapping(row) && 'apiurl' in row)) {
      return { problem: l10n.t('This JSON is not a list of clusters. {0}', needed) };
    }
    return { rows };
  }
  const [head = [], ...lines] = readCsv(text);
  const names = head.map(nameOf);
  if (!names.includes('apiurl')) return { problem: l10n.t('This is not a list of clusters. {0}', needed) };
  return {
    rows: lines.map((cells) => Object.fromEntries(names.map((name, index) => [name, cells[index] ?? '']))),
  };
}

function named(row: Tree): Tree {
  if (!isMapping(row)) return row;
  return Object.fromEntries(Object.entries(row).map(([key, value]) => [nameOf(key), value]));
}

function nameOf(column: string): string {
  const letters = column.toLowerCase().replace(/[^a-z]/g, '');
  return columns[letters] ?? letters;
}

const flagNames = attributeNames.filter((attribute) => isOfKind(attribute, 'flag'));

function entryOf(row: Tree, number: number): ListEntry {
  const cell = (name: string): string | undefined => textAt(row, name);
  const path = cell('owner')?.replace(/^\/+|\/+$/g, '');
  const level = levelOf(cell('level'), path);
  const [apiUrl, caCert, token] = [takeApiUrl(cell('apiurl')), takeCa(cell('cacert')), takeToken(cell('servicetoken'))];
  const taken = together(apiUrl, caCert, token);
  const flags = flagNames.map((field) => flagOf(field, cell(field.toLowerCase())));
  const texts: FoundValues = {
    name: '',
    environmentScope: '*',
    ...plainValues((field) => (isOfKind(field, 'flag') ? undefined : cell(field.toLowerCase()))),
  };
  const problems = [
    ...(cell('note') !== undefined && cell('apiurl') === undefined ? [l10n.t('Only its name is known.')] : []),
    ...(level === undefined
      ? [l10n.t('The column “level” must be {0}, and “owner” the full path.', 'instance, group, project')]
      : []),
    ...unusable(apiUrl.values.apiUrl, cell('apiurl'), apiUrl.notes, l10n.t('The API URL can’t be used.')),
    ...unusable(caCert.values.caCert, cell('cacert'), caCert.notes, l10n.t('The CA certificate can’t be used.')),
    ...unusable(
      token.values.serviceToken,
      cell('servicetoken'),
      token.notes,
      l10n.t('The service token can’t be used.'),
    ),
    ...flags.flatMap((flag) => (flag.problem === undefined ? [] : [flag.problem])),
  ];
  const [problem] = problems;
  return {
    number,
    host: cell('host'),
    level: level ?? 'project',
    path: level === 'instance' ? undefined : path,
    values: flags.reduce<FoundValues>((all, { values }) => ({ ...all, ...values }), { ...texts, ...taken.values }),
    managementProject: cell('managementproject'),
    notes: taken.notes,
    problem,
  };
}

/** A project always lies in something, so that a path without a slash is a group's. */
function levelOf(level: string | undefined, path: string | undefined): ClusterLevel | undefined {
  const word = level?.toLowerCase();
  if (word === 'instance') return 'instance';
  if (path === undefined) return undefined;
  if (word === 'group') return 'group';
  return (word === 'project' || word === undefined) && path.includes('/') ? 'project' : undefined;
}

function flagOf(
  field: AttributeOf<'flag'>,
  text: string | undefined,
): { readonly values: FoundValues; readonly problem: string | undefined } {
  if (text === undefined) return { values: {}, problem: undefined };
  const value = /^(?:true|yes|1)$/i.test(text) ? true : /^(?:false|no|0)$/i.test(text) ? false : undefined;
  if (value !== undefined) return { values: { [field]: value }, problem: undefined };
  return { values: {}, problem: l10n.t('The column “{0}” must be true or false, not “{1}”.', field, plain(text)) };
}

/** Why a value that was given is not taken. */
function unusable(
  value: string | undefined,
  given: string | undefined,
  notes: readonly string[],
  otherwise: string,
): readonly string[] {
  return given === undefined || value !== undefined ? [] : [notes[0] ?? otherwise];
}
