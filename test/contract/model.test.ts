import assert from 'node:assert/strict';
import { certificate } from '../gitlab/certificates';
import { addCluster, addProject, setRole } from '../gitlab/populate';
import type { Settings } from '../gitlab/world';
import { at, levels, newCluster, openLab, ownerOf, pem } from './lab';

const blocked = (reason: string) => [`is blocked: ${reason}`];
const scheme = blocked('Only allowed schemes are http, https');
const localhost = blocked('Requests to localhost are not allowed');
const loopback = blocked('Requests to loopback addresses are not allowed');
const localNetwork = blocked('Requests to the local network are not allowed');
const linkLocal = blocked('Requests to the link local network are not allowed');
const hostname = blocked('Hostname or IP address invalid');
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
  ['api_url', 'https://a.example.com\nhttps://b.example.com', blocked('URI is invalid')],
  ['api_url', 'https://[::1', blocked('URI is invalid')],
  ['api_url', 'https://a.example.com:123456', blocked('URI is invalid')],
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
  ['domain', '-a.example.com', ['begins or ends with (a) hyphen']],
  ['domain', 'a-.example.com', ['begins or ends with (a) hyphen']],
  ['domain', 'example.com.', ['must not end with a dot']],
  ['environment_scope', 'review/*', []],
  ['environment_scope', 'a_b-${c}.d e*', []],
  ['environment_scope', ' staging ', []],
  ['environment_scope', 'prod?', [badScope]],
  ['environment_scope', 'a,b', [badScope]],
  ['environment_scope', '', ["can't be blank", badScope]],
  ['namespace', '', []],
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

  it('accept a CA certificate in raw DER', async () => {
    const der = Buffer.from(pem.replaceAll(/-----.*-----/g, ''), 'base64').toString('latin1');
    const body = newCluster({}, { ca_cert: der });
    assert.equal((await lab.ask('maintainer', 'POST', '/projects/1/clusters/user', { body })).status, 201);
  });

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

describe('rules for edits', () => {
  const lab = openLab();
  const edit = (id: number, body: object) => lab.ask('maintainer', 'PUT', `/projects/1/clusters/${id}`, { body });
  const platform = 'platform_kubernetes_attributes';

  for (const api_url of ['', ' ', null]) {
    it(`refuse an API URL of ${JSON.stringify(api_url)}`, async () => {
      const { id } = addCluster(lab.world, lab.app);
      const { json } = await edit(id, { [platform]: { api_url } });
      assert.deepEqual(json, { message: { 'platform_kubernetes.api_url': ['must be a valid URL', "can't be blank"] } });
    });
  }

  for (const token of ['', null, undefined]) {
    it(`keep the stored token where ${token === undefined ? 'none' : JSON.stringify(token)} is sent`, async () => {
      const cluster = addCluster(lab.world, lab.app, { platform: { token: 'stored' } });
      const { status } = await edit(cluster.id, { [platform]: { token, api_url: 'https://new.example.com' } });
      assert.deepEqual([status, cluster.platform?.token], [200, 'stored']);
    });
  }

  it('store whatever else is sent as a token, a placeholder too', async () => {
    const cluster = addCluster(lab.world, lab.app);
    await edit(cluster.id, { [platform]: { token: '****' } });
    assert.equal(cluster.platform?.token, '****');
  });

  it('drop an authorization type', async () => {
    const { id } = addCluster(lab.world, lab.app);
    const { status, json } = await edit(id, { [platform]: { authorization_type: 'abac' } });
    assert.deepEqual([status, at(json, 'platform_kubernetes', 'authorization_type')], [200, 'rbac']);
  });

  for (const ca_cert of ['', null]) {
    it(`remove the certificate with ${JSON.stringify(ca_cert)}`, async () => {
      const { id } = addCluster(lab.world, lab.app, { platform: { caCert: pem } });
      const { json } = await edit(id, { [platform]: { ca_cert } });
      assert.equal(at(json, 'platform_kubernetes', 'ca_cert'), ca_cert);
    });
  }

  it('look at a certificate only when it changes', async () => {
    const { id } = addCluster(lab.world, lab.app, { platform: { caCert: 'from older times' } });
    assert.equal((await edit(id, { [platform]: { api_url: 'https://new.example.com' } })).status, 200);
  });

  it('look at an API URL again when another field of the platform changes, or not', async () => {
    const { id } = addCluster(lab.world, lab.app, { platform: { apiUrl: 'https://10.0.0.1' } });
    assert.equal((await edit(id, { name: 'platform untouched' })).status, 200);
    assert.equal((await edit(id, { [platform]: { namespace: 'a' } })).status, 400);
    lab.world.settings.checkUntouchedApiUrl = false;
    assert.equal((await edit(id, { [platform]: { namespace: 'b' } })).status, 200);
  });

  it('refuse a scope of null as blank', async () => {
    const { id } = addCluster(lab.world, lab.app);
    const { status, json } = await edit(id, { environment_scope: null });
    assert.deepEqual([status, at(json, 'message', 'environment_scope', 0)], [400, "can't be blank"]);
  });

  it('fail on a switch of null, or ignore it', async () => {
    const { id } = addCluster(lab.world, lab.app);
    const failed = await edit(id, { enabled: null });
    assert.deepEqual([failed.status, failed.json], [500, { message: '500 Internal Server Error' }]);
    lab.world.settings.nullSwitch = 'ignore';
    assert.equal(at((await edit(id, { enabled: null })).json, 'enabled'), true);
  });

  it('keep the name of GCP and AWS clusters', async () => {
    for (const provider of ['gcp', 'aws'] as const) {
      const { id } = addCluster(lab.world, lab.app, { name: 'cloud', provider, environmentScope: provider });
      const { json } = await edit(id, { name: 'other' });
      const sentence = " can not be changed because it's synchronized with provider";
      assert.deepEqual(json, { message: { name: [sentence] } });
    }
  });

  it('ask a new name of a GCP cluster for the form of a DNS label on top', async () => {
    const { id } = addCluster(lab.world, lab.app, { name: 'cloud', provider: 'gcp' });
    const { json } = await edit(id, { name: label(64) });
    assert.deepEqual(at(json, 'message', 'name', 1), ' is invalid syntax');
    const spaced = await edit(id, { name: 'a b' });
    assert.match(String(at(spaced.json, 'message', 'name', 1)), /can contain only lowercase letters/);
  });

  it('accept no change while the provider still creates the cluster', async () => {
    const { id } = addCluster(lab.world, lab.app, { name: 'cloud', provider: 'gcp', provisioning: true });
    const { json } = await edit(id, { domain: 'new.example.com' });
    assert.deepEqual(json, { message: { base: ['Cannot modify provider during creation'] } });
  });

  it('refuse an archived project, unless told otherwise', async () => {
    const { id } = addCluster(lab.world, lab.app);
    lab.app.archived = true;
    assert.equal((await edit(id, { name: 'x' })).status, 403);
    assert.equal((await lab.ask('maintainer', 'GET', `/projects/1/clusters/${id}`)).status, 200);
    lab.world.settings.archivedReadOnly = false;
    assert.equal((await edit(id, { name: 'x' })).status, 200);
  });
});

