import assert from 'node:assert/strict';
import fc from 'fast-check';
import { indexClusters } from '../../../../src/core/resolver/clusterIndex';
import { resolve } from '../../../../src/core/resolver/resolve';
import type { Outcome, ProjectPlace, Resolution, Unseen } from '../../../../src/core/resolver/resolve';
import { kubernetesActive } from '../../../../src/core/resolver/jobVariables';
import type { Cluster, ListedCluster } from '../../../../src/core/model/cluster';
import { cluster, group, hostUrl, instance, project } from '../inventory/clusters';
import { naiveAnswer } from './naiveResolver';
import { placeOf, worlds } from './worlds';

/** P in C in G, as in the worked examples. */
const P = project(1, 'g/c/p');
const Q = project(2, 'g/c/q');
const C = group(10, 'g/c');
const G = group(11, 'g');

function place(clusters: readonly ListedCluster[], rest: Partial<ProjectPlace> = {}): ProjectPlace {
  return {
    project: { id: 1, path: 'g/c/p' },
    groups: [
      { id: 10, path: 'g/c' },
      { id: 11, path: 'g' },
    ],
    clusters: indexClusters(clusters),
    unseen: [],
    switchedOff: false,
    ...rest,
  };
}

let nextId = 1;
const on = (owner: Cluster['owner'], environmentScope: string, values: Partial<Cluster> = {}): Cluster =>
  cluster(nextId++, { owner, environmentScope, ...values });

/** The scopes that are given, and where from. */
function inShort(outcome: Outcome): string {
  switch (outcome.kind) {
    case 'cluster':
      return `${outcome.depth} ${outcome.cluster.environmentScope}`;
    case 'ambiguous':
      return `${outcome.depth} ${outcome.clusters.map(({ environmentScope }) => environmentScope).join(' or ')}`;
    case 'none':
    case 'switchedOff':
      return outcome.kind;
  }
}

const managedByP = { managementProject: { id: 1, path: 'g/c/p', name: 'p' } };

// GitLab API contract 7.4
const examples: readonly (readonly [clusters: readonly Cluster[], environment: string | undefined, result: string])[] =
  [
    [[on(P, '*'), on(P, 'review/*'), on(P, 'review/name')], 'review/name', '1 review/name'],
    [[on(P, '*'), on(P, 'review/*')], 'review/name', '1 review/*'],
    [[on(P, '*'), on(P, 'review/*/special')], 'review/name', '1 *'],
    [[on(P, '*'), on(P, 'foo_bar/*')], 'fooXbar/test', '1 *'],
    [[on(P, 'foo_bar/*')], 'foo_bar/test', '1 foo_bar/*'],
    [[on(C, 'review/*'), on(G, 'review/name')], 'review/name', '2 review/*'],
    [[on(P, '*'), on(C, 'production')], 'production', '1 *'],
    [[on(C, 'staging'), on(G, '*')], 'production', '3 *'],
    [[on(C, '*', { enabled: false }), on(G, '*')], 'anything', '3 *'],
    [[on(P, 'staging'), on(instance, '*')], 'production', '4 *'],
    [[on(P, 'review*')], 'review', '1 review*'],
    [[on(P, 'review/*')], 'review', 'none'],
    [[on(P, 'Production')], 'production', 'none'],
    [[on(P, 'review/*'), on(P, '*/name')], 'review/name', '1 review/* or */name'],
    [[on(P, '*'), on(P, '**')], 'x', '1 **'],
    [[on(Q, 'prod*', managedByP), on(P, '*')], 'production', '0 prod*'],
    [[on(P, 'production')], undefined, 'none'],
    // 7.3: by management project a group's cluster of its own ancestry is nearest as well, an instance's is not.
    [[on(G, '*', managedByP), on(P, '*')], 'production', '0 *'],
    [[on(instance, '*', managedByP), on(C, '*')], 'production', '2 *'],
    // A cluster of a project elsewhere does not count, whatever its management project is.
    [[on(project(3, 'g/r'), '*', managedByP), on(C, '*')], 'production', '2 *'],
    // Old versions do not report whether a cluster is enabled.
    [[on(P, '*', { enabled: undefined })], 'production', '1 *'],
  ];

