/**
 * CI configurations with a truth beside them: which jobs need a certificate cluster, and why. Written as text by hand, so
 * that nothing here depends on how such a text is read.
 */
export interface CiWorld {
  /** Files of one project. */
  readonly files: Readonly<Record<string, string>>;
  /** What each job needs, in the words of agents and environments 12.3; empty for a job that needs nothing. */
  readonly needs: ReadonlyMap<string, readonly string[]>;
}

export type Random = (below: number) => number;

/** Numbers that are the same for the same seed. */
export function randomFrom(seed: number): Random {
  let state = seed >>> 0 || 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state % below;
  };
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

/** What a piece of a job brings with it. `needs` holds where the job has an environment, `always` in any case. */
interface Piece {
  /** Lines for `script`, or another of the three. */
  readonly script?: readonly string[];
  /** Lines below the job, indented by two. */
  readonly job?: readonly string[];
  /** Lines below `environment:`, indented by four. */
  readonly environment?: readonly string[];
  readonly needs?: readonly string[];
  readonly always?: readonly string[];
}

const pieces: readonly ((random: Random) => Piece)[] = [
  // A variable in a script
  (random) => {
    const name = pick(random, variables);
    return { script: [`deploy.sh ${pick(random, written)(name)}`], needs: [name] };
  },
  // A variable in a variable of the job
  (random) => {
    const name = pick(random, variables);
    return { job: ['variables:', `  TARGET: "https://$${name}/x"`], script: ['echo $TARGET'], needs: [name] };
  },
  // A variable in the address of the environment
  () => ({ environment: ['url: https://web.$KUBE_INGRESS_BASE_DOMAIN'], needs: ['KUBE_INGRESS_BASE_DOMAIN'] }),
  // A condition
  (random) => {
    const name = pick(random, variables);
    return { job: ['rules:', `  - if: '$${name} != null'`], script: ['true'], needs: [name] };
  },
  () => ({ job: ['rules:', "  - if: '$CI_KUBERNETES_ACTIVE'"], script: ['true'], always: ['CI_KUBERNETES_ACTIVE'] }),
  () => ({ script: ['test "$CI_KUBERNETES_ACTIVE" = true'], always: ['CI_KUBERNETES_ACTIVE'] }),
  () => ({ job: ['only:', '  refs: [main]', '  kubernetes: active'], always: ['kubernetes: active'] }),
  () => ({ job: ['except:', '  kubernetes: active'], always: ['kubernetes: active'] }),
  () => ({
    script: ['kubectl config use-context gitlab-deploy', 'kubectl get pods'],
    needs: ['gitlab-deploy', 'kubectl'],
  }),
  () => ({ script: ['kubectl --context gitlab-deploy get pods'], needs: ['gitlab-deploy'] }),
  () => ({ environment: ['kubernetes:', '  namespace: mine'], needs: ['environment.kubernetes.namespace'] }),
  (random) => {
    const [tool, line] = pick(random, tools);
    return { script: [line], needs: [tool] };
  },
  // The tool before the context is selected
  () => ({ script: ['kubectl get ns', 'kubectl config use-context g/a:prod'], needs: ['kubectl'] }),
  // One command names a context, the other does not
  () => ({ script: ['kubectl --context g/a:prod get ns', 'kubectl get pods'], needs: ['kubectl'] }),
  // What only Auto DevOps reads does nothing for kubectl
  () => ({ job: ['variables:', '  KUBE_CONTEXT: g/a:prod'], script: ['kubectl get pods'], needs: ['kubectl'] }),
  () => ({ job: ['image: example.com/auto-deploy-image:v2'], script: ['auto-deploy deploy'], needs: ['Auto DevOps'] }),
  // Nothing that needs a cluster:
  () => ({ script: ['echo hello'] }),
  () => ({ script: ['kubectl config use-context g/a:prod', 'kubectl apply -f k8s.yml'] }),
  () => ({ script: ['kubectl --context=g/a:prod apply -f k8s.yml'] }),
  () => ({ script: ['helm --kube-context g/a:prod upgrade web ./chart'] }),
  () => ({ job: ['variables:', '  HELM_KUBECONTEXT: g/a:prod'], script: ['helm upgrade web ./chart'] }),
  () => ({ job: ['variables:', '  KUBE_CONTEXT: g/a:prod'], script: ['auto-deploy deploy'] }),
  () => ({ environment: ['kubernetes:', '  agent: g/a:prod', '  namespace: web'], script: ['echo moved'] }),
  () => ({
    job: ['variables:', '  KUBE_NAMESPACE: web'],
    script: ['kubectl config use-context g/a:prod', 'kubectl -n $KUBE_NAMESPACE get pods'],
  }),
  () => ({ job: ['variables:', '  KUBECONFIG: /tmp/own'], script: ['kubectl get pods'] }),
  () => ({ script: ['apk add kubectl', 'kubectl config use-context g/a:prod', 'kubectl get pods'] }),
  () => ({ script: ['# uses $KUBE_URL no more', 'echo $MY_KUBE_URL_TOO'] }),
  () => ({ script: ['echo $KUBE_URLS'] }),
  () => ({ script: ['helm repo add x https://x.example.com', 'helm lint ./chart'] }),
  () => ({ script: ['helm repo update && helm upgrade web x/web'], needs: ['helm'] }),
  () => ({ script: ['export KUBECONFIG=/tmp/own', 'kubectl get pods'] }),
  () => ({
    script: ['kubectl get ns', 'export KUBECONFIG=/tmp/own', 'kubectl get pods'],
    needs: ['kubectl'],
  }),
  () => ({ script: ['cp $KUBECONFIG /tmp/own', 'export KUBECONFIG=/tmp/own'], needs: ['KUBECONFIG'] }),
  // Nothing that needs a cluster, though it looks so; what is said of these is a false alarm:
  () => ({ script: ['echo "KUBE_URL is no longer set here"'] }),
];

