/** What terminals, web pages, mail and chat put around a text. */
export function cleaned(text: string): string {
  const plain = text
    .replace(/^\ufeff/, '')
    // eslint-disable-next-line no-control-regex -- colours and titles of terminals
    .replace(/\x1b\[[0-9;?]*[A-Za-z]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)/g, '')
    .replace(/[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad]/g, '')
    .replace(/[\u00a0\u2007\u202f]/g, ' ')
    .replace(/\r\n?/g, '\n');
  return withoutPrompts(withoutNumbers(withoutQuoting(withoutFence(plain))));
}

/** The inside of the first Markdown fence. */
function withoutFence(text: string): string {
  const fence = /^[ \t>]*(```+|~~~+)[^\n`]*\n([\s\S]*?)\n[ \t>]*\1[`~]*[ \t]*$/m.exec(text);
  return fence?.[2] ?? text;
}

/** The marks of mail before every line. */
function withoutQuoting(text: string): string {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return lines.length > 0 && lines.every((line) => /^>/.test(line)) ? text.replace(/^> ?/gm, '') : text;
}

/** The numbers that editors, web pages and `cat -n` put before every line, one higher each. */
function withoutNumbers(text: string): string {
  const lines = text.split('\n');
  if (lines.at(-1)?.trim() === '') lines.pop();
  const first = Number(/^\s*(\d+)/.exec(lines[0] ?? '')?.[1] ?? Number.NaN);
  const bare = lines.map((line, index) => {
    const [, number, , rest = ''] = /^\s*(\d+)(:? {1,2}|\t|$)(.*)$/.exec(line) ?? [];
    return Number(number) === first + index ? rest : undefined;
  });
  return lines.length < 3 || bare.includes(undefined) ? text : bare.join('\n');
}

/** A prompt before the first line, and the command that printed the rest. */
function withoutPrompts(text: string): string {
  const command = /^\s*(?:\[?[\w.-]+@[\w.-]+[^\n$#]*[$#]|PS [^\n>]*>|[A-Za-z]:\\[^\n>]*>|[$%❯➜])[ \t]+([^\n]*)\n?/.exec(
    text,
  );
  if (!command) return text;
  const [all, words = ''] = command;
  const isKept = /^(?:curl(?:\.exe)?|Invoke-RestMethod|irm|iwr)\b/i.test(words);
  const rest = text.slice(all.length);
  if (isKept) return rest === '' ? words : `${words}\n${rest}`;
  return /^\s*(?:kubectl|oc|aws|gcloud|az|cat|type|Get-Content|k3s|microk8s)\b/i.test(words)
    ? withoutPromptBehind(rest)
    : text.replace(/^(\s*)(?:\$|PS [^\n>]*>|%)[ \t]+/gm, '$1');
}

/** The prompt that waits below the output. */
function withoutPromptBehind(text: string): string {
  return text.replace(/\n(?:\[?[\w.-]+@[\w.-]+[^\n]*[$#]|PS [^\n>]*>|[$%❯➜])[ \t]*\s*$/, '\n');
}
