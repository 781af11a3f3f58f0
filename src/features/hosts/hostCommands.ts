import * as l10n from '@vscode/l10n';
import { commands } from '../../contributions';
import { parseHostUrl } from '../../core/model/host';
import type { Host } from '../../core/model/host';
import type { CommandTable } from '../../editor/commandTable';
import type { Pickers } from '../../editor/pickers';
import { addGivenHost, addHost, addHostArguments } from './addHost';
import { askName, askToken, confirmInsecure } from './hostQuestions';
import type { HostSources } from './hostSources';
import { keepToken } from './keepToken';
import { tellConnected } from './tellConnected';

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
