import * as l10n from '@vscode/l10n';
import { plain } from '../model/plainText';
import { serviceAccountOf } from '../model/serviceToken';
import { found, readingOf } from './found';
import type { Found, Reading } from './found';
import { at, isMapping, isOn, listAt, mappingsIn, nameAt, textAt } from './tree';
import type { Tree } from './tree';
import { takeApiUrl, takeCa, takeToken, together } from './values';
import type { Taken } from './values';

/** Whether a tree is a whole kubeconfig; `kind` may be missing (Kubernetes facts 1.1). */
export function isKubeconfig(tree: Tree): boolean {
  if (textAt(tree, 'kind') !== undefined) return textAt(tree, 'kind') === 'Config';
  return Array.isArray(at(tree, 'clusters')) && (at(tree, 'users') !== undefined || at(tree, 'contexts') !== undefined);
}

/** The clusters of a kubeconfig by its contexts, as kubectl would use them. */
export function readKubeconfig(tree: Tree): Reading {
  const version = textAt(tree, 'apiVersion');
  if (version !== undefined && version !== 'v1') {
    return { problem: l10n.t('This kubeconfig has an unsupported version. Its apiVersion must be v1.') };
  }
  const clusters = listAt(tree, 'clusters');
  const users = listAt(tree, 'users');
  const contexts = listAt(tree, 'contexts');
  if (at(tree, 'contexts') === undefined || at(tree, 'users') === undefined) {
    return { problem: l10n.t('This kubeconfig is incomplete: it has no contexts or no users. Copy all of it.') };
  }
  for (const [key, list] of Object.entries({ clusters, users, contexts })) {
    const names = list.map((item) => nameAt(item, 'name'));
    if (new Set(names).size < names.length) {
      return {
        problem: l10n.t('This kubeconfig has two entries of the same name in {0}, which kubectl refuses.', key),
      };
    }
  }
  const named = (list: readonly Tree[], name: string | undefined): Tree | undefined =>
    name === undefined ? undefined : list.find((item) => nameAt(item, 'name') === name);
  const current = nameAt(tree, 'current-context');
  const used = new Set<string | undefined>();
  const choices = contexts.flatMap((context): Found[] => {
    const name = nameAt(context, 'name') ?? '';
    const clusterName = nameAt(context, 'context', 'cluster');
    const cluster = named(clusters, clusterName);
    if (!isMapping(at(cluster, 'cluster'))) return [];
    used.add(clusterName);
    const user = named(users, nameAt(context, 'context', 'user'));
    return [inContext(l10n.t('context {0}', name), name, at(cluster, 'cluster'), at(user, 'user'), name === current)];
  });
  const unused = clusters
    .filter((cluster) => !used.has(nameAt(cluster, 'name')) && isMapping(at(cluster, 'cluster')))
    .map((cluster) => {
      const name = nameAt(cluster, 'name') ?? '';
      return inContext(l10n.t('cluster {0}, without a context', name), name, at(cluster, 'cluster'), undefined, false);
    });
  const usable = [...choices, ...unused].filter(isWorthTaking);
  if (choices.length === 0 && contexts.length > 0) {
    return { problem: l10n.t('The contexts of this kubeconfig name clusters that are not in it. Copy all of it.') };
  }
  return readingOf('kubeconfig', currentFirst(usable), l10n.t('This kubeconfig names no cluster that can be read.'));
}

/** Something to take, or a reason worth reading. */
function isWorthTaking({ values, notes }: Found): boolean {
  return (
    values.apiUrl !== undefined || values.caCert !== undefined || values.serviceToken !== undefined || notes.length > 0
  );
}

function currentFirst(choices: readonly Found[]): readonly Found[] {
  return [...choices].sort((one, other) => Number(other.isCurrent) - Number(one.isCurrent));
}

function inContext(
  label: string,
  name: string,
  cluster: Tree | undefined,
  user: Tree | undefined,
  isCurrent: boolean,
): Found {
  const ofUser = userValues(user);
  const { values, notes } = together(clusterValues(cluster), ofUser);
  const token = values.serviceToken;
  return found(
    label,
    { ...(name !== '' && { name }), ...values },
    { isCurrent, notes, needsAccount: token === undefined, account: token && serviceAccountOf(token) },
  );
}

/** A `cluster` entry: where it is and by which CA it is known (Kubernetes facts 1.2). */
function clusterValues(cluster: Tree | undefined): Taken {
  const file = textAt(cluster, 'certificate-authority');
  const caText = textAt(cluster, 'certificate-authority-data');
  const server = textAt(cluster, 'server');
  const notes = [
    ...(server === undefined ? [l10n.t('No API URL: this entry has no “server”.')] : []),
    ...(file !== undefined && caText === undefined ? [fileNote(l10n.t('CA certificate'), file)] : []),
    ...(isOn(cluster, 'insecure-skip-tls-verify')
      ? [
          l10n.t(
            '“{0}” has no counterpart in GitLab, which always checks the certificate: it needs the CA certificate.',
            'insecure-skip-tls-verify',
          ),
        ]
      : []),
    ...['tls-server-name', 'proxy-url']
      .filter((key) => textAt(cluster, key) !== undefined)
      .map((key) => l10n.t('“{0}” has no counterpart in GitLab: without it, GitLab may not be able to connect.', key)),
  ];
  return together(takeApiUrl(server), takeCa(caText), { values: {}, notes });
}

