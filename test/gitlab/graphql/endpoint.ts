import { json, Refusal, type Answer } from '../answer';
import { authenticate } from '../auth';
import { isValues, type Values } from '../body';
import type { Incoming, Site } from '../call';
import { Json, NotAvailable, queryRoot, type Node, type Out } from './nodes';
import { parseQuery, SyntaxProblem, type Selected } from './parse';
import { queryProblem, type QueryLimits } from './schema';

/**
 * POST /api/graphql for queries; `read_api` is enough. What the caller may not read is null or empty, without an error
 * (agents and environments 9). A query that is wrong or too dear gets errors and no data, with status 200.
 */
export function answerQuery(site: Site, incoming: Incoming, body: Values): Answer {
  const caller = asking(site, incoming);
  const query = typeof body['query'] === 'string' ? body['query'] : '';
  const variables = isValues(body['variables']) ? body['variables'] : {};
  const limits: QueryLimits = !caller
    ? { complexity: 200, depth: 15 }
    : { complexity: caller.administrator ? 300 : 250, depth: 20 };
  let selected: readonly Selected[];
  try {
    selected = parseQuery(query, variables);
  } catch (error) {
    if (error instanceof SyntaxProblem) return json(200, { errors: [{ message: error.message }] });
    throw error;
  }
  const problem = queryProblem(site.profile, query, selected, limits);
  if (problem) return json(200, { errors: [problem] });
  const errors: unknown[] = [];
  const data = valueOf(queryRoot(site, caller), selected, [], errors);
  return json(200, errors.length > 0 ? { data, errors } : { data });
}

/** What was selected of a value; a field that cannot be had now is null, with an error that names the way to it. */
function valueOf(
  out: Out,
  selected: readonly Selected[],
  path: readonly (string | number)[],
  errors: unknown[],
): unknown {
  if (out instanceof Json) return out.value;
  if (isNodes(out)) return out.map((node, index) => valueOf(node, selected, [...path, index], errors));
  if (!isNode(out)) return out;
  return Object.fromEntries(
    selected.map(({ name, key, args, selection }) => {
      const way = [...path, key];
      try {
        return [key, valueOf(out[name]?.(args) ?? null, selection, way, errors)];
      } catch (error) {
        if (!(error instanceof NotAvailable)) throw error;
        errors.push({ message: error.message, path: way });
        return [key, null];
      }
    }),
  );
}

function isNodes(out: Out): out is readonly Node[] {
  return Array.isArray(out);
}

function isNode(out: Out): out is Node {
  return typeof out === 'object' && out !== null && !Array.isArray(out) && !(out instanceof Json);
}

/** Whoever sends a token must send a good one; a query reads, though it is a POST. */
function asking(site: Site, { headers }: Incoming): ReturnType<typeof authenticate> {
  try {
    const sent = { method: 'GET', headers, query: {} };
    return authenticate(site, site.now(), sent, ['api', 'read_api']);
  } catch {
    throw new Refusal(json(401, { errors: [{ message: 'Invalid token' }] }));
  }
}
