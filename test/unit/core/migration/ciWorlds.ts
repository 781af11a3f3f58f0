import { pieces } from './ciPieces';
import type { Piece } from './ciPieces';
import { pick } from './random';
import type { Random } from './random';

/**
 * CI configurations with a truth beside them: which jobs need a certificate cluster, and why. Written as text by hand, so
 * that nothing here depends on how such a text is read.
 */
export interface CiWorld {
  /** Files of one project. */
  readonly files: Readonly<Record<string, string>>;
  /** A file of another project that is included, where there is one to draw. */
  readonly shared: string | undefined;
  /** What each job needs, in the words of agents and environments 12.3; empty for a job that needs nothing. */
  readonly needs: ReadonlyMap<string, readonly string[]>;
  /** Signs that a job has moved, in the words of the same section. */
  readonly moved: ReadonlyMap<string, readonly string[]>;
  /** In which ways the jobs are written, each with what it needs and its signs. */
  readonly drawn: readonly { readonly form: Form; readonly rows: readonly string[] }[];
}

/** Ways in which people write a job. */
export const forms = [
  ...(['plain', 'before_script', 'block', 'extends', 'extends twice', 'extends a list', '!reference'] as const),
  ...(['!reference twice', 'anchor', 'include of a file', 'include of a project', 'include of a template'] as const),
  ...(['default', 'old default', 'rules', '!reference of rules'] as const),
] as const;
export type Form = (typeof forms)[number];

const environments: readonly (readonly string[] | undefined)[] = [
  undefined,
  ['name: production'],
  ['name: production'],
  ['name: review/$CI_COMMIT_REF_SLUG', 'on_stop: stop it'],
  ['name: staging', 'action: stop'],
  ['name: staging', 'action: verify'],
];

/** A project another one's configuration may be included from, and the path of the file there. */
export interface SharedFile {
  readonly project: string;
  readonly file: string;
}

interface Writing {
  readonly main: string[];
  readonly included: string[];
  readonly shared: string[];
  /** Hidden jobs, which others take from. */
  readonly bases: string[];
  readonly variables: string[];
  readonly drawn: { readonly form: Form; readonly rows: readonly string[] }[];
}

/** A configuration with some jobs, in one of the ways people write them. */
export function ciWorld(random: Random, from?: SharedFile): CiWorld {
  const needs = new Map<string, readonly string[]>();
  const moved = new Map<string, readonly string[]>();
  const writing: Writing = { main: [], included: [], shared: [], bases: [], variables: [], drawn: [] };
  const includes: string[] = [];
  if (random(12) === 0) {
    writing.main.push('workflow:', '  rules:', "    - if: '$CI_KUBERNETES_ACTIVE'");
    needs.set('workflow', ['CI_KUBERNETES_ACTIVE']);
    writing.drawn.push({ form: 'rules', rows: ['CI_KUBERNETES_ACTIVE'] });
  }
  if (random(10) === 0) {
    const template = pick(random, ['Auto-DevOps.gitlab-ci.yml', 'Jobs/Deploy.gitlab-ci.yml']);
    const hasContext = random(3) === 0;
    if (hasContext) writing.variables.push('KUBE_CONTEXT: g/a:prod');
    includes.push(`  - template: ${template}`);
    needs.set('production', [...(hasContext ? [] : ['Auto DevOps']), 'KUBE_INGRESS_BASE_DOMAIN']);
    moved.set('production', hasContext ? ['KUBE_CONTEXT'] : []);
    writing.drawn.push({ form: 'include of a template', rows: [template, ...(hasContext ? ['KUBE_CONTEXT'] : [])] });
  }
  const hasContext = writing.variables.length > 0;
  const count = 1 + random(6);
  for (let n = 1; n <= count; n++) {
    const name = pick(random, [`deploy ${n}`, `deploy:${n}`, `deploy_${n}`]);
    const piece = pick(random, pieces)(random, `_${n}`);
    const base = pick(random, environments);
    const hasEnvironment = base !== undefined || piece.environment !== undefined;
    const environment = hasEnvironment ? [...(base ?? ['name: production']), ...(piece.environment ?? [])] : [];
    // Auto DevOps goes by the variable, wherever it is set.
    const own = (piece.needs ?? []).filter((need) => !(hasContext && need === 'Auto DevOps'));
    const all = [...(hasEnvironment ? own : []), ...(piece.always ?? [])];
    needs.set(name, all);
    moved.set(name, piece.moved ?? []);
    writing.variables.push(...(piece.top ?? []));
    const place = pick(random, ['main', 'main', 'included', from ? 'shared' : 'main'] as const);
    const { lines, form } = written(random, name, piece, environment, writing.bases);
    writing[place].push(...lines);
    const rows = [...all, ...(piece.moved ?? [])];
    writing.drawn.push({ form, rows });
    if (place !== 'main')
      writing.drawn.push({ form: place === 'shared' ? 'include of a project' : 'include of a file', rows });
  }
  const { main, included, shared, bases, variables, drawn } = writing;
  if (included.length > 0) includes.push('  - local: /ci/more.yml');
  if (from && shared.length > 0) includes.push(`  - project: ${from.project}`, `    file: /${from.file}`);
  const text = [
    'stages: [build, deploy, production]',
    ...(includes.length > 0 ? ['include:', ...includes] : []),
    ...(variables.length > 0 ? ['variables:', ...variables.map((line) => `  ${line}`)] : []),
    ...bases,
    ...main,
  ];
  const files: Record<string, string> = { '.gitlab-ci.yml': `${text.join('\n')}\n` };
  if (included.length > 0) files['ci/more.yml'] = `${included.join('\n')}\n`;
  return { files, shared: from && shared.length > 0 ? `${shared.join('\n')}\n` : undefined, needs, moved, drawn };
}

