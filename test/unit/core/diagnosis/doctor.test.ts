import assert from 'node:assert/strict';
import type { RequestListener } from 'node:http';
import { createServer as createSocketServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Surroundings } from '../../../../src/core/diagnosis/surroundings';
import { certificatesOf } from '../../../../src/core/diagnosis/chainCause';
import type { Registration } from '../../../../src/core/diagnosis/ladder';
import { kubernetesProfiles } from '../../../kubernetes/profiles';
import { startKubernetes } from '../../../kubernetes/server';
import type { KubernetesOptions } from '../../../kubernetes/server';
import { portOf } from '../../../net/connectProxy';
import { pem, presentsApi } from '../../../net/pem';
import type { ApiCaName, ApiName } from '../../../net/pem';
import { tlsFaults } from '../../../net/tlsServers';
import { diagnosed, outcomes, stepLines, surroundings } from './surroundings';

interface Server {
  readonly port: number;
  close(): Promise<void>;
}

interface Case {
  readonly what: string;
  readonly start: () => Promise<Server>;
  /** The API URL; `:0` becomes the server's port. */
  readonly url?: string;
  readonly ca?: string;
  readonly registration?: Partial<Registration>;
  readonly world?: Partial<Surroundings>;
  readonly outcomes: string;
  readonly title?: string;
  readonly says?: RegExp;
}

const api =
  (leaf: ApiName, ...chain: ApiCaName[]) =>
  () =>
    startKubernetes({ tls: presentsApi(leaf, ...chain) });
const product =
  (name: keyof typeof kubernetesProfiles, more: KubernetesOptions = {}) =>
  () =>
    startKubernetes({ profile: kubernetesProfiles[name], ...more });
const instead = (listener: RequestListener) => () => startKubernetes({ instead: listener });
const page =
  (status: number, headers: Record<string, string>, body: string): RequestListener =>
  (_message, response) =>
    void response.writeHead(status, headers).end(body);

const root = pem('clusterRoot');
const before = 'url passed, name passed, way passed';
const allPassed = `${before}, gitlabTls passed, kubectlTls passed, http passed`;
const neither = `${before}, gitlabTls failed, kubectlTls failed`;
const stranger = `${before}, gitlabTls passed, kubectlTls passed, http failed`;

/** A server that never listens: its port is free again. */
async function nobody(): Promise<Server> {
  const server = await startKubernetes();
  await server.close();
  return { port: server.port, close: () => Promise.resolve() };
}

/** Accepts connections and says nothing. */
async function silent(): Promise<Server> {
  const server = createSocketServer((socket) => void socket.on('error', () => undefined));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: portOf(server.address()),
    close: () => {
      server.close();
      return Promise.resolve();
    },
  };
}

