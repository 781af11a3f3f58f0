import assert from 'node:assert/strict';
import { readCertificateUses } from '../../../../src/core/migration/certificateUses';
import { editCi } from '../../../../src/core/migration/ciEdit';
import type { CiEdit, CiWish } from '../../../../src/core/migration/ciEdit';
import { mergeCi } from '../../../gitlab/ciMerge';
import { ciWorld } from './ciWorlds';
import { randomFrom } from './random';

const wish: CiWish = {
  context: 'platform/agents:prod',
  namesAgent: false,
  namespaceOf: (environment) => `web-1-${environment}`,
  baseDomain: 'apps.example.com',
};

function jobsOf(text: string) {
  return readCertificateUses({ valid: true, isMissing: false, mergedYaml: text, includes: [], jobs: [] }).jobs;
}

function edit(lines: readonly string[], more: Partial<CiWish> = {}): CiEdit {
  const text = `${lines.join('\n')}\n`;
  return editCi(text, jobsOf(text), { ...wish, ...more });
}

describe('The change of a CI configuration', () => {
  it('selects the context before the first command, and leaves every other line as it is', () => {
    const { after, byHand } = edit([
      '# our pipeline',
      '"deploy it":  # to production',
      '    environment: production',
      '    script:',
      '    # with care',
      '    - kubectl apply -f k8s.yml',
    ]);
    assert.deepEqual(byHand, []);
    assert.equal(
      after,
      [
        '# our pipeline',
        '"deploy it":  # to production',
        '    environment: production',
        '    script:',
        '    - kubectl config use-context platform/agents:prod',
        '    # with care',
        '    - kubectl apply -f k8s.yml',
        '',
      ].join('\n'),
    );
    assert.deepEqual(
      jobsOf(after).map(({ uses }) => uses),
      [[]],
    );
  });

  it('names the agent of the environment where that is wanted, in either way it is written', () => {
    const { after } = edit(
      [
        ...['a:', '  environment: production', '  script:', '    - kubectl get pods'],
        ...['b:', '  environment:', '    name: staging', '  script:', '    - kubectl get pods'],
      ],
      { namesAgent: true },
    );
    assert.deepEqual(after.match(/^ {2}environment:(\n {4}.*)+/gm), [
      '  environment:\n    name: production\n    kubernetes:\n      agent: platform/agents:prod',
      '  environment:\n    name: staging\n    kubernetes:\n      agent: platform/agents:prod',
    ]);
  });

  it('gives the job those variables whose values are known, and tells of the others', () => {
    const { after, byHand } = edit([
      'deploy:',
      '  environment: production',
      '  variables:',
      '    A: b',
      '  script:',
      '    - deploy $KUBE_NAMESPACE $KUBE_INGRESS_BASE_DOMAIN $KUBE_TOKEN',
    ]);
    assert.match(
      after,
      /variables:\n {4}KUBE_INGRESS_BASE_DOMAIN: apps.example.com\n {4}KUBE_NAMESPACE: web-1-production\n {4}A: b/,
    );
    assert.deepEqual(byHand, [{ kind: 'variable', job: 'deploy', name: 'KUBE_TOKEN', value: undefined }]);
  });

  it('is left to a person where it is written in a way that is not edited here', () => {
    const texts = [
      ['deploy: {environment: x, script: [kubectl get pods]}'],
      ['deploy:', '  environment: x', '  script: kubectl get pods'],
      ['deploy:', '  environment: x', '  script: [kubectl get pods]'],
      ['.base:', '  script:', '    - kubectl get pods', 'deploy:', '  extends: .base', '  environment: x'],
      ['deploy:', '  environment: x', '  script: &s', '    - kubectl get pods', 'other:', '  script: *s'],
    ];
    for (const text of texts.slice(0, 4)) {
      const { before, after, byHand } = edit(text);
      assert.equal(after, before);
      assert.deepEqual(byHand, [{ kind: 'selectContext', job: 'deploy' }]);
    }
    // What another job shares would change there, too.
    const shared = edit(texts[4] ?? []);
    assert.equal(shared.after, shared.before);
  });

  it('never changes what was not meant, in whatever way a file is written', () => {
    let edited = 0;
    for (let seed = 1; seed <= 1500; seed++) {
      const { files } = ciWorld(randomFrom(seed * 31));
      const text = files['.gitlab-ci.yml'] ?? '';
      const source = { local: (path: string) => files[path], other: () => undefined };
      const before = mergeCi(text, source, false);
      const jobs = jobsOf(before.yaml ?? '');
      const result = editCi(text, jobs, { ...wish, namesAgent: seed % 2 === 0 });
      if (result.after === text) continue;
      edited++;
      const after = mergeCi(result.after, source, false);
      assert.deepEqual(after.errors, [], result.after);
      const script = (job: Record<string, unknown>): string =>
        [job['before_script'], job['script']]
          .flat()
          .filter((line) => line !== `kubectl config use-context ${wish.context}`)
          .join('\n');
      assert.deepEqual(after.jobs.map(script), before.jobs.map(script));
      // Lines are added; none goes away but that of an environment that gets more to say.
      const left = new Set(result.after.split('\n'));
      const gone = text.split('\n').filter((line) => !left.has(line) && !/^ +environment: /.test(line));
      assert.deepEqual(gone, []);
    }
    console.log(`      ${edited} of 1500 configurations edited`);
    assert.ok(edited > 200);
  });
});
