import fetch from 'node-fetch';
import { readFile } from 'node:fs/promises';
import { drain, Queue } from '../../src/core/time/taskPool';
import { agentOpener } from '../../src/core/net/agents';
import { SLOTS } from './standIn';
import { timed } from './processFigures';
import type { Work } from './orders';

/** The least that these requests can cost here: node-fetch over kept connections, bodies read and parsed by nobody. */
export async function nodeFetchAlone(what: {
  readonly url: string;
  readonly token: string;
  readonly caFile: string;
  readonly paths: readonly string[];
}): Promise<Work> {
  const agent = agentOpener(() => undefined)(true, [await readFile(what.caFile, 'utf8')]);
  const headers = { 'PRIVATE-TOKEN': what.token, Connection: 'keep-alive' };
  const tasks = new Queue<string>();
  for (const path of what.paths) tasks.push(path);
  const run = async (path: string): Promise<void> => {
    const response = await fetch(`${what.url}${path}`, { headers, agent });
    if (!response.ok) throw new Error(`${path} is answered by ${response.status}`);
    await response.text();
  };
  const work = await timed(() => drain({ lanes: [{ tasks, share: SLOTS }], slots: SLOTS, run }));
  agent.destroy();
  return work;
}
