import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { appendFile, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GitLabError } from '../../../../src/core/gitlab/errors';
import { changesOf, clusterOf } from '../../../../src/core/journal/history';
import type { NotedWrite } from '../../../../src/core/journal/history';
import { Journal, MAX_ENTRIES } from '../../../../src/core/journal/journal';
import { journalFiles } from '../../../../src/core/journal/journalFiles';
import type { PlannedProjectWrite, PlannedWrite } from '../../../../src/core/journal/writeJournal';
import { certificate } from '../../../gitlab/certificates';
import { demoFleet } from '../../../gitlab/demoFleet';
import { startGitLab } from '../../../gitlab/server';
import { outputOf } from '../../../lab/childProcess';
import { cluster, hostUrl, project } from '../inventory/clusters';

describe('the journal', () => {
  let folder: string;
  let journal: Journal;
  let isOn: boolean;
  let now: Date;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'journal-'));
    isOn = true;
    now = new Date('2026-03-01T10:00:00Z');
    journal = new Journal({ storage: journalFiles(folder), isOn: () => isOn, now: () => now });
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const before = cluster(7, { baseDomain: 'old.example.com' }, { caCert: certificate('edge') });
  const planned = { host: before.host, user: 'root', change: undefined };
  const disable: PlannedWrite & { kind: 'edit' } = {
    ...planned,
    kind: 'edit',
    cluster: before,
    fields: { enabled: false },
  };
  const only = async (): Promise<NotedWrite> => {
    const { writes, unreadable } = await journal.read();
    assert.equal(unreadable, 0);
    assert.equal(writes.length, 1);
    return writes[0] ?? assert.fail('nothing is noted');
  };
  const texts = async (): Promise<string> => {
    const names = await readdir(folder, { recursive: true, withFileTypes: true });
    const files = names.filter((name) => name.isFile());
    return (await Promise.all(files.map(({ parentPath, name }) => readFile(join(parentPath, name), 'utf8')))).join('');
  };
  const firstFile = async (): Promise<string> => {
    const names = await readdir(folder, { recursive: true });
    return join(folder, names.find((name) => name.endsWith('.jsonl')) ?? assert.fail('no file'));
  };

  it('has an edit with the old values before it is sent, of unknown outcome until that is noted', async () => {
    const end = await journal.begin(disable);
    const open = await only();
    assert.equal(open.outcome, 'unknown');
    assert.deepEqual([open.kind, open.user, open.cluster.id, open.fields], ['edit', 'root', 7, ['enabled']]);
    assert.equal(open.before.enabled, true);
    assert.equal(open.before.baseDomain, 'old.example.com');
    await end({ outcome: 'done', cluster: { ...before, enabled: false } });
    const done = await only();
    assert.equal(done.outcome, 'done');
    assert.deepEqual(done.after, { enabled: false });
    assert.deepEqual(done.at, now);
  });

  it('keeps of a certificate what it is recognised by, beside the text that puts it back', async () => {
    await journal.begin({ ...disable, fields: { caCert: '' } });
    const { certificates, before: state } = await only();
    assert.match(certificates.before?.subject ?? '', /CN=/);
    assert.match(certificates.before?.sha256 ?? '', /^([0-9A-F]{2}:){31}[0-9A-F]{2}$/);
    assert.ok(Date.parse(certificates.before?.validTo ?? '') > Date.parse(certificates.before?.validFrom ?? ''));
    assert.equal(state.caCert, certificate('edge'));
  });

  it('holds no token, and no password of an API URL', async () => {
    const apiUrl = 'https://someone:pass-word@k8s.example.com';
    const end = await journal.begin({
      ...planned,
      kind: 'add',
      owner: project(7, 'shop/web'),
      fields: { name: 'new', apiUrl, serviceToken: 'sesame-open' },
    });
    await end({ outcome: 'done', cluster: cluster(9, { name: 'new' }, { apiUrl }) });
    const replace = { serviceToken: 'sesame-again', apiUrl };
    await journal.begin({ ...disable, cluster: cluster(9, {}, { apiUrl }), fields: replace });
    const kept = await texts();
    for (const secret of ['sesame-open', 'sesame-again', 'someone', 'pass-word']) assert.ok(!kept.includes(secret));
    const [replaced] = (await journal.read()).writes;
    assert.deepEqual(replaced?.fields, ['serviceToken']);
    assert.deepEqual(replaced.withheld, ['apiUrl']);
  });

  it('tells why a write failed, and that of an unknown outcome is just that', async () => {
    const end = await journal.begin(disable);
    await end({ outcome: 'failed', error: new GitLabError('forbidden', { status: 403, message: 'sesame' }) });
    const failed = await only();
    assert.equal(failed.outcome, 'failed');
    assert.ok(failed.problem);
    assert.ok(!(await texts()).includes('sesame'));
  });

  it('gives a deleted cluster back as it was', async () => {
    const end = await journal.begin({ ...planned, kind: 'delete', cluster: before });
    await end({ outcome: 'done' });
    const { createdAt, createdBy, ...rest } = before;
    assert.ok(createdAt && createdBy);
    assert.deepEqual(clusterOf(await only()), { ...rest, createdAt: undefined, createdBy: undefined });
  });

  it('puts together what was done at once', async () => {
    for (const id of [1, 2, 3]) await journal.begin({ ...disable, change: id < 3 ? 'both' : undefined });
    const changes = changesOf((await journal.read()).writes);
    assert.deepEqual(changes.map(({ writes }) => writes.length).sort(), [1, 2]);
  });

  it('reads what is left of a torn and hand-edited file, says how many lines it lost, and goes on below', async () => {
    const end = await journal.begin(disable);
    await end({ outcome: 'done', cluster: before });
    await appendFile(await firstFile(), '{"note":"torn","at":"2026-03-0');
    await journal.begin({ ...disable, change: 'after' });
    const file = await firstFile();
    await writeFile(file, `# my own line\n${await readFile(file, 'utf8')}{"note":1}\n[]\n`);
    const { writes, unreadable } = await journal.read();
    assert.equal(unreadable, 4);
    assert.deepEqual(writes.map(({ outcome }) => outcome).sort(), ['done', 'unknown']);
  });

  it('notes nothing while it is off, and keeps what there is', async () => {
    await journal.begin(disable);
    isOn = false;
    const end = await journal.begin(disable);
    await end({ outcome: 'done' });
    assert.equal((await journal.read()).writes.length, 1);
  });

  it('deletes what there is of one host alone', async () => {
    const other = hostUrl('https://other.example.com');
    await journal.begin(disable);
    await journal.begin({ ...disable, host: other, cluster: { ...before, host: other } });
    await journal.forget(before.host);
    assert.equal((await only()).host, other);
    assert.ok(!(await texts()).includes(before.host));
    await journal.forget();
    assert.equal((await journal.read()).writes.length, 0);
  });

  it('says beforehand that nothing can be noted, and never holds up a write', async () => {
    assert.equal(await journal.problem(before.host), undefined);
    await rm(folder, { recursive: true });
    await writeFile(folder, 'a file where the folder should be');
    assert.match((await journal.problem(before.host)) ?? '', /cannot be written on this computer \((ENOTDIR|EEXIST)\)/);
    const told: string[] = [];
    journal.onDidFail((problem) => told.push(problem));
    const end = await journal.begin(disable);
    await end({ outcome: 'done' });
    assert.equal(told.length, 1);
  });

  it('lets the oldest go where there are too many', async () => {
    const small = new Journal({ storage: journalFiles(folder), isOn: () => true, maxEntries: 300 });
    const large = cluster(1, {}, { caCert: certificate('edge') });
    for (let index = 0; index < 600; index += 20) {
      await Promise.all(
        Array.from({ length: 20 }, (_, more) =>
          small.begin({ ...disable, cluster: { ...large, id: index + more + 1 } }),
        ),
      );
    }
    await small.read();
    const ids = (await small.read()).writes.map(({ cluster: { id = 0 } }) => id);
    assert.ok(ids.length <= 300 + 100 && ids.length > 150, `${ids.length} are left`);
    assert.ok(ids.includes(600) && !ids.includes(1));
  });

  it('is readable by its user alone', async function () {
    if (process.platform === 'win32') this.skip();
    await journal.begin(disable);
    assert.equal((await stat(await firstFile())).mode & 0o777, 0o600);
  });

  it('has writes of agents beside those of clusters, with no place for a secret', async () => {
    const written: PlannedProjectWrite = {
      host: before.host,
      user: 'root',
      change: undefined,
      kind: 'addAgentToken',
      project: { id: 7, path: 'group/app' },
      thing: { id: 3, name: 'prod' },
      part: { name: 'helm' },
    };
    const end = await journal.begin(Object.assign({ secret: 'glagent-secret' }, written));
    await journal.begin(disable);
    await end({ outcome: 'done' });
    const { writes, projectWrites, unreadable } = await journal.read();
    assert.deepEqual([writes.length, unreadable], [1, 0]);
    assert.deepEqual(
      projectWrites.map(({ kind, user, project: { path }, thing, part, outcome }) => [
        kind,
        user,
        path,
        thing,
        part,
        outcome,
      ]),
      [['addAgentToken', 'root', 'group/app', { id: 3, name: 'prod' }, { name: 'helm' }, 'done']],
    );
    assert.ok(!(await texts()).includes('glagent-secret'));
    // Lines with anything more in them were written by somebody else.
    await appendFile(await firstFile(), '{"note":"x","kind":"addAgent","secret":"glagent-secret"}\n');
    assert.equal((await journal.read()).unreadable, 1);
  });

  it('loses nothing of what two windows write at once', async function () {
    this.timeout(60_000);
    const half = MAX_ENTRIES / 2;
    const child = () => outputOf(process.execPath, ['out/journal/main.js', 'write', folder, String(half)]);
    await Promise.all([child(), child()]);
    const started = performance.now();
    const { writes, unreadable } = await journal.read();
    const took = performance.now() - started;
    const names = new Set(writes.map(({ cluster: { name } }) => name));
    const done = writes.filter(({ outcome }) => outcome === 'done').length;
    console.log(
      `    journal: ${2 * half} entries of two processes, lost ${2 * half - names.size}, ends lost ${2 * half - done}, ` +
        `opened in ${took.toFixed(0)} ms`,
    );
    assert.deepEqual([names.size, done, unreadable], [2 * half, 2 * half, 0]);
  });

  it('knows of everything that was sent, wherever the process ended in a bulk change', async function () {
    this.timeout(60_000);
    let at = 0;
    for (let finished = false; !finished;) {
      at++;
      const gitlab = await startGitLab({ world: demoFleet() });
      const place = join(folder, String(at));
      try {
        const was = new Map(gitlab.world.clusters.map(({ id, enabled }) => [id, enabled]));
        finished = await ends(['out/journal/main.js', 'change', place, gitlab.url, String(at)]);
        const { writes, unreadable } = await new Journal({ storage: journalFiles(place), isOn: () => true }).read();
        assert.equal(unreadable, 0);
        const noted = new Map(writes.map((write) => [write.cluster.id ?? 0, write]));
        const puts = gitlab.requests.filter(({ method }) => method === 'PUT');
        for (const { path } of puts) {
          const write = noted.get(Number(path.split('/').at(-1)));
          assert.ok(write, `step ${at}: ${path} was sent and is not noted`);
          assert.equal(write.before.enabled, was.get(write.cluster.id ?? 0));
          assert.equal(write.change, 'one-change');
        }
        for (const write of writes) {
          const record = gitlab.world.clusters.find(({ id }) => id === write.cluster.id);
          if (write.outcome === 'done') assert.equal(record?.enabled, false, `step ${at}`);
          else assert.equal(write.outcome, 'unknown');
        }
      } finally {
        await gitlab.close();
      }
    }
    console.log(`    journal: ended at each of ${at - 1} steps of a bulk change, all that was sent is noted`);
    assert.ok(at > 12, `only ${at} steps`);
  });
});

/** Whether a process came to its own end. */
function ends(args: readonly string[]): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] });
    child.once('error', reject);
    child.once('close', (code, signal) => {
      if (signal === 'SIGKILL') resolve(false);
      else if (code === 0) resolve(true);
      else reject(new Error(`ended with ${code}`));
    });
  });
}
