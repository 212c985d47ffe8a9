import { expect, test } from 'vitest';
import { familyOf, INSTANCE_FAMILIES, INSTANCE_FAMILIES_SOURCE } from '../../../lib/training/launch/instance-families';

test.each([
  ['ml.m5.xlarge', 'm5', 'EBS'], ['ml.p3.2xlarge', 'p3', 'EBS'], ['ml.p3dn.24xlarge', 'p3dn', 'NVME'], ['ml.g4dn.xlarge', 'g4dn', 'NVME'], ['ml.g5.48xlarge', 'g5', 'NVME'],
  ['ml.p4d.24xlarge', 'p4d', 'NVME'], ['ml.p5.48xlarge', 'p5', 'NVME'], ['ml.p6-b200.48xlarge', 'p6-b200', 'NVME'], ['ml.trn1.32xlarge', 'trn1', 'NVME'],
])('%s is of the family %s with %s volumes', (type, family, storage) => {
  expect(familyOf(type)).toBe(family);
  expect(INSTANCE_FAMILIES.get(family)).toBe(storage);
});

test.each(['m5.xlarge', 'ml.m5', 'ml..xlarge', 'ml.m5.xlarge ', 'ML.M5.XLARGE', 'ml.m5.xlarge.large', ''])("'%s' is no instance type of SageMaker", (type) => {
  expect(familyOf(type)).toBeUndefined();
});

test('a family is in the table once, and the table has a source and a date', () => {
  expect(INSTANCE_FAMILIES.size).toBe(35);
  expect(INSTANCE_FAMILIES.get('constructor')).toBeUndefined();
  expect(INSTANCE_FAMILIES_SOURCE).toMatchObject({ url: expect.stringMatching(/^https:\/\/docs\.aws\.amazon\.com\//), date: expect.stringMatching(/^\d{4}-\d\d-\d\d$/) });
});
