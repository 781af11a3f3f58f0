import assert from 'node:assert/strict';
import { certificate } from '../gitlab/certificates';
import { addCluster } from '../gitlab/populate';
import type { Settings } from '../gitlab/world';
import { at, newCluster, openLab, pem } from './lab';

const blocked = (reason: string) => [`is blocked: ${reason}`];
const scheme = blocked('Only allowed schemes are http, https');
const localhost = blocked('Requests to localhost are not allowed');
const loopback = blocked('Requests to loopback addresses are not allowed');
const localNetwork = blocked('Requests to the local network are not allowed');
const linkLocal = blocked('Requests to the link local network are not allowed');
const hostname = blocked('Hostname or IP address invalid');
const invalid = blocked('URI is invalid');
const badDomain = 'contains invalid characters (valid characters: [a-z0-9\\-])';
const badScope = "can contain only letters, digits, '-', '_', '/', '$', '{', '}', '.', '*' and spaces";
const badNamespace =
  "can contain only lowercase letters, digits, and '-'. Must start with a letter, and cannot end with '-'";
const badCertificate = ['must be a valid PEM certificate'];
const label = (length: number) => 'a'.repeat(length);

// GitLab API contract 3.3. Each row: where the value goes, the value, GitLab's sentences (none: accepted).
const rules: [string, unknown, string[]][] = [
  ['name', '', [' has to be present']],
  ['name', null, [' has to be present']],
  ['name', '  ', [' has to be present']],
  ['name', `<b>${label(300)}</b>\nsecond line`, []],
  ['token', '', ["can't be blank"]],
  ['token', null, ["can't be blank"]],
  ['api_url', 'invalid_api_url', scheme],
  ['api_url', 'k8s.example:6443', scheme],
  ['api_url', 'ftp://k8s.example.com', scheme],
  ['api_url', 'https://a.example.com\nhttps://b.example.com', invalid],
  ['api_url', 'https://[::1', hostname],
  ['api_url', 'https://%6b8s.example.com', hostname],
  ['api_url', 'HTTPS://k8s.example.com', scheme],
  ['api_url', 'https://a.example.com:123456', []],
  ['api_url', 'https://127.0.0.1:123456', []],
  ['api_url', 'https://a.example.com:port', invalid],
  ['api_url', 'https://256.1.1.1', []],
  ['api_url', 'https://127.0.0.1.', []],
  ['api_url', 'https://k|k', []],
  ['api_url', 'https://bücher.example.com', []],
  ['api_url', 'https://127.1', localhost],
  ['api_url', 'https://0x7f.1', localhost],
  ['api_url', 'https://2130706433', localhost],
  ['api_url', 'https://0177.0.0.2', loopback],
  ['api_url', 'https:k8s.example', localhost],
  ['api_url', 'https:///x', localhost],
  ['api_url', 'https:/x', localhost],
  ['api_url', 'https:', invalid],
  ['api_url', 'https://', invalid],
  ['api_url', 'https://:6443', invalid],
  ['api_url', 'https://k8s\\example.com', invalid],
  ['api_url', 'https://k8s example.com', invalid],
  ['api_url', 'https://k8s"example.com', invalid],
  ['api_url', 'https://{k8s}.example.com', invalid],
  ['api_url', 'https://[fe80::1%25eth0]', invalid],
  ['api_url', '\u00a0https://k8s.example.com', invalid],
  ['api_url', 'https://k8s.example.com\u00a0', invalid],
  ['api_url', 'https://user:word@k8s.example.com', []],
  ['api_url', `https://${'a'.repeat(1025)}`, blocked('Host is too long (maximum is 1024 characters)')],
  ['api_url', 'https://-k8s.example.com', hostname],
  ['api_url', 'https://_k8s.example.com', hostname],
  ['api_url', 'https://0.0.0.0:6443', localhost],
  ['api_url', 'https://[::]:6443', localhost],
  ['api_url', 'https://127.0.0.1:6443', localhost],
  ['api_url', 'https://localhost:6443', localhost],
  ['api_url', 'https://127.0.0.2', loopback],
  ['api_url', 'https://10.0.0.1', localNetwork],
  ['api_url', 'https://172.16.0.1', localNetwork],
  ['api_url', 'https://192.168.49.2:8443', localNetwork],
  ['api_url', 'https://[fd00::1]', localNetwork],
  ['api_url', 'https://[fec0::1]', localNetwork],
  ['api_url', 'https://[::ffff:10.0.0.1]', localNetwork],
  ['api_url', 'https://169.254.169.254', linkLocal],
  ['api_url', 'https://[fe80::1]', linkLocal],
  ['api_url', 'https://100.64.0.1', blocked('Requests to the shared address space are not allowed')],
  ['api_url', 'https://255.255.255.255', blocked('Requests to the limited broadcast address are not allowed')],
  ['api_url', 'https://172.32.0.1', []],
  ['api_url', 'https://172.15.0.1', []],
  ['api_url', 'https://does-not-resolve.invalid', []],
  ['api_url', 'http://k8s.example.com:8080/path', []],
  ['ca_cert', 'not a certificate', badCertificate],
  ['ca_cert', '-----BEGIN CERTIFICATE-----\nhFiK1L61owwDQYJ\n-----END CERTIFICATE-----', badCertificate],
  ['ca_cert', pem.replaceAll('\n', ''), badCertificate],
  ['ca_cert', pem.replaceAll('\n', '\\n'), badCertificate],
  ['ca_cert', Buffer.from(pem).toString('base64'), badCertificate],
  ['ca_cert', pem, []],
  ['ca_cert', certificate('staging-expired'), []],
  ['ca_cert', `${pem}\n${certificate('edge')}`, []],
  ['ca_cert', pem.replaceAll('\n', '\r\n'), []],
  ['ca_cert', `Subject: somebody\n${pem}`, []],
  ['ca_cert', `${pem}\ntrailing junk`, []],
  ['ca_cert', `\uFEFF${pem}`, []],
  ['ca_cert', `\u00a0${pem}\u00a0`, badCertificate],
  ['ca_cert', pem.replaceAll(' CERTIFICATE', ' TRUSTED CERTIFICATE'), badCertificate],
  ['ca_cert', pem.replaceAll(/-----.*-----/g, ''), badCertificate],
  ['ca_cert', '', []],
  ['ca_cert', null, []],
  ['domain', '', []],
  ['domain', null, []],
  ['domain', 'apps.example.com', []],
  ['domain', 'localhost', []],
  ['domain', '10.0.0.1', []],
  ['domain', 'Apps.Example.COM', []],
  ['domain', 'https://example.com', [badDomain]],
  ['domain', 'example.com:8080', [badDomain]],
  ['domain', 'under_score.example.com', [badDomain]],
  ['domain', '*.example.com', [badDomain]],
  ['domain', 'bücher.example.com', [badDomain]],
  ['domain', `${label(64)}.example.com`, ['must be between 1 and 63 characters long']],
  ['domain', `${label(63)}.example.com`, []],
  ['domain', '-a.example.com', ['begins or ends with hyphen']],
  ['domain', 'a-.example.com', ['begins or ends with hyphen']],
  ['domain', 'a_b.c_d.example.com', [badDomain]],
  ['domain', 'example.com.', ['must not end with a dot']],
  ['environment_scope', 'review/*', []],
  ['environment_scope', 'a_b-${c}.d e*', []],
  ['environment_scope', ' staging ', []],
  ['environment_scope', 'prod?', [badScope]],
  ['environment_scope', 'a,b', [badScope]],
  ['environment_scope', '', ["can't be blank", badScope]],
  ['namespace', '', []],
  ['namespace', '  ', []],
  ['namespace', 'UPPER', []],
  ['namespace', '1space', []],
  ['namespace', label(63), []],
  ['namespace', label(64), ['is too long (maximum is 63 characters)']],
  ['namespace', 'invalid_namespace', [badNamespace]],
  ['namespace', '-a', [badNamespace]],
  ['namespace', 'a-', [badNamespace]],
  ['namespace', 'gitlab-managed-apps', ['is reserved']],
];

