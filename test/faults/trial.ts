import fetch from 'node-fetch';
import { GitLabClient } from '../../src/core/gitlab/client';
import { GitLabError } from '../../src/core/gitlab/errors';
import { explain } from '../../src/core/gitlab/explain';
import { Inventory } from '../../src/core/inventory/inventory';
import type { Looks } from '../../src/core/inventory/lostAnswer';
import { demoFleet } from '../gitlab/demoFleet';
import { addToken } from '../gitlab/populate';
import { startGitLab, type GitLab } from '../gitlab/server';
import { Accounts, host } from '../unit/core/accounts/accounts';
import type { Fault } from './fault';
import { faults } from './faults';
import { operations, owner, type Operation, type Scene } from './operations';
import { gitlabToken, leakOf } from './secrets';
import { strike, type Striking } from './strike';

/** What came of one operation under one fault. */
export interface Outcome {
  readonly fault: string;
  readonly striking: Striking;
  readonly operation: Operation['name'];
  /** What the user reads: what was asked for, or title and sentence of the failure. */
  readonly sees: string;
  readonly requests: number;
  /** How often the fault struck while the operation went on. */
  readonly struck: number;
  /** Why this is not as it must be; undefined when all is well. */
  readonly lost: string | undefined;
}

export interface Trial {
  readonly fault: Fault;
  readonly striking: Striking;
  readonly operation: Operation;
}

const ways: readonly Striking[] = ['always', 'once', 'done', 'later', 'look', 'oneLook'];

/** Every fault, struck in every way in which it can strike, against every operation. */
export function allTrials(): Trial[] {
  return everyTrial().filter(canStrike);
}

/** What is not tried since the fault would never strike. */
export function leftOut(): Trial[] {
  return everyTrial().filter((trial) => !canStrike(trial));
}

/** Every way that makes sense. */
function everyTrial(): Trial[] {
  return faults.flatMap((fault) =>
    ways
      .filter((striking) => makesSense(fault, striking))
      .flatMap((striking) =>
        operations
          .filter(({ writes }) => writes || striking === 'always' || striking === 'once')
          // While it deletes, GitLab resolves no name, and is not waited for (GitLab API contract 11.19).
          .filter(({ name }) => name !== 'delete' || striking !== 'later')
          .map((operation) => ({ fault, striking, operation })),
      ),
  );
}

function makesSense({ closed, onlyAlways, hidesAnswer, ends }: Fault, striking: Striking): boolean {
  switch (striking) {
    case 'always':
      return true;
    case 'once':
      return !closed && !onlyAlways;
    case 'done':
      return !closed && hidesAnswer === true;
    case 'later':
      return !closed && hidesAnswer === true && ends !== true;
    case 'look':
      return !closed;
    case 'oneLook':
      return !closed && !onlyAlways && hidesAnswer === true;
  }
}

function canStrike({ fault: { strikes }, striking, operation: { name } }: Trial): boolean {
  const looks = striking === 'look' || striking === 'oneLook';
  if (strikes === 'clusterLists') return name === 'list' || (looks && (name === 'add' || name === 'delete'));
  return strikes !== 'notDeletes' || looks || name !== 'delete';
}

/** More than the slowest: three tries, each after a Retry-After of a second, three looks, each with a deadline. */
const HANG = 60_000;
/** Of requests that never get an answer, in milliseconds, and of all others: those have to hold on a busy machine. */
const SHORT_DEADLINE = 1000;
const LONG_DEADLINE = 15_000;

