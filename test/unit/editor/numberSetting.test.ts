import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import * as z from 'zod/mini';
import { numberSetting } from '../../../src/editor/numberSetting';

const { contributes } = z.parse(
  z.object({
    contributes: z.object({
      configuration: z.object({
        properties: z.record(z.string(), z.looseObject({ default: z.optional(z.unknown()) })),
      }),
    }),
  }),
  JSON.parse(readFileSync('package.json', 'utf8')),
);

/** The settings as VS Code gives them: the manifest's defaults, and what the user wrote. */
function settings(written: Readonly<Record<string, unknown>> = {}) {
  const defaultOf = (key: string): unknown => contributes.configuration.properties[`gitlabClusters.${key}`]?.default;
  return {
    get: (key: string) => written[key] ?? defaultOf(key),
    inspect: (key: string) => ({ key, defaultValue: defaultOf(key) }),
  };
}

describe('A setting that is a number', () => {
  for (const [key, manifest] of [
    ['requestTimeout', 30],
    ['saveTimeout', 60],
    ['maximumRequests', 8],
  ] as const) {
    it(`is what the user wrote, else the manifest’s default: ${key}`, () => {
      assert.equal(numberSetting(settings({ [key]: 5 }), key), 5);
      assert.equal(numberSetting(settings(), key), manifest);
      assert.equal(numberSetting(settings({ [key]: 'soon' }), key), manifest);
    });
  }
});
