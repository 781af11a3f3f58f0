import * as l10n from '@vscode/l10n';
import * as z from 'zod/mini';
import { commands } from '../../contributions';
import type { CommandId } from '../../contributions';
import { GitLabError } from '../../core/gitlab/errors';
import { explain } from '../../core/gitlab/explain';
import type { HostIdentity } from '../../core/gitlab/identity';
import { defaultHostName, parseHostUrl } from '../../core/model/host';
import type { Host, HostUrl } from '../../core/model/host';
import type { HostAccounts } from '../../core/accounts/hostAccounts';
import { tokenPage } from '../../core/model/pages';
import { plain, plainName } from '../../core/model/plainText';
import type { ShowCertificate } from '../../editor/showCertificate';
import type { HostTrust } from '../../core/accounts/hostTrust';
import { lacksTrust } from '../../core/net/tlsReason';
import type { HostNode } from '../../editor/clusterNodes';
import type { CommandTable } from '../../editor/commandTable';
import type { Dialogs, Question } from '../../editor/dialogs';
import { keepToken } from './keepToken';
import type { Pickers } from '../../editor/pickers';

/** What a caller may give instead of answering questions, so that a host can be added by a script. */
const addHostArguments = z.object({
  url: z.string(),
  token: z.string(),
  name: z.optional(z.string()),
  projects: z.optional(z.array(z.object({ id: z.int(), path: z.string() }))),
  groups: z.optional(z.array(z.object({ id: z.int(), path: z.string() }))),
  caFile: z.optional(z.string()),
});

interface HostSources {
  readonly accounts: HostAccounts;
  readonly trust: HostTrust;
  readonly showCertificate: ShowCertificate;
  readonly dialogs: Dialogs;
  /** Does what a message offers. */
  readonly run: (command: CommandId, row: HostNode) => unknown;
}

/** Add, rename, replace the token of, open and remove hosts. */
export function hostCommands({ pickers, ...sources }: HostSources & { readonly pickers: Pickers }) {
  const { accounts, dialogs } = sources;
  return {
    [commands.addHost]: async (given: unknown) => {
      const preset = addHostArguments.safeParse(given);
      if (preset.success) await addGivenHost(sources, preset.data);
      else await addHost(sources);
    },
    [commands.renameHost]: async (node: unknown) => {
      const host = await pickers.host(node, l10n.t('Rename Host'));
      if (!host) return;
      const name = await askName(dialogs, l10n.t('Rename Host'), host.url, host.name, {});
      if (name !== undefined) await accounts.change(host.url, { name });
    },
    [commands.replaceToken]: async (node: unknown) => {
      const host = await pickers.host(node, l10n.t('Replace Access Token'));
      if (!host) return;
      const parsed = parseHostUrl(host.url);
      if (parsed.ok && parsed.insecure && !(await confirmInsecure(host.url, dialogs))) return;
      const title = l10n.t('Replace Access Token of {0}', host.name);
      const answer = await askToken(sources, title, host.url, {});
      if (!answer) return;
      if (!(await keepToken((keep) => accounts.replaceToken(host.url, answer.token, keep), dialogs))) return;
      tellConnected(host, answer.identity, sources, []);
    },
    [commands.removeHost]: async (node: unknown) => {
      const host = await pickers.host(node, l10n.t('Remove Host'));
      if (!host) return;
      const remove = l10n.t('Remove');
      const answer = await dialogs.confirm(
        l10n.t('Remove the host {0}?', host.name),
        [
          l10n.t('This is deleted:'),
          ...goesWith(host).map((line) => `• ${line}`),
          '',
          l10n.t('Nothing changes in GitLab.'),
        ].join('\n'),
        l10n.t('Keep Host'),
        remove,
      );
      if (answer === remove) await accounts.remove(host.url);
    },
    [commands.openHost]: async (node: unknown) => {
      const host = await pickers.host(node, l10n.t('Open Host in Browser'));
      if (host) await dialogs.openExternal(host.url);
    },
  } satisfies CommandTable;
}