describe('resolving an environment', () => {
  for (const [clusters, environment, result] of examples) {
    const scopes = clusters.map((one) => `${one.owner.level} ${one.environmentScope}`).join(', ');
    it(`gives ${result} for ${environment ?? 'no environment'} among ${scopes}`, () => {
      assert.equal(inShort(resolve(place(clusters), environment).outcome), result);
    });
  }

  it('agrees with the contract, spelled out step by step, in 10,000 random worlds', () => {
    let tried = 0;
    let chosen = 0;
    let ambiguous = 0;
    fc.assert(
      fc.property(worlds, (world) => {
        tried++;
        const { outcome, candidates } = resolve(placeOf(world), world.environment);
        const won = candidates.filter(({ verdict }) => verdict.kind === 'chosen' || verdict.kind === 'tied');
        const lost = candidates.filter(({ verdict }) => verdict.kind !== 'chosen' && verdict.kind !== 'tied');
        const { winners, losers } = naiveAnswer(world);
        if (winners.length === 1) chosen++;
        if (winners.length > 1) ambiguous++;
        assert.deepEqual(won.map(({ cluster: { id } }) => id).sort(), [...winners].sort());
        assert.equal(outcome.kind === 'cluster', winners.length === 1);
        assert.equal(outcome.kind === 'ambiguous', winners.length > 1);
        assert.deepEqual(Object.fromEntries(lost.map((one) => [one.cluster.id, one.verdict.kind])), losers);
      }),
      { numRuns: 10_000 },
    );
    // The first disagreement would have ended it.
    console.log(`      worlds: ${tried}, a cluster: ${chosen}, ambiguous: ${ambiguous}, disagreements: 0`);
    // Worlds in which nothing ever happens would prove nothing.
    assert.ok(tried >= 10_000 && chosen > 3_000 && ambiguous > 300, `${tried} ${chosen} ${ambiguous}`);
  });

  it('says of each other candidate why it lost, from near to far', () => {
    const clusters = [
      on(instance, '*'),
      on(G, 'production'),
      on(C, '*', { enabled: false }),
      on(P, 'staging'),
      on(P, '*'),
      on(P, 'prod*'),
      on(project(3, 'elsewhere/r'), '*', managedByP),
    ];
    const { candidates } = resolve(place(clusters), 'production');
    assert.deepEqual(
      candidates.map(({ cluster: { environmentScope }, depth, verdict }) => [depth, environmentScope, verdict.kind]),
      [
        [0, '*', 'outOfReach'],
        [1, 'prod*', 'chosen'],
        [1, '*', 'lessSpecific'],
        [1, 'staging', 'scopeDoesNotMatch'],
        [2, '*', 'disabled'],
        [3, 'production', 'farther'],
        [4, '*', 'farther'],
      ],
    );
  });

  it('gives nothing at all where the integration is switched off', () => {
    const { outcome, candidates } = resolve(place([on(P, '*')], { switchedOff: true }), 'production');
    assert.equal(outcome.kind, 'switchedOff');
    assert.deepEqual(
      candidates.map(({ verdict }) => verdict.kind),
      ['switchedOff'],
    );
  });
});

describe('what a token cannot see', () => {
  const hiddenInstance: Unseen = { place: 'owner', owner: instance, reason: 'forbidden' };
  const hiddenGroup: Unseen = { place: 'hiddenGroup', path: 'g/c', reason: 'notFound' };
  const doubts = (resolution: Resolution) => resolution.doubts.map((unseen) => unseen.place);

  it('counts only where it may hold a cluster that would win', () => {
    const unseen = [hiddenInstance, hiddenGroup];
    const groups = [{ id: 11, path: 'g' }];
    assert.deepEqual(doubts(resolve(place([on(P, '*')], { unseen, groups }), 'production')), []);
    assert.deepEqual(doubts(resolve(place([on(G, '*')], { unseen, groups }), 'production')), ['hiddenGroup']);
    assert.deepEqual(doubts(resolve(place([], { unseen, groups }), 'production')), ['owner', 'hiddenGroup']);
  });

  it('keeps the step of a hidden group, so that the one above it is as far as it is', () => {
    const { outcome } = resolve(place([on(G, '*')], { groups: [{ id: 11, path: 'g' }] }), 'production');
    assert.equal(inShort(outcome), '3 *');
  });

  it('counts an entry of a list that could not be read', () => {
    const entry: ListedCluster = {
      detail: 'unreadable',
      host: hostUrl(),
      owner: P,
      index: 0,
      problem: 'id: invalid_type',
    };
    const resolution = resolve(place([entry, on(C, '*')]), 'production');
    assert.deepEqual(doubts(resolution), ['owner']);
    assert.deepEqual(
      resolution.unreadable.map(({ depth }) => depth),
      [1],
    );
  });

  it('counts clusters that may win by their management project, unless one that does was found', () => {
    const unseen: readonly Unseen[] = [{ place: 'management' }];
    assert.deepEqual(doubts(resolve(place([on(P, '*')], { unseen }), 'production')), ['management']);
    assert.deepEqual(doubts(resolve(place([on(Q, '*', managedByP)], { unseen }), 'production')), ['management']);
  });

  it('leaves CI_KUBERNETES_ACTIVE unknown where a cluster for everything may lie out of sight', () => {
    assert.equal(kubernetesActive(place([on(P, 'production')])), false);
    assert.equal(kubernetesActive(place([on(P, 'production'), on(G, '*')])), true);
    assert.equal(kubernetesActive(place([on(G, '*', { enabled: false })])), false);
    assert.equal(kubernetesActive(place([], { unseen: [hiddenInstance] })), 'unknown');
    assert.equal(kubernetesActive(place([on(P, '*')], { switchedOff: true })), false);
  });
});
