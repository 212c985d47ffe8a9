import { describe, expect, test } from 'vitest';
import { familyOf, INSTANCE_FAMILIES, INSTANCE_FAMILIES_SOURCE, unknownFamily } from '../../lib/core/instance-families';

test.each([
  ['ml.m5.xlarge', 'm5', 'EBS'], ['ml.c5n.large', 'c5n', 'EBS'], ['ml.p3.2xlarge', 'p3', 'EBS'], ['ml.inf2.xlarge', 'inf2', 'EBS'], ['ml.t3.medium', 't3', 'EBS'],
  ['ml.c6g.large', 'c6g', 'EBS'], ['ml.p3dn.24xlarge', 'p3dn', 'NVME'], ['ml.g4dn.xlarge', 'g4dn', 'NVME'], ['ml.g5.48xlarge', 'g5', 'NVME'],
  ['ml.p4d.24xlarge', 'p4d', 'NVME'], ['ml.p4de.24xlarge', 'p4de', 'NVME'], ['ml.p5.48xlarge', 'p5', 'NVME'], ['ml.p6-b200.48xlarge', 'p6-b200', 'NVME'],
  ['ml.trn1.32xlarge', 'trn1', 'NVME'], ['ml.m5d.large', 'm5d', 'NVME'], ['ml.r6gd.large', 'r6gd', 'NVME'], ['ml.c6id.large', 'c6id', 'NVME'], ['ml.i4i.large', 'i4i', 'NVME'],
])('%s is of the family %s with %s volumes', (type, family, storage) => {
  expect(familyOf(type)).toBe(family);
  expect(INSTANCE_FAMILIES.get(family)).toBe(storage);
});

test.each(['m5.xlarge', 'ml.m5', 'ml..xlarge', 'ml.m5.xlarge ', 'ML.M5.XLARGE', 'ml.m5.xlarge.large', ''])("'%s' is no instance type of SageMaker", (type) => {
  expect(familyOf(type)).toBeUndefined();
});

describe('the table', () => {
  test('has each family once, a source and a date', () => {
    expect(INSTANCE_FAMILIES.size).toBe(54);
    const url = expect.stringMatching(/^https:\/\/docs\.aws\.amazon\.com\//) as string;
    expect(INSTANCE_FAMILIES_SOURCE).toMatchObject({ url, rules: [url, url], date: expect.stringMatching(/^\d{4}-\d\d-\d\d$/) });
  });

  test('has no family of which only the name is known, and none by a name of every object', () => {
    for (const family of ['z9', 'constructor', '__proto__', '']) expect(INSTANCE_FAMILIES.get(family)).toBeUndefined();
  });

  test('has no family of the general kinds with a d in its name on network volumes, nor one without on local disks', () => {
    const general = [...INSTANCE_FAMILIES].filter(([family]) => /^[cmrt]\d/.test(family));
    expect(general.length).toBeGreaterThan(25);
    for (const [family, storage] of general) expect([family, storage]).toEqual([family, /^[cmrt]\d[a-z]*d/.test(family) ? 'NVME' : 'EBS']);
  });
});

test('of an unknown family it is said since when it is unknown, and where to say it', () => {
  expect(unknownFamily('ml.z9.large', 'capacity.localStorage'))
    .toMatch(/^whether the instance family of 'ml\.z9\.large' has local disks.* not known as of 2\d{3}-\d\d-\d\d: say it in capacity\.localStorage, see https:/);
});
