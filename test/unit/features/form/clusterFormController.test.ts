import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { GitLabError } from '../../../../src/core/gitlab/errors';
import { readPaste } from '../../../../src/core/importer/readPaste';
import type { Cluster } from '../../../../src/core/model/cluster';
import { blankDraft, draftOf } from '../../../../src/core/model/clusterDraft';
import type { ClusterDraft } from '../../../../src/core/model/clusterDraft';
import type { ClusterFields } from '../../../../src/core/model/clusterFields';
import type { Sibling } from '../../../../src/core/model/clusterRules';
import type { Difference } from '../../../../src/core/model/differences';
import type { Waiting } from '../../../../src/core/inventory/lostAnswer';
import { isMisplaced } from '../../../../src/features/form/misplacedText';
import { ClusterFormController } from '../../../../src/features/form/clusterFormController';
import type { FormPorts, FormTarget, UnsavedForm } from '../../../../src/features/form/formPorts';
import type { FoundProjects } from '../../../../src/features/form/managementProjects';
import type { ToForm } from '../../../../src/features/form/protocol';
import type { ReadEffect } from '../../../../src/features/form/servingEffect';
import { inputFile } from '../../../inputs/inputs';
import { clusterWith, expiredPem, goodDraft, siblingWith } from './drafts';

const adding: FormTarget = { mode: 'add', hostName: 'Example', owner: clusterWith().owner };
const editing = (cluster: Cluster): FormTarget => ({ mode: 'edit', hostName: 'Example', cluster });

/** What a message is after its way between page and extension. */
function throughJson(message: unknown): unknown {
  return JSON.parse(JSON.stringify(message));
}

/** A save GitLab works on until the test answers. */
interface PendingSave {
  readonly target: FormTarget;
  readonly fields: ClusterFields;
  readonly waiting: Waiting;
  readonly succeed: (cluster?: Cluster) => void;
  readonly fail: (error: unknown) => void;
}

/** One form whose editor side is the test. */
class Conversation {
  readonly posted: ToForm[] = [];
  readonly saves: PendingSave[] = [];
  readonly log: string[] = [];
  readonly saved: { readonly cluster: Cluster; readonly ignored: readonly Difference[] }[] = [];
  readonly controller: ClusterFormController;
  siblings: readonly Sibling[] = [];
  gitlabVersion: string | undefined;
  /** What somebody else made of the cluster meanwhile. */
  theirs: Partial<Cluster> = {};
  readAgain: (cluster: Cluster) => Promise<Cluster> = (cluster) => Promise.resolve({ ...cluster, ...this.theirs });
  readEffect: ReadEffect = () => Promise.resolve(() => []);
  hear = (cluster: Cluster, ignored: readonly Difference[]): void => void this.saved.push({ cluster, ignored });
  closed = 0;
  recipes = 0;
  clipboard = '';
  discard = true;
  asked = 0;
  owner = clusterWith().owner;
  /** As last asked with. */
  mayBeSaved: boolean | undefined;
  edits = 0;
  search: (text: string, signal: AbortSignal) => Promise<FoundProjects> = () =>
    Promise.resolve({ projects: [], more: false });

  constructor(target: FormTarget, resumed?: UnsavedForm) {
    const ports: FormPorts = {
      post: (message) => this.posted.push(message),
      readAgain: (cluster) => this.readAgain(cluster),
      save: (target, fields, waiting) =>
        new Promise((resolve, fail) => {
          this.saves.push({ target, fields, waiting, fail, succeed: (cluster = clusterWith()) => resolve(cluster) });
        }),
      readEffect: (cluster, signal) => this.readEffect(cluster, signal),
      connection: { diagnose: () => Promise.resolve(undefined), show: () => undefined },
      siblings: () => this.siblings,
      gitlabVersion: () => this.gitlabVersion,
      presentOwner: () => Promise.resolve(this.owner),
      searchProjects: (text, signal) => this.search(text, signal),
      readPaste: (text) => Promise.resolve(readPaste(text)),
      readClipboard: () => Promise.resolve(this.clipboard),
      chooseFile: () => Promise.resolve({ text: this.clipboard }),
      showRecipe: () => (this.recipes += 1),
      confirmDiscard: (mayBeSaved) => {
        this.asked += 1;
        this.mayBeSaved = mayBeSaved;
        return Promise.resolve(this.discard);
      },
      close: () => (this.closed += 1),
      onSaved: (cluster, ignored) => this.hear(cluster, ignored),
      strings: { Name: 'Nombre' },
      log: (line) => this.log.push(line),
    };
    this.controller = new ClusterFormController(target, ports, resumed);
  }

