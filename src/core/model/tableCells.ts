/** What a cell of an exported table may hold. */
export type Value = string | number | boolean | undefined;

/** What a spreadsheet would take for a formula, also after blanks, and in the wide forms some of them accept. */
const formula = /^\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|^[\t\r\n]/;
/** Blanks, quotes and separators before such a mark inside a cell. Looking back first keeps it quick on thousands of blanks. */
const beforeFormula = /(?<![;\s"])[;\s"]+(?=[=+\-@\uff1d\uff0b\uff0d\uff20])/g;

/** Spreadsheets that split at semicolons, tabs or lines begin a cell there, whatever is quoted. */
function guardedWithin(text: string): string {
  return text.replace(beforeFormula, (run) => (/[;\t\r\n]/.test(run) ? `${run}'` : run));
}

/** RFC 4180, and an apostrophe before what a spreadsheet would run, however it splits the line. */
export function csvCell(value: Value): string {
  const text = String(value ?? '');
  if (typeof value !== 'string') return text;
  const safe = guardedWithin(formula.test(text) ? `'${text}` : text);
  return /[",;\t\r\n]|^\s|\s$/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/**
 * Every mark that Markdown could read as more than itself is escaped, those that GitLab makes references of among them
 * (`@user`, `#1`, `!1`, `$1`, `&1`, `~label`, `%milestone`, `^alert`); line breaks become blanks.
 */
export function markdownCell(value: Value): string {
  if (typeof value !== 'string') return String(value ?? '');
  return value.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').replace(/[\\`*_{}[\]<>()#+!|&~@$%^]/g, '\\$&');
}
