import { lookup } from 'node:dns/promises';
import * as l10n from '@vscode/l10n';
import type { CommandTable } from '../../editor/commandTable';
import type { Pickers } from '../../editor/pickers';
import { commands } from '../../contributions';
import type { Host } from '../../core/model/host';
import type { HostAccounts } from '../../core/accounts/hostAccounts';
import type { Inventory } from '../../core/inventory/inventory';
import { plain } from '../../core/model/plainText';
import type { OpenAgent } from '../../core/net/agents';
import type { ShowCertificate } from '../../editor/showCertificate';
import { chooseCaFile } from './chooseCaFile';
import { connectionReport } from './connectionReport';
import { lookAt } from '../../core/net/hostLook';
import type { HostTrust } from '../../core/accounts/hostTrust';
import { readTrust } from '../../core/net/ownCa';
import { reportText } from './reportText';
import type { Dialogs } from '../../editor/dialogs';

interface ConnectionParts {
  readonly accounts: HostAccounts;
  readonly inventory: Inventory;
  readonly pickers: Pick<Pickers, 'host'>;
  readonly openAgent: OpenAgent;
  readonly trust: HostTrust;
  readonly showCertificate: ShowCertificate;
  readonly dialogs: Dialogs;
  /** Versions of the extension and the editor, and the system, as they are reported. */
  readonly versions: string;
  /** Where issues are reported; undefined where the package names no place. */
  readonly issues: string | undefined;
}

/** Show a host's certificate, choose its CA, test the connection to it. */
export function connectionCommands(parts: ConnectionParts) {
  const { pickers, showCertificate, inventory, dialogs } = parts;
  const secure = {
    fits: ({ url }: Host) => url.startsWith('https:'),
    none: l10n.t('No listed host is reached with https, so there is no certificate.'),
  };
  return {
    [commands.showCertificate]: async (node: unknown) => {
      const host = await pickers.host(node, l10n.t('Show Certificate'), secure);
      if (host && (await showCertificate(host))) await inventory.reloadHost(host.url);
    },
    [commands.chooseCaCertificate]: async (node: unknown) => {
      const host = await pickers.host(node, l10n.t('Choose CA Certificate'), secure);
      if (host && (await chooseCa(host, parts))) await inventory.reloadHost(host.url);
    },
    [commands.testHost]: async (node: unknown) => {
      const host = await pickers.host(node, l10n.t('Test Connection'));
      const tested = host && (await test(host, parts));
      if (tested) await dialogs.showText(tested.title, tested.text);
    },
    [commands.reportIssue]: async (node: unknown) => {
      const isUseful = parts.accounts.hosts.length > 0;
      const host = isUseful ? await pickers.host(node, l10n.t('Report Issue: which host is it about?')) : undefined;
      if (isUseful && !host) return;
      const facts = host ? await test(host, parts) : { text: versionsInWords(parts) };
      await dialogs.showText(l10n.t('Issue report'), issueText(facts.text), 'md');
      const open = l10n.t('Open Issue Page');
      const { issues } = parts;
      if (issues === undefined) return;
      const message = l10n.t('Complete the report and paste it into a new issue.');
      if ((await dialogs.notify('information', message, open)) === open) await dialogs.openExternal(issues);
    },
    [commands.showIntegrationHelp]: async () => {
      const { integrationHelp } = await import('./integrationHelp');
      await dialogs.showText(l10n.t('Turning on the cluster integration'), integrationHelp(), 'md');
    },
  } satisfies CommandTable;
}

/** True when the host's CA changed. */
async function chooseCa(host: Host, { trust, dialogs }: ConnectionParts): Promise<boolean> {
  const file = { label: l10n.t('Choose a file…'), change: undefined };
  const others = [
    ...(host.caFile === undefined
      ? []
      : [{ label: l10n.t('Forget the CA file'), description: host.caFile, change: { caFile: undefined } }]),
    ...(host.ca === undefined
      ? []
      : [{ label: l10n.t('Forget the CA trusted in the certificate dialog'), change: { ca: undefined } }]),
  ];
  const title = l10n.t('CA Certificate of {0}', host.name);
  const action = others.length === 0 ? file : await dialogs.choose(title, [file, ...others], (one) => one);
  if (!action) return false;
  const change = action.change ?? (await chooseCaFile(title, dialogs));
  if (change) await trust.set(host.url, change);
  return change !== undefined;
}

/** Goes the whole way to a host, and gives the report of it. */
async function test(host: Host, parts: ConnectionParts): Promise<{ readonly title: string; readonly text: string }> {
  const { accounts, openAgent, trust, dialogs } = parts;
  const own = trust.of(host.url);
  const ownTrust = await readTrust(own);
  const now = new Date();
  const steps = await dialogs.progress(
    { title: l10n.t('Testing the connection to {0}…', host.name), where: 'notification', cancellable: true },
    (_report, signal) =>
      connectionReport({
        url: host.url,
        trust: ownTrust,
        resolve: async (name) => (await lookup(name, { all: true })).map(({ address }) => address),
        look: () => lookAt(host.url, ownTrust, { openAgent, signal }),
        client: () => accounts.client(host.url),
        now,
        signal,
      }),
  );
  const about = [
    l10n.t('Host: {0}', host.url),
    l10n.t('Tested: {0}', now.toISOString()),
    versionsInWords(parts),
    ...(own.caFile === undefined ? [] : [l10n.t('CA file: {0}', plain(own.caFile))]),
    ...(own.ca === undefined ? [] : [l10n.t('CA: trusted in the certificate dialog')]),
  ];
  const title = l10n.t('Connection to {0}', host.name);
  return { title, text: reportText(title, about, steps) };
}

function versionsInWords({ versions }: ConnectionParts): string {
  return l10n.t('Versions: {0}', versions);
}

/** What a report of an issue is to say, with the facts below. */
function issueText(facts: string): string {
  return [
    `## ${l10n.t('What happened')}`,
    '',
    `## ${l10n.t('What you expected')}`,
    '',
    `## ${l10n.t('Steps to reproduce')}`,
    '',
    `## ${l10n.t('Connection')}`,
    '',
    l10n.t('Remove names that should not become public.'),
    '',
    '```text',
    facts.replaceAll('```', ''),
    '```',
    '',
  ].join('\n');
}
