import assert from 'node:assert/strict';
import { readCertificateUses } from '../../../../src/core/migration/certificateUses';
import type { LintAnswer } from '../../../../src/core/gitlab/ciLint';
import type { CertificateUse, CiReading } from '../../../../src/core/migration/certificateUses';
import { mergeCi } from '../../../gitlab/ciMerge';
import { ciWorld, defaultWorld, forms } from './ciWorlds';
import type { CiWorld } from './ciWorlds';
import { randomFrom } from './random';

function reading(mergedYaml: string | undefined, more: Partial<LintAnswer> = {}): CiReading {
  return readCertificateUses({ valid: true, isMissing: false, mergedYaml, includes: [], jobs: [], ...more });
}

/** A use in the words of the reference. */
function word(use: CertificateUse): string {
  switch (use.kind) {
    case 'variable':
    case 'tool':
      return use.name;
    case 'gate':
      return use.word;
    case 'gitlabDeploy':
      return 'gitlab-deploy';
    case 'yamlNamespace':
      return 'environment.kubernetes.namespace';
    case 'autoDevOps':
      return 'Auto DevOps';
  }
}

function usesOf(read: CiReading, name: string): readonly string[] {
  return (read.jobs.find((job) => job.name === name)?.uses ?? []).map(word);
}

interface Count {
  worlds: number;
  jobs: number;
  uses: number;
  falseAlarms: number;
  readonly missed: string[];
}

/** Agents and environments 12.3, row by row; the last ones are the opposite signs. */
const rows = [
  ...['KUBE_URL', 'KUBE_TOKEN', 'KUBE_CA_PEM', 'KUBE_CA_PEM_FILE', 'KUBE_NAMESPACE', 'KUBE_SERVICE_ACCOUNT'],
  ...['KUBECONFIG', 'KUBE_INGRESS_BASE_DOMAIN', 'CI_KUBERNETES_ACTIVE', 'kubernetes: active', 'gitlab-deploy'],
  ...['environment.kubernetes.namespace', 'kubectl', 'helm', 'helmfile', 'kustomize', 'Auto DevOps'],
  ...['Auto-DevOps.gitlab-ci.yml', 'Jobs/Deploy.gitlab-ci.yml'],
  ...['KUBE_CONTEXT', 'use-context', 'environment.kubernetes.agent'],
];
const from = { project: 'corp/shared', file: 'ci/shared.yml' };

/** Compares what is found with the truth of a world. */
function compare(world: CiWorld, read: CiReading, count: Count, text: string): void {
  count.worlds++;
  assert.equal(read.state, 'read', text);
  for (const [name, signs] of world.moved) {
    const moved: readonly string[] = read.jobs.find((job) => job.name === name)?.moved ?? [];
    const missing = signs.filter((one) => !moved.includes(one));
    if (missing.length > 0) count.missed.push(`${name}: moved, ${missing.join(', ')}\n${text}`);
  }
  for (const [name, needs] of world.needs) {
    const found = usesOf(read, name);
    count.jobs++;
    count.uses += needs.length;
    const missing = needs.filter((one) => !found.includes(one));
    if (missing.length > 0) count.missed.push(`${name}: ${missing.join(', ')}\n${text}`);
    if (needs.length === 0 && found.length > 0) {
      count.falseAlarms++;
      if (process.env['SHOW_FALSE_ALARMS']) console.log(`${name}: ${found.join(', ')}\n${text}`);
    }
  }
}

