import * as l10n from '@vscode/l10n';
import { toGitLabError } from '../../core/gitlab/errors';
import type { GitLabError } from '../../core/gitlab/errors';
import { explain } from '../../core/gitlab/explain';
import { searchAfter } from '../../core/gitlab/failureKinds';
import { alignedTable } from '../../core/changes/bulkText';
import { plain } from '../../core/model/plainText';
import { drain, Queue } from '../../core/time/taskPool';
import type { Dialogs } from '../../editor/dialogs';

/** Writes at a time: a host is asked for other things as well. */
const AT_ONCE = 4;

/** How one write, or two that belong together, ended. */
export type Sent =
  | { readonly state: 'done'; readonly sentence: string }
  /** `done`: what was done before, in a sentence. */
  | { readonly state: 'failed'; readonly error: GitLabError; readonly done?: string };

/** Something to be sent to a project, once. */
interface ProjectWrite {
  /** Full path. */
  readonly project: string;
  readonly what: string;
  /** Does not throw GitLabError. */
  readonly send: () => Promise<Sent>;
}

interface WriteResult {
  readonly write: ProjectWrite;
  /** Undefined: not sent, since it was cancelled, or the host let nothing more through. */
  readonly sent: Sent | undefined;
}

/**
 * Sends writes, four at a time, with progress. Cancel ends it between two: what is under way is finished, and nothing is sent
 * twice. A host that wants to be left alone, or does not take the token, gets nothing more.
 */
export async function sendEach(
  writes: readonly ProjectWrite[],
  title: string,
  { dialogs }: { readonly dialogs: Dialogs },
): Promise<readonly WriteResult[]> {
  const sent = new Map<ProjectWrite, Sent>();
  const tasks = new Queue<ProjectWrite>();
  for (const write of writes) tasks.push(write);
  const options = { title, where: 'notification', cancellable: true } as const;
  await dialogs.progress(options, async (report, signal) => {
    const ended = new AbortController();
    const stop = (): void => ended.abort();
    signal.addEventListener('abort', stop);
    await drain({
      lanes: [{ tasks, share: AT_ONCE }],
      slots: AT_ONCE,
      signal: ended.signal,
      // The signal is not handed on: a write that was begun is waited for.
      run: async (write) => {
        const result = await write.send();
        sent.set(write, result);
        report(l10n.t('{0} of {1}', sent.size, writes.length), 100 / writes.length);
        if (result.state === 'failed' && ['stop', 'wait'].includes(searchAfter(result.error))) stop();
      },
    }).catch((error: unknown) => {
      if (!ended.signal.aborted) throw error;
    });
    signal.removeEventListener('abort', stop);
  });
  return writes.map((write) => ({ write, sent: sent.get(write) }));
}

/** What a write did that may throw GitLabError. */
export async function sentOnce(send: () => Promise<string>): Promise<Sent> {
  try {
    return { state: 'done', sentence: await send() };
  } catch (error) {
    return { state: 'failed', error: toGitLabError(error) };
  }
}

/** Results as aligned text: what failed and what was not sent first. */
function resultsText(results: readonly WriteResult[]): string {
  const failed = results.filter(({ sent }) => sent?.state === 'failed');
  const waiting = results.filter(({ sent }) => sent === undefined);
  const done = results.filter(({ sent }) => sent?.state === 'done');
  const parts = [
    [l10n.t('Failed: {0}', failed.length), failed],
    [l10n.t('Not sent: {0}', waiting.length), waiting],
    [l10n.t('Done: {0}', done.length), done],
  ] as const;
  const heads = [l10n.t('Project'), l10n.t('Change'), l10n.t('Result')];
  return parts
    .flatMap(([name, lines]) =>
      lines.length === 0
        ? []
        : [
            name,
            ...alignedTable(
              heads,
              lines.map(({ write, sent }) => [plain(write.project), plain(write.what), resultInWords(sent)]),
            ),
            '',
          ],
    )
    .join('\n');
}

/** Tells in one sentence how it went, and shows the results. */
export async function showResults(
  title: string,
  results: readonly WriteResult[],
  { dialogs }: { readonly dialogs: Dialogs },
): Promise<void> {
  await dialogs.showText(title, resultsText(results));
  const done = results.filter(({ sent }) => sent?.state === 'done').length;
  const isAll = done === results.length;
  if (isAll) {
    void dialogs.notify('information', l10n.t('Done: {0}', done));
    return;
  }
  const show = l10n.t('Show Results');
  const message = l10n.t('{0} of {1} were done. The results say what failed or was not sent.', done, results.length);
  if ((await dialogs.notify('warning', message, show)) === show) await dialogs.showText(title, resultsText(results));
}

function resultInWords(sent: Sent | undefined): string {
  if (!sent) return l10n.t('not sent');
  if (sent.state === 'done') return plain(sent.sentence);
  return plain([...(sent.done === undefined ? [] : [sent.done]), explain(sent.error).sentence].join(' '));
}
