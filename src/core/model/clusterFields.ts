import type { Attribute, attributes } from './attributes';

interface Values {
  readonly text: string;
  readonly flag: boolean;
  readonly choice: string;
  readonly certificate: string;
  readonly project: number | null;
  readonly secret: string;
}

/**
 * What is sent when a cluster is added or edited: only the fields present go out (GitLab API contract 1.4, 1.5).
 * `managementProjectId: null` clears it, `caCert: ''` removes the certificate, `baseDomain: ''` clears the domain.
 * `serviceToken` is the Kubernetes token: it lives for one submit and is never returned.
 */
export type ClusterFields = { readonly [A in Attribute]?: Values[(typeof attributes)[A]['kind']] };

export type ClusterField = Attribute;
