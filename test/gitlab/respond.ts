import { html, json, Refusal, refuseWithError, type Answer } from './answer';
import { authenticate, sentToken } from './auth';
import { parseBody, parseForm } from './body';
import { callOf, type Incoming, type Site } from './call';
import { answerQuery } from './graphql';
import { matchRoute, routesOf } from './router';
import { startThrottle } from './throttle';

/** Answers requests the way GitLab does; paths come without the sub-path. */
export function startGitLabSite(site: Site): (incoming: Incoming) => Answer {
  const routes = routesOf(site.profile);
  const throttle = startThrottle();

  /** The order of checks is the contract (3.1): throttle, body, token; each endpoint goes on from there. */
  function answer(incoming: Incoming): Answer {
    const [pathname = '', search = ''] = incoming.path.split('?');
    const query = new URLSearchParams(search);
    const now = site.now();
    if (!pathname.startsWith('/api/')) {
      return page(site, pathname);
    }
    const asking = sentToken(incoming.headers, query) ?? 'nobody';
    throttle.wholeInstance(site.world.settings.throttle, asking, now);
    if (pathname.startsWith('/api/v3/')) {
      throw refuseWithError(410, 'API V3 is no longer supported. Use API V4 instead.');
    }
    const body = parseBody(incoming.headers['content-type'], incoming.body);
    if (pathname === '/api/graphql' && incoming.method === 'POST') {
      return answerQuery(site, incoming, body);
    }
    const match = pathname.startsWith('/api/v4/')
      ? matchRoute(routes, incoming.method, pathname.slice('/api/v4'.length))
      : undefined;
    if (!match) {
      throw refuseWithError(404, '404 Not Found');
    }
    const { route, captured } = match;
    const caller = authenticate(site, now, { ...incoming, query }, route.scopes);
    const limit = site.world.settings.endpointLimits[route.pattern];
    throttle.endpoint(limit, route.pattern, asking, site.profile, now);
    const sent = { ...parseForm(search), ...body, ...captured };
    return route.handle(callOf(site, { incoming, query, captured, sent, caller }));
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
