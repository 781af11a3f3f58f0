import * as l10n from '@vscode/l10n';
import { serviceAccountOf } from '../model/serviceToken';
import { found, readingOf } from './found';
import type { Found, FoundValues, Reading } from './found';
import { readHcl } from './hcl';
import type { HclBlock, HclValue } from './hclFile';
import { takeApiUrl, takeCa, takeToken, together } from './values';

/** The provider's three resources (Kubernetes facts 8). */
const RESOURCE = /^gitlab_(?:project|group|instance)_cluster$/;

export function isTerraform(text: string): boolean {
  return /^\s*resource\s+"gitlab_(?:project|group|instance)_cluster"/m.test(text);
}

/** Terraform blocks of clusters. What only Terraform knows, such as a variable, is named and left out. */
export function readTerraform(text: string): Reading {
  const { blocks } = readHcl(text);
  const clusters = blocks.filter(({ type, labels }) => type === 'resource' && RESOURCE.test(labels[0] ?? ''));
  return readingOf('Terraform', clusters.map(fromBlock), l10n.t('No block of a cluster in this text can be read.'));
}

function fromBlock({ labels, attributes }: HclBlock): Found {
  const values = new Map<string, HclValue>(attributes.map(({ name, value }) => [name, value]));
  const text = (name: string): string | undefined => {
    const value = values.get(name);
    return value?.type === 'string' && value.value.trim() !== '' ? value.value.trim() : undefined;
  };
  const unknown = [...values].flatMap(([name, { type }]) =>
    type === 'expression' && (name in plainFields || name.startsWith('kubernetes_')) ? [name] : [],
  );
  const taken = together(
    takeApiUrl(text('kubernetes_api_url')),
    takeCa(text('kubernetes_ca_cert')),
    takeToken(text('kubernetes_token')),
  );
  const flag = (name: 'enabled' | 'managed'): FoundValues => {
    const value = values.get(name);
    return value?.type === 'bool' ? { [name]: value.value } : {};
  };
  const plainValues = Object.entries(plainFields).reduce<FoundValues>((all, [name, field]) => {
    const value = text(name);
    return value === undefined ? all : { ...all, [field]: value };
  }, {});
  const token = taken.values.serviceToken;
  return found(
    l10n.t('block {0}', labels[1] ?? '?'),
    { ...plainValues, ...flag('enabled'), ...flag('managed'), ...taken.values },
    {
      account: token && serviceAccountOf(token),
      notes: [
        ...taken.notes,
        ...(unknown.length === 0
          ? []
          : [l10n.t('Only Terraform knows the value of: {0}. Enter it yourself.', unknown.join(', '))]),
      ],
    },
  );
}

const plainFields: Readonly<Record<string, string>> = {
  name: 'name',
  domain: 'baseDomain',
  environment_scope: 'environmentScope',
  kubernetes_namespace: 'namespace',
  kubernetes_authorization_type: 'authorizationType',
};