/** Runs one trial through the real client and inventory, over real sockets. Never throws: what goes wrong is `lost`. */
export async function run({ fault, striking, operation }: Trial): Promise<Outcome> {
  const world = demoFleet();
  const [root] = world.users;
  if (!root) throw new Error('the demo fleet has no users');
  addToken(world, root, gitlabToken, { scopes: ['api', 'admin_mode'] });
  const [gitlab, elsewhere] = [await startGitLab({ world }), await startGitLab()];
  const log: string[] = [];
  const accounts = new Accounts((url, token) => client(url, token, fault.silent ? SHORT_DEADLINE : LONG_DEADLINE, log));
  const inventory = new Inventory(accounts.accounts, { looks: looksFor(striking) });
  try {
    const { url } = host(gitlab.url);
    await accounts.accounts.add(host(gitlab.url), gitlabToken);
    await Promise.all([inventory.loadHost(url), inventory.load(url, owner)]);
    const cluster = inventory.fleet(url).clusters.find(({ name }) => name === 'review');
    if (!cluster) throw new Error('the clusters could not be listed before the trial');
    const scene: Scene = { url, accounts: accounts.accounts, inventory, world, cluster };
    gitlab.clearRequests();
    const { hook, struck, finish } = strike(fault, striking, elsewhere.url);
    if (fault.closed) await gitlab.close();
    else gitlab.onRequest(hook);

    const ended = await endOf(operation.run(scene));
    finish();
    const requests = [...gitlab.requests];
    const strokes = fault.closed ? 1 : struck();
    const lost =
      (ended.hangs ? 'never ended' : undefined) ??
      misled(ended, operation, operation.done(scene), striking) ??
      (requests.filter(({ method }) => method !== 'GET').length > 1 ? 'sent a write again' : undefined) ??
      (elsewhere.requests.length > 0 ? 'followed to another origin' : undefined) ??
      leakOf(ended.error) ??
      leakOf([ended.sees, ...log], 'shown or logged');
    return {
      fault: fault.name,
      striking,
      operation: operation.name,
      sees: ended.sees,
      requests: requests.length,
      struck: strokes,
      lost,
    };
  } finally {
    inventory.dispose();
    await Promise.all([closed(gitlab, fault), elsewhere.close()]);
  }
}

function client(url: Scene['url'], token: string, deadline: number, log: string[]): GitLabClient {
  return new GitLabClient(url, token, {
    fetch,
    log: (line) => log.push(line),
    readDeadline: deadline,
    writeDeadline: deadline,
    retries: { tries: 3, backoff: 4, patience: 10_000 },
    maxAnswerBytes: 1_000_000,
  });
}

function closed(gitlab: GitLab, { closed: already }: Fault): Promise<void> {
  return already ? Promise.resolve() : gitlab.close();
}

/** What GitLab carries out late is looked for as long as it takes; what it never does would be, too. */
function looksFor(striking: Striking): Looks {
  return { first: [0, 5, 5], pause: 5, until: striking === 'later' ? HANG : 0 };
}

interface Ended {
  readonly sees: string;
  readonly error: unknown;
  readonly hangs: boolean;
}

async function endOf(work: Promise<string>): Promise<Ended> {
  let timer: NodeJS.Timeout | undefined;
  const hang = new Promise<Ended>((resolve) => {
    timer = setTimeout(() => resolve({ sees: '', error: undefined, hangs: true }), HANG);
  });
  const end = work.then(
    (sees) => ({ sees, error: undefined, hangs: false }),
    (error: unknown) => {
      const { title, sentence } = explain(error);
      return { sees: `${title}: ${sentence}`, error, hangs: false };
    },
  );
  return Promise.race([end, hang]).finally(() => clearTimeout(timer));
}

/** Whether what the user is told is not what GitLab did. */
function misled({ error, sees }: Ended, { writes }: Operation, done: number, striking: Striking): string | undefined {
  if (done > 1) return 'done twice';
  if (error === undefined) return writes && done === 0 ? `said “${sees}”, and it was not` : undefined;
  if (!(error instanceof GitLabError)) return `threw ${error instanceof Error ? error.message : typeof error}`;
  if (error.kind === 'internal')
    return `our mistake: ${error.cause instanceof Error ? error.cause.message : typeof error.cause}`;
  if (error.kind === 'unknownOutcome') {
    return striking === 'always' || striking === 'look' ? undefined : 'did not find out what happened';
  }
  return done > 0 ? `said “${error.kind}”, and it was done` : undefined;
}
