import assert from 'node:assert/strict';
import fc from 'fast-check';
import { localAddressOf } from '../../../../src/core/model/apiUrl';
import { draftOf } from '../../../../src/core/model/clusterDraft';
import type { ClusterDraft } from '../../../../src/core/model/clusterDraft';
import { mayManage } from '../../../../src/core/model/managementPlace';
import { apiUrlProblem } from '../../../gitlab/clusters/apiUrl';
import { domainProblems, nameProblems, namespaceProblems, scopeProblems } from '../../../gitlab/clusters/rules';
import { emptyWorld } from '../../../gitlab/world';
import { addContext, clusterWith, editContext, findingsOf, goodDraft, siblingWith } from '../../features/form/drafts';

/** Findings of one change to a draft that is fine otherwise. */
const about = (change: Partial<ClusterDraft>, context = addContext()): string[] =>
  findingsOf(goodDraft(change), context);

describe('A draft is judged as GitLab would', () => {
  it('a good one has no findings', () => assert.deepEqual(about({}), []));

  const local =
    '{0} is a local address. GitLab refuses it unless an administrator allows requests to the local network (Admin area, Settings, Network, Outbound requests).';
  const table: readonly (readonly [Partial<ClusterDraft>, ...string[]])[] = [
    [{ name: ' ' }, 'error name: Enter a name.'],
    [{ name: '<b>ü\u202e</b>' }],
    [{ name: 'x'.repeat(2001) }, 'error name: This is too long (2000 characters at most).'],
    [{ apiUrl: '' }, 'error apiUrl: Enter the address of the Kubernetes API.'],
    [{ apiUrl: 'invalid_api_url' }, 'error apiUrl: The API URL must begin with https:// or http://.'],
    [{ apiUrl: 'k8s.example:6443' }, 'error apiUrl: The API URL must begin with https:// or http://.'],
    [{ apiUrl: 'ftp://k8s.example' }, 'error apiUrl: The API URL must begin with https:// or http://.'],
    [{ apiUrl: 'https://' }, 'error apiUrl: This is not a valid URL. Example: https://k8s.example.com:6443'],
    [{ apiUrl: 'https://a b' }, 'error apiUrl: This is not a valid URL. Example: https://k8s.example.com:6443'],
    [
      { apiUrl: 'https://_k8s.example' },
      'error apiUrl: The host name in the API URL must begin with a letter or a digit.',
    ],
    [{ apiUrl: 'https://10.0.0.1:6443' }, `warning apiUrl: ${local.replace('{0}', '10.0.0.1')}`],
    [{ apiUrl: 'https://[fd00::1]' }, `warning apiUrl: ${local.replace('{0}', '[fd00::1]')}`],
    [{ apiUrl: 'http://k8s.example' }, 'warning apiUrl: Over http:// GitLab sends the service token unencrypted.'],
    [
      { apiUrl: 'https://me:pw@k8s.example' },
      'warning apiUrl: User name and password in the API URL are shown to everyone who may see the cluster.',
    ],
    [{ apiUrl: ' https://k8s.example.com ' }],
    [{ serviceToken: ' ' }, 'error serviceToken: Enter a service token.'],
    [{ serviceToken: 'x'.repeat(20_001) }, 'error serviceToken: This is too long (20000 characters at most).'],
    [
      { serviceToken: 'glpat-abc' },
      'warning serviceToken: This looks like a token of GitLab. Kubernetes needs one of a service account.',
    ],
    [{ serviceToken: 'Bearer eyJ' }, 'warning serviceToken: Leave out “Bearer”: only the token is needed.'],
    [
      { serviceToken: 'ZXlKaGJHY2lP' },
      'warning serviceToken: The token looks base64-encoded, as in a Kubernetes secret. Decode it first.',
    ],
    [{ serviceToken: 'a b' }, 'warning serviceToken: The token contains spaces.'],
    [{ authorizationType: '' }, 'error authorizationType: Choose an authorization type.'],
    [{ environmentScope: ' ' }, 'error environmentScope: Enter an environment scope; * means every environment.'],
    [
      { environmentScope: 'prod?' },
      'error environmentScope: Only letters, digits, spaces and the characters - _ / $ { } . * can be used.',
    ],
    [{ baseDomain: 'https://apps.example' }, 'error baseDomain: Leave out https://: only the domain is needed.'],
    [{ baseDomain: 'apps.example.' }, 'error baseDomain: The base domain must not end with a dot.'],
    [{ baseDomain: 'apps..example' }, 'error baseDomain: The base domain must not contain two dots in a row.'],
    [
      { baseDomain: '*.example' },
      'error baseDomain: Only letters a to z, digits, hyphens and dots can be used: no port, path, underscore or *.',
    ],
    [
      { baseDomain: `${'a'.repeat(64)}.example` },
      'error baseDomain: Each part between dots must have 1 to 63 characters, the whole at most 255.',
    ],
    [{ baseDomain: 'a-.example' }, 'error baseDomain: No part of the base domain may begin or end with a hyphen.'],
    [{ baseDomain: ' Apps.Example ' }],
    [{ baseDomain: 'localhost' }],
    [{ baseDomain: '192.0.2.1' }],
    [{ namespace: 'a'.repeat(64) }, 'error namespace: A namespace has at most 63 characters.'],
    [
      { namespace: 'a_b' },
      'error namespace: Only lower-case letters, digits and hyphens can be used, and no hyphen at the beginning or end.',
    ],
    [{ namespace: 'gitlab-managed-apps' }, 'error namespace: This namespace is reserved by GitLab.'],
    [{ namespace: 'Payments' }, 'warning namespace: GitLab stores it in lower case: payments'],
    [{ namespace: '1st' }],
    [
      { managementProject: { path: 'a' } },
      'error managementProjectId: Choose one of the projects found, or clear the field.',
    ],
    [
      { managementProject: { id: 1, path: 'platform/shared/observability' } },
      'warning managementProjectId: GitLab accepts only projects directly beside this project, in the same namespace.',
    ],
    [{ managementProject: { id: 1, path: 'Platform/cluster-management' } }],
  ];
  for (const [change, ...expected] of table) {
    const name = JSON.stringify(change).slice(0, 80);
    it(`${name}: ${expected.length > 0 ? 'told' : 'fine'}`, () => assert.deepEqual(about(change), expected));
  }

  const judgedAlike: readonly (readonly [
    string,
    keyof ClusterDraft,
    fc.Arbitrary<string>,
    (text: string) => string[],
  ])[] = [
    ['name', 'name', fc.string({ unit: 'grapheme' }), nameProblems],
    [
      'base domain',
      'baseDomain',
      fc.string({ unit: fc.constantFrom(...'aZ0-._*: é/') }),
      (text) => domainProblems(text.trim()),
    ],
    [
      'environment scope',
      'environmentScope',
      fc.string({ unit: 'grapheme-ascii' }),
      (text) => scopeProblems(text.trim()),
    ],
    [
      'namespace',
      'namespace',
      fc.string({ unit: fc.constantFrom(...'aZ0-_.é'), minLength: 1 }),
      (text) => namespaceProblems(text.trim().toLowerCase()),
    ],
  ];
  for (const [name, field, texts, gitlab] of judgedAlike) {
    it(`any ${name}: refused here if and only if the stand-in GitLab refuses it`, () => {
      fc.assert(
        fc.property(texts, (text) => {
          const refused = about({ [field]: text }).some((line) => line.startsWith('error'));
          assert.equal(refused, gitlab(text).length > 0, text);
        }),
        { numRuns: 500 },
      );
    });
  }

  it('any IPv4 address: local here if and only if the stand-in GitLab refuses it', () => {
    const { settings } = emptyWorld();
    const part = fc.oneof(fc.constantFrom(0, 10, 16, 31, 64, 100, 127, 168, 169, 172, 192, 254, 255), fc.nat(255));
    fc.assert(
      fc.property(fc.tuple(part, part, part, part), (parts) => {
        const address = parts.join('.');
        const refused = apiUrlProblem(`https://${address}`, settings) !== undefined;
        assert.equal(localAddressOf(address) !== undefined, refused, address);
      }),
      { numRuns: 2000 },
    );
  });

  const addresses = {
    localhost: 'localhost',
    'kind.localhost': 'localhost',
    '0.0.0.0': 'localhost',
    '[::]': 'localhost',
    '[::1]': 'loopback',
    '[::ffff:7f00:1]': 'loopback',
    '[::ffff:a00:1]': 'private',
    '[fec0::1]': 'private',
    '[fe80::1]': 'linkLocal',
    '100.64.0.1': 'shared',
    '255.255.255.255': 'broadcast',
    'k8s.example.com': undefined,
    '10.example.com': undefined,
    '[2001:db8::1]': undefined,
  };
  for (const [hostname, expected] of Object.entries(addresses)) {
    it(`${hostname} is ${expected ?? 'not local'}`, () => assert.equal(localAddressOf(hostname), expected));
  }
});