  /** Says something as the page does: what arrives has been through JSON. */
  tell(message: unknown): Promise<void> {
    return this.controller.receive(throughJson(message));
  }
  edit(draft: ClusterDraft): Promise<void> {
    return this.tell({ type: 'edited', draft, edit: (this.edits += 1) });
  }
  submit(draft: ClusterDraft): Promise<void> {
    return this.tell({ type: 'submit', draft });
  }
  get types(): string[] {
    return this.posted.map(({ type }) => type);
  }
  last<T extends ToForm['type']>(type: T): Extract<ToForm, { type: T }> {
    const found = this.posted.findLast((message): message is Extract<ToForm, { type: T }> => message.type === type);
    return found ?? assert.fail(`no ${type} among ${this.types.join()}`);
  }
  /** An edit is saved after the cluster was read again. */
  async nextSave(): Promise<PendingSave> {
    while (this.saves.length === 0) await Promise.resolve();
    return this.save;
  }
  get save(): PendingSave {
    return this.saves.at(-1) ?? assert.fail('nothing was saved');
  }
}

describe('The conversation of a form', () => {
  it('begins with the page being ready, and shows a blank draft to add', async () => {
    const form = new Conversation(adding);
    assert.deepEqual(form.posted, []);
    await form.tell({ type: 'ready' });
    assert.deepEqual(form.types, ['loaded', 'checked']);
    const { context, draft, strings } = form.last('loaded');
    assert.deepEqual(context, {
      mode: 'add',
      level: 'project',
      provider: 'user',
      initial: blankDraft(),
      tokenKept: false,
      owner: 'platform/payments-api',
      host: 'Example',
    });
    assert.deepEqual(draft, blankDraft());
    assert.deepEqual(strings, { Name: 'Nombre' });
  });

  it('ignores and logs what it does not know, values left out', async () => {
    const form = new Conversation(adding);
    for (const message of [undefined, 1, {}, { type: 'nonsense' }, { type: 'submit', draft: { name: 'secret' } }]) {
      await form.controller.receive(message);
    }
    assert.deepEqual(form.posted, []);
    assert.equal(form.log.length, 5);
    assert.doesNotMatch(form.log.join(), /secret/);
  });

  it('judges every edit, and the certificate by what it decodes to', async () => {
    const form = new Conversation(adding);
    await form.edit(goodDraft({ name: '', caCert: expiredPem }));
    const { findings, certificates, certificateWithin } = form.last('checked');
    assert.deepEqual(findings, [
      { field: 'name', severity: 'error', message: 'Enter a name.' },
      {
        field: 'caCert',
        severity: 'warning',
        message:
          'CN=Staging Kubernetes CA, O=Example Platform has expired. GitLab accepts it, but connections to the cluster will fail.',
      },
    ]);
    assert.equal(certificates.length, 1);
    assert.equal(certificateWithin, undefined);
    await form.edit(goodDraft({ caCert: Buffer.from(expiredPem).toString('base64') }));
    assert.equal(form.last('checked').certificateWithin, expiredPem);
    await form.edit(goodDraft({ caCert: '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----' }));
    assert.deepEqual(form.last('checked').findings, [
      { field: 'caCert', severity: 'error', message: 'GitLab would refuse this: it is not a valid X.509 certificate.' },
    ]);
  });

  it('says of which edit of the page it speaks, for the page to know what is out of date', async () => {
    const form = new Conversation(adding);
    await form.tell({ type: 'ready' });
    assert.equal(form.last('checked').edit, 0);
    await form.edit(goodDraft({ apiUrl: '' }));
    await form.edit(goodDraft());
    const numbered = form.posted.flatMap((message) => (message.type === 'checked' ? message.edit : []));
    assert.deepEqual(numbered, [0, 1, 2]);
    form.controller.checkAgain();
    assert.equal(form.last('checked').edit, 2);
    await form.tell({ type: 'ready' });
    assert.equal(form.last('checked').edit, 0);
  });

  it('judges again when the clusters around it are known better', async () => {
    const form = new Conversation(adding);
    await form.edit(goodDraft({ environmentScope: 'staging' }));
    assert.deepEqual(form.last('checked').findings, []);
    form.siblings = [siblingWith()];
    form.controller.checkAgain();
    assert.equal(form.last('checked').findings[0]?.message, '“staging” (id 6) already has this scope.');
  });

  it('saves what is right, closes, and tells what was saved', async () => {
    const form = new Conversation(adding);
    const submitted = form.submit(goodDraft());
    assert.deepEqual(form.types, ['checked', 'saving']);
    assert.equal(form.save.fields.name, 'new');
    assert.equal(form.save.fields.serviceToken, 'secret');
    form.save.succeed();
    await submitted;
    assert.equal(form.closed, 1);
    assert.equal(form.saved.length, 1);
    assert.equal(form.controller.unsaved, undefined);
    assert.doesNotMatch(JSON.stringify(form.posted), /secret/);
  });

  it('sends nothing while something is wrong here', async () => {
    const form = new Conversation(adding);
    await form.submit(goodDraft({ apiUrl: 'k8s', caCert: 'hello' }));
    assert.deepEqual(form.saves, []);
    assert.deepEqual(form.last('rejected'), {
      type: 'rejected',
      problems: [
        { field: 'apiUrl', message: 'The API URL must begin with https:// or http://.' },
        {
          field: 'caCert',
          message: 'This is not a certificate in PEM form. It begins with -----BEGIN CERTIFICATE-----.',
        },
      ],
      summary: [],
      mayBeSaved: false,
    });
  });

  it('sends in spite of warnings', async () => {
    const form = new Conversation(adding);
    void form.submit(goodDraft({ apiUrl: 'http://10.0.0.1', caCert: expiredPem }));
    assert.equal(form.saves.length, 1);
    await Promise.resolve();
  });

  it('sends once, however often Save is pressed, and lets nothing be cancelled or typed meanwhile', async () => {
    const form = new Conversation(adding);
    const submitted = form.submit(goodDraft());
    await form.submit(goodDraft({ name: 'again' }));
    await form.edit(goodDraft({ name: 'later' }));
    await form.tell({ type: 'cancel' });
    assert.equal(form.saves.length, 1);
    assert.equal(form.closed, 0);
    form.save.fail(new GitLabError('server', { status: 502 }));
    await submitted;
    assert.equal(form.controller.unsaved?.draft.name, 'new');
  });

  it('says that it looks for a save whose answer got lost, and lets that be cancelled', async () => {
    const form = new Conversation(adding);
    const submitted = form.submit(goodDraft());
    const { onLost, signal } = form.save.waiting;
    await form.tell({ type: 'cancel' });
    assert.equal(signal?.aborted, false);
    onLost?.();
    assert.deepEqual(form.last('saving'), { type: 'saving', looking: true });
    await form.tell({ type: 'ready' });
    assert.deepEqual(form.posted.at(-1), { type: 'saving', looking: true });
    await form.tell({ type: 'cancel' });
    assert.equal(signal?.aborted, true);
    form.save.fail(new GitLabError('unknownOutcome', { cause: new GitLabError('timeout') }));
    await submitted;
    assert.match(form.last('rejected').summary.join(), /It is unknown whether the change was made/);
    assert.equal(form.closed, 0);
    void form.submit(goodDraft());
    assert.deepEqual(form.last('saving'), { type: 'saving', looking: false });
  });

  it('never again says that nothing was saved once nobody knew, also when it is closed and opened again', async () => {
    const form = new Conversation(adding);
    form.discard = false;
    await form.edit(goodDraft());
    await form.tell({ type: 'cancel' });
    assert.equal(form.mayBeSaved, false);
    const first = form.submit(goodDraft());
    form.save.fail(new GitLabError('unknownOutcome'));
    await first;
    assert.equal(form.last('rejected').mayBeSaved, true);
    const second = form.submit(goodDraft());
    form.save.fail(new GitLabError('forbidden', { status: 403 }));
    await second;
    assert.equal(form.last('rejected').mayBeSaved, false);
    assert.equal(form.controller.unsaved?.mayBeSaved, true);
    const reopened = new Conversation(adding, form.controller.unsaved);
    reopened.discard = false;
    await reopened.tell({ type: 'cancel' });
    assert.equal(reopened.mayBeSaved, true);
  });

  it('has saved although whoever hears of it makes a mistake, which is logged', async () => {
    const form = new Conversation(adding);
    form.hear = () => {
      throw new Error('a mistake of the listener');
    };
    const submitted = form.submit(goodDraft());
    (await form.nextSave()).succeed();
    await submitted;
    assert.equal(form.closed, 1);
    assert.ok(!form.types.includes('rejected'));
    assert.deepEqual(form.log, ['cluster form: Error: a mistake of the listener']);
  });

  it('loses nothing when a save fails, and can save again', async () => {
    const form = new Conversation(adding);
    const first = form.submit(goodDraft());
    form.save.fail(
      new GitLabError('invalid', {
        problems: [{ field: 'platform_kubernetes.api_url', message: 'is blocked: URI is invalid' }],
      }),
    );
    await first;
    assert.deepEqual(form.last('rejected').problems, [
      { field: 'apiUrl', message: 'GitLab said: “is blocked: URI is invalid”.' },
    ]);
    assert.equal(form.closed, 0);
    const second = form.submit(goodDraft());
    form.save.succeed();
    await second;
    assert.equal(form.closed, 1);
  });

  it('tells a mistake of ours in words too, and keeps it in the log', async () => {
    const form = new Conversation(adding);
    const submitted = form.submit(goodDraft());
    form.save.fail(new TypeError('undefined is not a function'));
    await submitted;
    assert.match(form.last('rejected').summary.join(), /Something went wrong/);
    assert.match(form.log.join(), /undefined is not a function/);
  });
});

