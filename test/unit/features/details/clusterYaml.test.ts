import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { load } from 'js-yaml';
import * as z from 'zod/mini';
import {
  clusterYaml,
  deletedYaml,
  failureYaml,
  unknownYaml,
  unlistedYaml,
} from '../../../../src/features/details/clusterYaml';
import { GitLabError } from '../../../../src/core/gitlab/errors';
import type { Cluster, KubernetesPlatform } from '../../../../src/core/model/cluster';
import { cluster, everyKind, group, instance, project, url } from '../tree/knowledge';

const now = new Date('2026-11-22T00:00:00Z');
const address = { host: url, owner: project, id: 12 };
const bare: KubernetesPlatform = {
  apiUrl: 'https://k8s.example.com',
  namespace: undefined,
  authorizationType: 'rbac',
  caCert: undefined,
};

function text(changes: Partial<Cluster> = {}): string {
  return clusterYaml({ ...cluster, platform: bare, ...changes }, 'Fleet', now);
}

function fields(yaml: string): Record<string, unknown> {
  return z.parse(z.record(z.string(), z.unknown()), load(yaml));
}

function withCertificate(pem: string): Partial<Cluster> {
  return { platform: { ...bare, caCert: pem } };
}

function certificate(name: string): string {
  return readFileSync(`test/gitlab/certificates/${name}.pem`, 'utf8').trim();
}

describe('A cluster’s document', () => {
  it('shows every field GitLab reported, by the names of its API, with a link to its page', () => {
    assert.equal(
      text(),
      `# production · app · Fleet, as GitLab has it. Read-only.
# https://gitlab.example.com/group/app/-/clusters/12

name: production
id: 12
host: https://gitlab.example.com
level: project
project:
  path_with_namespace: group/app
  id: 7
enabled: true
environment_scope: "*"
domain: apps.example.com
managed: true
namespace_per_environment: true
management_project:
  path_with_namespace: group/ops
  name: ops
  id: 9
provider_type: user
created_at: "2026-02-03T10:00:00.000Z"
user:
  name: Mia
  username: mia
platform_kubernetes:
  api_url: https://k8s.example.com
  authorization_type: rbac

# Empty or not reported by GitLab: platform_kubernetes.namespace, platform_kubernetes.ca_cert
`,
    );
  });

  it('names what is empty or not reported, since that is not “no”', () => {
    const yaml = text({ enabled: undefined, managed: undefined, baseDomain: undefined });
    assert.match(yaml, /^# Empty or not reported by GitLab: enabled, domain, managed, platform_kubernetes.namespace/m);
    assert.ok(!('enabled' in fields(yaml)));
  });

  it('says where it hangs on each level', () => {
    assert.deepEqual(fields(text({ owner: group }))['group'], { full_path: 'group', id: 3 });
    assert.equal(fields(text({ owner: instance }))['level'], 'instance');
  });

  it('shows what Google runs it on', () => {
    const gcp = {
      status: 'created',
      projectId: 'p',
      zone: 'europe-west1-b',
      machineType: 'n1',
      nodes: 3,
      endpoint: undefined,
    };
    assert.deepEqual(fields(text({ provider: 'gcp', gcp }))['provider_gcp'], {
      status_name: 'created',
      gcp_project_id: 'p',
      zone: 'europe-west1-b',
      machine_type: 'n1',
      num_nodes: 3,
    });
  });

  it('decodes the CA certificate below', () => {
    const pem = certificate('production-eu');
    const yaml = text(withCertificate(pem));
    const read = fields(yaml);
    assert.deepEqual(read['ca_certificates'], [
      {
        subject: 'CN=Production EU Kubernetes CA, O=Example Platform',
        issuer: 'CN=Production EU Kubernetes CA, O=Example Platform',
        valid_from: '2020-01-01T00:00:00.000Z',
        valid_to: '2120-01-01T00:00:00.000Z',
        validity: 'valid',
        sha256: '7D:E7:1E:91:FB:59:21:64:5F:83:29:BD:E5:4E:52:86:AC:AD:7B:0C:5E:8B:F3:80:03:16:6F:87:FD:69:38:8D',
      },
    ]);
    assert.match(yaml, /# The CA certificate decoded\nca_certificates:/);
    assert.ok(yaml.indexOf('BEGIN CERTIFICATE') < yaml.indexOf('ca_certificates:'));
  });

  it('says in words that a certificate has expired or is not valid yet', () => {
    assert.match(text(withCertificate(certificate('staging-expired'))), /validity: expired/);
    const early = clusterYaml({ ...cluster, ...withCertificate(certificate('production-eu')) }, 'Fleet', new Date(0));
    assert.match(early, /validity: not valid yet/);
  });

  it('shows each certificate of a bundle, and a sentence for what is none', () => {
    const bundle = `${certificate('production-eu')}\n${certificate('edge')}\n-----BEGIN CERTIFICATE-----\nno\n-----END CERTIFICATE-----`;
    const read = z.parse(
      z.array(z.record(z.string(), z.unknown())),
      fields(text(withCertificate(bundle)))['ca_certificates'],
    );
    assert.equal(read.length, 3);
    assert.deepEqual(read[2], { problem: 'This is not a valid X.509 certificate.' });
  });

  const names = [
    'a: b',
    '# no comment',
    'yes',
    '1e3',
    '- x',
    '&a *b',
    'line\nbreak: true',
    '"',
    "'",
    '\u0007\u001b[31m',
    '\u2028',
    '{}',
    '%YAML',
    '---',
  ];
  for (const name of names) {
    it(`keeps the name ${JSON.stringify(name)} a name`, () => {
      const read = fields(text({ name, environmentScope: name, baseDomain: name }));
      assert.deepEqual([read['name'], read['environment_scope'], read['domain']], [name, name, name]);
      assert.equal(read['id'], 12);
    });
  }
});

describe('The document of a cluster that cannot be shown', () => {
  for (const kind of everyKind) {
    it(`says why in comments, with the next step: ${kind}`, () => {
      const yaml = failureYaml(address, new GitLabError(kind, { message: 'words\nof: GitLab' }));
      for (const line of yaml.trimEnd().split('\n')) assert.match(line, /^#/);
      assert.match(yaml, /Cluster 12 of Project group\/app at https:\/\/gitlab\.example\.com/);
      assert.match(yaml, /to try again\.\n$/);
    });
  }

  it('says so for a mistake of ours, without its inner workings', () => {
    const yaml = failureYaml(address, new TypeError('x is undefined'));
    assert.match(yaml, /^# Unexpected error/);
    assert.doesNotMatch(yaml, /undefined/);
  });

  it('says plainly that the cluster was deleted', () => {
    const yaml = deletedYaml(address);
    for (const line of yaml.trimEnd().split('\n')) assert.match(line, /^#/);
    assert.match(
      yaml,
      /^# Deleted\n#\n# Cluster 12 of Project group\/app at https:\/\/gitlab\.example\.com\n# .*deleted/,
    );
  });

  it('says what to do when the host was removed or the address names nothing', () => {
    assert.match(unlistedYaml(address), /^# https:\/\/gitlab\.example\.com is not among the GitLab hosts any more\./);
    assert.match(unknownYaml(), /^# .*Clusters view\.\n$/);
  });
});
