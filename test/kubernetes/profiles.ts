/** How one product presents the Kubernetes API. */
export interface KubernetesProfile {
  readonly gitVersion: string;
  readonly major: string;
  readonly minor: string;
  /**
   * Who may ask without a token: `public` gives health and version (upstream's default), `health` the health alone (GKE's
   * LIMITED, Talos), `off` nothing.
   */
  readonly anonymous: 'public' | 'health' | 'off';
  /** Below which path the API is; everything else is the product's own. */
  readonly path: string;
  /** OpenShift adds the reason after a colon. */
  readonly forbiddenNote: string;
  /** Answers outside the path, as Rancher does. */
  readonly outside: 'notFound' | 'rancher';
}

const plain: KubernetesProfile = {
  gitVersion: 'v1.32.0',
  major: '1',
  minor: '32',
  anonymous: 'public',
  path: '',
  forbiddenNote: '',
  outside: 'notFound',
};

/** Profiles by product; versions as these products write them. */
export const kubernetesProfiles = {
  plain,
  gke: { ...plain, gitVersion: 'v1.30.5-gke.1014001', minor: '30', anonymous: 'health' },
  eks: { ...plain, gitVersion: 'v1.31.2-eks-7f9249a', minor: '31+' },
  openshift: {
    ...plain,
    gitVersion: 'v1.27.6+f67aeb3',
    minor: '27',
    forbiddenNote: ': RBAC: clusterrole.rbac.authorization.k8s.io "example" not found',
  },
  k3s: { ...plain, gitVersion: 'v1.30.4+k3s1', minor: '30', anonymous: 'off' },
  rancher: {
    ...plain,
    gitVersion: 'v1.28.15+rke2r1',
    minor: '28',
    anonymous: 'off',
    path: '/k8s/clusters/c-m-abc',
    outside: 'rancher',
  },
} as const satisfies Record<string, KubernetesProfile>;