describe('A form that edits', () => {
  it('shows the cluster with a blank token, and sends what changed with the echo', async () => {
    const cluster = clusterWith();
    const form = new Conversation(editing(cluster));
    await form.tell({ type: 'ready' });
    assert.deepEqual(form.last('loaded').draft, draftOf(cluster));
    void form.submit({ ...draftOf(cluster), name: 'renamed' });
    assert.deepEqual((await form.nextSave()).fields, { name: 'renamed', namespacePerEnvironment: false });
  });

  it('just closes when nothing was changed', async () => {
    const form = new Conversation(editing(clusterWith()));
    await form.submit(draftOf(clusterWith()));
    assert.deepEqual([form.saves.length, form.closed, form.saved.length], [0, 1, 0]);
  });

  it('says so where what was changed changes nothing at GitLab', async () => {
    const form = new Conversation(editing(clusterWith()));
    await form.submit({ ...draftOf(clusterWith()), namespace: 'PAYMENTS' });
    assert.deepEqual([form.saves.length, form.closed], [0, 0]);
    assert.deepEqual(form.last('rejected').summary, ['There is nothing to save: GitLab has these values already.']);
  });

  it('tells what GitLab silently ignored', async () => {
    const cluster = clusterWith();
    const form = new Conversation(editing(cluster));
    const submitted = form.submit({ ...draftOf(cluster), baseDomain: 'x.example', enabled: false });
    (await form.nextSave()).succeed(clusterWith({ enabled: undefined }));
    await submitted;
    assert.deepEqual(form.saved[0]?.ignored, [
      { field: 'enabled', kind: 'untold' },
      { field: 'baseDomain', kind: 'notApplied' },
    ]);
  });

  /** A new cluster as an old GitLab tells it. */
  const withoutFlags = {
    ...clusterWith(
      { name: 'new', environmentScope: '*', enabled: undefined, managed: undefined },
      { apiUrl: 'https://k8s.example.com' },
    ),
    namespacePerEnvironment: undefined,
  };

  it('but does not wonder at an old GitLab that tells no flags of a new cluster', async () => {
    const form = new Conversation(adding);
    const submitted = form.submit(goodDraft());
    form.save.succeed(withoutFlags);
    await submitted;
    assert.deepEqual(form.saved[0]?.ignored, []);
  });

  it('and tells which switches may be on there although they were turned off', async () => {
    const form = new Conversation(adding);
    const submitted = form.submit(goodDraft({ managed: false, namespacePerEnvironment: false }));
    form.save.succeed(withoutFlags);
    await submitted;
    assert.deepEqual(form.saved[0]?.ignored, [
      { field: 'managed', kind: 'untold' },
      { field: 'namespacePerEnvironment', kind: 'untold' },
    ]);
  });
});

