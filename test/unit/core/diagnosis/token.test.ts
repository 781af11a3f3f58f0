import assert from 'node:assert/strict';
import type { Registration } from '../../../../src/core/diagnosis/ladder';
import { kubernetesProfiles } from '../../../kubernetes/profiles';
import { startKubernetes } from '../../../kubernetes/server';
import type { KnownToken, KubernetesOptions } from '../../../kubernetes/server';
import { pem } from '../../../net/pem';
import { diagnosed, outcomes, stepLines, surroundings } from './surroundings';

/** A token with these claims and no valid signature: the stand-in compares whole tokens. */
function jwt(claims: object): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'RS256', kid: 'marked' })}.${part(claims)}.c2lnbmF0dXJl`;
}

const sub = 'system:serviceaccount:kube-system:gitlab';
const lasting = jwt({ iss: 'kubernetes/serviceaccount', sub });
const bound = jwt({ iss: 'https://kubernetes.default.svc', sub, exp: 4_000_000_000 });
const expired = jwt({ iss: 'https://kubernetes.default.svc', sub, exp: 1_700_000_000 });

async function checked(
  token: string,
  known: Readonly<Record<string, KnownToken>>,
  options: KubernetesOptions = {},
  registration: Partial<Registration> = {},
) {
  const server = await startKubernetes({ tokens: known, ...options });
  try {
    const scheme = 'tls' in options ? 'http' : 'https';
    const diagnosis = await diagnosed({
      apiUrl: `${scheme}://k8s.example.test:${server.port}`,
      caCert: pem('clusterRoot'),
      token,
      ...registration,
    });
    const lines = stepLines(diagnosis, 'token');
    const rows = diagnosis.steps.find(({ name }) => name === 'token')?.table?.rows.map((row) => row.join(': ')) ?? [];
    // Whatever happens, the token is in no line.
    assert.ok(!JSON.stringify(diagnosis).includes(token));
    return { diagnosis, lines, rows, server };
  } finally {
    await server.close();
  }
}

const everything: KnownToken = { username: sub, rights: 'everything' };

