import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import * as z from 'zod/mini';
import { caTextProblem, certificateWithin } from '../../../../src/core/model/certificateText';
import { readFirstCertificate } from '../../../../src/core/model/pemReader';
import { inputFile } from '../../../inputs/inputs';

const table = z
  .object({
    openssl: z.string(),
    cases: z.array(z.object({ name: z.string(), text: z.string(), verdict: z.string() })),
  })
  .parse(JSON.parse(readFileSync(inputFile('certificates.json'), 'utf8')));
const ca = readFileSync(inputFile('ca.pem'), 'utf8').trim();
const ca2 = readFileSync(inputFile('ca-2.pem'), 'utf8').trim();

/** Nothing sure can be offered where bytes are missing or wrong. */
const beyondRepair =
  /^(too much padding|cut|cut off at the end|no end|junk in the base64|comment in the base64|nested begin|empty|something else|lower case|four dashes|headers)$/;

describe(`A CA text is read as ${table.openssl} reads it for GitLab`, () => {
  for (const { name, text, verdict } of table.cases) {
    // An odd blank at the end is removed before anything is sent.
    if (name === 'no-break space before') continue;
    it(`${name}: ${verdict === 'refused' ? 'refused' : 'accepted'}`, () => {
      const reading = readFirstCertificate(text.trim());
      const read = 'der' in reading ? createHash('sha256').update(reading.der).digest('hex') : 'refused';
      // What is cut short still decodes as base64; that it is no certificate shows when it is read as one.
      if (!/^cut$/.test(name)) assert.equal(read, verdict);
      assert.equal(caTextProblem(text) === undefined, read !== 'refused');
    });
  }

  for (const { name, text, verdict } of table.cases) {
    if (verdict !== 'refused' || name === 'no-break space before') continue;
    const nothing = beyondRepair.test(name);
    it(`${name}: ${nothing ? 'nothing is offered' : 'the certificate is offered'}`, () => {
      const both = name.startsWith('glued') ? `${ca}\n${ca2}` : ca;
      assert.equal(certificateWithin(text), nothing ? undefined : both);
    });
  }
});
