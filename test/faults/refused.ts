import { html, json, text, type Answer } from '../gitlab/answer';
import { asJson, echo, signIn, type Fault } from './fault';

/** Refused, by GitLab or on the way: nothing has happened. */
export const refused: readonly Fault[] = [
  answered('302 to another origin', (elsewhere) => html(302, '', { Location: `${elsewhere}/api/v4/user` })),
  answered('307 to another origin', (elsewhere) => html(307, '', { Location: `${elsewhere}/api/v4/user` })),
  answered('308 to https', () => html(308, '', { Location: 'https://127.0.0.1/api/v4/user' })),
  answered('302 to a sign-in page', () => html(302, '', { Location: '/users/sign_in?x=y#z' })),
  answered('302 in circles', () => html(302, '', { Location: '/api/v4/user' })),
  answered('301 without an address', () => html(301, '')),
  answered('302 to a script', () => html(302, '', { Location: 'javascript:alert(1)' })),
  {
    name: '302 with the token in it',
    react: ({ request }, elsewhere) =>
      html(302, '', {
        Location: `${elsewhere}/${String(request.headers['private-token'])}?t=${String(request.headers['private-token'])}`,
      }),
  },
  answered('400 of the parameter layer', () =>
    json(400, { error: 'name is missing, platform_kubernetes_attributes[token] is missing' }),
  ),
  answered('400 of the model layer', () =>
    json(400, { message: { 'platform_kubernetes.api_url': [' is blocked'], name: ['x'] } }),
  ),
  answered('400 with a bare text for a list', () => json(400, { message: { name: 'odd' } })),
  answered('400 with a sentence', () => json(400, { message: '400 Bad request - odd' })),
  answered('400 with a list', () => json(400, ['odd'])),
  answered('400 as a web page', () => html(400, '<html>Bad Request</html>')),
  answered('400 with invalid UTF-8', () => ({ status: 400, headers: asJson, body: Buffer.from([0x7b, 0xff, 0x7d]) })),
  { name: '400 with the request sent back', react: (exchange) => text(400, echo(exchange)) },
  {
    name: '400 with the request sent back in JSON',
    react: (exchange) => json(400, { message: { name: [echo(exchange)] } }),
  },
  answered('401', () => json(401, { message: '401 Unauthorized' })),
  answered('401 expired', () => json(401, { error: 'invalid_token', error_description: 'Token is expired.' })),
  answered('401 revoked', () => json(401, { error: 'invalid_token', error_description: 'Token was revoked.' })),
  answered('401 as a web page', () => html(401, signIn)),
  answered('403', () => json(403, { message: '403 Forbidden' })),
  answered('403 scope', () =>
    json(403, { error: 'insufficient_scope', error_description: 'Higher privileges.', scope: 'api' }),
  ),
  answered('403 as a web page', () => html(403, '<html>Blocked by the firewall</html>')),
  answered('404 project', () => json(404, { message: '404 Project Not Found' })),
  answered('404 of the feature flag', () => json(404, { message: '404 Not Found' })),
  answered('404 of the cluster', () => json(404, { message: '404 Not found' })),
  answered('404 of the route', () => json(404, { error: '404 Not Found' })),
  answered('404 as a web page', () => html(404, '<html>404</html>')),
  answered('405', () => json(405, { message: 'Non GET methods are not allowed for moved projects' })),
  answered('409', () => json(409, { message: '409 Conflict: Resource lock' })),
  answered('410', () => json(410, { error: 'Gone.' })),
  answered('412', () => json(412, { message: '412 Precondition Failed' })),
  answered('413 as a web page', () => html(413, '<html>Too large</html>')),
  answered('415', () => json(415, { error: 'not supported' })),
  answered('422', () => json(422, { message: { base: ['odd'] } })),
  answered('418 with nothing', () => ({ status: 418, headers: {}, body: '' })),
  answered('429 in plain text, Retry-After: 1', () => text(429, 'Retry later\n', { 'Retry-After': '1' })),
  answered('429 with a date', () =>
    text(429, 'Retry later\n', { 'Retry-After': new Date(Date.now() + 1000).toUTCString() }),
  ),
  answered('429 in JSON, no Retry-After', () => json(429, { message: { error: 'Too many requests.' } })),
  answered('429, Retry-After: 3600', () => text(429, 'Retry later\n', { 'Retry-After': '3600' })),
  answered('429, Retry-After: soon', () => text(429, 'Retry later\n', { 'Retry-After': 'soon' })),
];

function answered(name: string, answer: (elsewhere: string) => Answer): Fault {
  return { name, react: (_exchange, elsewhere) => answer(elsewhere) };
}
