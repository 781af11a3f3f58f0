import assert from 'node:assert/strict';
import { join } from 'node:path';
import { outputOf } from '../lab/childProcess';
import { root } from '../lab/paths';

describe('npm start', () => {
  it('opens the view by itself, with the clusters of two made-up hosts', async () => {
    const output = await outputOf(process.execPath, [join(root, 'out', 'lab', 'start.js'), '--smoke']);
    for (const cluster of ['production-eu', 'rack-a']) assert.match(output, new RegExp(`^ +${cluster} `, 'm'));
  });
});