const cases: readonly Case[] = [
  { what: 'a cluster in order', start: product('plain'), outcomes: `${allPassed}, version passed`, says: /v1\.32\.0/ },
  {
    what: 'GKE with anonymous access to health only',
    start: product('gke'),
    outcomes: allPassed,
    says: /answered 401 \(“Unauthorized”\)/,
  },
  {
    what: 'EKS',
    start: product('eks'),
    outcomes: `${allPassed}, version passed`,
    says: /v1\.31\.2-eks-7f9249a \(EKS\)/,
  },
  { what: 'OpenShift', start: product('openshift'), outcomes: `${allPassed}, version passed`, says: /\(OpenShift\)/ },
  {
    what: 'k3s without anonymous access',
    start: product('k3s'),
    outcomes: allPassed,
    says: /refuses requests without a token, as it should/,
  },
  {
    what: 'Rancher with its path',
    start: product('rancher'),
    url: 'https://k8s.example.test:0/k8s/clusters/c-m-abc',
    outcomes: allPassed,
  },
  {
    what: 'Rancher without its path',
    start: product('rancher'),
    outcomes: stranger,
    title: 'Rancher, not a cluster',
    says: /\/k8s\/clusters\/<id>/,
  },
  {
    what: 'an IPv6 address in the certificate',
    start: () => startKubernetes({ address: '::1' }),
    url: 'https://[::1]:0',
    outcomes: `${allPassed.replace('url passed', 'url warning')}, version passed`,
    title: 'Local address',
  },
  {
    what: 'an IPv4 address in the certificate',
    start: product('plain'),
    url: 'https://127.0.0.1:0',
    outcomes: `${allPassed.replace('url passed', 'url warning')}, version passed`,
    title: 'Local address',
  },
  {
    what: 'intermediate and root stored',
    start: api('apiBelow', 'clusterIssuing'),
    ca: pem('clusterIssuing') + root,
    outcomes: `${allPassed}, version passed`,
  },
  {
    what: 'intermediate and root stored, intermediate not sent',
    start: api('apiBelow'),
    ca: pem('clusterIssuing') + root,
    outcomes: `${allPassed}, version passed`,
  },
  {
    what: 'a self-signed certificate that is stored',
    start: api('apiSelfSigned'),
    ca: pem('apiSelfSigned'),
    outcomes: `${allPassed}, version passed`,
  },
  {
    what: 'an unhealthy API',
    start: product('plain', { failing: ['etcd'] }),
    outcomes: `${before}, gitlabTls passed, kubectlTls passed, http warning, version passed`,
    title: 'Kubernetes API not healthy',
    says: /failing: etcd/,
  },
  {
    what: 'a version too old for GitLab',
    start: product('rancher', { profile: { ...kubernetesProfiles.plain, gitVersion: 'v1.22.17' } }),
    registration: { gitlabVersion: '16.4.1' },
    outcomes: `${allPassed}, version warning`,
    title: 'Kubernetes version not supported',
    says: /needs Kubernetes 1\.23/,
  },

  {
    what: 'an API URL that GitLab refuses',
    start: nobody,
    url: 'k8s.example.com:6443',
    outcomes: 'url failed',
    title: 'API URL not valid',
  },
  {
    what: 'a name nobody knows',
    start: nobody,
    url: 'https://k8s.nowhere.invalid:6443',
    outcomes: 'url passed, name failed',
    title: 'Name unknown',
    says: /mistyped, or known only inside/,
  },
  {
    what: 'a link-local address',
    start: nobody,
    url: 'https://169.254.169.254',
    outcomes: 'url warning, name failed',
    title: 'Address never contacted',
  },
  {
    what: 'a name that leads to the metadata service',
    start: nobody,
    url: 'https://k8s.example.test:0',
    world: { resolve: () => Promise.resolve(['203.0.113.1', '169.254.169.254']) },
    outcomes: 'url passed, name failed',
    title: 'Address never contacted',
  },
  {
    what: 'a port where nobody listens',
    start: nobody,
    outcomes: 'url passed, name passed, way failed',
    title: 'Connection refused',
  },
  {
    what: 'a port where nobody listens, with another that does',
    start: nobody,
    world: { tryPort: (_address, port) => Promise.resolve(port === 6443) },
    outcomes: 'url passed, name passed, way failed',
    title: 'Connection refused',
    says: /Try the port 6443/,
  },
  {
    what: 'a server that accepts and says nothing',
    start: silent,
    world: { deadline: 800 },
    outcomes: `${before}, gitlabTls failed`,
    title: 'Silent after connecting',
  },
  {
    what: 'a server that closes at once',
    start: tlsFaults.closing,
    outcomes: `${before}, gitlabTls failed`,
    title: 'Closed during the handshake',
  },
  {
    what: 'a server that resets the handshake',
    start: tlsFaults.resetting,
    outcomes: `${before}, gitlabTls failed`,
    title: 'Reset during the handshake',
    says: /then resets the connection when TLS begins: a firewall or proxy in between/,
  },
  {
    what: 'plain HTTP on that port',
    start: tlsFaults.plainHttp,
    outcomes: `${before}, gitlabTls failed`,
    title: 'Plain HTTP on this port',
  },
  {
    what: 'SSH on that port',
    start: tlsFaults.ssh,
    outcomes: `${before}, gitlabTls failed`,
    title: 'No TLS on this port',
  },
  {
    what: 'a “kubectl proxy” under https',
    start: product('plain', { tls: undefined }),
    outcomes: `${before}, gitlabTls failed`,
    title: 'A Kubernetes API without login or encryption',
  },
  {
    what: 'a “kubectl proxy” under http',
    start: product('plain', { tls: undefined }),
    url: 'http://k8s.example.test:0',
    outcomes: `${before}, gitlabTls warning, http failed`,
    title: 'A Kubernetes API without login or encryption',
  },
  {
    what: 'http on an https port',
    start: () =>
      startKubernetes({ tls: undefined, instead: page(400, {}, 'Client sent an HTTP request to an HTTPS server.\n') }),
    url: 'http://k8s.example.test:0',
    outcomes: `${before}, gitlabTls warning, http failed`,
    title: 'HTTPS needed',
  },
  { what: 'TLS 1.1', start: tlsFaults.oldProtocol, outcomes: `${before}, gitlabTls failed`, title: 'TLS too old' },
  {
    what: 'a client certificate wanted (TLS 1.2)',
    start: () => tlsFaults.clientCertificate('TLSv1.2'),
    ca: pem('company'),
    url: 'https://gitlab.example.test:0',
    outcomes: neither,
    title: 'Client certificate wanted',
  },
  {
    what: 'a client certificate wanted (TLS 1.3)',
    start: () => tlsFaults.clientCertificate('TLSv1.3'),
    ca: pem('company'),
    url: 'https://gitlab.example.test:0',
    outcomes: neither,
    title: 'Client certificate wanted',
  },

  {
    what: 'no CA stored',
    start: api('api'),
    ca: '',
    outcomes: neither,
    title: 'No CA stored',
    says: /GitLab’s server has its own CAs/,
  },
  {
    what: 'the server’s own certificate stored',
    start: api('api'),
    ca: pem('api'),
    outcomes: `${before}, gitlabTls failed, kubectlTls passed, http passed, version passed`,
    title: 'Server certificate stored as CA',
  },
  {
    what: 'the intermediate stored alone',
    start: api('apiBelow', 'clusterIssuing'),
    ca: pem('clusterIssuing'),
    outcomes: `${before}, gitlabTls failed, kubectlTls passed, http passed, version passed`,
    title: 'Intermediate stored without its root',
    says: /Add the root “CN=kubernetes”/,
  },
  {
    what: 'a bundle at an old GitLab, which takes the first alone',
    start: api('apiBelow', 'clusterIssuing'),
    ca: pem('clusterIssuing') + root,
    registration: { gitlabVersion: '12.4.0' },
    outcomes: `${before}, gitlabTls failed, kubectlTls passed, http passed, version warning`,
    title: 'Intermediate stored without its root',
  },
  {
    what: 'a bundle of which OpenSSL reads the first alone',
    start: api('apiBelow', 'clusterIssuing'),
    ca: `${pem('clusterIssuing')}the root: ${root}`,
    outcomes: `${before}, gitlabTls failed, kubectlTls passed, http passed, version passed`,
    title: 'Intermediate stored without its root',
  },
  {
    what: 'an intermediate that the server leaves out',
    start: api('apiBelow'),
    outcomes: neither,
    title: 'Another CA',
    says: /sends no intermediate certificate/,
  },
  {
    what: 'another CA',
    start: api('apiSecond'),
    outcomes: neither,
    title: 'Another CA',
    says: /issued by “CN=second-cluster-ca, O=Second Cluster”, and stored is “CN=kubernetes”/,
  },
  {
    what: 'the CA of another cluster that is known',
    start: api('apiSecond'),
    world: { knownCas: () => [{ cluster: 'Second at Example', certificates: certificatesOf(pem('secondRoot')) }] },
    outcomes: neither,
    title: 'CA of another cluster',
    says: /stored for “Second at Example”/,
  },
  { what: 'a cluster that was rebuilt', start: api('apiRebuilt'), outcomes: neither, title: 'Cluster was rebuilt' },
  {
    what: 'an expired certificate',
    start: api('apiExpired'),
    outcomes: neither,
    title: 'Certificate expired',
    says: /valid 2024-01-01 – 2025-01-01; today is/,
  },
  {
    what: 'a certificate that is not valid yet',
    start: api('apiFuture'),
    outcomes: neither,
    title: 'Certificate not valid yet',
    says: /valid 2100-01-01/,
  },
  {
    what: 'a stored CA that has expired',
    start: api('apiOfExpired'),
    ca: pem('expiredRoot'),
    outcomes: neither,
    title: 'Stored CA expired',
    says: /“CN=kubernetes-2015” expired on 2025-01-01/,
  },
  {
    what: 'a certificate for other names',
    start: api('apiInside'),
    outcomes: neither,
    title: 'Certificate for other names',
    says: /is for kubernetes, kubernetes\.default.*10\.96\.0\.1, and not for k8s\.example\.test.*tls-san/s,
  },
  {
    what: 'a certificate with a common name alone',
    start: api('apiCommonName'),
    url: 'https://localhost:0',
    outcomes: `url warning, name passed, way passed, gitlabTls passed, kubectlTls failed, http passed, version passed`,
    title: 'Certificate without alternative names',
  },
  {
    what: 'a certificate with another common name alone',
    start: api('apiCommonName'),
    outcomes: neither,
    title: 'Certificate without alternative names',
    says: /“CN=localhost” has only a common name, and it is not k8s\.example\.test/,
  },
  { what: 'a SHA-1 signature', start: api('apiSha1'), outcomes: neither, title: 'Signed with SHA-1' },
  {
    what: 'a weak key',
    start: api('apiWeakKey'),
    outcomes: `${before}, gitlabTls failed, kubectlTls warning`,
    title: 'Weak key',
  },
  {
    what: 'name constraints',
    start: api('apiConstrained', 'constrainedIssuing'),
    outcomes: neither,
    title: 'CA not allowed to issue for this name',
  },
  {
    what: 'a certificate for clients',
    start: api('apiClientOnly'),
    outcomes: neither,
    title: 'Certificate not for servers',
  },
  {
    what: 'a proxy that presents a certificate of its own',
    start: api('apiResigned'),
    world: systemTrusts('gatewayRoot'),
    outcomes: neither,
    title: 'Certificate replaced by a proxy',
    says: /issued by “CN=Example Web Gateway/,
  },
  {
    what: 'the default certificate of an ingress',
    start: api('ingressDefault'),
    outcomes: neither,
    title: 'An ingress, not the API',
  },

  {
    what: 'the default backend of an ingress',
    start: instead(page(404, {}, 'default backend - 404')),
    outcomes: stranger,
    title: 'An ingress, not the API',
  },
  {
    what: 'Traefik',
    start: instead(page(404, { 'Content-Type': 'text/plain' }, '404 page not found\n')),
    outcomes: stranger,
    title: 'An ingress, not the API',
  },
  {
    what: 'Cloudflare',
    start: instead(page(521, { Server: 'cloudflare', 'CF-Ray': '1' }, 'error code: 521')),
    outcomes: stranger,
    title: 'Cloudflare answered',
  },
  {
    what: 'an AWS load balancer without targets',
    start: instead(page(503, { Server: 'awselb/2.0' }, '<html></html>')),
    outcomes: stranger,
    title: 'Load balancer without a target',
  },
  {
    what: 'OpenShift’s router',
    start: instead(page(503, { 'Content-Type': 'text/html' }, '<html>Application is not available</html>')),
    outcomes: stranger,
    title: 'Load balancer without a target',
    says: /https:\/\/api\.<domain>:6443/,
  },
  {
    what: 'a redirect to a login',
    start: instead(page(302, { Location: 'https://sso.example.com/login?state=secret' }, '')),
    outcomes: stranger,
    title: 'Redirected',
    says: /https:\/\/sso\.example\.com\/login,/,
  },
  {
    what: 'a login page',
    start: instead(page(200, { 'Content-Type': 'text/html' }, '<!doctype html><form><input type=password></form>')),
    outcomes: stranger,
    title: 'A login page',
  },
  {
    what: 'any web page',
    start: instead(page(200, { 'Content-Type': 'text/html' }, '<html>It works!</html>')),
    outcomes: stranger,
    title: 'Not a Kubernetes API',
  },
  {
    what: 'GitLab itself',
    start: instead(page(401, { 'Content-Type': 'application/json' }, '{"message":"401 Unauthorized"}')),
    outcomes: stranger,
    title: 'GitLab itself answered',
  },
  {
    what: 'an API path too much',
    start: product('plain'),
    url: 'https://k8s.example.test:0/api/v1',
    outcomes: stranger,
    title: 'Path too long',
    says: /Remove “\/api\/v1”/,
  },
  {
    what: 'a server that never answers over HTTP',
    start: instead(() => undefined),
    world: { deadline: 1500 },
    outcomes: stranger,
    title: 'No HTTP answer',
  },
];