const nested = ['api_url', 'token', 'ca_cert', 'namespace'];

function bodyWith(attribute: string, value: unknown): Record<string, unknown> {
  return nested.includes(attribute) ? newCluster({}, { [attribute]: value }) : newCluster({ [attribute]: value });
}

const short = (value: unknown) => JSON.stringify(value).slice(0, 60);

describe('rules for single values', () => {
  const lab = openLab();

  for (const [attribute, value, sentences] of rules) {
    it(`${sentences.length > 0 ? 'refuse' : 'accept'} ${attribute} ${short(value)}`, async () => {
      const body = bodyWith(attribute, value);
      const { status, json } = await lab.ask('maintainer', 'POST', '/projects/1/clusters/user', { body });
      const key = nested.includes(attribute) ? `platform_kubernetes.${attribute}` : attribute;
      if (sentences.length > 0) {
        assert.deepEqual([status, json], [400, { message: { [key]: sentences } }]);
      } else {
        assert.equal(status, 201, JSON.stringify(json));
      }
    });
  }

  it('name consecutive dots of a domain, beside the empty label between them', async () => {
    const body = newCluster({ domain: 'a..example.com' });
    const { json } = await lab.ask('maintainer', 'POST', '/projects/1/clusters/user', { body });
    const sentences = at(json, 'message', 'domain');
    assert.ok(Array.isArray(sentences) && sentences.includes('must not contain consecutive dots'));
  });

  it('list every broken attribute in one answer', async () => {
    const body = newCluster({ name: '', domain: 'a_b' }, { api_url: 'x', token: '' });
    const { json } = await lab.ask('maintainer', 'POST', '/projects/1/clusters/user', { body });
    assert.deepEqual(json, {
      message: {
        name: [' has to be present'],
        domain: [badDomain],
        'platform_kubernetes.api_url': scheme,
        'platform_kubernetes.token': ["can't be blank"],
      },
    });
  });

  it('do not ask for a unique name', async () => {
    addCluster(lab.world, lab.app, { name: 'twin', environmentScope: 'a' });
    const body = newCluster({ name: 'twin' });
    assert.equal((await lab.ask('maintainer', 'POST', '/projects/1/clusters/user', { body })).status, 201);
  });

  it('store API URL, scope and certificate trimmed, and the namespace in lower case', async () => {
    const body = newCluster(
      { environment_scope: ' staging ' },
      { api_url: '  https://k8s.example.com ', ca_cert: `\n${pem}\n\n`, namespace: 'My-Space' },
    );
    const { json } = await lab.ask('maintainer', 'POST', '/projects/1/clusters/user', { body });
    assert.equal(at(json, 'environment_scope'), 'staging');
    assert.deepEqual(at(json, 'platform_kubernetes'), {
      api_url: 'https://k8s.example.com',
      namespace: 'my-space',
      authorization_type: 'rbac',
      ca_cert: pem,
    });
  });
});

