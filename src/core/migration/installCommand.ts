import type { AgentServer } from '../gitlab/agentServer';

interface InstallWish {
  readonly agent: string;
  readonly server: AgentServer;
  /** The cluster has to be told which CA signed GitLab's certificate. */
  readonly hasOwnCa: boolean;
}

/** Where the chart puts an agent. */
export function agentNamespace(agent: string): string {
  return `gitlab-agent-${agent.slice(0, 50)}`;
}

/** The name of its service account, as the chart makes it. */
export function agentAccountName(agent: string): string {
  return `${agent}-gitlab-agent`;
}

const TOKEN_SECRET = 'gitlab-agent-token';

/**
 * The commands that install an agent, to be run by a person: the token goes into a Secret from standard input, so that it is
 * in no history of commands (agents and environments 15.1, trap 21).
 */
export function installCommands(wish: InstallWish, shell: 'sh' | 'powershell'): string {
  const namespace = agentNamespace(wish.agent);
  const next = shell === 'sh' ? ' \\\n  ' : ' `\n  ';
  const quote = (text: string): string =>
    shell === 'sh' ? `'${text.replaceAll("'", `'\\''`)}'` : `'${text.replaceAll("'", "''")}'`;
  const values = [
    ...(wish.server.version === undefined
      ? []
      : [`--set image.tag=${quote(`v${wish.server.version.replace(/^v/, '')}`)}`]),
    `--set config.secretName=${TOKEN_SECRET}`,
    `--set config.kasAddress=${quote(wish.server.address ?? '<address of the agent server>')}`,
    ...(wish.hasOwnCa ? [`--set-file config.kasCaCert=${quote('gitlab-ca.pem')}`] : []),
  ];
  const helm = [
    `helm upgrade --install ${quote(wish.agent)} gitlab/gitlab-agent`,
    `--namespace ${quote(namespace)}`,
    ...values,
  ].join(next);
  const secret = `create secret generic ${TOKEN_SECRET} --namespace ${quote(namespace)} --from-file=token=/dev/stdin`;
  const asked =
    shell === 'sh'
      ? [`read -rs AGENT_TOKEN && printf %s "$AGENT_TOKEN" | kubectl ${secret}; unset AGENT_TOKEN`]
      : [
          '$token = (New-Object PSCredential agent, (Read-Host -AsSecureString)).GetNetworkCredential().Password',
          '$file = New-TemporaryFile; [IO.File]::WriteAllText($file, $token)',
          `kubectl create secret generic ${TOKEN_SECRET} --namespace ${quote(namespace)} --from-file=token=$file`,
          'Remove-Item $file; Remove-Variable token',
        ];
  return [
    `kubectl create namespace ${quote(namespace)}`,
    ...asked,
    'helm repo add gitlab https://charts.gitlab.io',
    'helm repo update',
    helm,
  ].join('\n');
}
