import { parseHostUrl } from '../../src/core/model/host';
import { agentOpener } from '../../src/core/net/agents';
import { hostFetches } from '../../src/core/net/hostFetch';

/** Asks for each path when the one before is answered, over the extension's own way to the host: milliseconds. */
export async function oneAfterAnother(what: {
  readonly url: string;
  readonly token: string;
  readonly caFile: string;
  readonly paths: readonly string[];
}): Promise<number> {
  const host = parseHostUrl(what.url);
  if (!host.ok) throw new Error(host.problem);
  const { caFile } = what;
  const fetch = hostFetches({ ownCa: () => ({ caFile }), openAgent: agentOpener(() => undefined) }).of(host.url);
  const headers = { 'PRIVATE-TOKEN': what.token, Connection: 'keep-alive' };
  const began = performance.now();
  for (const path of what.paths) {
    const response = await fetch(`${host.url}${path}`, { headers });
    if (!response.ok) throw new Error(`${path} is answered by ${response.status}`);
    await response.text();
  }
  return performance.now() - began;
}
