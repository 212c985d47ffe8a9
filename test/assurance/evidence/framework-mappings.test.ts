import { describe, expect, test } from 'vitest';
import { CONTROL_CATALOGUE } from '../../../lib/assurance/evidence/control-catalogue';
import { FRAMEWORKS, mappingsOf } from '../../../lib/assurance/evidence/framework-mappings';

/** The form of an id in each framework: a typing error or an id of another framework does not fit. */
const FORMS: Readonly<Record<string, RegExp>> = {
  'NIST AI RMF 1.0': /^(GOVERN|MAP|MEASURE|MANAGE) [1-6]\.\d{1,2}$/,
  'NIST SP 800-53 r5': /^[A-Z]{2}-\d{2}(\(\d{2}\))?$/,
  'NIST SP 800-218 and 218A': /^(PO|PS|PW|RV)\.\d(\.\d)?$/,
  'ISO/IEC 42001:2023 Annex A': /^(A\.\d{1,2}(\.\d)?(\.\d)?|Clause 10)$/,
  'ISO/IEC 27001:2022 Annex A': /^A\.[5-8]\.\d{1,2}$/,
  'OWASP Top 10 for LLM Applications 2025': /^LLM(0[1-9]|10)$/,
  'OWASP Machine Learning Security Top 10 2023': /^ML(0[1-9]|10)$/,
  'MITRE ATLAS 5.6.0': /^AML\.[MT]\d{4}(\.\d{3})?$/,
  'SOC 2 Trust Services Criteria': /^(CC\d(\.\d)?|A1\.\d|C1\.\d|PI1(\.\d)?|P\d?(\.\d)?)$/,
  'HIPAA Security and Privacy Rules': /^164\.\d{3}(\(.*|-\d{3})?$/,
  GDPR: /^Art\. \d{1,2}(\(.*\))?$/,
  'EU AI Act': /^(Art\. \d{1,2}(\(.*\))?|Annex IV)$/,
};

test('every control of the catalogue is there once, and supports something', () => {
  const ids = CONTROL_CATALOGUE.map(({ id }) => id);
  expect(ids).toHaveLength(61);
  expect(new Set(ids).size).toBe(61);
  for (const id of ids) expect(mappingsOf(id).length, id).toBeGreaterThan(5);
});

describe.each(FRAMEWORKS)('$name', ({ name, verified }) => {
  test('has ids of its own form only', () => {
    const ids = CONTROL_CATALOGUE.flatMap(({ id }) => mappingsOf(id)).filter(({ framework }) => framework === name);
    expect(ids.length).toBeGreaterThan(20);
    expect(ids.filter(({ id }) => !FORMS[name].test(id)).map(({ id }) => id)).toEqual([]);
    if (!verified) expect(ids.some((one) => one.verified)).toBe(false);
  });
});

test('articles on incidents are those of the published act', () => {
  const ids = CONTROL_CATALOGUE.flatMap(({ id }) => mappingsOf(id)).filter(({ framework }) => framework === 'EU AI Act').map(({ id }) => id);
  expect(ids).toContain('Art. 73');
  for (const draft of ['Art. 61', 'Art. 62']) expect(ids).not.toContain(draft);
});
