import * as z from 'zod/mini';
import type { GitLabClient } from './client';
import { GitLabError } from './errors';

/** What GitLab says of its agent server, KAS, and of itself (agents and environments 15.1); undefined parts were not reported. */
export interface AgentServer {
  readonly isEnabled: boolean | undefined;
  /** Where agents connect to. The clusters have to reach it, this computer does not. */
  readonly address: string | undefined;
  readonly version: string | undefined;
  /** GitLab's own. */
  readonly gitlab: string | undefined;
}

const payload = z.object({
  version: z.nullish(z.string()),
  kas: z.nullish(
    z.object({
      enabled: z.nullish(z.boolean()),
      externalUrl: z.nullish(z.string()),
      version: z.nullish(z.string()),
    }),
  ),
});

/** Reads `/metadata`, GitLab 15.2 and later; nothing is known before. Throws GitLabError. */
export async function readAgentServer(client: GitLabClient, signal?: AbortSignal): Promise<AgentServer> {
  try {
    const { kas, version } = await client.request('GET', '/metadata', payload, { signal });
    const address = kas?.externalUrl || undefined;
    return {
      isEnabled: kas?.enabled ?? undefined,
      // Anything else is no address of it, and it becomes part of a command.
      address: address !== undefined && /^(?:wss?|grpcs?):\/\/[\w.:[\]/-]+$/.test(address) ? address : undefined,
      version: /^v?\d+\.\d+\.\d+(?:-[\w.]+)?$/.exec(kas?.version ?? '')?.[0],
      gitlab: version ?? undefined,
    };
  } catch (error) {
    const isTooOld = error instanceof GitLabError && ['notFound', 'unsupported', 'forbidden'].includes(error.kind);
    if (!isTooOld) throw error;
    return { isEnabled: undefined, address: undefined, version: undefined, gitlab: undefined };
  }
}