for (const { level, list, add, writer } of levels) {
  describe(`environment scopes of one ${level}`, () => {
    const lab = openLab();
    const taken = { message: { environment_scope: ['cannot add duplicated environment scope'] } };

    it('are unique, and those of disabled clusters count', async () => {
      addCluster(lab.world, ownerOf(lab, level), { environmentScope: 'prod', enabled: false });
      const { status, json } = await lab.ask(writer, 'POST', add, {
        body: newCluster({ environment_scope: ' prod ' }),
      });
      assert.deepEqual([status, json], [400, taken]);
    });

    it('are compared with their case', async () => {
      addCluster(lab.world, ownerOf(lab, level), { environmentScope: 'prod' });
      const { status } = await lab.ask(writer, 'POST', add, { body: newCluster({ environment_scope: 'Prod' }) });
      assert.equal(status, 201);
    });

    it('may be used again by another owner', async () => {
      for (const owner of ['instance', lab.own, lab.app, lab.sub, lab.tools] as const) {
        if (owner !== ownerOf(lab, level)) {
          addCluster(lab.world, owner, { environmentScope: '*' });
        }
      }
      assert.equal((await lab.ask(writer, 'POST', add, { body: newCluster() })).status, 201);
    });

    it('are kept by the cluster itself on edit', async () => {
      const first = addCluster(lab.world, ownerOf(lab, level), { environmentScope: 'a' });
      addCluster(lab.world, ownerOf(lab, level), { environmentScope: 'b' });
      const same = await lab.ask(writer, 'PUT', `${list}/${first.id}`, { body: { environment_scope: 'a' } });
      assert.equal(same.status, 200);
      const other = await lab.ask(writer, 'PUT', `${list}/${first.id}`, { body: { environment_scope: 'b' } });
      assert.deepEqual(other.json, taken);
    });
  });
}

