/** What the suite in test/editor begins its lines with, so that they can be told from VS Code's own log around them. */
export const outputMark = '[test] ';
