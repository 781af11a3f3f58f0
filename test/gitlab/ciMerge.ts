import { defineSequenceTag, dump, load, mergeTag, CORE_SCHEMA } from 'js-yaml';

/** Where a configuration comes from, and how other files are found. */
export interface CiSource {
  /** A file of the same project; undefined where there is none. */
  local(path: string): string | undefined;
  /** A file of another project; undefined also where the caller may not read that. */
  other(project: string, path: string): string | undefined;
}

export interface MergedCi {
  readonly valid: boolean;
  readonly errors: readonly string[];
  readonly yaml: string | null;
  readonly includes: readonly { readonly type: string; readonly location: string }[];
  readonly jobs: readonly Record<string, unknown>[];
}

type Config = Record<string, unknown>;

class Reference {
  readonly path: unknown[] = [];
}

const schema = CORE_SCHEMA.withTags(
  mergeTag,
  defineSequenceTag<Reference>('!reference', {
    create: () => new Reference(),
    addItem: ({ path }, item) => void path.push(item),
    identify: () => false,
  }),
);

const notJobs = ['default', 'include', 'stages', 'types', 'variables', 'workflow', 'image', 'services', 'cache'];

/** Templates that come with GitLab, as far as they deploy: in our words, with what a client can recognise them by. */
const templates: Readonly<Record<string, string>> = {
  'Auto-DevOps.gitlab-ci.yml': `include:
  - template: Jobs/Deploy.gitlab-ci.yml
build:
  stage: build
  script: [/build/build.sh]
`,
  'Jobs/Deploy.gitlab-ci.yml': `.auto-deploy:
  image: registry.example.com/auto-deploy-image:v2.118.0
production:
  extends: .auto-deploy
  stage: production
  script:
    - auto-deploy use_kube_context || true
    - auto-deploy check_kube_domain
    - auto-deploy ensure_namespace
    - auto-deploy deploy
  environment:
    name: production
    url: http://$CI_PROJECT_PATH_SLUG.$KUBE_INGRESS_BASE_DOMAIN
  rules:
    - if: '($CI_KUBERNETES_ACTIVE == null || $CI_KUBERNETES_ACTIVE == "") && ($KUBECONFIG == null || $KUBECONFIG == "")'
      when: never
    - if: '$CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH'
`,
};

/**
 * Merges a configuration as GitLab does before it makes a pipeline: includes, then `extends`, then `!reference` (agents
 * and environments 12.1). `symbols`: keys as old servers write them.
 */
export function mergeCi(text: string, source: CiSource, symbols: boolean): MergedCi {
  const includes: { type: string; location: string }[] = [];
  try {
    const whole = withIncludes(parse(text), source, includes, 0);
    const extended: Config = {};
    for (const [name, job] of Object.entries(whole)) extended[name] = isConfig(job) ? extend(whole, job, 0) : job;
    const merged: Config = {};
    for (const [name, job] of Object.entries(extended)) merged[name] = follow(extended, job, 0);
    return { valid: true, errors: [], yaml: write(merged, symbols), includes, jobs: jobsOf(merged) };
  } catch (error) {
    const message = error instanceof Unusable ? error.message : 'Invalid configuration format';
    return { valid: false, errors: [message], yaml: null, includes: [], jobs: [] };
  }
}

class Unusable extends Error {}

function parse(text: string): Config {
  const parsed = load(text, { schema, json: true });
  if (!isConfig(parsed)) throw new Unusable('Invalid configuration format');
  return parsed;
}

function withIncludes(config: Config, source: CiSource, found: MergedCi['includes'] & object[], level: number): Config {
  const { include, ...own } = config;
  if (include === undefined) return own;
  if (level > 10) throw new Unusable('Includes are nested too deeply');
  const wanted = Array.isArray(include) ? include : [include];
  let below: Config = {};
  for (const one of wanted) {
    const { type, location, text } = fetchInclude(one, source);
    found.push({ type, location });
    below = deepMerge(below, withIncludes(parse(text), source, found, level + 1));
  }
  return deepMerge(below, own);
}