for (const { level, list, add, writer } of levels.filter((row) => row.level !== 'project')) {
  describe(`namespaces of one ${level}'s clusters`, () => {
    const lab = openLab();
    const refused = { message: { 'platform_kubernetes.namespace': ['only allowed for project cluster'] } };

    it('are refused while the cluster is managed', async () => {
      const { status, json } = await lab.ask(writer, 'POST', add, { body: newCluster({}, { namespace: 'space' }) });
      assert.deepEqual([status, json], [400, refused]);
    });

    it('are accepted when it is not managed', async () => {
      const body = newCluster({ managed: false }, { namespace: 'space' });
      const { json } = await lab.ask(writer, 'POST', add, { body });
      assert.equal(at(json, 'platform_kubernetes', 'namespace'), 'space');
    });

    it('are stored as null where they are blank', async () => {
      const { status, json } = await lab.ask(writer, 'POST', add, { body: newCluster({}, { namespace: '' }) });
      assert.deepEqual([status, at(json, 'platform_kubernetes', 'namespace')], [201, null]);
    });

    it('may stay when the cluster becomes managed without touching the platform, or not', async () => {
      const values = { managed: false, platform: { namespace: 'space' } };
      const { id } = addCluster(lab.world, ownerOf(lab, level), values);
      lab.world.settings.checkUntouchedPlatform = true;
      const strict = await lab.ask(writer, 'PUT', `${list}/${id}`, { body: { managed: true } });
      assert.deepEqual(strict.json, refused);
      lab.world.settings.checkUntouchedPlatform = false;
      assert.equal((await lab.ask(writer, 'PUT', `${list}/${id}`, { body: { managed: true } })).status, 200);
    });
  });
}

describe('management projects', () => {
  const lab = openLab();
  const sentence = "Project does not exist or you don't have permission to perform this action";
  const refused = { message: { management_project_id: [sentence] } };
  const set = (path: string, id: unknown, who = 'maintainer', more = {}) =>
    lab.ask(who, 'POST', path, { body: newCluster({ management_project_id: id, ...more }) });

  it('of a project cluster sit directly in the same namespace', async () => {
    assert.equal((await set('/projects/1/clusters/user', lab.tools.id)).status, 201);
    for (const id of [lab.lib.id, lab.other.id, lab.notes.id]) {
      assert.deepEqual((await set('/projects/1/clusters/user', id)).json, refused);
    }
  });

  it('of a group cluster sit in the group or its subgroups', async () => {
    for (const [scope, { id }] of Object.entries({ a: lab.app, b: lab.lib, c: lab.core })) {
      const { status } = await set('/groups/1/clusters/user', id, 'maintainer', { environment_scope: scope });
      assert.equal(status, 201);
    }
    lab.other.sharedWith.push({ groupId: lab.own.id, role: 40 });
    for (const id of [lab.other.id, lab.notes.id]) {
      assert.deepEqual((await set('/groups/1/clusters/user', id)).json, refused);
    }
  });

  it('of an instance cluster may be any project', async () => {
    assert.equal((await set('/admin/clusters/add', lab.other.id, 'admin')).status, 201);
  });

  it('need Maintainer there, and must exist', async () => {
    const plain = addProject(lab.world, 'plain', lab.sub);
    setRole(lab.world, lab.people.developer, lab.own, 30);
    setRole(lab.world, lab.people.developer, lab.app, 40);
    assert.deepEqual((await set('/projects/1/clusters/user', lab.tools.id, 'developer')).json, refused);
    for (const id of [4711, 2 ** 40, plain.id]) {
      assert.deepEqual((await set('/projects/1/clusters/user', id)).json, refused);
    }
  });

  it('hide every other problem while they are refused', async () => {
    const { json } = await set('/projects/1/clusters/user', 4711, 'maintainer', { name: '', domain: 'a_b' });
    assert.deepEqual(json, refused);
  });

  it('are stored, kept, refused and cleared by edits', async () => {
    const cluster = addCluster(lab.world, lab.app);
    const edit = (body: object) => lab.ask('maintainer', 'PUT', `/projects/1/clusters/${cluster.id}`, { body });
    assert.equal(
      at((await edit({ management_project_id: lab.tools.id })).json, 'management_project', 'id'),
      lab.tools.id,
    );
    assert.deepEqual((await edit({ management_project_id: lab.other.id })).json, refused);
    assert.equal(at((await edit({ name: 'x' })).json, 'management_project', 'id'), lab.tools.id);
    assert.equal(at((await edit({ management_project_id: null })).json, 'management_project'), null);
  });

  it('allow one cluster per scope among all they manage', async () => {
    addCluster(lab.world, lab.own, { managementProjectId: lab.tools.id });
    const { json } = await set('/projects/1/clusters/user', lab.tools.id);
    assert.deepEqual(json, { message: { environment_scope: ['cannot add duplicated environment scope'] } });
  });

  it('and siblings together say it twice', async () => {
    addCluster(lab.world, lab.app, { managementProjectId: lab.tools.id });
    const { json } = await set('/projects/1/clusters/user', lab.tools.id);
    const said = 'cannot add duplicated environment scope';
    assert.deepEqual(json, { message: { environment_scope: [said, said] } });
  });
});