describe('Leaving a form', () => {
  it('needs no question while nothing was typed', async () => {
    const form = new Conversation(adding);
    await form.tell({ type: 'cancel' });
    assert.deepEqual([form.asked, form.closed], [0, 1]);
  });

  it('asks once something was, and stays if the answer is no', async () => {
    const form = new Conversation(adding);
    await form.edit(goodDraft());
    form.discard = false;
    await form.tell({ type: 'cancel' });
    assert.deepEqual([form.asked, form.closed], [1, 0]);
    form.discard = true;
    await form.tell({ type: 'cancel' });
    assert.deepEqual([form.asked, form.closed], [2, 1]);
    assert.equal(form.controller.unsaved, undefined);
  });

  it('by closing the tab keeps all that was typed, for another form to go on with', async () => {
    const form = new Conversation(adding);
    await form.edit(goodDraft());
    const { unsaved } = form.controller;
    assert.deepEqual(unsaved, {
      target: adding,
      draft: throughJson(goodDraft()),
      rejected: undefined,
      mayBeSaved: false,
    });

    const again = new Conversation(adding, unsaved);
    await again.tell({ type: 'ready' });
    const { draft, context } = again.last('loaded');
    assert.deepEqual(draft, throughJson(goodDraft({ serviceToken: '' })));
    assert.equal(context.tokenKept, true);
    assert.deepEqual(again.last('checked').findings, []);
    assert.doesNotMatch(JSON.stringify(again.posted), /secret/);
    void again.submit(draft);
    assert.equal(again.save.fields.serviceToken, 'secret');
  });

  it('with a save under way waits for it; what failed is kept with the reason', async () => {
    const form = new Conversation(adding);
    void form.submit(goodDraft());
    form.save.fail(new GitLabError('forbidden', { status: 403, message: '403 Forbidden' }));
    await form.controller.settled();
    const { unsaved } = form.controller;
    assert.match(unsaved?.rejected?.summary.join() ?? '', /Maintainer role/);
    const again = new Conversation(adding, unsaved);
    await again.tell({ type: 'ready' });
    assert.deepEqual(again.types, ['loaded', 'checked', 'rejected']);
  });
});

