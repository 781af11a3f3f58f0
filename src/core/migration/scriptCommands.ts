/** Programs that talk to a cluster with the kubeconfig they are given. */
type Tool = 'kubectl' | 'helm' | 'helmfile' | 'kustomize';

/** What a job's script does about Kubernetes contexts. */
interface ScriptReading {
  /** Programs that run with the default context, which is that of the certificate cluster (agents and environments 4.3). */
  readonly withDefaultContext: readonly Tool[];
  /** Some context other than `gitlab-deploy` is selected, at least under a condition. */
  readonly selectsContext: boolean;
  /** A context is named for a single command. */
  readonly namesContext: boolean;
}

interface Command {
  readonly text: string;
  /** The program, where the text begins with it. */
  readonly program: Tool | undefined;
}

const TOOL = /(?<![\w.-])(kubectl|helmfile|helm|kustomize)(?:3|\.exe)?(?![\w-]|\.\w)/;
/** Words that may stand before a program. */
const BEFORE =
  /^(?:(?:if|then|elif|else|do|while|until|time|exec|sudo|command|!|\{|[A-Za-z_]\w*=(?:"[^"]*"|'[^']*'|\S*))\s+)*/;
const SELECTS =
  /(?:\bconfig\s+(?:use-context|use|set\s+current-context)|\buse-context|\bkubectx)\s+["']?(?!-)([^\s"';&|)]+)/;
const NAMES = /\s--(?:kube-)?context(?:=|\s+)(?!["']?gitlab-deploy)/;
/** A kubeconfig of its own. */
const OWN_FILE = /\s--kubeconfig(?:=|\s)/;
/** Commands that ask no cluster. */
const LOCAL =
  /\bkubectl(?:\.exe)?\s+(?:config|completion|help|version\s+--client)\b|\bhelm3?(?:\.exe)?\s+(?:lint|repo|dependency|dep|package|pull|push|registry|show|search|plugin|create|completion|help)\b/;

/**
 * Reads the lines of a script in their order. `isDefined` says whether the configuration sets a variable for the job.
 * `hasOwnKubeconfig`: its KUBECONFIG is not GitLab's.
 */
export function readScript(
  lines: readonly string[],
  isDefined: (variable: string) => boolean,
  hasOwnKubeconfig: boolean,
): ScriptReading {
  const commands = lines.flatMap(commandsOf);
  const script = lines.join('\n');
  const first = commands.findIndex(({ text }) => selects(text));
  const isCertain = first >= 0 && (isDefined('KUBE_CONTEXT') || !isConditional(script));
  const helmContext = isDefined('HELM_KUBECONTEXT') || /\bHELM_KUBECONTEXT=/.test(script);
  const open = commands.filter(
    ({ text }, index) =>
      !(isCertain && index > first) && !NAMES.test(text) && !OWN_FILE.test(text) && !LOCAL.test(text) && !selects(text),
  );
  const isOpen = (tool: Tool): boolean => !hasOwnKubeconfig && !(helmContext && tool.startsWith('helm'));
  const run = open.flatMap(({ program }) => program ?? []);
  // Where a context is selected, a tool that is only named is being installed or talked about.
  const named = isCertain ? [] : open.flatMap(({ text }) => toolIn(text) ?? []);
  return {
    withDefaultContext: [...new Set([...run, ...named])].filter(isOpen),
    selectsContext: first >= 0,
    namesContext: commands.some(({ text }) => NAMES.test(text)),
  };
}

function selects(text: string): boolean {
  const target = SELECTS.exec(text)?.[1];
  return target !== undefined && target !== 'gitlab-deploy';
}

/** Templates that serve both worlds select a context only where a variable names one. */
function isConditional(script: string): boolean {
  if (/(?:\[|-n|-z|\btest)[ \t]{0,9}["']?\$\{?KUBE_CONTEXT/.test(script)) return true;
  return script.split('\n').some((line) => {
    const at = line.indexOf('use-context');
    return at >= 0 && line.lastIndexOf('||') > at;
  });
}

function commandsOf(entry: string): Command[] {
  return entry
    .replace(/\\\r?\n/g, ' ')
    .split('\n')
    .filter((line) => !/^\s*#(?!!)/.test(line))
    .flatMap((line) => line.split(/&&|\|\||[;|()`]/))
    .map((part) => {
      const text = part.trim();
      const rest = text.slice(BEFORE.exec(text)?.[0].length ?? 0);
      const word = /^["']?[^\s"']+/.exec(rest)?.[0] ?? '';
      return { text, program: toolIn(word.replace(/^.*[/\\]/, '')) };
    });
}

function toolIn(text: string): Tool | undefined {
  switch (TOOL.exec(text)?.[1]) {
    case 'kubectl':
      return 'kubectl';
    case 'helm':
      return 'helm';
    case 'helmfile':
      return 'helmfile';
    case 'kustomize':
      return 'kustomize';
    default:
      return undefined;
  }
}
