import { plain } from './plainText';

/**
 * Text from a server or a setting, as it is: every ASCII punctuation mark is escaped, which Markdown allows, so that
 * nothing becomes a heading, a link, an image, HTML or an entity. One line.
 */
export function escapeMarkdown(text: string): string {
  return plain(text).replace(/[!-/:-@[-`{-~]/g, '\\$&');
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
