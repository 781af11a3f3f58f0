import * as l10n from '@vscode/l10n';
import { attributeUses } from '../model/attributeUses';
import { serviceAccountOf } from '../model/serviceToken';
import { found, readingOf } from './found';
import type { Found, Reading } from './found';
import { isKubeconfig, readFragment, readKubeconfig } from './kubeconfig';
import { at, isList, isMapping, listAt, mappingsIn, textAt } from './tree';
import type { Tree } from './tree';
import { decodedText, plainValues, takeApiUrl, takeCa, takeToken, together } from './values';
import type { Taken } from './values';

/** What the documents of a YAML or JSON text are, by their shape; undefined where they are nothing known. */
export function readTrees(trees: readonly Tree[]): Reading | undefined {
  const [first] = trees;
  const config = trees.find(isKubeconfig);
  if (config !== undefined) return withOthers(readKubeconfig(config), trees.length);
  const secrets = trees.flatMap(secretsIn);
  if (secrets.length > 0) return readSecrets(secrets);
  if (first === undefined) return undefined;
  return (
    readTokenAnswer(first) ?? readRegistrations(first) ?? readCloud(first) ?? accountOnly(trees) ?? readFragment(trees)
  );
}

/** kubectl reads the first document only. */
function withOthers(reading: Reading, count: number): Reading {
  if (count < 2 || !('choices' in reading)) return reading;
  const [first, ...others] = reading.choices;
  const note = l10n.t('Only the first kubeconfig of the text was read, as kubectl does.');
  return { ...reading, choices: [{ ...first, notes: [...first.notes, note] }, ...others] };
}

function secretsIn(tree: Tree): readonly Tree[] {
  const kind = textAt(tree, 'kind');
  if (kind === 'Secret') return [tree];
  if (kind === 'List' || kind === 'SecretList') {
    return listAt(tree, 'items').filter((item) => kind === 'SecretList' || textAt(item, 'kind') === 'Secret');
  }
  const isBare = isMapping(tree) && 'ca.crt' in tree && 'token' in tree;
  return isBare ? [{ data: tree, type: 'kubernetes.io/service-account-token' }] : [];
}

function readSecrets(secrets: readonly Tree[]): Reading {
  const fitting = secrets.filter((secret) => {
    const type = textAt(secret, 'type');
    return type === undefined || type === 'kubernetes.io/service-account-token';
  });
  if (fitting.length === 0) {
    return {
      problem: l10n.t(
        'No Secret in this text is one of a service account (type {0}).',
        'kubernetes.io/service-account-token',
      ),
      needsAccount: true,
    };
  }
  const choices = fitting.map((secret) => {
    const plainOrEncoded = (key: string): string | undefined =>
      textAt(secret, 'stringData', key) ?? decodedText(textAt(secret, 'data', key)) ?? textAt(secret, 'data', key);
    const token = plainOrEncoded('token');
    const { values, notes } = together(takeToken(token?.trim()), takeCa(plainOrEncoded('ca.crt')));
    const empty =
      token === undefined
        ? [l10n.t('The Secret has no token yet. Kubernetes writes it within seconds; read the Secret again.')]
        : [];
    const name = [textAt(secret, 'metadata', 'namespace'), textAt(secret, 'metadata', 'name')]
      .filter(Boolean)
      .join('/');
    return found(name === '' ? 'Secret' : l10n.t('Secret {0}', name), values, {
      notes: [...notes, ...empty, noUrl()],
      account: values.serviceToken && serviceAccountOf(values.serviceToken),
    });
  });
  return readingOf('Secret', choices, l10n.t('No Secret in this text can be read.'));
}

function noUrl(): string {
  return l10n.t(
    'The API URL is not part of it. Read it with: {0}',
    "kubectl config view --minify -o jsonpath='{.clusters[0].cluster.server}'",
  );
}

/** `kubectl create token -o json` and what exec plugins print (Kubernetes facts 3). */
function readTokenAnswer(tree: Tree): Reading | undefined {
  const kind = textAt(tree, 'kind') ?? '';
  if (!['TokenRequest', 'ExecCredential', 'TokenReview'].includes(kind)) return undefined;
  const token = textAt(tree, 'status', 'token') ?? textAt(tree, 'spec', 'token');
  const { values, notes } = takeToken(token);
  const short = l10n.t(
    'This token expires soon. GitLab needs a service account’s token that does not expire; the recipe shows how to create one.',
  );
  const isSaid = notes.length > 0;
  return readingOf(
    kind,
    token === undefined
      ? []
      : [found(kind, values, { notes: isSaid ? [...notes, noUrl()] : [short, noUrl()], needsAccount: true })],
    l10n.t('This {0} holds no token.', kind),
  );
}

/** A ServiceAccount alone has no token. */
function accountOnly(trees: readonly Tree[]): Reading | undefined {
  const kinds = trees.map((tree) => textAt(tree, 'kind'));
  if (!kinds.includes('ServiceAccount') && !kinds.includes('ConfigMap')) return undefined;
  const ca = trees.map((tree) => textAt(tree, 'data', 'ca.crt')).find((text) => text !== undefined);
  if (ca !== undefined)
    return readingOf('ConfigMap', [found('ConfigMap', takeCa(ca).values, { notes: [noUrl()] })], '');
  return {
    problem: l10n.t(
      'A ServiceAccount holds no token itself; its Secret does. The recipe shows how to create and read it.',
    ),
    needsAccount: true,
  };
}