describe('An environment scope', () => {
  const scoped = (scope: string, ...siblings: Parameters<typeof siblingWith>): string[] =>
    about({ environmentScope: scope }, addContext('project', siblings.map(siblingWith)));

  it('of a sibling is taken, and the sibling is named', () => {
    assert.deepEqual(scoped(' staging '), []);
    assert.deepEqual(scoped(' staging ', {}), ['error environmentScope: “staging” (id 6) already has this scope.']);
  });
  it('of a disabled sibling is taken too', () => {
    assert.deepEqual(scoped('staging', { enabled: false }), [
      'error environmentScope: “staging” (id 6) already has this scope. It is disabled, but GitLab counts it all the same.',
    ]);
  });
  it('is compared exactly', () => {
    assert.deepEqual(scoped('Staging', {}), []);
    assert.deepEqual(scoped('stag*', {}), []);
  });
  it('elsewhere is taken only with the same management project', () => {
    const sibling = siblingWith({ elsewhere: 'mobile', managementProjectId: 3 });
    const managed = { environmentScope: 'staging', managementProject: { id: 3, path: 'platform/ops' } };
    assert.deepEqual(about(managed, addContext('project', [sibling])), [
      'error environmentScope: “staging” of mobile, which has the same management project, already has this scope.',
    ]);
    assert.deepEqual(about({ ...managed, managementProject: undefined }, addContext('project', [sibling])), []);
    assert.deepEqual(about(managed, addContext('project', [{ ...sibling, managementProjectId: undefined }])), []);
  });

  it('of a cluster that gets another management project is judged anew', () => {
    const cluster = clusterWith({ environmentScope: 'staging' });
    const context = editContext(cluster, [siblingWith({ elsewhere: 'mobile', managementProjectId: 8 })]);
    assert.deepEqual(findingsOf(draftOf(cluster), context), []);
    const managementProject = { id: 8, path: 'platform/operations' };
    assert.deepEqual(findingsOf({ ...draftOf(cluster), managementProject }, context), [
      'error environmentScope: “staging” of mobile, which has the same management project, already has this scope.',
    ]);
  });
  it('left alone is worth a warning only', () => {
    const cluster = clusterWith({ environmentScope: 'staging' });
    assert.deepEqual(findingsOf(draftOf(cluster), editContext(cluster, [siblingWith()])), [
      'warning environmentScope: “staging” (id 6) already has this scope.',
    ]);
  });
});

