/** A value an argument can have, variables resolved. */
export type Argument = string | number | boolean | null;
export type Arguments = Readonly<Record<string, Argument>>;

/** One field of a selection with what is selected below it; empty for a scalar. */
export interface Selected {
  readonly name: string;
  /** The key in the answer: the alias, or the name. */
  readonly key: string;
  readonly args: Arguments;
  readonly selection: readonly Selected[];
}

/** A query this reads no further than the stand-in needs: one operation, fields, aliases, arguments, variables. */
export class SyntaxProblem extends Error {}

/** Reads a GraphQL query; throws SyntaxProblem where it is none, or has fragments or directives. */
export function parseQuery(query: string, variables: Readonly<Record<string, unknown>>): readonly Selected[] {
  const tokens = query.match(/[{}()[\]:!=$,]|"(?:[^"\\]|\\.)*"|-?\d+|\w+|\S/g)?.filter((token) => token !== ',') ?? [];
  let at = 0;
  const peek = () => tokens[at];
  const take = (expected?: string): string => {
    const token = tokens[at];
    if (token === undefined || (expected !== undefined && token !== expected)) {
      throw new SyntaxProblem(`Expected ${expected ?? 'more'}, actual: ${token ?? 'end of file'}`);
    }
    at += 1;
    return token;
  };

  function word(): string {
    const token = take();
    if (!/^[A-Za-z_]\w*$/.test(token)) throw new SyntaxProblem(`Expected a name, actual: ${token}`);
    return token;
  }

  function skipVariables(): void {
    if (peek() !== '(') return;
    while (take() !== ')');
  }

  function value(): Argument {
    const token = take();
    if (token === '$') {
      const given = variables[word()] ?? null;
      return typeof given === 'string' || typeof given === 'number' || typeof given === 'boolean' ? given : null;
    }
    if (token.startsWith('"')) return token.slice(1, -1).replace(/\\(.)/g, '$1');
    if (/^-?\d+$/.test(token)) return Number(token);
    return token === 'true' ? true : token === 'false' ? false : token === 'null' ? null : token;
  }

  function args(): Arguments {
    const given: Record<string, Argument> = {};
    if (peek() !== '(') return given;
    take('(');
    while (peek() !== ')') {
      const name = word();
      take(':');
      given[name] = value();
    }
    take(')');
    return given;
  }

  function selection(): readonly Selected[] {
    if (peek() !== '{') return [];
    take('{');
    const fields: Selected[] = [];
    while (peek() !== '}') {
      const first = word();
      const alias = peek() === ':';
      if (alias) take(':');
      const name = alias ? word() : first;
      fields.push({ name, key: first, args: args(), selection: selection() });
    }
    take('}');
    return fields;
  }

  if (peek() === 'mutation') throw new SyntaxProblem('Mutations are not known to this stand-in');
  if (peek() === 'query') {
    take('query');
    if (peek() !== '(' && peek() !== '{') word();
    skipVariables();
  }
  const selected = selection();
  if (selected.length === 0 || peek() !== undefined) throw new SyntaxProblem(`Unexpected ${peek() ?? 'end of file'}`);
  return selected;
}