describe('outbound requests', () => {
  const lab = openLab();
  const denied = blocked('Requests to hosts and IP addresses not on the Allow List are denied');
  const cases: [string, Partial<Settings>, string, string[]][] = [
    ['local addresses once an administrator allows them', { allowLocalRequests: true }, 'https://10.0.0.1', []],
    ['loopback once an administrator allows it', { allowLocalRequests: true }, 'https://127.0.0.1', []],
    ['a local address on the allow list', { outboundAllowList: ['10.0.0.1'] }, 'https://10.0.0.1', []],
    ['its neighbour', { outboundAllowList: ['10.0.0.1'] }, 'https://10.0.0.2', localNetwork],
    [
      'a name that resolves to a local address',
      { resolves: { 'kind.test': '10.1.2.3' } },
      'https://kind.test',
      localNetwork,
    ],
    ['127.0.0.1 as loopback where it is not listed as own', { ownAddresses: [] }, 'https://127.0.0.1', loopback],
    ['any address while everything is denied', { denyOutbound: true }, 'https://8.8.8.8', denied],
    [
      'a name that does not resolve while everything is denied',
      { denyOutbound: true },
      'https://nowhere.example.com',
      blocked('Host cannot be resolved or invalid'),
    ],
    ['a local range on the allow list', { outboundAllowList: ['10.0.0.0/8'] }, 'https://10.1.2.3', []],
    ['an address beside the range', { outboundAllowList: ['10.0.0.0/9'] }, 'https://10.200.0.1', localNetwork],
    ['a range of IPv6 on the allow list', { outboundAllowList: ['fd00::/8'] }, 'https://[fd00::1]', []],
    ['an address with its port on the list', { outboundAllowList: ['10.0.0.1:6443'] }, 'https://10.0.0.1:6443', []],
    ['the same address by another port', { outboundAllowList: ['10.0.0.1:6443'] }, 'https://10.0.0.1', localNetwork],
    ['IPv6 with its port on the list', { outboundAllowList: ['[fd00::1]:443'] }, 'https://[fd00::1]', []],
    [
      'a name on the list, whatever its case and final dot',
      { denyOutbound: true, outboundAllowList: ['K8s.Example.com'] },
      'https://k8S.example.com.',
      [],
    ],
    [
      'a name that leads to an address on the list',
      { outboundAllowList: ['10.1.2.3'], resolves: { 'kind.test': '10.1.2.3' } },
      'https://kind.test',
      [],
    ],
    [
      'what is allowed though everything is denied',
      { denyOutbound: true, outboundAllowList: ['8.8.8.8'] },
      'https://8.8.8.8',
      [],
    ],
  ];

  for (const [what, settings, api_url, sentences] of cases) {
    it(`${sentences.length > 0 ? 'refuse' : 'accept'} ${what}`, async () => {
      Object.assign(lab.world.settings, settings);
      const body = newCluster({}, { api_url });
      const { status, json } = await lab.ask('maintainer', 'POST', '/projects/1/clusters/user', { body });
      assert.equal(status, sentences.length > 0 ? 400 : 201);
      assert.deepEqual(at(json, 'message', 'platform_kubernetes.api_url') ?? [], sentences);
    });
  }
});
