import * as l10n from '@vscode/l10n';

/** More lines than these are counted, so that a document of two thousand projects can still be read. */
const MAX_LINES = 1000;

/** How an answer is known. */
export function known(how: 'read' | 'computed' | 'notVisible'): string {
  switch (how) {
    case 'read':
      return `*(${l10n.t('read')})*`;
    case 'computed':
      return `*(${l10n.t('computed')})*`;
    case 'notVisible':
      return `*(${l10n.t('not visible to this token')})*`;
  }
}

export function bullets(lines: readonly string[]): string {
  return lines.map((line) => `- ${line}`).join('\n');
}

/** A list of which the beginning is shown. */
export function capped(lines: readonly string[]): string {
  const shown = lines.slice(0, MAX_LINES);
  const more = lines.length - shown.length;
  return bullets(more > 0 ? [...shown, l10n.t('… and {0} more', more)] : shown);
}

/** A block to copy; whatever the text holds, it does not end the block. */
export function block(language: string, text: string): string {
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${text.trimEnd()}\n${fence}`;
}