describe('A namespace', () => {
  const refused = 'A namespace is possible on a project’s cluster only, or where “GitLab-managed” is off.';
  for (const level of ['group', 'instance'] as const) {
    it(`of a managed ${level} cluster is refused, of an unmanaged one fine`, () => {
      assert.deepEqual(about({ namespace: 'a' }, addContext(level)), [`error namespace: ${refused}`]);
      assert.deepEqual(about({ namespace: 'a', managed: false }, addContext(level)), []);
    });
  }
  it('is GitLab’s to judge where it does not tell whether it manages the cluster', () => {
    const cluster = clusterWith({ owner: { level: 'group', id: 1, path: 'platform' }, managed: undefined });
    assert.deepEqual(findingsOf({ ...draftOf(cluster), namespace: 'b' }, editContext(cluster)), [
      `warning namespace: ${refused}`,
    ]);
  });
  it('that cannot be cleared stays, and that is told', () => {
    const cluster = clusterWith({ owner: { level: 'group', id: 1, path: 'platform' } });
    assert.deepEqual(findingsOf({ ...draftOf(cluster), namespace: '' }, editContext(cluster)), [
      'warning namespace: The stored namespace is kept: it cannot be removed while GitLab manages this cluster.',
    ]);
  });
});

describe('Editing', () => {
  it('keeps the stored token where the field is blank', () => {
    const cluster = clusterWith();
    assert.deepEqual(findingsOf(draftOf(cluster), editContext(cluster)), []);
  });
  it('does not take an empty certificate field for a removal', () => {
    const cluster = clusterWith();
    assert.deepEqual(findingsOf({ ...draftOf(cluster), caCert: ' ' }, editContext(cluster)), [
      'error caCert: An empty field does not remove the stored certificate. Choose “Remove the certificate”, or restore it.',
    ]);
    assert.deepEqual(findingsOf({ ...draftOf(cluster), caCert: '', removeCaCert: true }, editContext(cluster)), []);
  });
  it('warns where saving turns on what GitLab does not tell', () => {
    const cluster = clusterWith({ namespacePerEnvironment: undefined });
    const warning =
      'warning namespacePerEnvironment: GitLab doesn’t report the current value, and any save turns it on. Choose the value you want.';
    assert.deepEqual(findingsOf(draftOf(cluster), editContext(cluster)), [warning]);
    assert.deepEqual(findingsOf({ ...draftOf(cluster), namespacePerEnvironment: false }, editContext(cluster)), []);
  });
  it('finds nothing wrong with what a GCP cluster does not let one change', () => {
    const cluster = clusterWith({ provider: 'gcp', name: '' }, { apiUrl: 'x', caCert: 'x' });
    assert.deepEqual(findingsOf(draftOf(cluster), editContext(cluster)), []);
  });
});

describe('A management project', () => {
  const table: readonly (readonly [string, 'instance' | 'group' | 'project', string | undefined, boolean])[] = [
    ['a/b', 'instance', undefined, true],
    ['platform/x', 'group', 'platform', true],
    ['platform/shared/x', 'group', 'platform', true],
    ['platforms/x', 'group', 'platform', false],
    ['Platform/x', 'group', 'platform', true],
    ['platform/x', 'project', 'platform/app', true],
    ['platform/shared/x', 'project', 'platform/app', false],
    ['platform', 'project', 'platform/app', false],
  ];
  for (const [path, level, owner, expected] of table) {
    it(`${path} ${expected ? 'may' : 'may not'} manage a cluster of ${level} ${owner ?? ''}`, () =>
      assert.equal(mayManage(path, level, owner), expected));
  }
});