/** One job whose script comes from `default` or the top of the file, unless it has its own or wants none. */
export function defaultWorld(random: Random): CiWorld {
  let piece: Piece;
  do piece = pick(random, pieces)(random, '');
  while (!piece.script || piece.job || piece.rules || piece.environment || piece.top || piece.after);
  const isOld = random(2) === 0;
  const body = listed('before_script', piece.script);
  const own = random(4) === 0;
  const off = !own && !isOld && random(3) === 0;
  const isReached = !own && !off;
  const job = [
    'deploy:',
    random(2) === 0 ? '  environment: production' : '  environment: { name: production, action: verify }',
    ...(own ? ['  before_script: ["echo own"]'] : []),
    ...(off ? ['  inherit:', '    default: false'] : []),
    '  script: ["true"]',
  ];
  const needs = isReached ? [...(piece.needs ?? []), ...(piece.always ?? [])] : [];
  const moved = isReached ? (piece.moved ?? []) : [];
  return {
    files: { '.gitlab-ci.yml': `${[...(isOld ? body : ['default:', ...indented(body)]), ...job].join('\n')}\n` },
    shared: undefined,
    needs: new Map([['deploy', needs]]),
    moved: new Map([['deploy', moved]]),
    drawn: [{ form: isOld ? 'old default' : 'default', rows: [...needs, ...moved] }],
  };
}

function written(
  random: Random,
  name: string,
  piece: Piece,
  environment: readonly string[],
  bases: string[],
): { readonly lines: readonly string[]; readonly form: Form } {
  const key = /[: ]/.test(name) ? `"${name}"` : name;
  const script = piece.script ?? ['true'];
  const hidden = `.base_${name.replace(/\W/g, '_')}`;
  const after = piece.after ? listed('after_script', piece.after) : [];
  const rules = piece.rules ? ['rules:', ...piece.rules.map((line) => `  ${line}`)] : [];
  const around = [
    ...(piece.job ?? []),
    ...after,
    ...(environment.length > 0 ? ['environment:', ...environment.map((line) => `  ${line}`)] : []),
  ];
  const scripts = listed('script', script);
  if (rules.length > 0) {
    if (random(2) === 0) return { lines: [`${key}:`, ...indented([...scripts, ...around, ...rules])], form: 'rules' };
    bases.push(`${hidden}:`, ...indented(rules));
    const referred = [`rules:`, `  - !reference [${hidden}, rules]`];
    return { lines: [`${key}:`, ...indented([...scripts, ...around, ...referred])], form: '!reference of rules' };
  }
  const ways: readonly (() => { readonly lines: readonly string[]; readonly form: Form })[] = [
    () => ({ lines: [`${key}:`, ...indented([...scripts, ...around])], form: 'plain' }),
    () => ({
      lines: [`${key}:`, ...indented([...listed('before_script', script), ...listed('script', ['true']), ...around])],
      form: 'before_script',
    }),
    () => ({
      lines: [`${key}:`, '  script: |', ...script.map((line) => `    ${line}`), ...indented(around)],
      form: 'block',
    }),
    () => {
      bases.push(`${hidden}:`, ...indented([...scripts, ...around]));
      return { lines: [`${key}:`, `  extends: ${hidden}`], form: 'extends' };
    },
    () => {
      bases.push(`${hidden}_2:`, ...indented(scripts), `${hidden}:`, `  extends: ${hidden}_2`, ...indented(around));
      return { lines: [`${key}:`, `  extends: ${hidden}`], form: 'extends twice' };
    },
    () => {
      bases.push(`${hidden}_2:`, '  script: ["./other.sh"]', `${hidden}:`, ...indented(scripts));
      return { lines: [`${key}:`, `  extends: [${hidden}_2, ${hidden}]`, ...indented(around)], form: 'extends a list' };
    },
    () => {
      bases.push(`${hidden}:`, ...indented(scripts));
      const refers = ['  script:', `    - !reference [${hidden}, script]`, '    - ./done.sh'];
      return { lines: [`${key}:`, ...refers, ...indented(around)], form: '!reference' };
    },
    () => {
      const inner = ['  script:', `    - !reference [${hidden}_2, script]`];
      bases.push(`${hidden}_2:`, ...indented(scripts), `${hidden}:`, ...inner);
      const refers = ['  before_script:', `    - !reference [${hidden}, script]`, '  script: ["true"]'];
      return { lines: [`${key}:`, ...refers, ...indented(around)], form: '!reference twice' };
    },
    () => {
      // An anchor holds in its own file only.
      const anchor = hidden.slice(1);
      return {
        lines: [`${hidden}: &${anchor}`, ...indented(scripts), `${key}:`, `  <<: *${anchor}`, ...indented(around)],
        form: 'anchor',
      };
    },
  ];
  return pick(random, ways)();
}

function listed(key: string, script: readonly string[]): string[] {
  return [`${key}:`, ...script.map((line) => `  - ${JSON.stringify(line)}`)];
}

function indented(text: readonly string[]): string[] {
  return text.map((line) => `  ${line}`);
}
