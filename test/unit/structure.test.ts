import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path/posix';

/** Rooms of the ground floor, each standing on those before it. */
const core = [
  'time',
  'model',
  'gitlab',
  'net',
  'accounts',
  'journal',
  'inventory',
  'diagnosis',
  'arrange',
  'resolver',
  'importer',
  'changes',
  'migration',
];

/** Every source file with what it imports of our own, types and lazy chunks included. */
const files = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .map((name) => name.replaceAll('\\', '/'))
  .filter((name) => name.endsWith('.ts'))
  .map((name) => {
    const text = readFileSync(join('src', name), 'utf8');
    const paths = [...text.matchAll(/(?:from |import\(|import )'(\.[^']*)'/g)].map(([, path = '']) => path);
    return { name, text, imports: paths.map((path) => normalize(join(dirname(name), path))) };
  });

/** The room of a file: `core/model`, `editor`, `features/tree`; empty for the files at the top, which connect them. */
function roomOf(file: string): string {
  const [floor = '', room] = file.split('/');
  return file.includes('/') ? (floor === 'editor' ? floor : `${floor}/${room}`) : '';
}

/** Whether code in one room may import from another: rooms below it only, and no other feature. */
function mayImport(from: string, to: string): boolean {
  if (from === '' || from === to) return true;
  const [fromFloor = '', fromRoom = ''] = from.split('/');
  const [toFloor = '', toRoom = ''] = to.split('/');
  if (toFloor === 'core') return fromFloor !== 'core' || core.indexOf(toRoom) < core.indexOf(fromRoom);
  return fromFloor === 'features' && toFloor === 'editor';
}

describe('The rooms of the source', () => {
  it('are those that have a place in the order', () => {
    const rooms = [...new Set(files.map(({ name }) => roomOf(name)))].filter((room) => room.startsWith('core/'));
    assert.deepEqual(
      rooms.filter((room) => !core.includes(room.slice('core/'.length))),
      [],
    );
    assert.deepEqual([...new Set(files.map(({ name }) => name.split('/')[0] ?? ''))].sort(), [
      ...['commands.ts', 'contributions.ts', 'core', 'editor', 'extension.ts', 'features'],
    ]);
  });

  it('import downwards only, and no feature another one', () => {
    const uphill = files.flatMap(({ name, imports }) =>
      imports
        // The ids shared with package.json import nothing and may be read everywhere.
        .filter((path) => path !== 'contributions' && !mayImport(roomOf(name), roomOf(`${path}.ts`)))
        .map((path) => `${name} → ${path}`),
    );
    assert.deepEqual(uphill, []);
  });

  it('know of the editor only above the ground floor', () => {
    const seen = files.filter(
      ({ name, text }) => name.startsWith('core/') && /import \* as vscode|import \{[^}]*\} from 'vscode'/.test(text),
    );
    assert.deepEqual(
      seen.map(({ name }) => name),
      [],
    );
  });

  it('ask and tell the user through the dialogs alone, above the floor that has them', () => {
    const direct =
      /\.window\.(?:show(?:Information|Warning|Error)Message|setStatusBarMessage|show(?:QuickPick|InputBox|OpenDialog|SaveDialog)|create(?:QuickPick|InputBox))|env\.clipboard/;
    const asking = files.filter(({ name, text }) => !name.startsWith('editor/') && direct.test(text));
    assert.deepEqual(
      asking.map(({ name }) => name),
      [],
    );
  });

  it('export nothing that no other file takes', () => {
    const others = ['media', 'test'].flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .filter((name) => /\.m?ts$/.test(name))
        .map((name) => ({ name: join(folder, name), text: readFileSync(join(folder, name), 'utf8') })),
    );
    const all = [...files, ...others].map(({ name, text }) => ({ name, words: new Set(text.match(/\w+/g)) }));
    const unused = files.flatMap(({ name, text }) =>
      [...text.matchAll(/^export (?:async )?(?:abstract )?(?:function\*?|const|class|type|interface|let) (\w+)/gm)]
        .map(([, exported = '']) => exported)
        // VS Code calls it.
        .filter((exported) => exported !== 'activate')
        .filter((exported) => !all.some((other) => other.name !== name && other.words.has(exported)))
        .map((exported) => `${name}: ${exported}`),
    );
    assert.deepEqual(unused, []);
  });
});
