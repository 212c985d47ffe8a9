import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { belongsTo } from '../../../lib/training/sweep/belongs';
import type { OwnMark } from '../../../lib/training/sweep.contract';
import type { JobDefinition } from '../../../lib/training/sweep/job';
import { ENVIRONMENT, FOREIGN, jobOf, OUTPUT_KEY, ROLE, VOLUME_KEY } from './sweep-fixture';

const { key, value } = ENVIRONMENT.tag;
const OTHER_ROLE = 'arn:aws:iam::111111111111:role/secure-ai/other/job-1';
const belongs = (change: Partial<JobDefinition>, tags: [string, string][] = []) =>
  belongsTo(ENVIRONMENT, jobOf({ ...FOREIGN, ...change }, { tags: new Map(tags) }));

describe('a job of the environment', () => {
  test.each<[string, Partial<JobDefinition>, [string, string][]?]>([
    ['its role', { roleArn: ROLE }],
    ['a role further down its path', { roleArn: 'arn:aws:iam::111111111111:role/secure-ai/fraud/sub/job-1' }],
    ['its volume key', { volumeKey: VOLUME_KEY }],
    ['its output key', { outputKey: OUTPUT_KEY }],
    ['its output key by id', { outputKey: OUTPUT_KEY.split('/')[1] }],
    ['its output key for the volume', { volumeKey: OUTPUT_KEY }],
    ['one of its subnets', { subnets: ['subnet-9', 'subnet-2'] }],
    ['its tag', {}, [[key, value]]],
    ['its role under the tag of another environment', { roleArn: ROLE }, [[key, 'other']]],
    ['one of its subnets under a tag that anybody writes', { subnets: ['subnet-1'] }, [[key, 'other']]],
    ['its key under a tag that anybody writes', { volumeKey: VOLUME_KEY }, [[key, 'other']]],
    ['its subnet under the tag of one environment and a role of another', { subnets: ['subnet-1'], roleArn: OTHER_ROLE }, [[key, 'third']]],
    ['its subnet, a role of another environment and no tag', { subnets: ['subnet-1'], roleArn: OTHER_ROLE }],
    ['its subnet under an empty tag', { subnets: ['subnet-1'], roleArn: OTHER_ROLE }, [[key, '']]],
    ['its subnet under an empty tag and a role without a path', { subnets: ['subnet-1'], roleArn: `${ENVIRONMENT.rolesUnder}/job-1` }, [[key, '']]],
    ['its subnet under a tag that is a path', { subnets: ['subnet-1'], roleArn: `${ENVIRONMENT.rolesUnder}other/sub/job-1` }, [[key, 'other/sub']]],
    ['its subnet under a tag that ends in a slash', { subnets: ['subnet-1'], roleArn: `${ENVIRONMENT.rolesUnder}other//job-1` }, [[key, 'other/']]],
    ['its subnet and a role named like a path of roles', { subnets: ['subnet-1'], roleArn: `${ENVIRONMENT.rolesUnder}other` }, [[key, 'other']]],
  ])('is known by %s', (_, change, tags) => {
    expect(belongs(change, tags)).toBe(true);
  });

  test('is known by one algorithm of a tuning job', () => {
    expect(belongsTo(ENVIRONMENT, jobOf([FOREIGN, { ...FOREIGN, roleArn: ROLE }]))).toBe(true);
  });
});

describe('a job of another team', () => {
  test.each<[string, Partial<JobDefinition>, [string, string][]?]>([
    ['nothing of the environment', {}],
    ['no keys at all', { volumeKey: '', outputKey: undefined }],
    ['the tag of another environment', {}, [[key, 'other']]],
    ['the value of the tag under another key', {}, [['team', value]]],
    ['a shared subnet, the tag and a role of another environment', { subnets: ['subnet-1'], roleArn: OTHER_ROLE }, [[key, 'other']]],
    ['a role whose path starts like ours', { roleArn: `${ENVIRONMENT.rolesUnder}${value}-2/job-1` }],
    ['a role named like our path', { roleArn: `${ENVIRONMENT.rolesUnder}${value}` }],
    ['a shared key, the tag and a role of another environment', { volumeKey: VOLUME_KEY, outputKey: OUTPUT_KEY, roleArn: OTHER_ROLE }, [[key, 'other']]],
    ['a role that is empty', { roleArn: '' }],
    ['an alias, which may lead anywhere', { volumeKey: 'alias/training' }],
    ['the security group alone', { securityGroups: ['sg-1'] }],
  ])('is left alone with %s', (_, change, tags) => {
    expect(belongs(change, tags)).toBe(false);
  });

  test.each<[OwnMark, Partial<JobDefinition>]>([
    ['volume-key', { volumeKey: VOLUME_KEY }],
    ['output-key', { outputKey: OUTPUT_KEY }],
    ['segment', { subnets: ['subnet-1'] }],
  ])('is left alone with the %s, where others use it as well', (mark, change) => {
    const job = jobOf({ ...FOREIGN, ...change });
    const shared = { ...ENVIRONMENT, ownMarks: new Set([...ENVIRONMENT.ownMarks].filter((own) => own !== mark)) };
    expect([belongsTo(ENVIRONMENT, job), belongsTo(shared, job)]).toEqual([true, false]);
  });

  test('is never ours, whatever it is called', () => {
    const name = fc.string({ maxLength: 40 });
    const foreign = fc.record({
      roleArn: name,
      images: fc.array(name),
      subnets: fc.array(name),
      securityGroups: fc.array(name),
      volumeKey: name,
      outputKey: fc.option(name, { nil: undefined }),
    });
    fc.assert(fc.property(foreign, fc.array(fc.tuple(name, name)), (definition, tags) => {
      expect(belongs(definition, tags)).toBe(false);
    }), { numRuns: 300 });
  });
});
