/**
 * Counts one runner's results: `node count-results.mjs <file> <start of the run in ms> <exit code of the runner>`.
 *
 * Prints `<passed> <failed> <note>`. Whatever leaves a doubt counts as failed: a file that is missing, damaged or from an earlier run, no
 * test at all, a skipped test, a file that could not be loaded, a runner that fails without a failed test.
 */
import * as fs from 'node:fs';

const [file, startedMs, exitCode] = process.argv.slice(2);

/** The counts in a results file of vitest's JSON reporter, or of the interop runner. */
function countsOf(results) {
  if (Array.isArray(results.suites)) {
    const failed = results.suites.flatMap((suite) => suite.failed).length;
    return { passed: results.suites.reduce((sum, suite) => sum + suite.passed, 0), failed };
  }
  const tests = results.testResults.flatMap((suite) => suite.assertionResults);
  const passed = tests.filter((test) => test.status === 'passed').length;
  const broken = results.testResults.filter((suite) => suite.status !== 'passed' && !suite.assertionResults.some((test) => test.status === 'failed'));
  // Neither passed nor failed is skipped, pending or to do.
  return { passed, failed: tests.length - passed + broken.length };
}

function judge() {
  let results;
  try {
    results = JSON.parse(fs.readFileSync(file, 'utf8'));
  } catch (error) {
    return { passed: 0, failed: 1, note: `no results in ${file}: ${error.code ?? error.message}` };
  }
  if (!(results.startTime >= Number(startedMs) && fs.statSync(file).mtimeMs >= Number(startedMs))) {
    return { passed: 0, failed: 1, note: `${file} is from an earlier run` };
  }
  let counts;
  try {
    counts = countsOf(results);
  } catch (error) {
    return { passed: 0, failed: 1, note: `${file} is damaged: ${error.message}` };
  }
  const { passed, failed } = counts;
  if (!Number.isInteger(passed) || !Number.isInteger(failed)) return { passed: 0, failed: 1, note: `${file} is damaged: it has no counts` };
  if (passed + failed === 0) return { passed: 0, failed: 1, note: `${file} has no test` };
  if (exitCode !== '0' && failed === 0) return { passed, failed: 1, note: `all tests passed, but the runner ended with ${exitCode}` };
  return { passed, failed, note: `${passed} passed, ${failed} failed` };
}

const { passed, failed, note } = judge();
process.stdout.write(`${passed} ${failed} ${note}\n`);
