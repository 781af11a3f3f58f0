import assert from 'node:assert/strict';
import { commands } from '../../../../src/contributions';
import { Resolver } from '../../../../src/core/resolver/resolver';
import { checkWhatIf } from '../../../../src/core/resolver/whatIfCheck';
import { whatIfLines } from '../../../../src/core/resolver/whatIfInWords';
import type { EffectsOf } from '../../../../src/editor/askWithEffects';
import { demoFleet } from '../../../gitlab/demoFleet';
import { flowLabs } from '../flowLab';
import type { FlowLab } from '../flowLab';

describe('A question about clusters', () => {
  const open = flowLabs();
  let lab: FlowLab;
  let resolver: Resolver | undefined;
  const projects = [{ id: 1, path: 'platform/payments-api' }];
  const start = async (effects: EffectsOf): Promise<void> => {
    lab = await open({ world: demoFleet(), token: 'demo-admin-token', projects, effects });
    await lab.read();
  };
  const remove = (name: string) => lab.commands[commands.deleteCluster](lab.row(name), [lab.row(name)]);
  const detailOf = (message: string) => lab.dialogs.find(message).detail;

  afterEach(() => {
    lab.dialogs.assertAllAsked();
    resolver?.dispose();
    resolver = undefined;
  });

  it('says which environments would go where', async () => {
    await start(async (changes, signal) => {
      const { accounts, inventory, fleets } = lab;
      resolver ??= new Resolver({ accounts: accounts.accounts, inventory, fleets });
      return whatIfLines(await checkWhatIf(resolver, changes, signal));
    });
    lab.dialogs.will(['Delete the cluster production-eu · payments-api · Example GitLab from GitLab?', undefined]);
    await remove('production-eu');
    assert.match(
      detailOf('Delete the cluster production-eu'),
      /\n\n“production” of platform\/payments-api would go to platform \/ platform-default instead\.\n/,
    );
    assert.ok(lab.asked().every((line) => line.startsWith('GET ')));
  });

  it('says that nothing was checked where that failed, and checks when it is asked to', async () => {
    let asked = 0;
    await start(() =>
      ++asked === 1 ? Promise.reject(new Error('too late')) : Promise.resolve(['Nothing would change.']),
    );
    lab.dialogs.will(
      ['Delete the cluster review · payments-api · Example GitLab from GitLab?', 'Check Now'],
      ['Delete the cluster review · payments-api · Example GitLab from GitLab?', undefined],
    );
    await remove('review');
    assert.equal(asked, 2);
    assert.equal(lab.record('review')?.name, 'review');
  });
});