describe('A page that is loaded anew', () => {
  it('shows what was typed; the token is kept but never posted', async () => {
    const form = new Conversation(adding);
    await form.tell({ type: 'ready' });
    await form.edit(goodDraft());
    await form.tell({ type: 'ready' });
    assert.equal(form.last('loaded').draft.name, 'new');
    assert.equal(form.last('loaded').context.tokenKept, true);
    assert.doesNotMatch(JSON.stringify(form.posted), /secret/);
    await form.edit(goodDraft({ serviceToken: '' }));
    void form.submit(goodDraft({ serviceToken: '' }));
    assert.equal(form.save.fields.serviceToken, 'secret');
  });

  it('takes another token typed over the kept one', async () => {
    const form = new Conversation(adding);
    await form.edit(goodDraft());
    await form.tell({ type: 'ready' });
    void form.submit(goodDraft({ serviceToken: 'other' }));
    assert.equal(form.save.fields.serviceToken, 'other');
  });

  it('during a save shows that it is under way', async () => {
    const form = new Conversation(adding);
    void form.submit(goodDraft());
    await form.tell({ type: 'ready' });
    assert.deepEqual(form.types.slice(-3), ['loaded', 'checked', 'saving']);
  });
});

describe('The management project of a cluster that is edited', () => {
  const judged = async (cluster: Cluster, owner: Cluster['owner']) => {
    const form = new Conversation(editing(cluster));
    form.owner = owner;
    await form.tell({ type: 'ready' });
    await Promise.resolve();
    return form.posted.flatMap((message) =>
      message.type === 'checked' ? message.findings.map(({ severity, message }) => `${severity}: ${message}`) : [],
    );
  };
  const misplaced = 'warning: GitLab accepts only projects directly beside this project, in the same namespace.';

  it('is never wondered at where its group was renamed since the project was watched', async () => {
    const cluster = clusterWith({ managementProject: { id: 3, path: 'infra/cluster-management', name: 'x' } });
    assert.deepEqual(await judged(cluster, { level: 'project', id: 1, path: 'infra/payments-api' }), []);
  });

  it('is told to stand elsewhere once the cluster’s project was moved away from it', async () => {
    const moved: Cluster['owner'] = { level: 'project', id: 1, path: 'mobile/payments-api' };
    assert.deepEqual(await judged(clusterWith(), moved), [misplaced]);
  });
});

