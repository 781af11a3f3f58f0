import type { CommandId } from '../../contributions';
import type { HostAccounts } from '../../core/accounts/hostAccounts';
import type { HostTrust } from '../../core/accounts/hostTrust';
import type { HostNode } from '../../editor/clusterNodes';
import type { Dialogs } from '../../editor/dialogs';
import type { ShowCertificate } from '../../editor/showCertificate';

export interface HostSources {
  readonly accounts: HostAccounts;
  readonly trust: HostTrust;
  readonly showCertificate: ShowCertificate;
  readonly dialogs: Dialogs;
  /** Does what a message offers. */
  readonly run: (command: CommandId, row?: HostNode) => unknown;
}
