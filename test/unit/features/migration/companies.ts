import {
  addAgent,
  addCluster,
  addEnvironment,
  addGroup,
  addProject,
  addToken,
  addUser,
  putFile,
  setRole,
} from '../../../gitlab/populate';
import { emptyWorld } from '../../../gitlab/world';
import type { AgentRecord, ClusterRecord, Group, Project, World } from '../../../gitlab/world';
import { ciWorld } from '../../core/migration/ciWorlds';
import { randomFrom } from '../../core/migration/random';

/** A made-up company whose clusters are to move. */
export interface Company {
  readonly world: World;
  readonly root: Group;
  readonly cluster: ClusterRecord;
  /** Where the agent is registered. */
  readonly agents: Project;
  readonly agent: AgentRecord;
  /** Those the cluster serves, each with the truth about its jobs: what each needs, in the words of the reference. */
  readonly projects: readonly { readonly project: Project; readonly needs: ReadonlyMap<string, readonly string[]> }[];
}

/** A configuration that has moved: what somebody writes in the end. */
export const movedCi = [
  'deploy:',
  '  environment: production',
  '  script:',
  '    - kubectl config use-context corp/agents:prod',
  '    - kubectl apply -f k8s.yml',
  '',
].join('\n');

/** So many projects, drawn from the seed, and one cluster above all of them, of the level given. */
export function company(level: 'project' | 'group' | 'instance', count: number, seed: number): Company {
  const world = emptyWorld();
  const root = addGroup(world, 'corp');
  const teams = [1, 2, 3, 4, 5].map((n) => addGroup(world, `team-${n}`, root));
  const user = addUser(world, { username: 'mia', admin: level === 'instance' });
  addToken(world, user, 'token', { scopes: ['api', 'admin_mode'] });
  setRole(world, user, root, 50);
  world.settings.kas = { externalUrl: 'wss://kas.example.com', version: '18.2.1' };
  const agents = addProject(world, 'agents', root);
  putFile(
    world,
    agents,
    '.gitlab/agents/prod/config.yaml',
    '# Agent of everybody\nobservability:\n  logging:\n    level: info\n',
  );
  const agent = addAgent(world, agents, 'prod', {
    connections: [
      {
        connectedAt: new Date().toISOString(),
        connectionId: 1,
        version: 'v18.2.1',
        podNamespace: 'gitlab-agent-prod',
        podName: 'a-1',
      },
    ],
  });
  const random = randomFrom(seed);
  const projects = Array.from({ length: count }, (_, n) => {
    const project = addProject(world, `app-${n + 1}`, teams[n % teams.length] ?? root);
    for (const name of ['production', 'staging', 'review/one']) addEnvironment(world, project, name);
    const from = { project: 'corp/agents', file: `ci/app-${n + 1}.yml` };
    const { files, shared, needs } = ciWorld(random, from);
    if (shared !== undefined) putFile(world, agents, from.file, shared);
    for (const [path, content] of Object.entries(files)) putFile(world, project, path, content);
    return { project, needs };
  });
  const [first] = projects;
  const owner = level === 'instance' ? level : level === 'group' || !first ? root : first.project;
  const cluster = addCluster(world, owner, { name: 'old-cluster', domain: 'apps.example.com' });
  return { world, root, cluster, agents, agent, projects };
}