describe('Uses of a certificate cluster', () => {
  const seeds = 3000;

  for (const [form, symbols] of [
    ['as GitLab merges it', false],
    ['with the symbols of old servers', true],
  ] as const) {
    it(`are all found in a configuration ${form}`, () => {
      const count: Count = { worlds: 0, jobs: 0, uses: 0, falseAlarms: 0, missed: [] };
      const drawn: CiWorld['drawn'][number][] = [];
      for (let seed = 1; seed <= seeds; seed++) {
        const random = randomFrom(seed * 7919);
        const world = seed % 5 === 0 ? defaultWorld(random) : ciWorld(random, from);
        const merged = mergeCi(
          world.files['.gitlab-ci.yml'] ?? '',
          {
            local: (path) => world.files[path],
            other: (project, file) => (project === from.project && file === from.file ? world.shared : undefined),
          },
          symbols,
        );
        assert.deepEqual(merged.errors, [], world.files['.gitlab-ci.yml']);
        const includes = merged.includes.map(({ location }) => location);
        compare(world, reading(merged.yaml ?? undefined, { includes }), count, merged.yaml ?? '');
        drawn.push(...world.drawn);
      }
      const { worlds, jobs, uses, falseAlarms, missed } = count;
      console.log(
        `      ${worlds} configurations ${form}: ${jobs} jobs, ${uses} uses, ${missed.length} missed, ${falseAlarms} false alarms`,
      );
      const each = rows.map((row) => {
        const written = drawn.filter((one) => one.rows.includes(row));
        return { row, times: written.length, ways: new Set(written.map(({ form }) => form)).size };
      });
      if (!symbols)
        console.log(each.map(({ row, times, ways }) => `        ${row}: ${times}, ${ways} ways`).join('\n'));
      assert.deepEqual(
        each.filter(({ times, ways, row }) => times < 10 || (ways < 5 && !row.endsWith('.yml'))),
        [],
      );
      const unused = forms.filter(
        (form) => drawn.filter((one) => one.form === form && one.rows.length > 0).length < 10,
      );
      assert.deepEqual(unused, []);
      assert.ok(uses > seeds);
      assert.deepEqual(missed.slice(0, 3), []);
    });
  }

  it('are found in a configuration that is not merged, too', () => {
    const count: Count = { worlds: 0, jobs: 0, uses: 0, falseAlarms: 0, missed: [] };
    for (let seed = 1; seed <= seeds; seed++) {
      const world = ciWorld(randomFrom(seed * 104_729));
      const text = world.files['.gitlab-ci.yml'] ?? '';
      if (text.includes('include:')) continue;
      compare(world, reading(text), count, text);
    }
    console.log(`      ${count.worlds} unmerged: ${count.missed.length} missed, ${count.falseAlarms} false alarms`);
    assert.ok(count.worlds > 500);
    assert.deepEqual(count.missed.slice(0, 3), []);
  });

  it('are none where a template serves both worlds and a context is named', () => {
    const script = '[ -n "$KUBE_CONTEXT" ] && kubectl config use-context "$KUBE_CONTEXT"\nkubectl apply -f x';
    const job = (more: object) => JSON.stringify({ deploy: { environment: 'production', script, ...more } });
    assert.deepEqual(usesOf(reading(job({})), 'deploy'), ['kubectl']);
    assert.deepEqual(usesOf(reading(job({ variables: { KUBE_CONTEXT: 'g/a:prod' } })), 'deploy'), []);
  });

  it('are no rule that lets a kubeconfig pass as well', () => {
    const rule = '($CI_KUBERNETES_ACTIVE == null || $CI_KUBERNETES_ACTIVE == "") && ($KUBECONFIG == null)';
    const text = JSON.stringify({ deploy: { environment: 'x', script: 'true', rules: [{ if: rule, when: 'never' }] } });
    assert.deepEqual(usesOf(reading(text), 'deploy'), []);
  });

  it('are those of the whole pipeline where its workflow asks for a cluster', () => {
    const text = JSON.stringify({ workflow: { rules: [{ if: '$CI_KUBERNETES_ACTIVE' }] }, test: { script: 'true' } });
    assert.deepEqual(usesOf(reading(text), 'workflow'), ['CI_KUBERNETES_ACTIVE']);
  });

  it('are looked for in jobs that only the list shows', () => {
    const jobs = [
      { name: 'deploy 1/2', environment: 'production', scripts: ['helm upgrade x y'], conditions: undefined },
    ];
    assert.deepEqual(usesOf(reading('test: {script: "true"}', { jobs }), 'deploy'), ['helm']);
  });

  it('are an included template that no job shows', () => {
    const read = reading('test: {script: "true"}', { includes: ['/x.yml', 'Jobs/Deploy.latest.gitlab-ci.yml'] });
    assert.equal(read.template, 'Jobs/Deploy.latest.gitlab-ci.yml');
  });

  it('cannot be told where the merged text is missing, broken, or huge', () => {
    for (const text of [undefined, 'a: [', '- a', 'x'.repeat(5_000_000)]) {
      assert.equal(reading(text).state, 'unreadable');
    }
  });

  it('are read quickly of a text whose aliases would grow without end', () => {
    const levels = Array.from({ length: 30 }, (_, n) =>
      n === 0 ? 'a0: &a0 ["$KUBE_URL"]' : `a${n}: &a${n} [${`*a${n - 1},`.repeat(9)}]`,
    );
    const text = `${levels.map((line) => `.${line}`).join('\n')}\ndeploy:\n  environment: x\n  script: *a29\n`;
    assert.deepEqual(usesOf(reading(text), 'deploy'), ['KUBE_URL']);
  });

  it('are read quickly of hostile scripts, too', () => {
    const scripts = [
      'use-context '.repeat(50_000),
      '\n'.repeat(300_000),
      'A=1 '.repeat(50_000),
      `config${' '.repeat(200_000)}`,
    ];
    for (const script of [...scripts, ': ['.repeat(60_000), '# '.repeat(100_000)]) {
      const started = performance.now();
      reading(JSON.stringify({ deploy: { environment: 'x', script } }));
      assert.ok(performance.now() - started < 2000, script.slice(0, 20));
    }
  });

  it('leave out what cannot be seen, and say so', () => {
    const text = JSON.stringify({
      child: { trigger: { include: 'child.yml' } },
      deploy: { environment: 'production', script: './deploy.sh' },
    });
    assert.deepEqual(
      reading(text).notLookedAt.map((one) => ('job' in one ? `${one.kind} ${one.job}` : one.kind)),
      ['childPipeline child', 'scripts deploy', 'otherBranches', 'policies', 'projectVariables'],
    );
  });
});