/** `aws eks describe-cluster`, `gcloud container clusters describe`, `az aks show` (which prints no CA), and their lists. */
function readCloud(tree: Tree): Reading | undefined {
  const eks = [at(tree, 'cluster'), at(tree, 'Cluster'), tree, ...listAt(tree, 'clusters')].flatMap(
    (cluster): Found[] => {
      const ca = textAt(cluster, 'certificateAuthority', 'data');
      const endpoint = textAt(cluster, 'endpoint');
      return endpoint === undefined || !isMapping(at(cluster, 'certificateAuthority'))
        ? []
        : [fromCloud(cluster, together(takeApiUrl(endpoint), takeCa(ca)))];
    },
  );
  if (eks.length > 0) return readingOf('aws eks describe-cluster', eks, '');
  const gke = (isList(tree) ? tree : [tree]).flatMap((cluster): Found[] => {
    const ca = textAt(cluster, 'masterAuth', 'clusterCaCertificate');
    const endpoint =
      textAt(cluster, 'endpoint') ?? textAt(cluster, 'controlPlaneEndpointsConfig', 'dnsEndpointConfig', 'endpoint');
    return endpoint === undefined || !isMapping(at(cluster, 'masterAuth'))
      ? []
      : [fromCloud(cluster, withoutSchemeNote(together(takeApiUrl(endpoint), takeCa(ca))))];
  });
  if (gke.length > 0) return readingOf('gcloud container clusters describe', gke, '');
  const aks = (isList(tree) ? tree : [tree]).flatMap((cluster): Found[] => {
    const name = textAt(cluster, 'fqdn') ?? textAt(cluster, 'privateFqdn');
    const isAks = name !== undefined && (at(cluster, 'agentPoolProfiles') !== undefined || /\.azmk8s\.io$/.test(name));
    return isAks ? [fromCloud(cluster, withoutSchemeNote(takeApiUrl(`${name}:443`)))] : [];
  });
  return aks.length > 0 ? readingOf('az aks show', aks, '') : undefined;
}

/** gcloud never prints a scheme. */
function withoutSchemeNote({ values, notes }: Taken): Taken {
  return { values, notes: notes.filter((note) => note !== l10n.t('The address had no scheme and was read as https.')) };
}

function fromCloud(cluster: Tree | undefined, { values, notes }: Taken): Found {
  const name = textAt(cluster, 'name');
  return found(
    name === undefined ? l10n.t('cluster') : l10n.t('cluster {0}', name),
    { ...(name !== undefined && { name }), ...values },
    {
      notes: [...notes, l10n.t('GitLab needs the token of a service account. The recipe shows how to create one.')],
      needsAccount: true,
    },
  );
}

/** What GitLab's API takes and gives, and our own export. */
function readRegistrations(tree: Tree): Reading | undefined {
  const mappings = [...mappingsIn(tree)];
  const registrations = mappings.filter(
    (one) => isMapping(one['platform_kubernetes_attributes']) || isMapping(one['platform_kubernetes']),
  );
  if (registrations.length > 0) return readingOf('GitLab', registrations.map(registration), '');
  const rows = (isList(tree) ? tree : [tree]).filter(
    (row) => isMapping(row) && 'apiUrl' in row && 'environmentScope' in row,
  );
  return rows.length === 0 ? undefined : readingOf('GitLab Clusters', rows.map(exported), '');
}

/** One cluster as GitLab's API writes it; the token is only in what is sent. */
export function registration(tree: Tree): Found {
  const platform = at(tree, 'platform_kubernetes_attributes') ?? at(tree, 'platform_kubernetes');
  const taken = together(
    takeApiUrl(textAt(platform, 'api_url')),
    takeCa(textAt(platform, 'ca_cert')),
    takeToken(textAt(platform, 'token')),
  );
  const values = plainValues((attribute) => {
    const [outer = '', inner] = attributeUses[attribute].wire.add.split('.');
    return inner === undefined ? textAt(tree, outer) : textAt(platform, inner);
  });
  return found(
    l10n.t('registration {0}', values.name ?? '?'),
    {
      ...values,
      ...taken.values,
    },
    { notes: taken.notes, account: taken.values.serviceToken && serviceAccountOf(taken.values.serviceToken) },
  );
}

/** A line of our own export, which has the subject of the CA only. `serviceToken` and `caCert` may have been added. */
export function exported(tree: Tree): Found {
  const values = plainValues((attribute) => textAt(tree, attribute));
  const taken = together(
    takeApiUrl(textAt(tree, 'apiUrl')),
    takeCa(textAt(tree, 'caCert')),
    takeToken(textAt(tree, 'serviceToken') ?? textAt(tree, 'token')),
  );
  return found(
    l10n.t('registration {0}', values.name ?? '?'),
    {
      ...values,
      ...taken.values,
    },
    { notes: taken.notes },
  );
}