describe('Searching a management project', () => {
  it('answers with the number of the request', async () => {
    const form = new Conversation(adding);
    form.search = () => Promise.resolve({ projects: [{ id: 3, path: 'platform/ops' }], more: true });
    await form.tell({ type: 'searchProjects', request: 7, text: 'ops' });
    assert.deepEqual(form.posted, [
      { type: 'projectsFound', request: 7, projects: [{ id: 3, path: 'platform/ops' }], more: true },
    ]);
  });

  it('answers the latest only, and gives up the others', async () => {
    const form = new Conversation(adding);
    const running: { readonly text: string; readonly signal: AbortSignal; readonly end: () => void }[] = [];
    form.search = (text, signal) =>
      new Promise((resolve) => running.push({ text, signal, end: () => resolve({ projects: [], more: false }) }));
    const first = form.tell({ type: 'searchProjects', request: 1, text: 'a' });
    const second = form.tell({ type: 'searchProjects', request: 2, text: 'ab' });
    assert.deepEqual(
      running.map(({ text, signal }) => [text, signal.aborted]),
      [
        ['a', true],
        ['ab', false],
      ],
    );
    for (const { end } of running.toReversed()) end();
    await Promise.all([first, second]);
    assert.deepEqual(form.posted, [{ type: 'projectsFound', request: 2, projects: [], more: false }]);
    form.controller.dispose();
    assert.equal(running[1]?.signal.aborted, true);
  });

  it('tells a failure in words', async () => {
    const form = new Conversation(adding);
    form.search = () => Promise.reject(new GitLabError('tokenExpired'));
    await form.tell({ type: 'searchProjects', request: 1, text: '' });
    assert.match(form.last('projectsFound').problem ?? '', /token has expired/);
  });
});

