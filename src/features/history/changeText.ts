import * as l10n from '@vscode/l10n';
import type { NotedChange, NotedWrite } from '../../core/journal/history';
import type { ClusterState, NotedCertificate } from '../../core/journal/clusterState';
import { attributeNames } from '../../core/model/attributes';
import type { ClusterField } from '../../core/model/clusterFields';
import { fieldLabel } from '../../core/model/fieldLabels';
import { plain } from '../../core/model/plainText';
import {
  changeTitle,
  clusterTitle,
  momentInWords,
  outcomeInWords,
  outcomesInWords,
  ownerInWords,
  stateAfter,
  valueInWords,
} from './changeWords';

export type Side = 'before' | 'after';

/**
 * One side of a change. Everything but the values is the same on both, so that a comparison shows what changed and nothing
 * else. Of a single cluster all that is known is in it, of many only what was changed.
 */
export function changeText(change: NotedChange, side: Side, hostName: (host: string) => string): string {
  const { writes, at } = change;
  const [first] = writes;
  if (!first) return '';
  const hosts = [...new Set(writes.map(({ host }) => host))].map((host) => plain(hostName(host)));
  const users = [...new Set(writes.flatMap(({ user }) => user ?? []))].map((user) => `@${plain(user)}`);
  const head = [
    changeTitle(change),
    l10n.t('When: {0}', momentInWords(at)),
    l10n.t('Host: {0}', hosts.join(', ')),
    ...(users.length > 0 ? [l10n.t('User: {0}', users.join(', '))] : []),
    l10n.t('Outcome: {0}', outcomesInWords(change)),
  ];
  return [...head, '', ...writes.flatMap((write) => [...section(write, side, writes.length === 1), ''])].join('\n');
}

function section(write: NotedWrite, side: Side, isWhole: boolean): string[] {
  const { id } = write.cluster;
  const title = id === undefined ? clusterTitle(write) : l10n.t('{0} (ID {1})', clusterTitle(write), id);
  return [`${title}, ${ownerInWords(write)}: ${outcomeInWords(write)}`, ...lines(write, side, isWhole)];
}

function lines(write: NotedWrite, side: Side, isWhole: boolean): string[] {
  const { kind, before, certificates } = write;
  if (kind === 'add' && side === 'before') return [l10n.t('  (not there yet)')];
  if (kind === 'delete' && side === 'after') return [l10n.t('  (deleted)')];
  const state = side === 'before' ? before : stateAfter(write);
  const isUntouched = kind === 'edit' && !write.fields.includes('caCert');
  const certificate = side === 'before' || isUntouched ? certificates.before : certificates.after;
  const shown = attributeNames.filter((field) =>
    isWhole || kind !== 'edit' ? isKnown(field, write) : write.fields.includes(field),
  );
  return shown.flatMap((field) => [
    `  ${fieldLabel(field)}: ${wordsOf(field, state, certificate, { write, side })}`,
    ...(field === 'caCert' && certificate ? certificateLines(certificate) : []),
  ]);
}

/** A token is worth a line only where it was replaced. */
function isKnown(field: ClusterField, { fields }: NotedWrite): boolean {
  return field !== 'serviceToken' || fields.includes(field);
}

function wordsOf(
  field: ClusterField,
  state: ClusterState,
  certificate: NotedCertificate | undefined,
  { write, side }: { readonly write: NotedWrite; readonly side: Side },
): string {
  if (field === 'serviceToken' && side === 'after' && write.kind === 'edit') return l10n.t('replaced');
  return valueInWords(field, state, certificate);
}

function certificateLines({ subject, validFrom, validTo, sha256 }: NotedCertificate): string[] {
  return [
    l10n.t('    Subject: {0}', plain(subject)),
    l10n.t('    Valid: {0} to {1}', plain(validFrom), plain(validTo)),
    l10n.t('    SHA-256: {0}', plain(sha256)),
  ];
}
