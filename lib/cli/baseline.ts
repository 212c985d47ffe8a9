import type { Finding } from '../assurance/rules/finding';
import { CliError } from './cli-error';
import { readTextInput, shown } from './input-file';
import { writeOutput } from './output-file';

const SCHEMA = 'cdk-secure-ai/baseline/v1';

/** Writes findings as a baseline, sorted, one line each for a readable review; replaces the file. */
export async function writeBaseline(file: string, findings: readonly Finding[]): Promise<void> {
  const rows = findings
    .map(({ fingerprint, ruleId, resource, path }) => JSON.stringify({ fingerprint, ruleId, resource, path }))
    .sort();
  const text = `{\n  "schema": "${SCHEMA}",\n  "findings": [${rows.map((row) => `\n    ${row}`).join(',')}${rows.length > 0 ? '\n  ' : ''}]\n}\n`;
  await writeOutput(file, Buffer.from(text), 'baseline', true);
}

/** The fingerprints of a baseline. @throws CliError INPUT_INVALID when the file is no baseline */
export async function readBaseline(file: string): Promise<ReadonlySet<string>> {
  const text = await readTextInput(file, 'baseline');
  const wrong = (what: string, cause?: unknown) =>
    new CliError('INPUT_INVALID', `baseline ${shown(file)} ${what}; make one with 'secure-ai check --write-baseline FILE'`, { cause });
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (cause) {
    throw wrong(`is no JSON: ${(cause as Error).message}`, cause);
  }
  const { schema, findings } = (typeof content === 'object' && content !== null ? content : {}) as Record<string, unknown>;
  if (schema !== SCHEMA || !Array.isArray(findings)) throw wrong(`has not the form ${SCHEMA}`);
  return new Set(
    findings.map((row: unknown, i) => {
      const fingerprint = typeof row === 'object' && row !== null ? (row as Record<string, unknown>).fingerprint : undefined;
      if (typeof fingerprint !== 'string') throw wrong(`has no fingerprint in its finding ${i + 1}`);
      return fingerprint;
    }),
  );
}
