import { ownerPath } from '../../core/model/cluster';
import type { ClusterOwner } from '../../core/model/cluster';
import type { DraftContext } from '../../core/model/clusterRules';
import type { FormTarget } from './formPorts';
import type { ToForm } from './protocol';
import type { TypedDraft } from './typedDraft';

export function ownerOf(target: FormTarget): ClusterOwner {
  return target.mode === 'add' ? target.owner : target.cluster.owner;
}

/** What a page is told first: what the form is about, and what its controls are to show. */
export function loadedForm(
  target: FormTarget,
  { mode, level, provider, initial }: DraftContext,
  typed: TypedDraft,
  strings: unknown,
): ToForm {
  return {
    type: 'loaded',
    context: {
      mode,
      level,
      provider,
      initial,
      tokenKept: typed.isTokenKept,
      owner: ownerPath(ownerOf(target)) ?? target.hostName,
      host: target.hostName,
    },
    draft: typed.shown,
    strings,
  };
}
