import assert from 'node:assert/strict';
import fc from 'fast-check';
import { environmentNameProblem } from '../../../../src/core/resolver/environmentName';
import { coversScope, matchesScope, overlapScopes } from '../../../../src/core/resolver/environmentScope';
import { environmentSlug } from '../../../../src/core/resolver/environmentSlug';
import { expectedNamespace, isTooLong, namesOf } from '../../../../src/core/resolver/expectedNamespace';
import { jobVariables } from '../../../../src/core/resolver/jobVariables';
import { cluster } from '../inventory/clusters';

describe('the slug of an environment', () => {
  // Agents and environments 3.3
  const worked = {
    production: 'production',
    'review/my-branch': 'review-my-branch-add4nu',
    Production: 'production-iis43c',
    qa_2: 'qa-2-u5di32',
    '1-foo': 'env-1-foo-1k46wz',
    'foo-': 'foo',
    'production-eu-west-1-blue-green': 'production-eu-wes-ty6cqo',
    'review/feature/ABC-123_add-login': 'review-feature-ab-u4q1xh',
  };
  for (const [name, slug] of Object.entries(worked)) {
    it(`of ${name} is ${slug}`, () => assert.equal(environmentSlug(name), slug));
  }

  it('is at most 24 characters long and fit for a host name, whatever the environment is called', () => {
    const names = fc.string({ unit: fc.constantFrom(...'aZ0-_/${}. '), minLength: 1, maxLength: 60 });
    fc.assert(fc.property(names, (name) => assert.match(environmentSlug(name), /^[a-z](?:[a-z0-9-]{0,22}[a-z0-9])?$/)));
  });
});

describe('the expected namespace', () => {
  const web = { id: 7, path: 'shop/Web_Shop' };
  const review = { name: 'review/my-branch', slug: undefined };
  // Agents and environments 3.2
  const rows = [
    ['custom', true, true, 'custom-review-my-branch-add4nu'],
    ['custom', true, false, 'custom'],
    ['custom', false, true, 'custom'],
    ['custom', false, false, 'custom'],
    [undefined, true, true, 'web-shop-7-review-my-branch-add4nu'],
    [undefined, false, true, 'web-shop-7-review-my-branch-add4nu'],
    [undefined, true, false, 'web-shop-7'],
    [undefined, false, false, 'web-shop-7'],
  ] as const;
  for (const [namespace, managed, namespacePerEnvironment, name] of rows) {
    it(`is ${name} with ${namespace ?? 'none'} set, managed ${managed}, per environment ${namespacePerEnvironment}`, () => {
      const expected = expectedNamespace(cluster(1, { managed, namespacePerEnvironment }, { namespace }), web, review);
      assert.deepEqual(expected, { kind: 'expected', name, jobMayChoose: !managed });
    });
  }

  it('has the slug GitLab gave an environment that exists', () => {
    const expected = expectedNamespace(cluster(1), web, { name: 'review/my-branch', slug: 'review-my-branch-x1y2z3' });
    assert.deepEqual(namesOf(expected), ['web-shop-7-review-my-branch-x1y2z3']);
  });

  it('is one of several where GitLab does not report the options', () => {
    const old = cluster(1, { managed: undefined, namespacePerEnvironment: undefined }, { namespace: 'custom' });
    assert.deepEqual(expectedNamespace(old, web, { name: 'production', slug: 'production' }), {
      kind: 'oneOf',
      names: ['custom-production', 'custom'],
      jobMayChoose: true,
    });
  });

  it('loses what Kubernetes does not allow, dashes at its beginning too', () => {
    assert.deepEqual(namesOf(expectedNamespace(cluster(1), { id: 7, path: 'shop/.Ünï' }, { name: 'a', slug: 'a' })), [
      'n--7-a',
    ]);
  });

  it('is too long from 64 characters on', () => {
    const env = { name: 'a', slug: 'a' };
    const of = (length: number) =>
      expectedNamespace(cluster(1), { id: 7, path: `shop/${'x'.repeat(length - 4)}` }, env);
    assert.deepEqual(
      [63, 64].map((length) => [namesOf(of(length))[0]?.length, isTooLong(of(length))]),
      [
        [63, false],
        [64, true],
      ],
    );
  });
});

describe('the variables of a job', () => {
  const names = (...[of, id]: Parameters<typeof jobVariables>) => jobVariables(of, id).map(({ name }) => name);
  const always = ['KUBE_URL', 'KUBE_INGRESS_BASE_DOMAIN'];

  // Agents and environments 4.2
  it('of a managed cluster come with a service account, once GitLab has stored a namespace', () => {
    const all = ['KUBE_TOKEN', 'KUBE_NAMESPACE', 'KUBE_SERVICE_ACCOUNT', 'KUBECONFIG'];
    assert.deepEqual(names(cluster(1), 7), [...always, ...all]);
    assert.deepEqual(
      jobVariables(cluster(1), 7).flatMap(({ name, needsRecord }) => (needsRecord ? [name] : [])),
      all,
    );
  });

  it('of a cluster that is not managed, or for its management project, come with the token of the cluster', () => {
    const own = [...always, 'KUBE_TOKEN', 'KUBE_NAMESPACE', 'KUBECONFIG'];
    assert.deepEqual(names(cluster(1, { managed: false }), 7), own);
    assert.deepEqual(names(cluster(1, { managementProject: { id: 7, path: 'a/b', name: 'b' } }), 7), own);
  });

  it('have the CA where one is stored', () => {
    assert.ok(names(cluster(1, {}, { caCert: 'PEM' }), 7).includes('KUBE_CA_PEM_FILE'));
  });
});

describe('a name for an environment', () => {
  it('is refused as GitLab would', () => {
    assert.equal(environmentNameProblem('review/$CI_COMMIT_REF_SLUG'), undefined);
    assert.equal(environmentNameProblem('a'.repeat(255)), undefined);
    assert.match(environmentNameProblem('a'.repeat(256)) ?? '', /maximum is 255/);
    for (const name of ['/a', 'a/', 'a*', 'ä', 'a:b']) assert.match(environmentNameProblem(name) ?? '', /only letters/);
    assert.match(environmentNameProblem(' ') ?? '', /Enter/);
  });
});

describe('environment scopes', () => {
  const scope = fc.string({ unit: fc.constantFrom('a', 'b', '*'), minLength: 1, maxLength: 4 });
  /** Every name of up to four letters, one of which no scope has. */
  const names = ['a', 'b', 'x'].reduce<string[]>(
    (all) => [...new Set([...all, ...all.flatMap((n) => ['a', 'b', 'x'].map((l) => n + l))])],
    [''],
  );
  const longer = [...names, ...names.flatMap((name) => names.map((other) => name + other))];

  it('cover each other where no environment tells them apart', () => {
    fc.assert(
      fc.property(scope, scope, (outer, inner) => {
        const covered = longer.every((name) => !matchesScope(inner, name) || matchesScope(outer, name));
        assert.equal(coversScope(outer, inner), covered, `${outer} ${inner}`);
      }),
      { numRuns: 2000 },
    );
  });

  it('overlap where an environment matches both', () => {
    fc.assert(
      fc.property(scope, scope, (one, other) => {
        const both = longer.some((name) => matchesScope(one, name) && matchesScope(other, name));
        assert.equal(overlapScopes(one, other), both, `${one} ${other}`);
      }),
      { numRuns: 2000 },
    );
  });
});
