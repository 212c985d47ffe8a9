import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JobDefinition } from '../../../lib/training/sweep/job';
import { violationsOf } from '../../../lib/training/sweep/violations';
import { ENVIRONMENT, IMAGE, ISOLATED, jobOf, VOLUME_KEY } from './sweep-fixture';

const violations = (change: Partial<JobDefinition>) => violationsOf(jobOf(change), ENVIRONMENT);

/** Each way out of isolation, alone. */
const WAYS_OUT: readonly (readonly [string, Partial<JobDefinition>])[] = [
  ['FOREIGN_ROLE', { roleArn: 'arn:aws:iam::111111111111:role/other' }],
  ['FOREIGN_ROLE', { roleArn: '' }],
  ['FOREIGN_ROLE', { roleArn: 'arn:aws:iam::111111111111:role/secure-ai/fraud-2/job-1' }],
  ['NO_NETWORK_ISOLATION', { networkIsolated: false }],
  ['NO_TRAFFIC_ENCRYPTION', { trafficEncrypted: false }],
  ['NO_VPC', { subnets: [] }],
  ['NO_VPC', { securityGroups: [] }],
  ['FOREIGN_SUBNET', { subnets: ['subnet-1', 'subnet-3'] }],
  ['FOREIGN_SECURITY_GROUP', { securityGroups: ['sg-1', 'sg-open'] }],
  ['NO_VOLUME_KEY', { volumeKey: '' }],
  ['FOREIGN_VOLUME_KEY', { volumeKey: 'alias/aws/s3' }],
  ['FOREIGN_VOLUME_KEY', { volumeKey: `${VOLUME_KEY}0` }],
  ['NO_OUTPUT_KEY', { outputKey: '' }],
  ['FOREIGN_OUTPUT_KEY', { outputKey: VOLUME_KEY }],
  ['NO_RUNTIME_LIMIT', { maxRuntime: Infinity }],
  ['RUNTIME_TOO_LONG', { maxRuntime: 86_401 }],
  ['RUNTIME_TOO_LONG', { maxRuntime: NaN }],
  ['REMOTE_DEBUG', { remoteDebug: true }],
  ['IMAGE_WITHOUT_DIGEST', { images: [] }],
  ['IMAGE_WITHOUT_DIGEST', { images: [IMAGE.replace(/@.*/, ':latest')] }],
  ['IMAGE_WITHOUT_DIGEST', { images: [`${IMAGE}0`] }],
  ['IMAGE_WITHOUT_DIGEST', { images: [IMAGE, 'other:1'] }],
];

describe('an isolated job', () => {
  test.each<[string, Partial<JobDefinition>]>([
    ['as the launcher makes it', {}],
    ['with a role under its path', { roleArn: 'arn:aws:iam::111111111111:role/secure-ai/fraud/job-1' }],
    ['with its keys by id', { volumeKey: VOLUME_KEY.split('/')[1] }],
    ['in all subnets', { subnets: ['subnet-2', 'subnet-1'] }],
    ['with the longest run', { maxRuntime: 86_400 }],
    ['on local storage, which takes no key', { instanceTypes: ['ml.g5.xlarge', 'ml.p4d.24xlarge'], volumeKey: '' }],
    ['without outputs', { outputKey: undefined }],
    ['of a kind without these settings', { trafficEncrypted: undefined, maxRuntime: undefined, remoteDebug: undefined }],
  ])('%s violates nothing', (_, change) => {
    expect(violations(change)).toEqual([]);
  });
});

describe('a job that is not isolated', () => {
  test.each(WAYS_OUT)('%s is seen', (violation, change) => {
    expect(violations(change)).toEqual([violation]);
  });

  test.each<[string, Partial<JobDefinition>]>([
    ['some instances with local storage', { instanceTypes: ['ml.g5.xlarge', 'ml.m5.xlarge'] }],
    ['no instance type', { instanceTypes: [] }],
    ['a type that is named like a family', { instanceTypes: ['g5'] }],
    ['a family from a prototype', { instanceTypes: ['ml.constructor.xlarge'] }],
  ])('%s needs the volume key', (_, change) => {
    expect(violations({ ...change, volumeKey: '' })).toEqual(['NO_VOLUME_KEY']);
  });

  test('a foreign key is seen on local storage, too', () => {
    expect(violations({ instanceTypes: ['ml.g5.xlarge'], volumeKey: 'alias/other' })).toEqual(['FOREIGN_VOLUME_KEY']);
  });

  test('a job that describes nothing violates', () => {
    expect(violationsOf(jobOf([]), ENVIRONMENT)).toEqual(['NO_DEFINITION']);
  });

  test('one algorithm of a tuning job is enough', () => {
    expect(violationsOf(jobOf([ISOLATED, { ...ISOLATED, networkIsolated: false }]), ENVIRONMENT)).toEqual(['NO_NETWORK_ISOLATION']);
  });

  test('any mixture of ways out is never taken for isolated, and each is named', () => {
    fc.assert(fc.property(fc.subarray([...WAYS_OUT], { minLength: 1 }), (ways) => {
      const definition = Object.assign({ ...ISOLATED }, ...ways.map(([, change]) => change)) as JobDefinition;
      const found = violationsOf(jobOf([definition]), ENVIRONMENT);
      expect(found.length).toBeGreaterThan(0);
      // A later way may replace an earlier one of the same setting; the last of each setting stands.
      const standing = ways.filter(([, change]) => Object.entries(change).every(([name, value]) => definition[name as keyof JobDefinition] === value));
      for (const [violation] of standing) expect(found).toContain(violation);
    }), { numRuns: 200 });
  });
});