/** Without questions: check, store the token, list the host. */
async function addGivenHost(
  { accounts, trust, dialogs }: HostSources,
  given: z.infer<typeof addHostArguments>,
): Promise<void> {
  const parsed = parseHostUrl(given.url);
  const problem = parsed.ok ? duplicateProblem(accounts, parsed.url) : parsed.problem;
  if (!parsed.ok || problem !== undefined) {
    void dialogs.notify('error', l10n.t('Could not add the host {0}. {1}', plain(given.url), problem ?? ''));
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
async function addHost(sources: HostSources): Promise<void> {
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

/** A token over plain http can be read by anyone on the way. */
async function confirmInsecure(url: HostUrl, dialogs: Dialogs): Promise<boolean> {
  const proceed = l10n.t('Use Plain HTTP');
  const answer = await dialogs.confirm(
    l10n.t('Connect to {0} without encryption?', url),
    l10n.t('With plain http, anyone on the network path can read the access token. Use https where GitLab offers it.'),
    l10n.t('Do Not Connect'),
    proceed,
  );
  return answer === proceed;
}

type Steps = Pick<Question, 'step' | 'totalSteps' | 'onBack'>;

/** Asks for a token until GitLab accepts one. Nothing is stored here. */
async function askToken(
  { accounts, showCertificate, dialogs }: HostSources,
  title: string,
  url: HostUrl,
  steps: Steps,
): Promise<{ readonly token: string; readonly identity: HostIdentity } | undefined> {
  let identity: HostIdentity | undefined;
  const token = await dialogs.ask({
    title,
    ...steps,
    password: true,
    prompt: l10n.t(
      'Access token with the scope “api”, or “read_api” for read-only access. Instance clusters also need “admin_mode” where Admin Mode is on.',
    ),
    placeholder: l10n.t('Paste the access token'),
    button: {
      icon: 'link-external',
      tooltip: l10n.t('Create a Token in GitLab…'),
      run: () => void dialogs.openExternal(tokenPage(url, 'new')),
      // Without a token no GitLab tells its version. So the older page is offered where the newer one may be missing.
      next: {
        icon: 'question',
        tooltip: l10n.t('Page Not Found? Open the One of GitLab before 16.10…'),
        run: () => void dialogs.openExternal(tokenPage(url, 'old')),
      },
    },
    check: async (value, signal) => {
      if (value === '') return l10n.t('Paste an access token.');
      if (!/^[\x21-\x7e]+$/.test(value))
        return l10n.t('An access token has no spaces, line breaks or accented letters.');
      // No token is sent while the certificate is not trusted. Asked once: a CA that changes nothing must not be asked for again.
      for (let asked = false; ; asked = true) {
        try {
          identity = await accounts.check(url, value, signal);
          return undefined;
        } catch (error) {
          if (!(error instanceof GitLabError)) throw error;
          const words = explain(error).sentence;
          if (asked || !lacksTrust(error.tls?.reason)) return words;
          const name = accounts.find(url)?.name ?? defaultHostName(url);
          if (!(await showCertificate({ url, name }))) return words;
        }
      }
    },
  });
  return token !== undefined && identity ? { token, identity } : undefined;
}

async function askName(
  dialogs: Dialogs,
  title: string,
  url: HostUrl,
  value: string,
  steps: Steps,
): Promise<string | undefined> {
  const name = await dialogs.ask({
    title,
    ...steps,
    value,
    prompt: l10n.t('Display name for {0}', url),
    check: (text) => (text.length > 100 ? l10n.t('The name can have up to 100 characters.') : undefined),
  });
  return name === undefined ? undefined : plainName(name) || defaultHostName(url);
}

/** Who the token is, and what may be done next. */
function tellConnected(
  host: Host,
  identity: HostIdentity,
  { dialogs, run }: HostSources,
  next: readonly (readonly [button: string, command: CommandId])[],
): void {
  const version = identity.version ? `GitLab ${plain(identity.version.number)}` : l10n.t('GitLab of unknown version');
  const who = `@${plain(identity.user.username)}`;
  const message = identity.canWrite
    ? l10n.t('Connected to {0}: {1}, as {2}.', host.name, version, who)
    : l10n.t(
        'Connected to {0}: {1}, as {2}. The token can only read, so clusters cannot be changed.',
        host.name,
        version,
        who,
      );
  // Not awaited: the host is there already.
  void dialogs.notify('information', message, ...next.map(([button]) => button)).then((answer) => {
    const chosen = next.find(([button]) => button === answer);
    if (chosen) run(chosen[1], { type: 'host', host });
  });
}

/** All that is deleted with a host, a line each. */
function goesWith({ projects, groups, ca, caFile }: Host): readonly string[] {
  return [
    l10n.t('Its access token, kept on this computer'),
    l10n.t(
      'Its entry in the settings, with what is watched: projects ({0}), groups ({1})',
      projects.length,
      groups.length,
    ),
    ...(ca !== undefined || caFile !== undefined ? [l10n.t('The CA that was trusted for it')] : []),
    l10n.t('The clusters that were remembered, and the history of what was changed from here'),
  ];
}
