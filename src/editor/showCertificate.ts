import type { Host } from '../core/model/host';

/** Shows what a host presents while the secure connection is set up, and offers to trust it; true once it is trusted. */
export type ShowCertificate = (host: Pick<Host, 'url' | 'name'>) => Promise<boolean>;
