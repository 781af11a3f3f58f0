import * as l10n from '@vscode/l10n';
import { explain } from '../../core/gitlab/explain';
import type { AgentStore } from '../../core/inventory/agentStore';
import type { AgentProject } from '../../core/model/agent';
import { agentFacts, tokenUseInWords } from '../../core/model/agentInWords';
import type { Cluster } from '../../core/model/cluster';
import type { Host, HostUrl } from '../../core/model/host';
import { plain } from '../../core/model/plainText';
import { markdownCell } from '../../core/model/tableCells';
import { Queue, drain } from '../../core/time/taskPool';
import type { Dialogs } from '../../editor/dialogs';

/** Projects asked at a time. */
const AT_A_TIME = 8;
/** More projects than these are asked only after a question. */
const UNASKED = 20;

/** The projects of a host that are watched or have clusters, each once, by path. */
export function knownProjects({ projects, url }: Host, clusters: readonly Cluster[]): readonly AgentProject[] {
  const known = new Map(projects.map(({ id, path }) => [id, { id, path }]));
  for (const { host, owner } of clusters)
    if (host === url && owner.level === 'project') known.set(owner.id, { id: owner.id, path: owner.path });
  return [...known.values()].sort((one, other) => one.path.localeCompare(other.path));
}

/** Reads the agents of these projects, eight at a time, and shows them in one document. Cancel ends it with what it has. */
export async function findAgents(
  host: Host,
  projects: readonly AgentProject[],
  { agents, dialogs }: { readonly agents: AgentStore; readonly dialogs: Dialogs },
): Promise<void> {
  const name = plain(host.name);
  if (projects.length === 0) {
    void dialogs.notify(
      'information',
      l10n.t('No project of {0} is known yet. Watch one or find all clusters first.', name),
    );
    return;
  }
  if (projects.length > UNASKED) {
    const button = l10n.t('Find Agents');
    const question = l10n.t('Ask {0} for the agents of {1} projects?', name, projects.length.toLocaleString());
    const detail = l10n.t('That takes at least one request for each project, eight at a time. You can cancel.');
    if ((await dialogs.confirm(question, detail, button)) !== button) return;
  }
  const asked = new Set<number>();
  const title = l10n.t('Finding agents of {0}', name);
  await dialogs.progress({ title, where: 'notification', cancellable: true }, async (report, signal) => {
    const tasks = new Queue<AgentProject>();
    for (const project of projects) tasks.push(project);
    const run = async (project: AgentProject, stop: AbortSignal): Promise<void> => {
      await agents.load(host.url, project, stop);
      if (stop.aborted) return;
      asked.add(project.id);
      const words = l10n.t('{0} of {1} projects', asked.size.toLocaleString(), projects.length.toLocaleString());
      report(words, 100 / projects.length);
    };
    try {
      await drain({ lanes: [{ tasks, share: AT_A_TIME }], slots: AT_A_TIME, run, signal });
    } catch (error) {
      // What was read until Cancel is worth showing.
      if (!signal.aborted) throw error;
    }
  });
  const text = reportText(host.url, projects, asked, agents);
  await dialogs.showText(l10n.t('Agents of {0}', name), `# ${l10n.t('GitLab agents of {0}', name)}\n\n${text}`, 'md');
}

function reportText(
  host: HostUrl,
  projects: readonly AgentProject[],
  asked: ReadonlySet<number>,
  agents: AgentStore,
): string {
  const now = new Date();
  const row = (...cells: readonly string[]): string => `| ${cells.map(markdownCell).join(' | ')} |`;
  const rows: string[] = [];
  const problems: string[] = [];
  let [without, hidden, unasked] = [0, 0, 0];
  for (const project of projects) {
    const state = agents.own(host, project.id);
    if (!asked.has(project.id)) unasked++;
    else if (state?.state === 'failed') problems.push(row(project.path, explain(state.error).title));
    else if (!state?.value?.agents) hidden++;
    else if (state.value.agents.length === 0) without++;
    else
      for (const agent of state.value.agents) {
        const tokens = agent.tokens?.map(
          (token) => `${plain(token.name)}: ${tokenUseInWords(token, agent.knowsLastUse, now)}`,
        );
        const words = tokens ? tokens.join(', ') || l10n.t('none') : l10n.t('not visible');
        rows.push(row(plain(project.path), plain(agent.name), agentFacts(agent, now).join(', '), words));
      }
  }
  const count = (number: number, words: string): string[] => (number === 0 ? [] : [`- ${words}`]);
  const divider = (columns: number): string => `|${' --- |'.repeat(columns)}`;
  return [
    ...(rows.length === 0
      ? [l10n.t('No agent was found.')]
      : [row(l10n.t('Project'), l10n.t('Agent'), l10n.t('State'), l10n.t('Tokens')), divider(4), ...rows]),
    '',
    ...(problems.length === 0 ? [] : [row(l10n.t('Could not be read'), l10n.t('Reason')), divider(2), ...problems, '']),
    ...count(without, l10n.t('Projects without agents: {0}', without.toLocaleString())),
    ...count(
      hidden,
      l10n.t('Projects whose agents are not visible to this access token: {0}', hidden.toLocaleString()),
    ),
    ...count(unasked, l10n.t('Projects not asked (cancelled): {0}', unasked.toLocaleString())),
    `- ${l10n.t('Asked: projects that are watched or in which clusters were found. Agents may be registered in others, too.')}`,
    '',
  ].join('\n');
}
