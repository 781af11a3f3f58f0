import { pick } from './random';
import type { Random } from './random';

/** What a piece of a job brings with it. */
export interface Piece {
  /** Lines of `script`, or of the place that stands for it. */
  readonly script?: readonly string[];
  readonly after?: readonly string[];
  /** Lines below the job, indented by two. */
  readonly job?: readonly string[];
  readonly rules?: readonly string[];
  /** Lines below `environment:`, indented by four. */
  readonly environment?: readonly string[];
  /** Lines below `variables:` at the top of the file. */
  readonly top?: readonly string[];
  /** What it needs where the job has an environment, and what it needs in any case. */
  readonly needs?: readonly string[];
  readonly always?: readonly string[];
  /** Signs that the job has moved. */
  readonly moved?: readonly string[];
}

const variables = [
  ...['KUBE_URL', 'KUBE_TOKEN', 'KUBE_CA_PEM', 'KUBE_CA_PEM_FILE', 'KUBE_NAMESPACE', 'KUBE_SERVICE_ACCOUNT'],
  ...['KUBECONFIG', 'KUBE_INGRESS_BASE_DOMAIN'],
];
const written = [
  (name: string) => `$${name}`,
  (name: string) => `\${${name}}`,
  (name: string) => `%${name}%`,
  (name: string) => `"$${name}-x"`,
];
const tools = [
  ['kubectl', 'kubectl apply -f k8s.yml'],
  ['kubectl', '/usr/local/bin/kubectl -n web rollout status deploy/web'],
  ['kubectl', 'test -f a && kubectl delete pod x'],
  ['helm', 'helm upgrade --install web ./chart'],
  ['helm', 'DEBUG=1 helm3 upgrade web ./chart'],
  ['helmfile', 'helmfile sync'],
  ['kustomize', 'kustomize build . > all.yml'],
  ['kubectl', 'if true; then kubectl get pods; fi'],
  ['kubectl', 'docker run --rm bitnami/kubectl get nodes'],
] as const;
/** What is printed, and used by what it is printed into. */
const printedAndUsed = [
  (name: string) => `echo "$${name}" | docker login -u x --password-stdin`,
  (name: string) => `echo "$${name}" > a.txt`,
  (name: string) => `echo "$${name}">>a.txt`,
  (name: string) => `printf '%s' "$${name}" | base64 -d > a.txt`,
  (name: string) => `echo $(./login "$${name}")`,
  (name: string) => `true && echo "\${${name}}" | tee a.txt`,
  (name: string) => `echo "to $${name}"`,
  (name: string) => `echo "KEY=\`cat $${name}\`"`,
  (name: string) => `{ echo "$${name}"; } > a.txt`,
] as const;
const printedCommands: readonly (readonly string[])[] = [
  ['echo "$(kubectl get pods)"'],
  ['echo `kubectl get pods`'],
  ['echo "kubectl apply -f k8s.yml" | sh'],
  ["echo 'kubectl apply -f k8s.yml' > run.sh", 'sh run.sh'],
  ['{ echo "kubectl get pods"; } | sh'],
  ['for one in a b; do echo "kubectl delete $one"; done | sh'],
  ['say() { echo "kubectl get pods"; }', 'say | sh'],
  ['function say {', '  echo "kubectl get pods"', '}', 'say | sh'],
  ['exec > run.sh', 'echo "kubectl get pods"'],
  ['cat <<EOF | sh', 'echo "$X"; kubectl get pods', 'EOF'],
  ['OUT=$(', 'echo "x"; kubectl get pods', ')'],
  ['echo "one', 'kubectl get pods" | sh'],
  ['echo done; kubectl get pods'],
  ['echo "a && b" || kubectl get pods'],
  ['echo "#1" && kubectl get pods'],
];
const printedForPeople: readonly (readonly string[])[] = [
  ['echo "KUBE_URL is no longer set here"'],
  ['echo "run kubectl apply yourself"'],
  ["echo 'helm; kubectl && helmfile'"],
  ['printf "%s: no KUBE_TOKEN\\n" "$0"'],
  ['test -f a || echo "gitlab-deploy is gone" >&2'],
  ['if true; then echo "see CI_KUBERNETES_ACTIVE"; fi'],
  ['echo "kubectl of $CI_PROJECT_NAME" > /dev/null'],
  ['true # kubectl apply, KUBE_URL'],
  ['# uses $KUBE_URL no more', 'echo $MY_KUBE_URL_TOO'],
  ['echo $KUBE_URLS'],
  ['echo hello'],
];

