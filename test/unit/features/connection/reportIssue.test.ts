import assert from 'node:assert/strict';
import { commands } from '../../../../src/contributions';
import { demoFleet } from '../../../gitlab/demoFleet';
import { host } from '../../core/accounts/accounts';
import { flowLabs } from '../flowLab';
import type { FlowLab } from '../flowLab';

describe('Report Issue', () => {
  const open = flowLabs();
  let lab: FlowLab;
  const text = () => lab.dialogs.texts.get('Issue report') ?? assert.fail('no report');

  afterEach(() => lab.dialogs.assertAllAsked());

  it('opens a report to complete, with the facts of Test Connection and no token, and the page for it', async () => {
    lab = await open({ world: demoFleet(), token: 'demo-maintainer', issues: 'https://issues.example.com/new' });
    lab.dialogs.will(['Complete the report and paste it into a new issue.', 'Open Issue Page']);
    await lab.commands[commands.reportIssue](undefined);
    assert.match(text(), /^## What happened\n\n## What you expected\n\n## Steps to reproduce\n\n## Connection\n/);
    assert.match(text(), /Versions: GitLab Clusters 0\.1\.0/);
    assert.match(text(), /GitLab 18\.2/);
    assert.doesNotMatch(text(), /demo-maintainer/);
    assert.deepEqual(lab.dialogs.opened, ['https://issues.example.com/new']);
  });

  it('asks which of several hosts it is about, and does nothing where that is left open', async () => {
    lab = await open({ world: demoFleet(), token: 'demo-maintainer' });
    await lab.accounts.accounts.add(host('https://other.example.com', { name: 'Other' }), 'x');
    lab.dialogs.will(['Report Issue: which host is it about?', undefined]);
    await lab.commands[commands.reportIssue](undefined);
    assert.equal(lab.dialogs.texts.size, 0);
  });

  it('without a host holds the versions alone; where the package names no page, none is offered', async () => {
    lab = await open({ world: demoFleet() });
    await lab.commands[commands.reportIssue](undefined);
    assert.match(text(), /```text\nVersions: GitLab Clusters 0\.1\.0[^\n]*\n```/);
    assert.deepEqual(lab.dialogs.told, []);
  });
});
