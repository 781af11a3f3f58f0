import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import * as z from 'zod/mini';
import { commands, contextKeys } from '../../../../src/contributions';

const manifest = z.object({
  contributes: z.object({
    menus: z.object({
      'view/title': z.array(z.object({ command: z.string(), when: z.string(), group: z.string() })),
    }),
  }),
});

describe('The title of the view', () => {
  const parsed = manifest.parse(JSON.parse(readFileSync('package.json', 'utf8')));
  /** What is offered while these context keys are set: as icons, or in the overflow. */
  const offered = (kind: 'icon' | 'overflow', ...keys: readonly string[]): readonly string[] =>
    parsed.contributes.menus['view/title']
      .filter(({ group }) => group.startsWith('navigation') === (kind === 'icon'))
      .filter(({ when }) =>
        when.split(' && ').every((part) => part === 'view == gitlabClusters.clusters' || keys.includes(part)),
      )
      .map(({ command }) => command);

  it('ends groups and a filter with one click, and offers neither where there is none', () => {
    const arranged = offered('icon', contextKeys.hasHosts, contextKeys.grouped, contextKeys.filtered);
    assert.ok(arranged.includes(commands.ungroup) && arranged.includes(commands.clearFilter));
    assert.deepEqual(
      offered('icon', contextKeys.hasHosts).filter((id) => id === commands.ungroup || id === commands.clearFilter),
      [],
    );
  });

  it('has log, issues, documentation and what is new in its overflow, without a host too', () => {
    assert.deepEqual(offered('overflow'), [
      commands.showLog,
      commands.reportIssue,
      commands.openDocumentation,
      commands.showWhatsNew,
    ]);
  });
});