describe('A token typed for a diagnosis', () => {
  it('of a cluster administrator passes, and nothing but reviews is posted', async () => {
    const { diagnosis, lines, server } = await checked(lasting, { [lasting]: everything });
    assert.match(outcomes(diagnosis), /token passed$/);
    assert.match(lines, /Claims to be: system:serviceaccount:kube-system:gitlab\nExpires: never/);
    assert.match(
      lines,
      /Accepted as: system:serviceaccount:kube-system:gitlab\nGroups: system:authenticated\nRights: everything/,
    );
    assert.deepEqual(
      server.requests.filter((request) => request.startsWith('POST')).map((request) => request.split('/').at(-1)),
      ['selfsubjectreviews', 'selfsubjectaccessreviews'],
    );
    // Two verdicts, and one connection for all questions about the token.
    assert.equal(server.connections, 3);
  });

  it('that ends some day is told so', async () => {
    const { diagnosis, lines } = await checked(bound, { [bound]: everything });
    assert.match(outcomes(diagnosis), /token warning$/);
    assert.match(lines, /Token expires\nThe token expires on 2096-10-02/);
  });

  it('that has expired is told so', async () => {
    const { diagnosis } = await checked(expired, {});
    assert.equal(diagnosis.problem?.title, 'Token not accepted');
    assert.match(diagnosis.problem.sentence, /expired on 2023-11-14/);
  });

  it('of another cluster is told so', async () => {
    const { diagnosis } = await checked(lasting, {});
    assert.match(diagnosis.problem?.sentence ?? '', /does not know this token: it is of another cluster/);
  });

  it('without the rights of a managed cluster names what would fail', async () => {
    const some = {
      username: sub,
      rights: ['get namespaces', 'create namespaces', 'bind clusterroles.rbac.authorization.k8s.io'],
    };
    const { diagnosis, rows, server } = await checked(lasting, { [lasting]: some }, {}, { managed: true });
    assert.equal(diagnosis.problem?.title, 'Token lacks rights');
    assert.ok(rows.includes('get namespaces: yes: '));
    assert.match(rows.join('\n'), /^create secrets: no: .*jobs get no token\.$/m);
    assert.ok(rows.some((row) => row.startsWith('bind clusterroles.rbac.authorization.k8s.io “admin”: yes')));
    assert.equal(rows.length, 16);
    assert.equal(server.connections, 3);
    assert.match(diagnosis.problem.next, /cluster-admin/);
  });

  it('needs less where the cluster is not managed', async () => {
    const rights = ['create deployments.apps', 'create pods', 'create services', 'create secrets'];
    const { diagnosis } = await checked(lasting, { [lasting]: { username: sub, rights } }, {}, { namespace: 'app' });
    assert.match(outcomes(diagnosis), /token passed$/);
  });

  it('is checked as GitLab does where Kubernetes cannot say who it is', async () => {
    const { diagnosis, lines } = await checked(lasting, { [lasting]: everything }, { reviews: [] });
    assert.match(outcomes(diagnosis), /token passed$/);
    assert.match(lines, /User: not reported by this Kubernetes version/);
  });

  it('tells the version where nobody else may ask for it', async () => {
    const { diagnosis } = await checked(lasting, { [lasting]: everything }, { profile: kubernetesProfiles.k3s });
    assert.match(stepLines(diagnosis, 'version'), /v1\.30\.4\+k3s1 \(k3s\)/);
    assert.equal(diagnosis.version?.minor, 30);
  });

  it('is never sent over http, nor over a connection that is not verified', async () => {
    const plain = await checked(lasting, { [lasting]: everything }, { tls: undefined });
    assert.ok(!plain.server.received.includes(lasting));
    assert.match(plain.lines, /The token was not sent/);
    const unverified = await checked(lasting, { [lasting]: everything }, {}, { caCert: pem('secondRoot') });
    assert.ok(!unverified.server.received.includes(lasting));
    assert.deepEqual(unverified.server.requests, []);
    assert.match(unverified.lines, /The token was not sent: the connection is not verified/);
  });

  const strangers = [
    ['GitLab', 401, { 'Content-Type': 'application/json' }, '{"message":"401 Unauthorized"}'],
    ['a redirect', 302, { Location: 'https://elsewhere.example.test/' }, ''],
    ['a web page', 200, { 'Content-Type': 'text/html' }, '<html>It works!</html>'],
  ] as const;
  for (const [who, status, headers, body] of strangers)
    it(`is not sent to ${who} behind the right certificate`, async () => {
      const { lines, server } = await checked(
        lasting,
        { [lasting]: everything },
        { instead: (_message, response) => void response.writeHead(status, headers).end(body) },
      );
      assert.ok(server.requests.length > 0);
      assert.ok(!server.received.includes(lasting));
      assert.match(lines, /The token was not sent: no Kubernetes API answered/);
    });

  it('is not sent to a host that is known as GitLab, nor to what its agents answer', async () => {
    const server = await startKubernetes({ tokens: { [lasting]: everything } });
    const proxy = { ...kubernetesProfiles.plain, path: '/k8s-proxy' };
    const agents = await startKubernetes({ tokens: { [lasting]: everything }, profile: proxy });
    try {
      const asked = { caCert: pem('clusterRoot'), token: lasting };
      const isGitLab = ({ port }: { readonly port: number }): boolean => port === server.port;
      const host = `https://k8s.example.test:${server.port}`;
      const one = await diagnosed({ ...asked, apiUrl: host }, surroundings({ isGitLab }));
      const other = await diagnosed({ ...asked, apiUrl: `https://k8s.example.test:${agents.port}/k8s-proxy` });
      for (const diagnosis of [one, other]) assert.match(stepLines(diagnosis, 'token'), /this is an address of GitLab/);
      assert.ok(!server.received.includes(lasting) && !agents.received.includes(lasting));
      assert.deepEqual([server.requests.length, agents.requests.length], [2, 2]);
    } finally {
      await Promise.all([server.close(), agents.close()]);
    }
  });

  it('goes no further than a redirect that comes later', async () => {
    const elsewhere = await startKubernetes();
    try {
      const { lines, server } = await checked(
        lasting,
        {},
        {
          instead: ({ headers, url }, response) => {
            const kubernetes = url === '/version' && headers.authorization === undefined;
            if (kubernetes) response.writeHead(200).end('{"gitVersion":"v1.32.0"}');
            else if (url === '/livez') response.end('ok');
            else response.writeHead(307, { Location: `https://k8s.example.test:${elsewhere.port}${url}` }).end();
          },
        },
      );
      assert.ok(server.received.includes(lasting));
      assert.deepEqual(elsewhere.requests, []);
      assert.match(lines, /not reported by this Kubernetes version/);
    } finally {
      await elsewhere.close();
    }
  });
});
