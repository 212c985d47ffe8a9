/** Holds the library against tools of others: runs every `test/interop/*.interop.ts` and writes `test-results/interop.json`. */
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { InteropResult, InteropSuite } from './interop-context';
import { pythonEnvironment } from './python-environment';

const ROOT = path.resolve(__dirname, '..', '..');
/** How many suites run side by side. */
const LANES = 2;
const RESULTS = path.join(ROOT, 'test-results', 'interop.json');

async function main(): Promise<void> {
  const startTime = Date.now();
  // An earlier result must not pass for this run's.
  fs.rmSync(RESULTS, { force: true });
  const files = fs.readdirSync(__dirname).filter((file) => file.endsWith('.interop.ts')).sort();
  const bin = await pythonEnvironment(ROOT);
  const waiting = [...files];
  const suites: ({ name: string } & InteropResult)[] = [];
  const lane = async (): Promise<void> => {
    for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) suites.push(await reported(file, bin));
  };
  // Suites mostly wait for tools of others, each in a process of its own.
  await Promise.all(Array.from({ length: LANES }, lane));
  const passed = suites.reduce((sum, suite) => sum + suite.passed, 0);
  const failed = suites.reduce((sum, suite) => sum + suite.failed.length, 0);
  fs.mkdirSync(path.dirname(RESULTS), { recursive: true });
  fs.writeFileSync(RESULTS, `${JSON.stringify({ startTime, suites, passed, failed }, null, 2)}\n`);
  process.stdout.write(`${passed} passed, ${failed} failed\n`);
  if (failed > 0 || passed === 0) process.exitCode = 1;
}

async function reported(file: string, bin: string): Promise<{ name: string } & InteropResult> {
  const started = Date.now();
  const suite = await runSuite(file, bin);
  process.stdout.write(`${suite.name}: ${suite.passed} passed, ${suite.failed.length} failed (${((Date.now() - started) / 1000).toFixed(1)} s)\n`);
  for (const failure of suite.failed) process.stdout.write(`  FAILED ${failure}\n`);
  return suite;
}

async function runSuite(file: string, bin: string): Promise<{ name: string } & InteropResult> {
  const temp = fs.mkdtempSync(path.join(os.tmpdir(), 'cdk-secure-ai-interop-'));
  let name = file;
  try {
    const suite = (await import(pathToFileURL(path.join(__dirname, file)).href)) as InteropSuite;
    name = suite.name;
    const context = { root: ROOT, python: path.join(bin, 'python'), bin: (command: string) => path.join(bin, command), temp };
    const { passed, failed } = await suite.run(context);
    return { name, passed, failed: passed + failed.length > 0 ? failed : ['it checked nothing'] };
  } catch (error) {
    return { name, passed: 0, failed: [error instanceof Error ? error.message : String(error)] };
  } finally {
    fs.rmSync(temp, { recursive: true, force: true });
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`interop: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
