import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const folder = 'test/gitlab/certificates';

/** The PEM files: CA certificates of clusters, and a certificate with its key to serve loopback over TLS. */
export type CertificateName = 'production-eu' | 'staging-expired' | 'edge' | 'localhost' | 'localhost-key';

/** Text of one of the PEM files, wherever the bundle that asks was put. */
export function certificate(name: CertificateName): string {
  let root = __dirname;
  while (!existsSync(join(root, folder))) {
    if (dirname(root) === root) {
      throw new Error(`${folder} is not above ${__dirname}`);
    }
    root = dirname(root);
  }
  return readFileSync(join(root, folder, `${name}.pem`), 'utf8');
}
