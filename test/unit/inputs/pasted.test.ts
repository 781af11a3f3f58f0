import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { readPaste } from '../../../src/core/importer/readPaste';
import type { Found } from '../../../src/core/importer/found';
import { isCertificate, readCertificates } from '../../../src/core/model/certificate';
import { textOfBytes } from '../../../src/core/model/fileText';
import { inputFile } from '../../inputs/inputs';
import { countCases } from './counting';

/** Of `ca.pem` and `ca-2.pem`, their beginnings. */
const CA = 'BB:EA:3B:7F';
const { it: counted } = countCases('Inputs pasted');
const text = (name: string): string => textOfBytes(readFileSync(inputFile(name)));
const ca = text('ca.pem').trim();
const base64 = (value: string): string => Buffer.from(value).toString('base64');
const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const jwt = `${part({ alg: 'RS256', kid: 'x' })}.${part({ iss: 'kubernetes/serviceaccount', sub: 'system:serviceaccount:kube-system:gitlab' })}.c2lnbmF0dXJl`;
const url = 'https://k8s.example.com:6443';

interface Expected {
  readonly apiUrl?: string;
  readonly ca?: boolean;
  readonly token?: string;
  readonly name?: string;
  readonly choices?: number;
  /** A note, or the problem. */
  readonly says?: RegExp;
  readonly problem?: RegExp;
  readonly needsAccount?: boolean;
}

function judge(pasted: string, expected: Expected): void {
  const reading = readPaste(pasted);
  if (expected.problem) {
    assert('problem' in reading, JSON.stringify(reading));
    assert.match(reading.problem, expected.problem);
    return;
  }
  assert('choices' in reading, 'problem' in reading ? reading.problem : '');
  const [first]: readonly Found[] = reading.choices;
  assert(first);
  assert.equal(first.values.apiUrl, expected.apiUrl);
  assert.equal(first.values.serviceToken, expected.token);
  const fingerprints = readCertificates(first.values.caCert ?? '').map((one) =>
    isCertificate(one) ? one.sha256.slice(0, 11) : one.problem,
  );
  assert.deepEqual(fingerprints, expected.ca ? [CA] : []);
  if (expected.name !== undefined) assert.equal(first.values.name, expected.name);
  if (expected.says) assert.match(first.notes.join(' '), expected.says);
  if (expected.needsAccount !== undefined) assert.equal(first.needsAccount, expected.needsAccount);
  assert.equal(reading.choices.length, expected.choices ?? 1);
}

const rancher = 'https://rancher.example.com/k8s/clusters/c-abc12';
const config = (user: string, cluster = `    server: ${url}\n    certificate-authority-data: ${base64(ca)}`): string =>
  `apiVersion: v1\nkind: Config\nclusters:\n- name: demo\n  cluster:\n${cluster}\ncontexts:\n- name: demo\n  context: {cluster: demo, user: u}\ncurrent-context: demo\nusers:\n- name: u\n  user:\n${user}\n`;
const good = { apiUrl: url, ca: true, token: jwt };

