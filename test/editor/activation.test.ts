import assert from 'node:assert/strict';
import * as vscode from 'vscode';

describe('GitLab Clusters in VS Code', () => {
  it('activates', async () => {
    const extension = vscode.extensions.getExtension('gitlab-clusters.gitlab-clusters');
    assert.ok(extension, 'VS Code does not know the extension');
    await extension.activate();
    assert.ok(extension.isActive);
  });
});
