import { refuseWithError } from './answer';

/** A value as JSON or a form can carry it. */
export type Value = string | number | boolean | null | readonly Value[] | { readonly [key: string]: Value };
export type Values = Readonly<Record<string, Value>>;

/** A value with keys of its own, not a list. */
export function isValues(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * The parameters in a request's body, as Grape reads them before anybody is authenticated.
 * Refuses malformed JSON (400) and content types it does not know (415).
 */
export function parseBody(contentType: string | undefined, body: string): Values {
  if (body === '') {
    return {};
  }
  const mediaType = contentType?.split(';')[0]?.trim().toLowerCase() ?? '';
  if (mediaType === 'application/x-www-form-urlencoded') {
    return parseForm(body);
  }
  if (mediaType !== '' && mediaType !== 'application/json') {
    throw refuseWithError(415, `The provided content-type '${contentType}' is not supported.`);
  }
  const value = parseJson(body);
  return isValues(value) ? value : {};
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw refuseWithError(
      400,
      '\nProblem:\n  message body does not match declared format\nResolution:\n' +
        '  when specifying application/json as content-type, you must pass valid application/json in the ' +
        "request's 'body'\n",
    );
  }
}

/** Form encoding and query strings: `platform[api_url]=…` nests, as in Rack. */
export function parseForm(encoded: string): Values {
  const values: Record<string, Value> = {};
  for (const [name, value] of new URLSearchParams(encoded)) {
    const nested = /^([^[\]]+)\[([^[\]]+)\]$/.exec(name);
    const [, outer, inner] = nested ?? [];
    if (outer === undefined || inner === undefined) {
      values[name] = value;
    } else {
      const before = values[outer];
      values[outer] = { ...(isValues(before) ? before : {}), [inner]: value };
    }
  }
  return values;
}