describe('A form whose cluster somebody changed meanwhile', () => {
  const cluster = clusterWith({ name: 'before', enabled: true, environmentScope: 'staging' });

  it('saves nothing, shows theirs beside mine, and keeps the service token with the extension', async () => {
    const form = new Conversation(editing(cluster));
    await form.tell({ type: 'ready' });
    form.theirs = { name: 'theirs', enabled: false };
    await form.submit({ ...draftOf(cluster), name: 'mine', serviceToken: 'sesame' });
    assert.deepEqual(form.saves, []);
    assert.deepEqual(form.types.slice(-4), ['saving', 'loaded', 'checked', 'changedMeanwhile']);
    assert.deepEqual(form.last('changedMeanwhile').fields, [
      { field: 'name', before: 'before', theirs: 'theirs', kept: true },
      { field: 'enabled', before: 'on', theirs: 'off', kept: false },
    ]);
    const { draft, context } = form.last('loaded');
    assert.deepEqual(
      [draft.name, draft.enabled, context.initial.name, context.tokenKept],
      ['mine', false, 'theirs', true],
    );
    assert.doesNotMatch(JSON.stringify(form.posted), /sesame/);
  });

  it('sends, when saved again, only what then differs from theirs', async () => {
    const form = new Conversation(editing(cluster));
    form.theirs = { name: 'theirs', enabled: false };
    await form.submit({ ...draftOf(cluster), name: 'mine', serviceToken: 'sesame' });
    const done = form.submit(form.last('loaded').draft);
    assert.deepEqual((await form.nextSave()).fields, {
      name: 'mine',
      namespacePerEnvironment: false,
      serviceToken: 'sesame',
    });
    form.save.succeed();
    await done;
    assert.equal(form.closed, 1);
  });

  it('compares with theirs what becomes of a save, not with what it was opened with', async () => {
    const form = new Conversation(editing(cluster));
    form.theirs = { enabled: false };
    await form.submit({ ...draftOf(cluster), name: 'mine' });
    const done = form.submit({ ...draftOf(cluster), enabled: true });
    const { target, fields } = await form.nextSave();
    assert.deepEqual(fields, { enabled: true, namespacePerEnvironment: false });
    assert.equal(target.mode === 'edit' && target.cluster.enabled, false);
    form.save.succeed();
    await done;
  });

  it('asks once more where it changed once more', async () => {
    const form = new Conversation(editing(cluster));
    form.theirs = { name: 'theirs' };
    await form.submit({ ...draftOf(cluster), name: 'mine' });
    form.theirs = { name: 'theirs, again' };
    await form.submit(form.last('loaded').draft);
    assert.deepEqual(form.saves, []);
    assert.deepEqual(form.last('changedMeanwhile').fields, [
      { field: 'name', before: 'theirs', theirs: 'theirs, again', kept: true },
    ]);
  });

  it('is reopened with what it was last compared with, so that the same change is not told twice', async () => {
    const form = new Conversation(editing(cluster));
    form.theirs = { name: 'theirs' };
    await form.submit({ ...draftOf(cluster), name: 'mine' });
    const { unsaved } = form.controller;
    assert(unsaved);
    const reopened = new Conversation(unsaved.target, unsaved);
    reopened.theirs = form.theirs;
    const done = reopened.submit(unsaved.draft);
    assert.deepEqual((await reopened.nextSave()).fields, { name: 'mine', namespacePerEnvironment: false });
    reopened.save.succeed();
    await done;
  });

  it('saves nothing where it cannot be read again', async () => {
    const form = new Conversation(editing(cluster));
    form.readAgain = () => Promise.reject(new GitLabError('notFound', { status: 404 }));
    await form.submit({ ...draftOf(cluster), name: 'mine' });
    assert.deepEqual(form.saves, []);
    assert.match(form.last('rejected').summary.join(), /Not found in GitLab/);
    assert.equal(form.controller.unsaved?.draft.name, 'mine');
  });
});

describe('A bundle whose first certificate is not the root', () => {
  const bundle = readFileSync(inputFile('intermediate-then-root.pem'), 'utf8');
  for (const [version, said] of [
    ['12.10.14', /^warning GitLab 12\.10\.14 reads the first certificate only/],
    ['15.11.0', /^information GitLab before 16 may read the first certificate only/],
    ['17.0.0', /^$/],
    [undefined, /^information GitLab before 16/],
  ] as const) {
    it(`is judged by the host’s version: ${version ?? 'unknown'}`, async () => {
      const form = new Conversation(adding);
      form.gitlabVersion = version;
      await form.tell({ type: 'ready' });
      await form.edit({ ...blankDraft(), caCert: bundle });
      const found = form.last('checked').findings.filter(({ field }) => field === 'caCert');
      assert.match(found.map(({ severity, message }) => `${severity} ${message}`).join(), said);
    });
  }
});

describe('A text of one line that is pasted', () => {
  const jwt = 'eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJrdWJlcm5ldGVzIn0.c2lnbmF0dXJl';
  const line = expiredPem.trim().replaceAll('\n', '\\n');
  for (const [text, field, isElsewhere] of [
    [jwt, 'apiUrl', true],
    [`Bearer ${jwt}`, 'name', true],
    [jwt, 'serviceToken', false],
    [`"${jwt}"`, 'caCert', true],
    [Buffer.from(jwt).toString('base64'), 'environmentScope', true],
    ['https://k8s.example.com:6443', 'serviceToken', true],
    ['https://k8s.example.com:6443', 'caCert', true],
    ['https://k8s.example.com:6443', 'apiUrl', false],
    ['https://apps.example.com', 'baseDomain', false],
    [line, 'serviceToken', true],
    [Buffer.from(expiredPem).toString('base64'), 'apiUrl', true],
    [line, 'caCert', false],
    ['eyJ', 'name', false],
    ['production', 'serviceToken', false],
  ] as const) {
    it(`${text.slice(0, 24)}… into ${field} ${isElsewhere ? 'is offered elsewhere' : 'stays there'}`, () => {
      assert.equal(isMisplaced(text, field), isElsewhere);
      const reading = readPaste(text);
      // What is taken from the field must be something the form can offer.
      if (isElsewhere) assert.ok('choices' in reading && !(field in reading.choices[0].values));
    });
  }
});

