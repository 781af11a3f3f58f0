/** What a document is made of. `undefined` is left out; null is written, since it says "none". */
export type YamlValue = string | number | boolean | null | undefined | readonly YamlValue[] | YamlFields;
export interface YamlFields {
  readonly [key: string]: YamlValue;
}

/**
 * Writes YAML 1.2 for reading. It is small because of one fact: JSON is YAML, so whatever a text may hold, its JSON form
 * is safe; only texts that are plainly harmless go without quotes, and texts of several plain lines as a block. A YAML
 * package would be a sixth of the whole extension.
 */
export function toYaml(fields: YamlFields): string {
  return mapping(fields, '');
}

function mapping(fields: YamlFields, indent: string): string {
  return Object.entries(fields)
    .flatMap(([key, value]) => (value === undefined ? [] : [`${indent}${scalar(key)}:${below(value, indent)}`]))
    .join('');
}

/** What follows a key or a dash, up to and with the end of the line. */
function below(value: Exclude<YamlValue, undefined>, indent: string): string {
  if (typeof value === 'string') {
    return isBlock(value) ? ` |-\n${value.replace(/^/gm, `${indent}  `)}\n` : ` ${scalar(value)}\n`;
  }
  if (typeof value !== 'object' || value === null) return ` ${String(value)}\n`;
  if (isList(value)) {
    const items = value.filter((item) => item !== undefined);
    return items.length === 0 ? ' []\n' : `\n${items.map((item) => listItem(item, indent)).join('')}`;
  }
  const inner = mapping(value, `${indent}  `);
  return inner === '' ? ' {}\n' : `\n${inner}`;
}

function listItem(item: Exclude<YamlValue, undefined>, indent: string): string {
  const inner = `${indent}    `;
  if (typeof item === 'object' && item !== null && !isList(item)) {
    const fields = mapping(item, inner);
    return fields === '' ? `${indent}  - {}\n` : `${indent}  - ${fields.slice(inner.length)}`;
  }
  return `${indent}  -${below(item, `${indent}  `)}`;
}

function isList(value: readonly YamlValue[] | YamlFields): value is readonly YamlValue[] {
  return Array.isArray(value);
}

/** A letter first, then nothing YAML could take for a sign of its own. */
const harmless = /^[A-Za-z](?:[\w ./@()=,+-]|:(?=[^\s]))*$/;
/** Words that some version of YAML takes for something else than text. */
const reserved = /^(?:true|false|null|yes|no|on|off|y|n)$/i;

function scalar(text: string): string {
  return harmless.test(text) && !reserved.test(text) && !text.endsWith(' ') ? text : JSON.stringify(text);
}

/** Several lines of printable ASCII, none blank or indented: a certificate, above all. */
function isBlock(text: string): boolean {
  return /^[!-~][ -~]*(?:\n[!-~][ -~]*)+$/.test(text);
}
