import type { HostAccounts } from '../accounts/hostAccounts';
import { ownerKey } from '../model/cluster';
import type { ClusterOwner } from '../model/cluster';
import type { HostUrl } from '../model/host';
import type { Disposable } from '../time/event';
import { Emitter } from '../time/event';
import type { Inventory } from './inventory';

/** Whether the token may change clusters of one owner. */
interface Role {
  readonly mayChange: Promise<boolean | undefined>;
  /** What came of it. */
  known: boolean | undefined;
  /** Being asked. */
  isOpen: boolean;
}

/**
 * Where a token is no Maintainer, so that nothing is offered that GitLab would refuse. Asked once for each owner whose
 * clusters were read, and before a form is opened. Administrators are not asked for.
 */
export class OwnerRoles implements Disposable {
  private readonly inventory: Inventory;
  private readonly roles = new Map<HostUrl, Map<string, Role>>();
  private readonly learned = new Emitter<{ readonly host: HostUrl; readonly owner: ClusterOwner }>();
  private readonly subscriptions: Disposable[];

  /** It turned out that a token may not change an owner's clusters. */
  readonly onDidLearn = this.learned.event;

  constructor(accounts: HostAccounts, inventory: Inventory) {
    this.inventory = inventory;
    this.subscriptions = [
      accounts.onDidChangeToken((host) => this.roles.delete(host)),
      inventory.onDidChange(({ host, owner }) => {
        const isAsked = owner && this.roles.get(host)?.has(ownerKey(owner));
        if (owner && !isAsked && inventory.ownerState(host, owner)?.state === 'loaded') void this.ask(host, owner);
      }),
    ];
  }

  /** What is known without asking: undefined is "not known", and then GitLab decides. */
  mayChange(host: HostUrl, owner: ClusterOwner): boolean | undefined {
    return this.roles.get(host)?.get(ownerKey(owner))?.known;
  }

  /** The same, asked of GitLab where it is not known yet. Never throws: what cannot be found out is not known. */
  async ask(host: HostUrl, owner: ClusterOwner): Promise<boolean | undefined> {
    const identity = this.inventory.hostState(host);
    if (owner.level === 'instance' || identity?.state !== 'loaded') return undefined;
    // A token that only reads is refused everywhere, and an administrator nowhere.
    if (identity.value.user.isAdmin || !identity.value.canWrite) return undefined;
    const roles = this.roles.get(host) ?? new Map<string, Role>();
    this.roles.set(host, roles);
    const key = ownerKey(owner);
    const asked = roles.get(key);
    // What could not be found out may be next time.
    if (asked && (asked.known !== undefined || asked.isOpen)) return asked.mayChange;
    const role: Role = { known: undefined, isOpen: true, mayChange: this.read(host, owner) };
    roles.set(key, role);
    const mayChange = await role.mayChange;
    role.isOpen = false;
    if (this.roles.get(host) !== roles) return undefined;
    role.known = mayChange;
    if (mayChange === false) this.learned.fire({ host, owner });
    return mayChange;
  }

  private async read(
    host: HostUrl,
    owner: Exclude<ClusterOwner, { readonly level: 'instance' }>,
  ): Promise<boolean | undefined> {
    try {
      const { isMaintainer } = await import('../gitlab/roles');
      return await isMaintainer(await this.inventory.client(host), owner);
    } catch {
      return undefined;
    }
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
    this.learned.dispose();
  }
}
