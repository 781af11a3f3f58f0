import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import * as z from 'zod/mini';
import { commands } from '../../src/contributions';
import { demoFleet } from '../gitlab/demoFleet';
import { startGitLab, type GitLab } from '../gitlab/server';

const manifest = z.object({
  contributes: z.object({ commands: z.array(z.object({ command: z.string() })) }),
});

function extension(): vscode.Extension<unknown> {
  const found = vscode.extensions.getExtension('gitlab-clusters.gitlab-clusters');
  assert.ok(found, 'VS Code does not know the extension');
  return found;
}

const hostsSetting = () => vscode.workspace.getConfiguration('gitlabClusters').inspect('hosts')?.globalValue;

describe('GitLab Clusters in VS Code', () => {
  before(() => extension().activate());

  it('registers exactly the commands of its manifest', async () => {
    const { contributes } = z.parse(manifest, extension().packageJSON);
    const declared = contributes.commands.map(({ command }) => command).sort();
    const all = await vscode.commands.getCommands(true);
    const known = new Set(declared);
    // VS Code adds commands of its own for a view: focus, open, resetViewLocation and the like.
    const registered = all.filter((id) => id.startsWith('gitlabClusters.') && known.has(id)).sort();
    assert.deepEqual(registered, declared);
    assert.deepEqual(Object.values(commands).sort(), declared);
    const ours = all.filter((id) => /^gitlabClusters\.[a-zA-Z]+$/.test(id) && !known.has(id));
    assert.deepEqual(ours, [], 'registered but not declared');
  });

  describe('with a host', () => {
    let gitlab: GitLab;
    before(async () => {
      gitlab = await startGitLab({ world: demoFleet() });
    });
    after(async () => {
      await vscode.workspace.getConfiguration('gitlabClusters').update('hosts', undefined, true);
      await gitlab.close();
    });

    it('lists a host whose token works, with no token in the setting', async () => {
      const project = { id: 1, path: 'platform/payments-api' };
      await vscode.commands.executeCommand(commands.addHost, {
        url: `${gitlab.url}/`,
        token: 'demo-maintainer',
        name: 'Example GitLab',
        projects: [project],
      });
      assert.deepEqual(hostsSetting(), [{ url: gitlab.url, name: 'Example GitLab', projects: [project] }]);
      assert.deepEqual([...new Set(gitlab.requests.map(({ path }) => path.split('?')[0]))].sort(), [
        '/api/v4/metadata',
        '/api/v4/personal_access_tokens/self',
        '/api/v4/projects',
        '/api/v4/user',
      ]);
    });

    it('lists nothing for a token that does not work, and says so', async () => {
      const before = hostsSetting();
      const second = await startGitLab({ world: demoFleet() });
      await vscode.commands.executeCommand(commands.addHost, { url: second.url, token: 'demo-nobody' });
      await vscode.commands.executeCommand(commands.addHost, { url: 'https://a:b@example.com', token: 'x' });
      await second.close();
      assert.equal(second.requests.at(-1)?.status, 401);
      assert.deepEqual(hostsSetting(), before);
    });

    it('leaves entries it cannot read as they are when it writes its setting', async () => {
      const configuration = vscode.workspace.getConfiguration('gitlabClusters');
      const odd = { url: 'https://maria@example.com', note: 'typed by hand' };
      await configuration.update('hosts', [odd], true);
      await vscode.commands.executeCommand(commands.addHost, { url: gitlab.url, token: 'demo-maintainer', name: 'B' });
      assert.deepEqual(hostsSetting(), [odd, { url: gitlab.url, name: 'B' }]);
    });
  });
});
