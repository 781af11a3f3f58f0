import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { parseHostUrl } from '../../src/core/model/host';
import { fleetFiles } from '../../src/core/inventory/fleetFiles';

describe('Remembered clusters', () => {
  it('are read also in the moment another window writes them anew', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'gitlab-clusters-fleet-'));
    const files = fleetFiles(vscode.workspace.fs, vscode.Uri.file(folder));
    const host = parseHostUrl('https://gitlab.example.com');
    assert.ok(host.ok);
    assert.equal(await files.read(host.url), undefined);
    await files.write(host.url, 'first');
    let writing = true;
    const written = (async () => {
      for (let index = 0; index < 100; index++) await files.write(host.url, `${index}`);
      writing = false;
    })();
    let reads = 0;
    while (writing) {
      assert.notEqual(await files.read(host.url), undefined, `read ${reads}`);
      reads++;
    }
    await written;
    assert.ok(reads > 10, `${reads}`);
    assert.equal(await files.read(host.url), '99');
    await rm(folder, { recursive: true });
  });
});
