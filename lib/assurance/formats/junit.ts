import type { AcknowledgedFinding } from '../rules/acknowledgements';
import type { Finding } from '../rules/finding';
import type { RuleTally } from '../rules/judge';

/**
 * Findings as JUnit XML: one test case for each rule that had something to judge, failed by its open findings.
 *
 * A rule whose only findings are acknowledged is a skipped test case that tells the reason.
 */
export function junitOf(tallies: readonly RuleTally[], open: readonly Finding[], acknowledged: readonly AcknowledgedFinding[]): string {
  const cases = tallies.filter(({ applied }) => applied > 0).map(({ rule }) => {
    const own = open.filter(({ ruleId }) => ruleId === rule.id);
    const kept = acknowledged.filter(({ ruleId }) => ruleId === rule.id);
    return { rule, own, kept, skipped: own.length === 0 && kept.length > 0 };
  });
  const failures = cases.filter(({ own }) => own.length > 0).length;
  const skipped = cases.filter((one) => one.skipped).length;
  const counts = `tests="${cases.length}" failures="${failures}" errors="0" skipped="${skipped}" time="0"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="secure-ai" ${counts.replace(/ skipped="\d+"/, '')}>`,
    `  <testsuite name="AI security rules" ${counts}>`,
    ...cases.flatMap(({ rule, own, kept, skipped: isSkipped }) => {
      const head = `    <testcase classname="${rule.id}" name="${escaped(rule.title)}" time="0"`;
      if (own.length > 0) {
        const text = own.map((f) => `${f.verdict} ${f.constructPath ?? f.resource} ${f.path}: ${f.message}`).join('\n');
        return [`${head}>`, `      <failure type="${rule.severity}" message="${escaped(`${own.length} open`)}">${escaped(text)}</failure>`, '    </testcase>'];
      }
      if (isSkipped) return [`${head}>`, `      <skipped message="${escaped(kept[0].reason)}"/>`, '    </testcase>'];
      return [`${head}/>`];
    }),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

/** XML 1.0 has no place for most control characters, not even escaped. */
function escaped(text: string): string {
  return text
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\n', '&#10;')
    .replaceAll('\t', '&#9;');
}
