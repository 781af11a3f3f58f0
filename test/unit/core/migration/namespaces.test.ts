import assert from 'node:assert/strict';
import { load } from 'js-yaml';
import { at } from '../../../contract/lab';
import { installCommands } from '../../../../src/core/migration/installCommand';
import { leftoverCommands } from '../../../../src/core/migration/leftovers';
import { environmentTemplate, roleBindings } from '../../../../src/core/migration/manifests';
import { builtInRule, comparePlaces, keepingRule } from '../../../../src/core/migration/namespaces';
import { daysUntil, progressOf } from '../../../../src/core/migration/stages';
import type { ProjectProgress, StageFacts } from '../../../../src/core/migration/stages';
import { expectedNamespace } from '../../../../src/core/resolver/expectedNamespace';

const platform = {
  apiUrl: 'https://k8s.example.com',
  namespace: undefined,
  authorizationType: 'rbac',
  caCert: undefined,
};
const managed = { platform, managed: true, namespacePerEnvironment: true };
const web = { id: 7, path: 'platform/Web_App' };

function compare(
  version: string,
  cluster: Parameters<typeof expectedNamespace>[0],
  project = web,
  slug = 'production',
) {
  const before = expectedNamespace(cluster, project, { name: slug, slug });
  return comparePlaces(before, keepingRule(version, cluster), project, slug);
}

// Agents and environments 2 B, 3.2 and 8
describe('The namespace after a move', () => {
  it('is that of before where the server knows the old name', () => {
    assert.deepEqual(compare('18.5.0', managed), { kind: 'equal', name: 'web-app-7-production' });
    const shared = { ...managed, namespacePerEnvironment: false };
    assert.deepEqual(compare('18.5.0', shared), { kind: 'equal', name: 'web-app-7' });
    const own = { ...managed, platform: { ...platform, namespace: 'apps' } };
    assert.deepEqual(compare('17.9.0', own), { kind: 'equal', name: 'apps-production' });
  });

  it('is invalid in older templates for a project with upper case or an underscore', () => {
    assert.equal(compare('17.9.0', managed).kind, 'invalid');
    assert.equal(compare('17.9.0', managed, { id: 7, path: 'platform/web' }).kind, 'equal');
  });

  it('cannot be proved without templates, where a job may choose it, or where options are not reported', () => {
    const reasons = [
      compare('17.8.0', managed),
      compare('18.5.0', { ...managed, managed: false }),
      compare('18.5.0', { ...managed, namespacePerEnvironment: undefined }),
      compare('18.5.0', managed, { id: 7, path: `g/${'x'.repeat(60)}` }),
    ].map((one) => (one.kind === 'notProvable' ? one.reason : one.kind));
    assert.deepEqual(reasons, ['noTemplates', 'jobChooses', 'optionsUnknown', 'tooLong']);
  });

  it('differs with the template GitLab brings itself', () => {
    const before = expectedNamespace(managed, web, { name: 'production', slug: 'production' });
    assert.equal(comparePlaces(before, builtInRule, web, 'production').kind, 'different');
  });
});

describe('What is generated for a move', () => {
  it('is a template that deletes nothing, and role bindings for the Free tier', () => {
    const rule = keepingRule('18.5.0', managed);
    assert.ok(rule);
    const template: unknown = load(environmentTemplate(rule));
    assert.equal(at(template, 'delete_resources'), 'never');
    assert.deepEqual(at(template, 'objects', 0, 'metadata'), { name: '{{ .legacy_namespace }}' });
    const text = roleBindings(['a-1', 'a-1', 'b-2'], { name: 'prod-gitlab-agent', namespace: 'gitlab-agent-prod' });
    assert.equal(text.split('\n---\n').length, 4);
  });

  it('is a command without a token, for either shell', () => {
    const server = { isEnabled: true, address: 'wss://kas.example.com', version: '18.5.1', gitlab: '18.5.1' };
    for (const shell of ['sh', 'powershell'] as const) {
      const text = installCommands({ agent: "it's", server, hasOwnCa: true }, shell);
      assert.match(text, /config\.secretName=/);
      assert.match(text, /config\.kasAddress='wss:\/\/kas\.example\.com'/);
      assert.match(text, /kasCaCert/);
      assert.doesNotMatch(text, /config\.token/);
    }
  });

  it('is a list of leftovers that only reads', () => {
    const text = leftoverCommands({ managed: true, provider: 'user' }, ['web-7-production']);
    const commands = text.split('\n').filter((line) => line.startsWith('kubectl'));
    assert.ok(commands.length > 8);
    assert.deepEqual(
      commands.filter((line) => !/ get /.test(line)),
      [],
    );
    assert.ok(text.indexOf('web-7-production-token') < text.indexOf('gitlab-admin'));
  });
});

describe('The stage of a move', () => {
  const now = new Date('2026-11-27T12:00:00Z');
  const project: ProjectProgress = { hasAgent: false, served: 1, needing: 2, moved: 0 };
  const stage = (projects: readonly ProjectProgress[], more: Partial<StageFacts> = {}) =>
    progressOf(
      { cluster: { enabled: true }, projects, notRead: 0, switchedOffAt: undefined, observationDays: 30, ...more },
      now,
    );

  it('follows from agents and jobs', () => {
    const stages = [
      stage([project]),
      stage([project, { ...project, hasAgent: true }]),
      stage([{ ...project, hasAgent: true }]),
      stage([{ ...project, hasAgent: true, needing: 0, moved: 2 }]),
      stage([{ ...project, hasAgent: undefined }]),
      stage([{ ...project, hasAgent: true, needing: undefined }]),
      stage([], { notRead: 3 }),
    ].map((one) => one.stage);
    assert.deepEqual(stages, [
      ...['notStarted', 'agentForSome', 'jobsLeft', 'readyToSwitchOff', 'notKnown', 'notKnown', 'notKnown'],
    ]);
  });

  it('lets a record be deleted only after it was watched for as long as wanted', () => {
    const off = { cluster: { enabled: false } };
    const since = (day: string) => stage([], { ...off, switchedOffAt: new Date(day) });
    assert.deepEqual(since('2026-11-20T12:00:00Z'), {
      stage: 'switchedOff',
      blockers: [{ kind: 'observing', days: 23 }],
    });
    assert.equal(since('2026-10-20T12:00:00Z').stage, 'mayBeDeleted');
    assert.deepEqual(stage([], off).blockers, [{ kind: 'sinceNotKnown' }]);
  });

  it('counts days to a date, and knows what is none', () => {
    assert.deepEqual(
      ['2026-12-01', '2026-11-27', '2026-11-20', 'May 2027', '2027-13-01'].map((day) => daysUntil(day, now)),
      [4, 0, -7, undefined, undefined],
    );
  });
});
