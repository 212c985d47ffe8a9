import type { Finding } from './rules/finding';

const SCHEMA = 'cdk-secure-ai/baseline/v1';

/** Findings as the text of a baseline: sorted, one line each, so that a review can read it. */
export function baselineText(findings: readonly Finding[]): string {
  const rows = findings.map(({ fingerprint, ruleId, resource, path }) => JSON.stringify({ fingerprint, ruleId, resource, path })).sort();
  const list = rows.map((row) => `\n    ${row}`).join(',');
  return `{\n  "schema": "${SCHEMA}",\n  "findings": [${list}${rows.length > 0 ? '\n  ' : ''}]\n}\n`;
}

/** The fingerprints of a baseline. @throws an error that says what is wrong, for a message that names the file in front of it */
export function baselineFingerprints(text: string): ReadonlySet<string> {
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

function wrong(what: string, cause?: unknown): Error {
  return new Error(`${what}; make one with 'secure-ai check --write-baseline FILE'`, { cause });
}
