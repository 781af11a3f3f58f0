/**
 * What is sent when a cluster is added or edited: only the fields present go out (GitLab API contract 1.4, 1.5).
 * `managementProjectId: null` clears it, `caCert: ''` removes the certificate, `baseDomain: ''` clears the domain.
 * `serviceToken` is the Kubernetes token: it lives for one submit and is never returned.
 */
export interface ClusterFields {
  readonly name?: string;
  readonly baseDomain?: string;
  readonly enabled?: boolean;
  readonly managed?: boolean;
  readonly namespacePerEnvironment?: boolean;
  readonly environmentScope?: string;
  readonly managementProjectId?: number | null;
  readonly apiUrl?: string;
  readonly serviceToken?: string;
  readonly caCert?: string;
  readonly namespace?: string;
  /** Create-only. */
  readonly authorizationType?: string;
}

export type ClusterField = keyof ClusterFields;
