import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const folder = 'test/net/certificates';

/** What a server presents: certificates of test/net/certificates (see make.sh there), its own first. */
export interface Presented {
  readonly key: string;
  readonly cert: string;
}

/** Certificates of Kubernetes API servers, and their CAs (see makeClusters.sh there). */
export type ApiName =
  | 'api'
  | 'apiBelow'
  | 'apiRebuilt'
  | 'apiSecond'
  | 'apiResigned'
  | 'apiOfExpired'
  | 'apiInside'
  | 'apiCommonName'
  | 'apiOtherCommonName'
  | 'apiExpired'
  | 'apiFuture'
  | 'apiSha1'
  | 'apiWeakKey'
  | 'apiConstrained'
  | 'apiClientOnly'
  | 'ingressDefault'
  | 'apiSelfSigned';
export type ApiCaName =
  | 'clusterRoot'
  | 'rebuiltRoot'
  | 'secondRoot'
  | 'gatewayRoot'
  | 'expiredRoot'
  | 'clusterIssuing'
  | 'constrainedIssuing';

/** The key of an API server, and what it sends: its own certificate, then those named. */
export function presentsApi(leaf: ApiName, ...chain: readonly ApiCaName[]): Presented & { readonly ciphers?: string } {
  const weak = leaf === 'apiWeakKey';
  return {
    key: read(weak ? 'weakKey.key' : 'cluster.key'),
    cert: [leaf, ...chain].map(pem).join(''),
    // A server of today would not offer such a key by itself.
    ...(weak && { ciphers: 'DEFAULT:@SECLEVEL=0' }),
  };
}

/** Text of one of the PEM files, wherever the bundle that asks was put. */
export function pem(name: 'company' | 'issuing' | 'other' | LeafName | ApiName | ApiCaName): string {
  return read(`${name}.pem`);
}

export type LeafName = 'good' | 'moved' | 'expired' | 'future' | 'elsewhere' | 'lone';

/** A server's key and what it sends: its own certificate, then those named. */
export function presents(leaf: LeafName, ...chain: readonly ('company' | 'issuing' | 'other')[]): Presented {
  return { key: read(`${leaf}.key`), cert: [leaf, ...chain].map(pem).join('') };
}

/** The absolute path of one of the PEM files, for settings that hold paths. */
export function pemPath(name: 'company' | 'issuing' | 'other' | LeafName): string {
  return join(root(), folder, `${name}.pem`);
}

function read(file: string): string {
  return readFileSync(join(root(), folder, file), 'utf8');
}

function root(): string {
  let at = __dirname;
  while (!existsSync(join(at, folder))) {
    if (dirname(at) === at) throw new Error(`${folder} is not above ${__dirname}`);
    at = dirname(at);
  }
  return at;
}