/** A path in a pasted text leads nowhere; the file can be chosen. */
function fileNote(what: string, path: string): string {
  const isAbsolute = /^(?:[/~\\]|[a-z]:)/i.test(path);
  return isAbsolute
    ? l10n.t(
        '{0}: in the file {1} of the computer this comes from. Choose that file, or run {2} there.',
        what,
        plain(path),
        'kubectl config view --raw --flatten',
      )
    : l10n.t(
        '{0}: in the file {1}, beside the kubeconfig. Choose that file, or run {2} there.',
        what,
        plain(path),
        'kubectl config view --raw --flatten',
      );
}

/** A `user` entry: its bearer token, or why it has none that GitLab could use. */
function userValues(user: Tree | undefined): Taken {
  const has = (key: string): boolean => textAt(user, key) !== undefined || isMapping(at(user, key));
  const certificate = has('client-certificate') || has('client-certificate-data');
  const file = textAt(user, 'tokenFile');
  const token = takeToken(textAt(user, 'token'));
  const ways = [
    ...(isMapping(at(user, 'exec'))
      ? [
          l10n.t(
            'This user signs in with the program “{0}”, which GitLab can’t run.',
            plain(textAt(user, 'exec', 'command') ?? '?'),
          ),
        ]
      : []),
    ...(isMapping(at(user, 'auth-provider'))
      ? [
          l10n.t(
            'This user signs in through “{0}”, which GitLab can’t use.',
            plain(textAt(user, 'auth-provider', 'name') ?? '?'),
          ),
        ]
      : []),
    ...(certificate
      ? [l10n.t('This user signs in with a client certificate, which GitLab can’t use. Its key was dropped.')]
      : []),
    ...(has('username') || has('password')
      ? [l10n.t('This user signs in with user name and password, which GitLab can’t use. They were dropped.')]
      : []),
    ...(file !== undefined ? [fileNote(l10n.t('Token'), file)] : []),
  ];
  const others = ['as', 'as-uid', 'as-groups', 'as-user-extra'].some((key) => at(user, key) !== undefined)
    ? [l10n.t('The user impersonates another one (“{0}”), which GitLab can’t do.', 'as')]
    : [];
  const hasToken = textAt(user, 'token') !== undefined;
  const none = ways.length === 0 && !hasToken ? [l10n.t('There are no credentials for this cluster in the text.')] : [];
  const next =
    token.values.serviceToken === undefined
      ? [l10n.t('GitLab needs the token of a service account. The recipe shows how to create one.')]
      : [];
  return { values: token.values, notes: [...token.notes, ...ways, ...others, ...none, ...next] };
}

/** A piece of a kubeconfig: entries of clusters and users without what holds them together. */
export function readFragment(trees: readonly Tree[]): Reading | undefined {
  const all = trees.flatMap((tree) => [...mappingsIn(tree)]);
  const clusters = all.filter(
    (one) => 'server' in one || 'certificate-authority-data' in one || 'certificate-authority' in one,
  );
  const users = all.filter(
    (one) =>
      [
        'token',
        'tokenFile',
        'exec',
        'auth-provider',
        'client-certificate-data',
        'client-key-data',
        'client-certificate',
      ].some((key) => key in one) && !('server' in one && !('token' in one)),
  );
  if (clusters.length === 0 && users.length === 0) return undefined;
  const [user, ...others] = users;
  const onlyUser = others.length === 0 ? user : undefined;
  const part = l10n.t('part of a kubeconfig');
  if (clusters.length === 0) {
    const choices = users.map((one, index) =>
      userChoice(users.length === 1 ? part : l10n.t('user {0}', index + 1), one),
    );
    return readingOf(part, choices, l10n.t('No token in this text can be used.'));
  }
  const choices = clusters.map((cluster, index) => {
    const label = clusters.length === 1 ? part : l10n.t('cluster {0}', index + 1);
    const { values, notes } = together(
      clusterValues(cluster),
      onlyUser ? userValues(onlyUser) : { values: {}, notes: [] },
    );
    const token = values.serviceToken;
    return found(label, values, {
      notes,
      needsAccount: token === undefined,
      account: token && serviceAccountOf(token),
    });
  });
  return readingOf(part, choices.filter(isWorthTaking), l10n.t('No cluster in this text can be read.'));
}

function userChoice(label: string, user: Tree): Found {
  const { values, notes } = userValues(user);
  const token = values.serviceToken;
  return found(label, values, { notes, needsAccount: token === undefined, account: token && serviceAccountOf(token) });
}
