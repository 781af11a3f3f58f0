/** What the page of the form is made of: addresses the editor lets it load, and a title. */
interface FormPage {
  readonly title: string;
  readonly language: string;
  readonly script: string;
  readonly style: string;
  /** The origin styles may come from, in the editor's words. */
  readonly cspSource: string;
  readonly nonce: string;
}

/** The whole document. It is empty: the script builds the form, and fills it with what the extension posts. */
export function formPage({ title, language, script, style, cspSource, nonce }: FormPage): string {
  return `<!DOCTYPE html>
<html lang="${escaped(language)}">
  <head>
    <meta charset="UTF-8" />
    <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src ${escaped(cspSource)}; script-src 'nonce-${escaped(nonce)}'" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <link rel="stylesheet" href="${escaped(style)}" />
    <title>${escaped(title)}</title>
  </head>
  <body>
    <main id="root"></main>
    <script nonce="${escaped(nonce)}" src="${escaped(script)}"></script>
  </body>
</html>`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
