import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { JOB_KINDS, JOB_NAMING } from '../../../lib/training/sweep.contract';
import { toJobReference } from '../../../lib/training/sweep/job-event';
import { SweepError } from '../../../lib/training/sweep/sweep-error';
import { PREFIX } from './sweep-fixture';

const DETAIL = { TrainingJobName: 'fraud-7', TrainingJobArn: `${PREFIX}training-job/fraud-7`, TrainingJobStatus: 'InProgress' };
const EVENT = { source: 'aws.sagemaker', 'detail-type': 'SageMaker Training Job State Change', account: '111111111111', detail: DETAIL };

describe('an event of a job', () => {
  test.each(JOB_KINDS)('of the kind %s is read', (kind) => {
    const { noun, path, detailType } = JOB_NAMING[kind];
    const detail = { [`${noun}Name`]: 'Fraud-7', [`${noun}Arn`]: `${PREFIX}${path}/fraud-7` };
    expect(toJobReference({ source: 'aws.sagemaker', 'detail-type': detailType, detail }, PREFIX)).toEqual({ kind, name: 'Fraud-7' });
  });

  test.each<[string, unknown]>([
    ['nothing', undefined],
    ['a list', [EVENT]],
    ['another source', { ...EVENT, source: 'attacker' }],
    ['no source', { ...EVENT, source: undefined }],
    ['another detail type', { ...EVENT, 'detail-type': 'SageMaker Endpoint State Change' }],
    ['a detail type from a prototype', { ...EVENT, 'detail-type': 'constructor' }],
    ['a detail type that is an object', { ...EVENT, 'detail-type': { toString: 'x' } }],
    ['no detail', { ...EVENT, detail: undefined }],
    ['a detail that is a text', { ...EVENT, detail: JSON.stringify(DETAIL) }],
    ['an inherited name', { ...EVENT, detail: Object.create(DETAIL) as unknown }],
    ['a name that climbs', { ...EVENT, detail: { ...DETAIL, TrainingJobName: '../x' } }],
    ['a name that is too long', { ...EVENT, detail: { ...DETAIL, TrainingJobName: 'a'.repeat(64) } }],
    ['a name with a wildcard', { ...EVENT, detail: { ...DETAIL, TrainingJobName: '*' } }],
    ['a name with a line break', { ...EVENT, detail: { ...DETAIL, TrainingJobName: 'fraud-7\n' } }],
    ['no ARN', { ...EVENT, detail: { TrainingJobName: 'fraud-7' } }],
    ['the ARN of another job', { ...EVENT, detail: { ...DETAIL, TrainingJobArn: `${PREFIX}training-job/other` } }],
    ['the ARN of another kind', { ...EVENT, detail: { ...DETAIL, TrainingJobArn: `${PREFIX}processing-job/fraud-7` } }],
    ['the ARN of another account', { ...EVENT, detail: { ...DETAIL, TrainingJobArn: DETAIL.TrainingJobArn.replace('111111111111', '222222222222') } }],
    ['the ARN of another region', { ...EVENT, detail: { ...DETAIL, TrainingJobArn: DETAIL.TrainingJobArn.replace('eu-central-1', 'us-east-1') } }],
  ])('is refused with %s', (_, event) => {
    expect(() => toJobReference(event, PREFIX)).toThrow(expect.objectContaining({ code: 'INVALID_EVENT' }) as Error);
  });

  test('a huge one is refused without its text in the message', () => {
    const event = { ...EVENT, detail: { ...DETAIL, TrainingJobName: 'a-'.repeat(1_000_000) } };
    expect(() => toJobReference(event, PREFIX)).toThrow(/^TrainingJobName .{1,200}$/);
  });

  test('any JSON is refused with a closed code', () => {
    fc.assert(fc.property(fc.jsonValue(), fc.jsonValue(), (event, detail) => {
      for (const candidate of [event, { ...EVENT, detail }]) {
        expect(() => toJobReference(candidate, PREFIX)).toThrow(SweepError);
      }
    }), { numRuns: 300 });
  });
});
