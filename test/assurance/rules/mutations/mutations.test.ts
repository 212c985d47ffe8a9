import * as fs from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TemplateInput } from '../../../../lib/assurance/template';
import { readAssembly } from '../../../../lib/assurance/template-source';
import { referenceAssembly } from '../../../support/reference-platform';
import { policyMutants, propertyMutants } from './mutants';
import { scoreOf } from './score';

let directory: string;
let input: TemplateInput;
beforeAll(async () => {
  directory = await referenceAssembly();
  input = readAssembly(directory).find(({ stackName }) => stackName === 'FraudModelsStaging')!;
});
afterAll(() => fs.rmSync(directory, { recursive: true, force: true }));

describe('mutants of a model store', () => {
  test('are many, each another template, and all generated from the template alone', () => {
    const template = input.template as Record<string, unknown>;
    const mutants = [...propertyMutants(template), ...policyMutants(template)];
    expect(mutants.length).toBeGreaterThan(150);
    expect(new Set(mutants.map(({ name }) => name)).size).toBe(mutants.length);
    const original = JSON.stringify(template);
    for (const mutant of mutants) expect(JSON.stringify(mutant.template), mutant.name).not.toBe(original);
  });

  test('that take away what protects the stored models are found by a rule of this library', () => {
    const wanted = /^ModelsServed\w+ (Properties\.)?(VersioningConfiguration|BucketEncryption|PublicAccessBlockConfiguration) removed$/;
    const mutants = propertyMutants(input.template as Record<string, unknown>).filter(({ name }) => wanted.test(name));
    expect(mutants.length).toBe(3);
    const { killed, survivors } = scoreOf(input, mutants);
    expect(survivors.map(({ name }) => name)).toEqual([]);
    expect([...killed.values()].every((rule) => rule.startsWith('AISec-'))).toBe(true);
  });

  test('that weaken a function are found by a named rule of cdk-nag', () => {
    const mutants = propertyMutants(input.template as Record<string, unknown>).filter(({ name }) => /DeadLetterConfig removed|TracingConfig removed/.test(name));
    expect(mutants.length).toBeGreaterThan(0);
    const { killed, survivors } = scoreOf(input, mutants);
    expect(survivors).toEqual([]);
    for (const rule of killed.values()) expect(rule).toMatch(/^(AwsSolutions|HIPAA|NIST|Serverless)/);
  });
});
