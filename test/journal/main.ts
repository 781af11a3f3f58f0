import fetch from 'node-fetch';
import { planChange } from '../../src/core/changes/bulkPlan';
import { BulkRun } from '../../src/core/changes/bulkRun';
import { Inventory } from '../../src/core/inventory/inventory';
import { Journal } from '../../src/core/journal/journal';
import { journalFiles } from '../../src/core/journal/journalFiles';
import type { JournalStorage } from '../../src/core/journal/journalFiles';
import { certificate } from '../gitlab/certificates';
import { connect } from '../unit/core/gitlab/connection';
import { Accounts, host } from '../unit/core/accounts/accounts';
import { cluster, hostUrl } from '../unit/core/inventory/clusters';

/*
 * What a window does with the journal, in a process of its own that can be ended at any point:
 *   write FOLDER ENTRIES         notes so many edits and their ends, 50 at a time, of which each holds a certificate
 *   change FOLDER URL STEP       disables the clusters of project 1 at a stand-in as one bulk change, and ends the
 *                                process at the STEP-th step; prints how many steps there were where it got to the end
 */
const [mode = '', folder = '', ...rest] = process.argv.slice(2);

async function write(entries: number): Promise<void> {
  const journal = new Journal({ storage: journalFiles(folder), isOn: () => true });
  const caCert = certificate('edge');
  for (let done = 0; done < entries; done += 50) {
    await Promise.all(
      Array.from({ length: Math.min(50, entries - done) }, async (_, index) => {
        const before = cluster(done + index + 1, { name: `${process.pid}-${done + index}` }, { caCert });
        const planned = { host: before.host, user: 'root', change: undefined } as const;
        const end = await journal.begin({ ...planned, kind: 'edit', cluster: before, fields: { enabled: false } });
        await end({ outcome: 'done', cluster: { ...before, enabled: false } });
      }),
    );
  }
}

async function change(url: string, last: number): Promise<void> {
  let steps = 0;
  const step = (): void => {
    if (++steps === last) process.kill(process.pid, 'SIGKILL');
  };
  const files = journalFiles(folder);
  const storage: JournalStorage = {
    ...files,
    async append(to, text) {
      step();
      const isNew = await files.append(to, text);
      step();
      return isNew;
    },
  };
  const editor = new Accounts((to, token) =>
    connect({ url: to }, token, {
      fetch: async (address, init) => {
        if (init?.method === 'PUT') step();
        const answer = await fetch(address, init);
        if (init?.method === 'PUT') step();
        return answer;
      },
    }),
  );
  await editor.accounts.add(host(url), 'demo-admin-token');
  const inventory = new Inventory(editor.accounts, { journal: new Journal({ storage, isOn: () => true }) });
  await inventory.load(hostUrl(url), { level: 'project', id: 1, path: 'platform/payments-api' });
  const rows = planChange(
    inventory.fleet(hostUrl(url)).clusters.filter(({ provider }) => provider === 'user'),
    { type: 'disable' },
    { canWrite: () => true, isArchived: () => false, known: () => [] },
  );
  const options = { change: 'one-change' };
  const run = new BulkRun({
    rows,
    change: { type: 'disable' },
    writes: {
      get: (one) => inventory.get(one),
      edit: (one, fields) => inventory.edit(one, fields, options),
      delete: (one) => inventory.delete(one, options),
    },
  });
  await run.run();
  inventory.dispose();
  console.log(steps);
}

async function main(): Promise<void> {
  if (mode === 'write') await write(Number(rest[0]));
  else await change(rest[0] ?? '', Number(rest[1]));
}

void main();