/** A world whose system trusts one CA more. */
function systemTrusts(name: ApiCaName): Partial<Surroundings> {
  const { openAgent } = surroundings();
  return {
    // As in the editor, the system's CAs count beside the stored ones.
    openAgent: (secure, certificates, chains) => openAgent(secure, [...certificates, pem(name)], chains),
  };
}

describe('A diagnosis', () => {
  let tried = 0;
  let right = 0;
  after(() => console.log(`      cases told rightly: ${right} of ${tried}`));

  for (const {
    what,
    start,
    url = 'https://k8s.example.test:0',
    ca = root,
    registration,
    world,
    title,
    says,
    ...expected
  } of cases) {
    it(`of ${what} says ${title ?? 'that all is well'}`, async () => {
      tried++;
      const server = await start();
      try {
        const apiUrl = url.replace(/:0(?=\/|$)/, `:${server.port}`);
        const diagnosis = await diagnosed({ apiUrl, caCert: ca, ...registration }, surroundings(world));
        assert.equal(outcomes(diagnosis), expected.outcomes);
        assert.equal(diagnosis.problem?.title, title);
        assert.equal(diagnosis.outcome === 'passed', title === undefined);
        if (says) assert.match(diagnosis.steps.flatMap(({ lines }) => lines).join('\n'), says);
        right++;
      } finally {
        await server.close();
      }
    });
  }

  it('sends nothing over a connection that nobody vouches for', async () => {
    const server = await startKubernetes();
    try {
      await diagnosed({
        apiUrl: `https://k8s.example.test:${server.port}`,
        caCert: pem('secondRoot'),
        token: 'marked-token',
      });
      assert.deepEqual(server.requests, []);
    } finally {
      await server.close();
    }
  });

  it('sends nothing, a token least of all, over a connection that only the system’s CAs vouch for', async () => {
    const server = await startKubernetes({ tls: presentsApi('apiResigned') });
    try {
      const registration = { apiUrl: `https://k8s.example.test:${server.port}`, caCert: root, token: 'marked-token' };
      const diagnosis = await diagnosed(registration, surroundings(systemTrusts('gatewayRoot')));
      assert.equal(diagnosis.problem?.title, 'Certificate replaced by a proxy');
      assert.deepEqual(server.requests, []);
    } finally {
      await server.close();
    }
  });

  it('reads no more than 64 kB of an answer', async () => {
    const server = await startKubernetes({
      instead: (_message, response) => {
        response.writeHead(200, { 'Content-Type': 'text/html' });
        const more = (): void => {
          while (response.write('x'.repeat(60_000)));
          response.once('drain', more);
        };
        more();
      },
    });
    try {
      const diagnosis = await diagnosed({ apiUrl: `https://k8s.example.test:${server.port}`, caCert: root });
      assert.equal(diagnosis.problem?.title, 'Not a Kubernetes API');
    } finally {
      await server.close();
    }
  });

  it('shows what was presented beside what is stored', async () => {
    const server = await startKubernetes({ tls: presentsApi('apiSecond') });
    try {
      const lines = stepLines(
        await diagnosed({ apiUrl: `https://k8s.example.test:${server.port}`, caCert: root }),
        'gitlabTls',
      );
      assert.match(
        lines,
        /^Certificate 1: CN=kube-apiserver, issued by CN=second-cluster-ca.*SHA-256 ([0-9A-F]{2}:){31}/m,
      );
      assert.match(lines, /^Stored CA: CN=kubernetes, SHA-256 ([0-9A-F]{2}:){31}/m);
    } finally {
      await server.close();
    }
  });

  it('of a silent address has its verdict within the time-out, wherever it falls silent', async function () {
    this.timeout(20_000);
    const deadline = 800;
    const never = (): Promise<readonly string[]> => new Promise(() => undefined);
    const kubernetes = { tokens: { marked: { username: 'x', rights: 'everything' } } } as const;
    const asksToken: RequestListener = ({ url }, response) => {
      if (url === '/version') response.end('{"gitVersion":"v1.32.0"}');
      if (url === '/livez') response.end('ok');
    };
    const silences: readonly (readonly [string, () => Promise<Server>, Partial<Surroundings>, number])[] = [
      ['no name server', silent, { resolve: never }, 1],
      ['nothing after connecting', silent, {}, 1],
      ['nothing over HTTP', instead(() => undefined), {}, 1],
      ['no port, nor others', nobody, { tryPort: () => sleep(deadline * 0.15, false) }, 1],
      // A token has as long again.
      ['nothing to a token', () => startKubernetes({ ...kubernetes, instead: asksToken }), {}, 2],
    ];
    let longest = 0;
    for (const [what, start, world, times] of silences) {
      const server = await start();
      try {
        const started = performance.now();
        const registration = { apiUrl: `https://k8s.example.test:${server.port}`, caCert: root, token: 'marked' };
        await diagnosed(registration, surroundings({ deadline, ...world }));
        const waited = (performance.now() - started) / (deadline * times);
        longest = Math.max(longest, waited);
        assert.ok(waited <= 1, `${what}: ${waited.toFixed(2)} of the time-out`);
      } finally {
        await server.close();
      }
    }
    console.log(
      `      longest wait on a silent address: ${longest.toFixed(2)} of the time-out, in ${silences.length} ways`,
    );
  });
});