describe('A form that is given a text', () => {
  const kubeconfig = readFileSync(inputFile('kubeconfig-two-clusters.yaml'), 'utf8');

  const offered = async (text = kubeconfig): Promise<Conversation> => {
    const form = new Conversation(adding);
    await form.tell({ type: 'ready' });
    await form.tell({ type: 'pasted', text, quiet: false });
    return form;
  };

  it('shows what it holds field by field, the current context first, and fills in nothing yet', async () => {
    const form = await offered();
    const { kind, choices } = form.last('found');
    assert.equal(kind, 'kubeconfig');
    assert.deepEqual(
      choices.map(({ label }) => label),
      ['context demo (current)', 'cluster other, without a context'],
    );
    assert.deepEqual(
      choices[0]?.rows.map(({ field, found, now, chosen }) => [field, found, now, chosen]),
      [
        ['name', 'demo', 'nothing', true],
        ['apiUrl', 'https://rancher.example.com/k8s/clusters/c-abc12', 'nothing', true],
        ['serviceToken', '••••••••', 'nothing', true],
        ['caCert', 'CN=kube-ca, O=Example Org, valid to 2044-01-01', 'nothing', true],
      ],
    );
    assert.equal(form.types.filter((type) => type === 'loaded').length, 1);
  });

  it('fills in what is taken and nothing else, and never posts the token', async () => {
    const form = await offered();
    await form.tell({ type: 'take', choice: 0, fields: ['apiUrl', 'serviceToken'] });
    const { draft, context } = form.last('loaded');
    assert.equal(draft.apiUrl, 'https://rancher.example.com/k8s/clusters/c-abc12');
    assert.deepEqual([draft.name, draft.caCert, draft.serviceToken], ['', '', '']);
    assert.equal(context.tokenKept, true);
    assert.doesNotMatch(JSON.stringify(form.posted), /EXAMPLE-NOT-A-TOKEN/);
    void form.submit({ ...draft, name: 'demo' });
    assert.equal((await form.nextSave()).fields.serviceToken, 'EXAMPLE-NOT-A-TOKEN');
  });

  it('forgets the text when told so, and says why one cannot be read', async () => {
    const form = await offered();
    await form.tell({ type: 'forget' });
    await form.tell({ type: 'take', choice: 0, fields: ['apiUrl'] });
    assert.equal(form.types.filter((type) => type === 'loaded').length, 1);
    await form.tell({ type: 'pasted', text: 'glpat-abcdefghijklmnopqrst', quiet: false });
    assert.match(form.last('notFound').problem, /token of GitLab/);
  });

  it('says nothing of a certificate that was pasted where it belongs', async () => {
    const form = new Conversation(adding);
    await form.tell({ type: 'ready' });
    await form.tell({ type: 'pasted', text: expiredPem, quiet: true });
    assert.deepEqual(form.types, ['loaded', 'checked']);
  });

  it('before its page is there, offers it as soon as that is', async () => {
    const form = new Conversation(adding);
    await form.controller.offer(kubeconfig);
    assert.deepEqual(form.types, []);
    await form.tell({ type: 'ready' });
    assert.equal(form.last('found').choices.length, 2);
  });

  it('reads the clipboard and a file when asked, and shows the recipe', async () => {
    const form = new Conversation(adding);
    await form.tell({ type: 'ready' });
    form.clipboard = kubeconfig;
    await form.tell({ type: 'readClipboard' });
    await form.tell({ type: 'chooseFile' });
    await form.tell({ type: 'showRecipe' });
    assert.equal(form.types.filter((type) => type === 'found').length, 2);
    assert.equal(form.recipes, 1);
  });

  it('offers no field that GitLab keeps read-only', async () => {
    const form = new Conversation(editing(clusterWith({ provider: 'gcp' })));
    await form.tell({ type: 'ready' });
    await form.tell({ type: 'pasted', text: kubeconfig, quiet: false });
    assert.deepEqual(form.last('found').choices[0]?.rows, []);
  });
});
