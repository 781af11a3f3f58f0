import { html, json, Refusal, refuseWithError, type Answer } from './answer';
import { askingUser, authenticate } from './auth';
import { parseForm, readBody, unescaped } from './body';
import { callOf, type Incoming, type Site } from './call';
import { answerQuery } from './graphql/endpoint';
import { matchRoute, methodsOf, routesOf } from './router';
import { startThrottle } from './throttle';

/** Answers requests the way GitLab does; paths come without the sub-path. */
export function startGitLabSite(site: Site): (incoming: Incoming) => Answer {
  const routes = routesOf(site.profile);
  const throttle = startThrottle();

  /** The order of checks is the contract (3.1): malformed text, throttle, content type, token; each endpoint goes on. */
  function answer(incoming: Incoming): Answer {
    const [pathname = '', search = ''] = splitOnce(incoming.path, '?');
    const { method, headers } = incoming;
    const now = site.now();
    checkPath(pathname);
    const query = parseForm(search);
    // Whoever reads sends no body that anybody looks at.
    const bytes = method === 'GET' || method === 'HEAD' ? Buffer.alloc(0) : incoming.body;
    const body = readBody({ contentType: headers['content-type'], accept: headers.accept, bytes });
    if (!pathname.startsWith('/api/')) {
      return page(site, pathname);
    }
    throttle.wholeInstance(site.world.settings.throttle, askingUser(site.world, headers, query), now);
    if (pathname.startsWith('/api/v3/')) {
      throw refuseWithError(410, 'API V3 is no longer supported. Use API V4 instead.');
    }
    body.checkContentType();
    if (pathname === '/api/graphql' && method === 'POST') {
      return answerQuery(site, incoming, body.values);
    }
    const below = pathname.startsWith('/api/v4/') ? pathname.slice('/api/v4'.length) : undefined;
    if (method === 'OPTIONS' && below !== undefined) {
      return allowed(methodsOf(routes, below));
    }
    const match = below === undefined ? undefined : matchRoute(routes, method, below);
    if (!match) {
      throw refuseWithError(404, '404 Not Found');
    }
    const { route, captured } = match;
    const caller = authenticate(site, now, { method, headers, query }, route.scopes);
    const limit = site.world.settings.endpointLimits[route.pattern];
    const asking = caller ? `user ${caller.user.id}` : 'nobody';
    const checkLimit = () => throttle.endpoint(limit, route.pattern, asking, site.profile, now);
    const sent = { ...query, ...body.values, ...captured };
    return route.handle(callOf(site, { incoming, query, captured, sent, caller, checkLimit }));
  }

  return (incoming) => {
    try {
      return answer(incoming);
    } catch (error) {
      if (error instanceof Refusal) {
        return error.answer;
      }
      console.error('The stand-in GitLab failed:', error);
      return json(500, { message: '500 Internal Server Error' });
    }
  };
}

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

/** Refuses a path with a broken escape or a NUL; a plus is a plus there. */
function checkPath(pathname: string): void {
  unescaped(pathname.replaceAll('+', '%2B'));
}

/** OPTIONS: which methods an address takes, without asking who it is. */
function allowed(methods: readonly string[]): Answer {
  if (methods.length === 0) {
    throw refuseWithError(404, '404 Not Found');
  }
  return { status: 204, headers: { Allow: ['OPTIONS', ...methods].join(', ') }, body: '' };
}

/** What a browser gets: nobody is signed in, so every page leads to the sign-in form. */
function page(site: Site, pathname: string): Answer {
  const signIn = '/users/sign_in';
  if (pathname === signIn) {
    return html(200, '<!DOCTYPE html><html><head><title>Sign in · GitLab</title></head><body>Sign in</body></html>');
  }
  return html(302, '<html><body>You are being redirected.</body></html>', {
    Location: `${site.configuredUrl}${signIn}`,
  });
}
