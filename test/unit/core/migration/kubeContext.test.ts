import assert from 'node:assert/strict';
import { contextFor } from '../../../../src/core/migration/kubeContext';
import type { ProjectVariable } from '../../../../src/core/gitlab/projectVariables';
import type { UsableAgent } from '../../../../src/core/gitlab/usableAgents';

describe('The context that Auto DevOps selects', () => {
  const agent: UsableAgent = {
    name: 'prod',
    configProject: 'corp/agents',
    defaultNamespace: undefined,
    environments: undefined,
    protectedOnly: false,
  };
  const of = (
    environment: string,
    variables: readonly (readonly [scope: string, value: string, isProtected?: boolean])[],
    agents: readonly UsableAgent[] | undefined,
  ): string | undefined => {
    const read = variables.map(([environmentScope, value, isProtected = false]): ProjectVariable => ({
      environmentScope,
      value,
      isProtected,
    }));
    return contextFor({ state: 'read', variables: read }, environment, agents);
  };
  const context = 'corp/agents:prod';

  for (const [name, environment, variables, expected] of [
    ['is that of a variable without a scope', 'production', [['*', context]], context],
    [
      'is that of the more specific scope',
      'production',
      [
        ['*', 'corp/x:y'],
        ['production', context],
      ],
      context,
    ],
    [
      'is none where the more specific scope names none',
      'staging',
      [
        ['*', context],
        ['staging', 'gitlab-deploy'],
      ],
      undefined,
    ],
    ['is that of a scope for every branch', 'review/$CI_COMMIT_REF_NAME', [['review/*', context]], context],
    ['is none where a scope fits some branches alone', 'review/$BRANCH', [['review/main', context]], undefined],
    ['is that of a protected variable in production', 'production', [['*', context, true]], context],
    ['is none of a protected variable on any branch', 'review/$BRANCH', [['*', context, true]], undefined],
  ] as const) {
    it(name, () => {
      assert.equal(of(environment, variables, [agent]), expected);
    });
  }

  it('is taken to be usable where agents are not visible, and has to look like one', () => {
    assert.equal(of('production', [['*', 'corp/other:b']], undefined), 'corp/other:b');
    assert.equal(of('production', [['*', 'corp/other:b']], []), undefined);
    assert.equal(of('production', [['*', 'gitlab-deploy']], undefined), undefined);
  });
});
