import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import * as z from 'zod/mini';
import { inputFile } from '../inputs/inputs';
import { at, newCluster, openLab } from './lab';

const { addressable, cases } = z
  .object({ addressable: z.string(), cases: z.array(z.object({ text: z.string(), validator: z.string() })) })
  .parse(JSON.parse(readFileSync(inputFile('apiUrls.json'), 'utf8')));

// GitLab API contract 3.3; the table was written by Addressable itself (test/inputs/apiUrls.rb)
describe(`An api_url is judged as Addressable ${addressable} does`, () => {
  const lab = openLab();

  for (const { text, validator } of cases) {
    it(`${JSON.stringify(text)}: ${validator}`, async () => {
      // Where a name leads is another question.
      lab.world.settings.allowLocalRequests = true;
      const body = newCluster({ platform_kubernetes_attributes: { api_url: text, token: 'sesame' } });
      const { status, json } = await lab.ask('maintainer', 'POST', '/projects/1/clusters/user', { body });
      assert.deepEqual(
        [status, at(json, 'message', 'platform_kubernetes.api_url', 0)],
        validator === 'ok' ? [201, undefined] : [400, `is blocked: ${validator}`],
      );
    });
  }
});
