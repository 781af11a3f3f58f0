import assert from 'node:assert/strict';
import { Fleet } from '../../../../src/core/inventory/fleet';
import { ExpiryBadge } from '../../../../src/features/tree/expiryBadge';
import type { Badge } from '../../../../src/features/tree/expiryBadge';
import { certificate } from '../../../gitlab/certificates';
import { ScriptedDialogs } from '../../editor/scriptedDialogs';
import { cluster, finder, project, url } from './knowledge';

function withCas(...names: readonly ('staging-expired' | 'production-eu')[]) {
  const fleet = new Fleet(url);
  const clusters = names.map((name, index) => ({
    ...cluster,
    id: index + 1,
    platform: cluster.platform && { ...cluster.platform, caCert: certificate(name) },
  }));
  fleet.putClusters({ owner: project, name: 'app', archived: false }, clusters);
  return finder({ fleet });
}

describe('The badge of the view', () => {
  const badges: ExpiryBadge[] = [];
  afterEach(() => {
    for (const badge of badges.splice(0)) badge.dispose();
  });
  const start = async (sources: Partial<ConstructorParameters<typeof ExpiryBadge>[0]> = {}) => {
    const kept = new Map<string, unknown>();
    const shown: (Badge | undefined)[] = [];
    const dialogs = new ScriptedDialogs();
    const finding = withCas('staging-expired', 'staging-expired', 'production-eu');
    let recalled = 0;
    const make = async () => {
      const badge = new ExpiryBadge({
        finder: finding,
        fleets: { recallAll: () => Promise.resolve(void recalled++) },
        soon: () => 30,
        wantsNotice: () => false,
        memory: { get: (key) => kept.get(key), update: (key, value) => kept.set(key, value) },
        dialogs,
        show: (one) => shown.push(one),
        ...sources,
      });
      badges.push(badge);
      for (let turns = 0; turns < 20; turns++) await new Promise((resolve) => setImmediate(resolve));
      return badge;
    };
    const badge = await make();
    return { badge, make, shown, dialogs, finding, recalled: () => recalled };
  };

  it('counts expired and soon expiring CA certificates of what is remembered', async () => {
    const { shown, recalled, dialogs } = await start();
    assert.equal(recalled(), 1);
    assert.deepEqual(shown, [
      { value: 2, tooltip: '2 clusters have a CA certificate that has expired or expires soon.' },
    ]);
    assert.deepEqual(dialogs.told, [], 'a notice is off by default');
  });

  it('counts what expires within the days of the setting', async () => {
    const { shown } = await start({ soon: () => 100 * 365 });
    assert.equal(shown[0]?.value, 3);
  });

  it('goes with the last of them', async () => {
    const { badge, shown } = await start({ finder: withCas('production-eu') });
    assert.deepEqual(shown, []);
    assert.equal(await badge.count(), 0);
  });

  it('is told in a notice once a day where that is wanted, which shows them with a click', async () => {
    const { make, dialogs, finding } = await start();
    const wanted = { wantsNotice: () => true };
    dialogs.will(['2 clusters have', 'Show']);
    const { dialogs: told, finding: found, make: again } = await start(wanted);
    told.will();
    assert.equal(told.told.length, 1);
    await again();
    assert.equal(told.told.length, 1);
    assert.equal(found.filterText, '');
    await make();
    assert.equal(finding.filterText, '');
  });
});
