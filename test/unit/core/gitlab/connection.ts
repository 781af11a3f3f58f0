import assert from 'node:assert/strict';
import fetch from 'node-fetch';
import { GitLabClient, type ClientOptions } from '../../../../src/core/gitlab/client';
import { GitLabError, type GitLabErrorKind } from '../../../../src/core/gitlab/errors';
import { parseHostUrl, type HostUrl } from '../../../../src/core/model/host';
import { demoFleet } from '../../../gitlab/demoFleet';
import { startGitLab, type GitLab, type GitLabOptions } from '../../../gitlab/server';

/** The address of a stand-in as our key for it. */
export function hostUrl(text: string): HostUrl {
  const parsed = parseHostUrl(text);
  assert(parsed.ok, text);
  return parsed.url;
}

export interface Connection {
  readonly gitlab: GitLab;
  readonly log: string[];
  /** A client with somebody's token; retries come fast. */
  client(token?: string, options?: Partial<ClientOptions>): GitLabClient;
}

/** Serves the demo fleet (its ids and tokens are listed in test/gitlab/demoFleet.ts) around each test of the suite. */
export function openConnection(options: () => GitLabOptions = () => ({ world: demoFleet() })): Connection {
  let gitlab: GitLab | undefined;
  const log: string[] = [];
  beforeEach(async function () {
    // Some wait for a Retry-After, and the machine may be busy.
    this.currentTest?.timeout(15_000);
    log.length = 0;
    gitlab = await startGitLab(options());
  });
  afterEach(async () => {
    await gitlab?.close();
    gitlab = undefined;
  });
  return {
    log,
    get gitlab() {
      assert(gitlab, 'the connection is open during tests only');
      return gitlab;
    },
    client(token = 'demo-admin-token', changes = {}) {
      assert(gitlab);
      return connect(gitlab, token, { log: (line) => log.push(line), ...changes });
    },
  };
}

/** A client of a stand-in, with deadlines for tests. */
export function connect(
  { url }: { readonly url: string },
  token: string,
  changes: Partial<ClientOptions> = {},
): GitLabClient {
  return new GitLabClient(hostUrl(url), token, {
    fetch,
    log: () => undefined,
    readDeadline: 5000,
    writeDeadline: 5000,
    retries: { tries: 3, backoff: 1, patience: 10_000 },
    ...changes,
  });
}

/** Waits for something to fail with a GitLabError of this kind. */
export async function failure(work: Promise<unknown>, kind: GitLabErrorKind): Promise<GitLabError> {
  try {
    await work;
  } catch (error) {
    assert(error instanceof GitLabError, `not a GitLabError: ${String(error)}`);
    assert.equal(error.kind, kind, `${error.kind} ${error.message}`);
    return error;
  }
  return assert.fail(`did not fail with ${kind}`);
}
