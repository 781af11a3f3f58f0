import * as vscode from 'vscode';
import { DOCUMENT_SCHEME } from '../../contributions';
import type { Inventory } from '../../core/inventory/inventory';
import type { Disposable } from '../../core/time/event';
import type { LazyPart } from '../../core/time/lazyPart';
import type { ClusterDocuments } from './clusterDocument';

/** Serves the documents of clusters. What writes them is loaded with the first one that is opened, or with a deletion. */
export function serveDocuments(
  documents: LazyPart<ClusterDocuments>,
  changed: vscode.EventEmitter<vscode.Uri>,
  inventory: Inventory,
): Disposable {
  return vscode.Disposable.from(
    changed,
    vscode.workspace.registerTextDocumentContentProvider(DOCUMENT_SCHEME, {
      onDidChange: changed.event,
      provideTextDocumentContent: async (uri, token) => (await documents.get()).provideTextDocumentContent(uri, token),
    }),
    inventory.onDidDelete((cluster) => {
      // At once: what the deletion changes is told next, and an open document would ask for the cluster again.
      if (documents.current) documents.current.close(cluster);
      // A tab restored from the last window closes too.
      else void documents.get().then((made) => made.close(cluster));
    }),
  );
}
