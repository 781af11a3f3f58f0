import Mocha from 'mocha';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { format } from 'node:util';
import { outputMark } from '../lab/outputMark';

/** VS Code calls this in its extension host (`extensionTestsPath`), in the browser and on the desktop alike. */
export async function run(): Promise<void> {
  Mocha.reporters.Base.consoleLog = (...line: unknown[]) => console.log(`${outputMark}${format(...line)}`);
  const mocha = new Mocha({ reporter: join(__dirname, '../../test/lab/countingReporter.cjs'), timeout: 20_000 });
  for (const file of readdirSync(__dirname)) {
    if (file.endsWith('.test.js')) mocha.addFile(join(__dirname, file));
  }
  const failures = await new Promise<number>((resolve) => mocha.run(resolve));
  if (failures > 0) throw new Error(`${failures} failed`);
}
