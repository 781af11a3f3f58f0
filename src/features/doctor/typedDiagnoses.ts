import * as l10n from '@vscode/l10n';
import { diagnoseAll } from '../../core/diagnosis/diagnose';
import type { Diagnosis, Registration } from '../../core/diagnosis/ladder';
import { clusterKey } from '../../core/model/cluster';
import type { Cluster } from '../../core/model/cluster';
import type { Host } from '../../core/model/host';
import { plain } from '../../core/model/plainText';
import { withoutCredentials } from '../../core/model/withoutCredentials';
import { askAddresses } from './askAddresses';
import { doctorReport } from './doctorReport';
import { aboutRun, surroundingsOf, versionOf } from './doctorSources';
import type { DoctorSources } from './doctorSources';

type Sources = Omit<DoctorSources, 'fleets' | 'pickers' | 'clusterOf' | 'warnedOf'>;

/** Diagnoses for forms: what is typed, before it is saved at a host; `edited` is the cluster it would be saved as. */
export function typedDiagnoses(host: Host, edited: Cluster | undefined, sources: Sources) {
  const { results, dialogs, documents, inventory } = sources;
  return {
    diagnose: async (
      typed: Omit<Registration, 'gitlabVersion'>,
      signal: AbortSignal,
    ): Promise<Diagnosis | undefined> => {
      const asking = { agreed: results.agreed, dialogs, withToken: typed.token !== undefined };
      if (!(await askAddresses([typed.apiUrl], asking))) return undefined;
      const found: Diagnosis[] = [];
      const registration = { ...typed, gitlabVersion: versionOf(host.url, inventory) };
      await diagnoseAll(
        [registration],
        surroundingsOf(sources, edited && clusterKey(edited)),
        (_index, one) => found.push(one),
        signal,
      );
      return found[0];
    },
    show: (diagnosis: Diagnosis): void => {
      const reported = {
        cluster: l10n.t('What is typed in the form'),
        owner: l10n.t('not saved'),
        host: plain(host.name),
        apiUrl: plain(withoutCredentials(diagnosis.apiUrl)),
        diagnosis,
      };
      const parts = { about: aboutRun(diagnosis.at, sources.versions), running: false, order: 'result' } as const;
      void documents.show(l10n.t('Diagnosis of what is typed'), doctorReport([reported], parts), false);
    },
  };
}