const environments: readonly (readonly string[] | undefined)[] = [
  undefined,
  ['name: production'],
  ['name: review/$CI_COMMIT_REF_SLUG', 'on_stop: stop it'],
  ['name: staging', 'action: stop'],
  ['name: staging', 'action: verify'],
];

/** A configuration with some jobs, in one of the ways people write them. */
export function ciWorld(random: Random): CiWorld {
  const needs = new Map<string, readonly string[]>();
  const main: string[] = ['stages: [build, deploy]'];
  const included: string[] = [];
  const shared: string[] = [];
  const count = 1 + random(6);
  for (let n = 1; n <= count; n++) {
    const name = pick(random, [`deploy ${n}`, `deploy:${n}`, `deploy_${n}`]);
    const piece = pick(random, pieces)(random);
    const base = pick(random, environments);
    const hasEnvironment = base !== undefined || piece.environment !== undefined;
    const environment = hasEnvironment ? [...(base ?? ['name: production']), ...(piece.environment ?? [])] : [];
    needs.set(name, [...(hasEnvironment ? (piece.needs ?? []) : []), ...(piece.always ?? [])]);
    const into = random(3) === 0 ? included : main;
    into.push(...jobLines(random, name, piece, environment, shared));
  }
  // What `default` brings reaches every job that has no `before_script` of its own.
  const files: Record<string, string> = {
    '.gitlab-ci.yml': `${[...(included.length > 0 ? ['include:', '  - local: /ci/more.yml'] : []), ...shared, ...main].join('\n')}\n`,
  };
  if (included.length > 0) files['ci/more.yml'] = `${included.join('\n')}\n`;
  return { files, needs };
}

function jobLines(
  random: Random,
  name: string,
  piece: Piece,
  environment: readonly string[],
  shared: string[],
): string[] {
  const key = /[: ]/.test(name) ? `"${name}"` : name;
  const script = piece.script ?? ['true'];
  const before = random(4) === 0 ? 'before_script' : 'script';
  const body = [
    ...(piece.job ?? []),
    ...(environment.length > 0 ? ['environment:', ...environment.map((line) => `  ${line}`)] : []),
  ];
  const hidden = `.base_${name.replace(/\W/g, '_')}`;
  const way = random(6);
  const scripts =
    before === 'script' ? lines('script', script) : [...lines('before_script', script), ...lines('script', ['true'])];
  switch (way) {
    case 0:
      shared.push(`${hidden}:`, ...indented([...scripts, ...body]));
      return [`${key}:`, `  extends: ${hidden}`];
    case 1:
      shared.push(`${hidden}:`, ...indented(scripts));
      return [`${key}:`, `  extends: [${hidden}]`, ...indented(body)];
    case 2:
      shared.push(`${hidden}:`, ...indented(lines('script', script)));
      return [`${key}:`, '  script:', `    - !reference [${hidden}, script]`, '    - echo done', ...indented(body)];
    case 3:
      // An anchor holds in its own file only.
      return [
        `${hidden}: &${hidden.slice(1)}`,
        ...indented(lines('script', script)),
        `${key}:`,
        `  <<: *${hidden.slice(1)}`,
        ...indented(body),
      ];
    case 4:
      return [`${key}:`, '  script: |', ...script.map((line) => `    ${line}`), ...indented(body)];
    default:
      return [`${key}:`, ...indented([...scripts, ...body])];
  }
}

/** One job whose tools or variables come from `default` or the top of the file. */
export function defaultWorld(random: Random): CiWorld {
  const name = pick(random, variables);
  const isOld = random(2) === 0;
  const top = isOld
    ? ['before_script:', `  - login $${name}`]
    : ['default:', '  before_script:', `    - login $${name}`];
  const own = random(3) === 0;
  const off = !own && !isOld && random(2) === 0;
  const job = [
    'deploy:',
    '  environment: production',
    ...(own ? ['  before_script: ["echo own"]'] : []),
    ...(off ? ['  inherit:', '    default: false'] : []),
    '  script: ["true"]',
  ];
  return {
    files: { '.gitlab-ci.yml': `${[...top, ...job].join('\n')}\n` },
    needs: new Map([['deploy', own || off ? [] : [name]]]),
  };
}

function lines(key: string, script: readonly string[]): string[] {
  return [`${key}:`, ...script.map((line) => `  - ${JSON.stringify(line)}`)];
}

function indented(text: readonly string[]): string[] {
  return text.map((line) => `  ${line}`);
}

function pick<T>(random: Random, from: readonly [T, ...T[]] | readonly T[]): T {
  const rest = [...from].slice(random(from.length));
  for (const one of rest) return one;
  throw new Error('nothing to pick from');
}
