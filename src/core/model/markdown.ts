import { plain } from './plainText';

/**
 * Text from a server or a setting, as it is: every ASCII punctuation mark is escaped, which Markdown allows, so that
 * nothing becomes a heading, a link, an image, HTML or an entity. One line.
 */
export function escapeMarkdown(text: string): string {
  return plain(text).replace(/[!-/:-@[-`{-~]/g, '\\$&');
}

/**
 * The same for reports that are read as source, too: only what can mean something inside a line is escaped, and what
 * would begin a list, heading or quote in front of it. An address does not become a link.
 */
export function escapeMarkdownLightly(text: string): string {
  return plain(text)
    .replace(/[\\`*_[\]<>|&~!$]/g, '\\$&')
    .replace(/:(?=\/\/)/g, '\\:')
    .replace(/^(\d+)([.)])/, '$1\\$2')
    .replace(/^[-+=#:]/, '\\$&');
}

/** A tooltip: a title, lines of label and value (those without a value are left out), and sentences below. */
export function tooltipMarkdown(
  title: string,
  fields: readonly (readonly [label: string, value: string | undefined])[],
  sentences: readonly (string | undefined)[] = [],
): string {
  const lines = fields.flatMap(([label, value]) =>
    value === undefined || value === '' ? [] : [`${escapeMarkdown(label)}: ${escapeMarkdown(value)}`],
  );
  // Two blanks at the end of a line keep the next one apart.
  return [
    `**${escapeMarkdown(title)}**`,
    lines.join('  \n'),
    ...sentences.map((sentence) => escapeMarkdown(sentence ?? '')),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}
