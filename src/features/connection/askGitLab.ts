import * as l10n from '@vscode/l10n';
import * as z from 'zod/mini';
import { GitLabError } from '../../core/gitlab/errors';
import { readToken, readVersion } from '../../core/gitlab/identity';
import { userPayload } from '../../core/gitlab/schemas';
import { plain } from '../../core/model/plainText';
import { failureLines, throwIfCancelled } from './reportSteps';
import type { ReportParts, Step, StepName } from './reportSteps';
import { instanceRefusal, tokenNotes } from './tokenNotes';
import type { Notes } from './tokenNotes';

/** Asks GitLab who the token is, which version it is, and whether its clusters can be read; adds a step for each. */
export async function askGitLab(parts: ReportParts, steps: Step[]): Promise<void> {
  const { signal } = parts;
  const account = await attempt(steps, 'token', parts, async () => {
    const client = await parts.client();
    if (!client) throw new GitLabError('noToken');
    const user = await client.request('GET', '/user', userPayload, { signal });
    const token = await readToken(client, signal);
    const isAdmin = user.is_admin ?? false;
    const who = `@${plain(user.username)} (${plain(user.name)})`;
    const notes = tokenNotes(isAdmin ? l10n.t('{0}, administrator', who) : who, token, parts.now);
    return { ...notes, found: { client, token, isAdmin } };
  });
  if (!account) return;
  const { client, token, isAdmin } = account;
  const version = await attempt(steps, 'version', parts, async () => {
    const found = await readVersion(client, signal);
    const line = found
      ? `GitLab ${plain(found.number)}${edition(found.enterprise)}`
      : l10n.t('Not reported by this GitLab version.');
    return { lines: [line], found: true };
  });
  if (!version) return;
  await attempt(steps, 'instance', parts, async () => {
    try {
      await client.request('GET', '/admin/clusters', z.unknown(), { query: { per_page: 1 }, signal });
      return { lines: [l10n.t('Readable.')], found: true };
    } catch (error) {
      const refusal = error instanceof GitLabError ? instanceRefusal(error, isAdmin, token) : undefined;
      if (refusal === undefined) throw error;
      return { lines: [refusal], warning: true, found: true };
    }
  });
}

/** Runs a step and writes down how it went. Undefined where it failed. */
async function attempt<T>(
  steps: Step[],
  name: StepName,
  { signal }: ReportParts,
  run: () => Promise<Notes & { readonly found: T }>,
): Promise<T | undefined> {
  const started = performance.now();
  const done = (): number => Math.round(performance.now() - started);
  try {
    const { lines, warning, found } = await run();
    steps.push({ name, outcome: warning ? 'warning' : 'ok', milliseconds: done(), lines });
    return found;
  } catch (error) {
    throwIfCancelled(signal);
    if (error instanceof GitLabError && error.kind === 'cancelled') throw error;
    steps.push({ name, outcome: 'failed', milliseconds: done(), lines: failureLines(error) });
    return undefined;
  }
}

function edition(enterprise: boolean | undefined): string {
  return enterprise === undefined ? '' : enterprise ? ' EE' : ' CE';
}
