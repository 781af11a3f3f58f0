import type { Workbench } from '../lab/workbench';
import type { Editor } from './useEditor';

/** A host as the setting has it, and its token. */
export interface ListedHost {
  readonly url: string;
  readonly name: string;
  readonly token: string;
  readonly projects?: readonly { readonly id: number; readonly path: string }[];
  readonly groups?: readonly { readonly id: number; readonly path: string }[];
}

/** A project of the demo fleet that has clusters of every kind. */
const payments = { id: 1, path: 'platform/payments-api' };

/** The demo fleet's host as its maintainer has it, with one watched project. */
export function exampleHost({ url }: { readonly url: string }, project = payments): ListedHost {
  return { url, token: 'demo-maintainer', name: 'Example GitLab', projects: [project] };
}

export const tokenPrompt = 'Paste the access token';

/** Under which key the extension keeps a host's token. */
export const secretKeyOf = (url: string) => `gitlabClusters.token:${url}`;

/** Adds a host as a person does, from the palette. */
export async function addHost(workbench: Workbench, host: Pick<ListedHost, 'url' | 'name' | 'token'>): Promise<void> {
  await workbench.runCommand('GitLab Clusters: Add GitLab Host…');
  await workbench.answerInput('Address of your GitLab', host.url);
  await workbench.answerInput(tokenPrompt, host.token);
  await workbench.answerInput('Display name for', host.name);
  await workbench.row(host.name).waitFor();
}

/** Opens a window whose settings list these hosts, with their tokens stored, and shows the view with the hosts open. */
export async function openWithHosts(
  editor: Pick<Editor, 'open'>,
  hosts: readonly ListedHost[],
  settings: Readonly<Record<string, unknown>> = {},
  language?: string,
): Promise<Workbench> {
  const listed = hosts.map(({ url, name, projects = [], groups = [] }) => ({ url, name, projects, groups }));
  const secrets = new Map(hosts.map(({ url, token }) => [secretKeyOf(url), token]));
  const workbench = await editor.open({ secrets, language, settings: { ...settings, 'gitlabClusters.hosts': listed } });
  await workbench.openView('GitLab Clusters');
  for (const { name } of hosts) {
    await workbench.expand(workbench.row(name));
    await workbench.row(name).filter({ hasText: '@' }).waitFor();
  }
  return workbench;
}
