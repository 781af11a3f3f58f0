import * as l10n from '@vscode/l10n';
import * as z from 'zod/mini';
import { commands } from '../../contributions';
import { defaultHostName, parseHostUrl } from '../../core/model/host';
import type { HostUrl } from '../../core/model/host';
import type { HostAccounts } from '../../core/accounts/hostAccounts';
import { plain, plainName } from '../../core/model/plainText';
import { askName, askToken, confirmInsecure } from './hostQuestions';
import type { HostSources } from './hostSources';
import { keepToken } from './keepToken';
import { tellConnected } from './tellConnected';

/** What a caller may give instead of answering questions, so that a host can be added by a script. */
export const addHostArguments = z.object({
  url: z.string(),
  token: z.string(),
  name: z.optional(z.string()),
  projects: z.optional(z.array(z.object({ id: z.int(), path: z.string() }))),
  groups: z.optional(z.array(z.object({ id: z.int(), path: z.string() }))),
  caFile: z.optional(z.string()),
});

/** Without questions: check, store the token, list the host. */
export async function addGivenHost(
  { accounts, trust, dialogs, run }: HostSources,
  given: z.infer<typeof addHostArguments>,
): Promise<void> {
  const parsed = parseHostUrl(given.url);
  const problem = parsed.ok ? duplicateProblem(accounts, parsed.url) : parsed.problem;
  if (!parsed.ok || problem !== undefined) {
    const again = l10n.t('Add GitLab Host…');
    const message = l10n.t('Could not add the host {0}. {1}', plain(given.url), problem ?? '');
    // Not awaited: the command has ended, and a script that called it does not wait for a click.
    void dialogs.notify('error', message, again).then((answer) => {
      if (answer === again) run(commands.addHost);
    });
    return;
  }
  if (parsed.insecure && !(await confirmInsecure(parsed.url, dialogs))) return;
  if (given.caFile !== undefined) await trust.set(parsed.url, { caFile: given.caFile });
  await accounts.check(parsed.url, given.token);
  const { projects = [], groups = [] } = given;
  const name = plainName(given.name ?? '') || defaultHostName(parsed.url);
  const host = { url: parsed.url, name, projects, groups, ...trust.of(parsed.url) };
  await keepToken((keep) => accounts.add(host, given.token, keep), dialogs);
}

/** Three questions; from the second one on one may go back, and finds what was typed. */
export async function addHost(sources: HostSources): Promise<void> {
  const { accounts, trust, dialogs } = sources;
  const title = l10n.t('Add GitLab Host');
  let typed = '';
  for (;;) {
    const address = await askAddress(title, typed, sources);
    if (address === undefined) return;
    typed = address;
    const parsed = parseHostUrl(address);
    if (!parsed.ok) return;
    const { url, insecure, note } = parsed;
    if (note !== undefined) void dialogs.notify('information', note);
    if (insecure && !(await confirmInsecure(url, dialogs))) return;
    let isBack = false;
    const onBack = () => (isBack = true);
    const answer = await askToken(sources, title, url, { step: 2, totalSteps: 3, onBack });
    if (isBack) continue;
    if (!answer) return;
    const name = await askName(dialogs, title, url, defaultHostName(url), { step: 3, totalSteps: 3, onBack });
    if (isBack) continue;
    if (name === undefined) return;
    const host = { url, name, projects: [], groups: [], ...trust.of(url) };
    if (!(await keepToken((keep) => accounts.add(host, answer.token, keep), dialogs))) return;
    tellConnected(host, answer.identity, sources, [
      [l10n.t('Find All Clusters'), commands.findAllClusters],
      [l10n.t('Watch Projects…'), commands.watchProject],
    ]);
    return;
  }
}

function askAddress(title: string, value: string, { accounts, dialogs }: HostSources): Promise<string | undefined> {
  return dialogs.ask({
    title,
    step: 1,
    totalSteps: 3,
    value,
    prompt: l10n.t('Address of your GitLab, including the path if it has one (https://example.com/gitlab)'),
    placeholder: 'https://gitlab.example.com',
    check: (typed) => {
      const parsed = parseHostUrl(typed);
      return parsed.ok ? duplicateProblem(accounts, parsed.url) : parsed.problem;
    },
  });
}

function duplicateProblem(accounts: HostAccounts, url: HostUrl): string | undefined {
  const host = accounts.find(url);
  if (host) return l10n.t('This host is already listed, as “{0}”.', host.name);
  const unusable = accounts.problems.find((problem) => problem.url === url);
  return unusable && l10n.t('This host is already listed. {0} Fix it in your user settings.', unusable.problem);
}