const table: readonly (readonly [name: string, pasted: string, Expected])[] = [
  ['kubeconfig-plain.yaml', text('kubeconfig-plain.yaml'), { apiUrl: rancher, ca: true, token: 'EXAMPLE-NOT-A-TOKEN' }],
  [
    'kubeconfig-one-line.json',
    text('kubeconfig-one-line.json'),
    { apiUrl: url, ca: true, token: 'EXAMPLE-NOT-A-TOKEN' },
  ],
  [
    'kubeconfig-two-clusters.yaml',
    text('kubeconfig-two-clusters.yaml'),
    { apiUrl: rancher, ca: true, token: 'EXAMPLE-NOT-A-TOKEN', choices: 2 },
  ],
  ['service-account-secret.yaml', text('service-account-secret.yaml'), { ca: true, token: 'EXAMPLE-NOT-A-TOKEN' }],
  [
    'eks-describe-cluster.json',
    text('eks-describe-cluster.json'),
    { apiUrl: 'https://0A1B2C.gr7.eu-west-1.eks.amazonaws.com', ca: true, name: 'demo', needsAccount: true },
  ],
  [
    'gke-describe.yaml',
    text('gke-describe.yaml'),
    { apiUrl: 'https://203.0.113.7', ca: true, name: 'demo', needsAccount: true },
  ],
  ['base64-in-quotes.txt', text('base64-in-quotes.txt'), { ca: true }],
  ['blank-lines.pem', text('blank-lines.pem'), { ca: true }],
  ['utf16le-bom.pem', text('utf16le-bom.pem'), { ca: true }],
  ['glued.pem', ca, { ca: true }],
  ['trusted-certificate.pem', text('trusted-certificate.pem'), { ca: true }],
  ['client-certificate.pem', text('client-certificate.pem'), { problem: /not a CA certificate/ }],
  ['a client certificate in base64', base64(text('client-certificate.pem')), { problem: /not a CA certificate/ }],
  ['a kubeconfig with a token', config(`    token: ${jwt}`), good],
  ['in a Markdown fence', `Here it is:\n\n\`\`\`yaml\n${config(`    token: ${jwt}`)}\`\`\`\nThanks`, good],
  ['behind a prompt', `me@host:~$ kubectl config view --raw\n${config(`    token: ${jwt}`)}me@host:~$ `, good],
  [
    'behind a prompt of PowerShell',
    `PS C:\\Users\\me> kubectl config view --raw\r\n${config(`    token: ${jwt}`).replace(/\n/g, '\r\n')}`,
    good,
  ],
  ['quoted in a mail', config(`    token: ${jwt}`).replace(/^/gm, '> '), good],
  ['with no-break spaces', config(`    token: ${jwt}`).replace(/ {2}/g, '\u00a0\u00a0'), good],
  ['with colours', config(`    token: ${jwt}`).replace(url, `\u001b[0;33m${url}\u001b[0m`), good],
  ['a Secret behind a kubeconfig', `${config(`    token: ${jwt}`)}---\n${text('service-account-secret.yaml')}`, good],
  [
    'an exec plugin',
    config('    exec:\n      apiVersion: client.authentication.k8s.io/v1\n      command: aws\n      args: null'),
    { apiUrl: url, ca: true, says: /program “aws”/, needsAccount: true },
  ],
  [
    'an auth provider',
    config('    auth-provider: {name: gcp}'),
    { apiUrl: url, ca: true, says: /through “gcp”/, needsAccount: true },
  ],
  [
    'a client certificate in a kubeconfig',
    config('    client-certificate-data: AAAA\n    client-key-data: AAAA'),
    { apiUrl: url, ca: true, says: /client certificate.*Its key was dropped/, needsAccount: true },
  ],
  [
    'user name and password',
    config('    username: admin\n    password: secret'),
    { apiUrl: url, ca: true, says: /user name and password/, needsAccount: true },
  ],
  ['a token file', config('    tokenFile: ./token'), { apiUrl: url, ca: true, says: /beside the kubeconfig/ }],
  [
    'hidden data',
    config('    token: REDACTED', `    server: ${url}\n    certificate-authority-data: DATA+OMITTED`),
    { apiUrl: url, says: /--raw.*--raw/ },
  ],
  [
    'a CA file',
    config(`    token: ${jwt}`, `    server: ${url}\n    certificate-authority: /etc/ca.crt`),
    { apiUrl: url, token: jwt, says: /\/etc\/ca\.crt of the computer/ },
  ],
  [
    'what GitLab has no field for',
    config(
      `    token: ${jwt}\n    as: other`,
      `    server: ${url}\n    insecure-skip-tls-verify: true\n    tls-server-name: x\n    proxy-url: http://p`,
    ),
    { apiUrl: url, token: jwt, says: /insecure-skip-tls-verify.*tls-server-name.*proxy-url.*impersonates/ },
  ],
  [
    'a local address',
    config(`    token: ${jwt}`, '    server: https://127.0.0.1:6443'),
    { apiUrl: 'https://127.0.0.1:6443', token: jwt, says: /the computer it is used on/ },
  ],
  [
    'no user',
    config(`    token: ${jwt}`).replace('user: u', 'user: v'),
    { apiUrl: url, ca: true, says: /no credentials/ },
  ],
  ['a fragment', `    server: ${url}\n    certificate-authority-data: ${base64(ca)}\n`, { apiUrl: url, ca: true }],
  [
    'a list item',
    `- cluster:\n    certificate-authority-data: ${base64(ca)}\n    server: ${url}\n  name: demo\n- context:`,
    { apiUrl: url, ca: true },
  ],
  [
    'a piece that begins inside an item',
    `    server: ${url}\n  name: demo\ncontexts:\n- context:\n    cluster: demo\nusers:\n- user:\n    token: ${jwt}\n`,
    { apiUrl: url, token: jwt },
  ],
  [
    'a Secret in JSON',
    JSON.stringify({ kind: 'Secret', data: { token: base64(jwt), 'ca.crt': base64(ca) } }),
    { ca: true, token: jwt, says: /API URL is not part/ },
  ],
  [
    'a List of Secrets',
    JSON.stringify({
      kind: 'List',
      items: [
        { kind: 'Secret', type: 'Opaque', data: {} },
        {
          kind: 'Secret',
          type: 'kubernetes.io/service-account-token',
          data: { token: base64(jwt), 'ca.crt': base64(ca) },
        },
      ],
    }),
    { ca: true, token: jwt },
  ],
  [
    'a TokenRequest',
    JSON.stringify({ kind: 'TokenRequest', status: { token: jwt, expirationTimestamp: '2026-01-01' } }),
    { token: jwt, says: /expires soon/, needsAccount: true },
  ],
  [
    'an ExecCredential',
    JSON.stringify({ kind: 'ExecCredential', status: { token: 'k8s-aws-v1.aHR0cHM6Ly9zdHM' } }),
    { token: 'k8s-aws-v1.aHR0cHM6Ly9zdHM', says: /15 minutes/, needsAccount: true },
  ],
  [
    'kubectl describe secret',
    `Name:         gitlab-token\nNamespace:    kube-system\nType:  kubernetes.io/service-account-token\n\nData\n====\nca.crt:     570 bytes\nnamespace:  11 bytes\ntoken:      ${jwt}\n`,
    { token: jwt, says: /not printed/ },
  ],
  [
    'kubectl cluster-info',
    `\u001b[0;32mKubernetes control plane\u001b[0m is running at \u001b[0;33m${url}\u001b[0m\nCoreDNS is running at ${url}/api/v1/x\n`,
    { apiUrl: url },
  ],
  ['PEM with bag attributes', `Bag Attributes\n    friendlyName: ca\nsubject=CN = x\n${ca}`, { ca: true }],
  ['PEM on one line', ca.replace(/\n/g, ''), { ca: true }],
  ['PEM with literal line breaks', ca.replace(/\n/g, '\\n'), { ca: true }],
  ['PEM with CRLF', ca.replace(/\n/g, '\r\n'), { ca: true }],
  ['PEM twice in base64', base64(base64(ca)), { ca: true }],
  ['DER in base64', ca.split('\n').slice(1, -1).join(''), { ca: true }],
  [
    'a CA and a private key',
    `${ca}\n-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----`,
    { ca: true, says: /private key in this text was dropped/ },
  ],
  ['a private key', '-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----', { problem: /private key/ }],
  ['a JWT', jwt, { token: jwt }],
  ['a JWT in base64', base64(jwt), { token: jwt }],
  ['Bearer and a JWT', `Bearer ${jwt}`, { token: jwt }],
  ['an address', url, { apiUrl: url }],
  [
    'curl',
    `curl -k -H 'Authorization: Bearer ${jwt}' ${url}/api/v1/namespaces?limit=1`,
    { apiUrl: url, token: jwt, says: /does not check the certificate/ },
  ],
  [
    'curl on several lines',
    `$ curl --cacert /tmp/ca.crt \\\n  --header "Authorization: Bearer ${jwt}" \\\n  --url "${rancher}/version"`,
    { apiUrl: rancher, token: jwt, says: /\/tmp\/ca\.crt/ },
  ],
  [
    'curl of cmd',
    `curl.exe -H ^"Authorization: Bearer ${jwt}^" ^\r\n  ^"${url}/version^"`,
    { apiUrl: url, token: jwt },
  ],
  ['curl of PowerShell', `curl.exe -H "Authorization: Bearer ${jwt}" \`\r\n  ${url}/apis`, { apiUrl: url, token: jwt }],
  [
    'Invoke-RestMethod',
    `Invoke-RestMethod -Uri "${url}/version" -Headers @{ Authorization = "Bearer ${jwt}" }`,
    { apiUrl: url, token: jwt },
  ],
  [
    'curl to GitLab with form parameters',
    `curl -H "PRIVATE-TOKEN: glpat-x" https://gitlab.example.com/api/v4/groups/1/clusters/user -d name=demo -d "platform_kubernetes_attributes[api_url]=${url}" --data-urlencode "platform_kubernetes_attributes[token]=${jwt}"`,
    { apiUrl: url, token: jwt, name: 'demo', says: /dropped/ },
  ],
  [
    'curl to GitLab with encoded form parameters',
    `curl -d 'name=demo&platform_kubernetes_attributes%5Bapi_url%5D=${encodeURIComponent(url)}' https://gitlab.example.com/api/v4/admin/clusters/add`,
    { apiUrl: url, name: 'demo' },
  ],
  [
    'curl to GitLab as Windows PowerShell needs it',
    `curl.exe -X POST "https://gitlab.example.com/api/v4/projects/1/clusters/user" -d '${JSON.stringify({ name: 'demo', platform_kubernetes_attributes: { api_url: url, token: jwt } }).replaceAll('"', '\\"')}'`,
    { apiUrl: url, token: jwt, name: 'demo' },
  ],
  ['a token that a shell’s variable is set to', `export TOKEN="${jwt}"`, { token: jwt }],
  ['an address that a variable of PowerShell is set to', `$env:APISERVER = '${url}'`, { apiUrl: url }],
  [
    'the data of a Secret as Go prints it',
    `map[ca.crt:${base64(ca)} namespace:ZGVmYXVsdA== token:${base64(jwt)}]`,
    { ca: true, token: jwt },
  ],
  [
    'a kubeconfig with the numbers of its lines',
    config(`    token: ${jwt}`)
      .split('\n')
      .map((line, index) => `${String(index + 1).padStart(6)}\t${line}`)
      .join('\n'),
    good,
  ],
  [
    'curl with glued options',
    `curl -H'Authorization: Bearer ${jwt}' --url=${url}/healthz`,
    { apiUrl: url, token: jwt },
  ],
  [
    'curl with a variable',
    `curl -H "Authorization: Bearer $TOKEN" ${url}/version`,
    { apiUrl: url, says: /placeholder of the shell/ },
  ],
  [
    'curl with a client certificate',
    `curl --cert c.pem --key k.pem ${url}/version`,
    { apiUrl: url, says: /client certificate/ },
  ],
  [
    'curl to GitLab',
    `curl --header "PRIVATE-TOKEN: glpat-x" https://gitlab.example.com/api/v4/projects/1/clusters/user -H 'Content-Type: application/json' --data '${JSON.stringify({ name: 'demo', platform_kubernetes_attributes: { api_url: url, token: jwt, ca_cert: ca } })}'`,
    { ...good, name: 'demo', says: /own access token in this command was dropped/ },
  ],
  [
    'a request to GitLab',
    JSON.stringify({ name: 'demo', platform_kubernetes_attributes: { api_url: url, token: jwt, ca_cert: ca } }),
    { ...good, name: 'demo' },
  ],
  [
    'an answer of GitLab',
    JSON.stringify([{ id: 1, name: 'demo', platform_kubernetes: { api_url: url, ca_cert: ca } }]),
    { apiUrl: url, ca: true, name: 'demo' },
  ],
  [
    'our own export',
    JSON.stringify([{ name: 'demo', apiUrl: url, environmentScope: '*', enabled: true }]),
    { apiUrl: url, name: 'demo' },
  ],
  [
    'Terraform',
    `resource "gitlab_project_cluster" "x" {\n  project = "1"\n  name = "demo"\n  kubernetes_api_url = "${url}"\n  kubernetes_token = var.token\n  kubernetes_ca_cert = <<-EOT\n    ${ca.replace(/\n/g, '\n    ')}\n  EOT\n}\n`,
    { apiUrl: url, ca: true, name: 'demo', says: /Only Terraform knows the value of: kubernetes_token/ },
  ],
  ['a kubeconfig in base64', base64(config(`    token: ${jwt}`)), good],
  ['an address without a scheme', 'k8s.example.com:6443', { apiUrl: url, says: /no scheme/ }],
  ['an IP address', '203.0.113.7', { apiUrl: 'https://203.0.113.7', says: /no scheme/ }],
  [
    'az aks show',
    JSON.stringify({ name: 'demo', fqdn: 'demo-1.hcp.westeurope.azmk8s.io', privateFqdn: null }),
    { apiUrl: 'https://demo-1.hcp.westeurope.azmk8s.io:443', name: 'demo', needsAccount: true },
  ],
  [
    'a token that ends',
    `${part({ alg: 'RS256' })}.${part({ sub: 'system:serviceaccount:a:b', exp: 4e9 })}.c2lnbmF0dXJl`,
    {
      token: `${part({ alg: 'RS256' })}.${part({ sub: 'system:serviceaccount:a:b', exp: 4e9 })}.c2lnbmF0dXJl`,
      says: /expires on 2096/,
      needsAccount: true,
    },
  ],
  [
    'a piece of JSON',
    `"cluster": {\n  "server": "${url}",\n  "certificate-authority-data": "${base64(ca)}"\n},\n"name": "demo"`,
    { apiUrl: url, ca: true },
  ],
  ['a ConfigMap', `kind: ConfigMap\ndata:\n  ca.crt: |\n    ${ca.replace(/\n/g, '\n    ')}\n`, { ca: true }],
  [
    'a client certificate, its CA, and the key',
    `${text('client-certificate.pem')}${ca}\n-----BEGIN EC PRIVATE KEY-----\nAAAA\n-----END EC PRIVATE KEY-----`,
    { ca: true, says: /dropped.*left out \(1\)/ },
  ],
  [
    'a ServiceAccount alone',
    'apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: gitlab}\n',
    { problem: /its Secret does/ },
  ],
  ['two addresses', 'https://a.example.com https://b.example.com', { problem: /recognised/ }],
  ['brackets without end', '['.repeat(100_000), { problem: /./ }],
  ['a GitLab token', 'glpat-abcdefghijklmnopqrst', { problem: /token of GitLab/ }],
  ['a bootstrap token', 'abcdef.0123456789abcdef', { problem: /bootstrap token/ }],
  ['a token of a cloud', 'dop_v1_0123456789abcdef0123', { problem: /another service/ }],
  ['aliases', 'apiVersion: v1\nkind: Config\nclusters: &a []\nusers: *a\ncontexts: []', { problem: /Aliases/ }],
  ['a cut kubeconfig', config(`    token: ${jwt}`).slice(0, 300), { problem: /incomplete/ }],
  ['a text', 'Hello, how are you?', { problem: /Nothing in this text was recognised/ }],
  [
    'a table of clusters',
    'level,owner,name,apiUrl\nproject,a/b,c,https://k8s.example.com\n',
    { problem: /Add Clusters From List/ },
  ],
  ['nothing', ' \n', { problem: /nothing to read/ }],
  ['too much', 'x'.repeat(1_100_000), { problem: /too long/ }],
];

describe('Inputs out of public reports, pasted', () => {
  for (const [name, pasted, expected] of table) {
    counted(`${name}: ${expected.problem ? String(expected.problem) : 'read'}`, () => judge(pasted, expected));
  }
});