function fetchInclude(include: unknown, source: CiSource): { type: string; location: string; text: string } {
  const entry: Config = typeof include === 'string' ? { local: include } : isConfig(include) ? include : {};
  const { local, template, project, file } = entry;
  if (typeof local === 'string') {
    const text = source.local(local.replace(/^\//, ''));
    if (text === undefined) throw new Unusable(`Local file \`${local}\` does not exist!`);
    return { type: 'local', location: local, text };
  }
  if (typeof template === 'string') {
    const text = templates[template];
    if (text === undefined) throw new Unusable(`Template file \`${template}\` is not a valid location!`);
    return { type: 'template', location: template, text };
  }
  const text =
    typeof project === 'string' && typeof file === 'string'
      ? source.other(project, file.replace(/^\//, ''))
      : undefined;
  if (text === undefined) {
    throw new Unusable(
      `Project \`${String(project)}\` not found or access denied! Make sure any includes in the pipeline configuration are correctly defined.`,
    );
  }
  return { type: 'file', location: String(file), text };
}

function extend(whole: Config, job: Config, level: number): Config {
  const bases = job['extends'];
  if (bases === undefined) return job;
  if (level > 10) throw new Unusable('Extends are nested too deeply');
  let below: Config = {};
  for (const name of Array.isArray(bases) ? bases : [bases]) {
    const base = whole[String(name)];
    if (!isConfig(base)) throw new Unusable(`unknown keys in \`extends\` (${String(name)})`);
    below = deepMerge(below, extend(whole, base, level + 1));
  }
  return deepMerge(below, job);
}

function follow(whole: Config, value: unknown, level: number): unknown {
  if (level > 10) throw new Unusable('References are nested too deeply');
  if (value instanceof Reference) {
    let target: unknown = whole;
    for (const key of value.path) target = isConfig(target) ? target[String(key)] : undefined;
    if (target === undefined) throw new Unusable(`!reference ${JSON.stringify(value.path)} could not be found`);
    return follow(whole, target, level + 1);
  }
  if (Array.isArray(value)) return value.map((one) => follow(whole, one, level));
  if (isConfig(value)) {
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, follow(whole, one, level)]));
  }
  return value;
}

function deepMerge(below: Config, above: Config): Config {
  const merged: Config = { ...below };
  for (const [key, value] of Object.entries(above)) {
    const before = merged[key];
    merged[key] = isConfig(before) && isConfig(value) ? deepMerge(before, value) : value;
  }
  return merged;
}

function write(config: Config, symbols: boolean): string {
  const text = dump(symbols ? withSymbols(config) : config, { noRefs: false });
  return `---\n${text}`;
}

function withSymbols(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withSymbols);
  if (!isConfig(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [`:${key}`, withSymbols(one)]));
}

/** The jobs of the answer: what `default` gives them is in there, `rules` and variables are not. */
function jobsOf(config: Config): Record<string, unknown>[] {
  const inherited = isConfig(config['default']) ? config['default'] : {};
  const script = (job: Config, key: string) => flat(job[key] ?? inherited[key] ?? config[key]);
  return Object.entries(config).flatMap(([name, job]) => {
    if (name.startsWith('.') || notJobs.includes(name) || !isConfig(job)) return [];
    const { environment } = job;
    return [
      {
        name,
        stage: job['stage'] ?? 'test',
        before_script: script(job, 'before_script'),
        script: flat(job['script']),
        after_script: script(job, 'after_script'),
        tag_list: flat(job['tags']),
        only: job['only'] ?? { refs: ['branches', 'tags'] },
        except: job['except'] ?? null,
        environment: (isConfig(environment) ? environment['name'] : environment) ?? null,
        when: job['when'] ?? 'on_success',
        allow_failure: job['allow_failure'] ?? false,
        needs: job['needs'] ?? null,
      },
    ];
  });
}

function flat(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(flat);
  return value === undefined || value === null ? [] : [typeof value === 'string' ? value : JSON.stringify(value)];
}

function isConfig(value: unknown): value is Config {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Reference);
}