/** Pieces of jobs, by what they need: every row of agents and environments 12.3, and what looks like one and is none. */
export const pieces: readonly ((random: Random, suffix: string) => Piece)[] = [
  // A variable in a script
  (random) => {
    const name = pick(random, variables);
    return { script: [`deploy.sh ${pick(random, written)(name)}`], needs: [name] };
  },
  (random) => {
    const name = pick(random, variables);
    return { script: [pick(random, printedAndUsed)(name)], needs: [name] };
  },
  // A variable in a variable of the job, or of the file
  (random) => {
    const name = pick(random, variables);
    return { job: ['variables:', `  TARGET: "https://$${name}/x"`], script: ['curl $TARGET'], needs: [name] };
  },
  (random, suffix) => {
    const name = pick(random, variables);
    return { top: [`TARGET${suffix}: "https://$${name}/x"`], script: [`curl "$TARGET${suffix}"`], needs: [name] };
  },
  // A variable in the address of the environment
  () => ({ environment: ['url: https://web.$KUBE_INGRESS_BASE_DOMAIN'], needs: ['KUBE_INGRESS_BASE_DOMAIN'] }),
  // A condition
  (random) => {
    const name = pick(random, variables);
    return { rules: [`- if: '$${name} != null'`], script: ['true'], needs: [name] };
  },
  (random) => {
    const name = pick(random, variables);
    return { rules: ['- if: $CI_COMMIT_TAG', '  variables:', `    AT: $${name}`], needs: [name] };
  },
  () => ({ rules: ["- if: '$CI_KUBERNETES_ACTIVE'"], script: ['true'], always: ['CI_KUBERNETES_ACTIVE'] }),
  () => ({ script: ['test "$CI_KUBERNETES_ACTIVE" = true'], always: ['CI_KUBERNETES_ACTIVE'] }),
  () => ({ job: ['only:', '  refs: [main]', '  kubernetes: active'], always: ['kubernetes: active'] }),
  () => ({ job: ['except:', '  kubernetes: active'], always: ['kubernetes: active'] }),
  () => ({
    script: ['kubectl config use-context gitlab-deploy', 'kubectl get pods'],
    needs: ['gitlab-deploy', 'kubectl'],
  }),
  () => ({ script: ['kubectl --context gitlab-deploy get pods'], needs: ['gitlab-deploy'] }),
  () => ({ environment: ['kubernetes:', '  namespace: mine'], needs: ['environment.kubernetes.namespace'] }),
  ...[1, 2, 3].map(() => (random: Random): Piece => {
    const [tool, line] = pick(random, tools);
    return { script: [line], needs: [tool] };
  }),
  // The tool before the context is selected, or in a shell of its own
  () => ({
    script: ['kubectl get ns', 'kubectl config use-context g/a:prod'],
    needs: ['kubectl'],
    moved: ['use-context'],
  }),
  () => ({
    script: ['kubectl config use-context g/a:prod', 'helm lint ./chart'],
    after: ['kubectl get pods'],
    needs: ['kubectl'],
    moved: ['use-context'],
  }),
  // One command names a context, the other does not
  () => ({
    script: ['kubectl --context g/a:prod get ns', 'kubectl get pods'],
    needs: ['kubectl'],
    moved: ['--context'],
  }),
  // What only Auto DevOps reads does nothing for kubectl
  () => ({
    job: ['variables:', '  KUBE_CONTEXT: g/a:prod'],
    script: ['kubectl get pods'],
    needs: ['kubectl'],
    moved: ['KUBE_CONTEXT'],
  }),
  () => ({ job: ['image: example.com/auto-deploy-image:v2'], script: ['auto-deploy deploy'], needs: ['Auto DevOps'] }),
  // What is printed is used
  ...[1, 2].map(() => (random: Random): Piece => ({ script: pick(random, printedCommands), needs: ['kubectl'] })),
  // Nothing that needs a cluster:
  ...[1, 2, 3].map(() => (random: Random): Piece => ({ script: pick(random, printedForPeople) })),
  () => ({ script: ['kubectl config use-context g/a:prod', 'kubectl apply -f k8s.yml'], moved: ['use-context'] }),
  () => ({
    script: ['kubectl config use-context g/a:prod # was gitlab-deploy of $KUBE_URL', 'kubectl apply -f k8s.yml'],
    moved: ['use-context'],
  }),
  () => ({ script: ['kubectl --context=g/a:prod apply -f k8s.yml'], moved: ['--context'] }),
  () => ({ script: ['helm --kube-context g/a:prod upgrade web ./chart'], moved: ['--context'] }),
  () => ({
    job: ['variables:', '  HELM_KUBECONTEXT: g/a:prod'],
    script: ['helm upgrade web ./chart'],
    moved: ['HELM_KUBECONTEXT'],
  }),
  () => ({
    job: ['variables:', '  KUBE_CONTEXT: g/a:prod'],
    script: ['auto-deploy deploy'],
    moved: ['KUBE_CONTEXT'],
  }),
  () => ({
    environment: ['kubernetes:', '  agent: g/a:prod', '  namespace: web'],
    script: ['echo moved'],
    moved: ['environment.kubernetes.agent'],
  }),
  () => ({
    job: ['variables:', '  KUBE_NAMESPACE: web'],
    script: ['kubectl config use-context g/a:prod', 'kubectl -n $KUBE_NAMESPACE get pods'],
    moved: ['use-context'],
  }),
  () => ({ job: ['variables:', '  KUBECONFIG: /tmp/own'], script: ['kubectl get pods'] }),
  () => ({
    script: ['apk add kubectl', 'kubectl config use-context g/a:prod', 'kubectl get pods'],
    moved: ['use-context'],
  }),
  () => ({ script: ['helm repo add x https://x.example.com', 'helm lint ./chart'] }),
  () => ({ script: ['helm repo update && helm upgrade web x/web'], needs: ['helm'] }),
  () => ({ script: ['export KUBECONFIG=/tmp/own', 'kubectl get pods'] }),
  () => ({
    script: ['kubectl get ns', 'export KUBECONFIG=/tmp/own', 'kubectl get pods'],
    needs: ['kubectl'],
  }),
  () => ({ script: ['cp $KUBECONFIG /tmp/own', 'export KUBECONFIG=/tmp/own'], needs: ['KUBECONFIG'] }),
  () => ({ script: ['export KUBECONFIG=/tmp/own', 'true'], after: ['kubectl get pods'], needs: ['kubectl'] }),
];
