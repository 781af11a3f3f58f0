import * as vscode from 'vscode';
import { DOCUMENT_SCHEME } from '../../contributions';
import { isReadable } from '../../core/model/cluster';
import type { Cluster } from '../../core/model/cluster';
import type { Inventory } from '../../core/inventory/inventory';
import { fromAddress } from './clusterAddress';

/**
 * The cluster whose document a command was called on, as last read; undefined for any other value. Throws GitLabError where
 * it was not read yet and cannot be.
 */
export async function clusterOfDocument(value: unknown, inventory: Inventory): Promise<Cluster | undefined> {
  const address =
    value instanceof vscode.Uri && value.scheme === DOCUMENT_SCHEME ? fromAddress(value.query) : undefined;
  if (!address) return undefined;
  const known = inventory.fleet(address.host).known(address.owner)?.clusters.filter(isReadable);
  return known?.find(({ id }) => id === address.id) ?? inventory.get(address);
}
