import { describe, expect, test } from 'vitest';
import { EVERY_ATTACK } from '../../../lib/assurance/attacks/catalogue';
import { mutationReport } from '../../../lib/assurance/attacks/mutation-report';
import { ACCOUNT, document, judgeOf, role } from './template';

const SERVED = ['arn:aws:s3:::models', 'arn:aws:s3:::models/*'];
const deny = (Sid: string, Condition: object) => ({ Sid, Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: SERVED, Condition });
const trust = (Condition: object) => document({ Effect: 'Allow', Principal: { Service: 'sagemaker.amazonaws.com' }, Action: 'sts:AssumeRole', Condition });
const store = (guards: object[], condition: object) => ({
  Models: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'models' } },
  Policy: { Type: 'AWS::S3::BucketPolicy', Properties: { Bucket: { Ref: 'Models' }, PolicyDocument: document(...guards) } },
  Reader: role('reader', 'sagemaker.amazonaws.com', [{ Effect: 'Allow', Action: 's3:GetObject', Resource: SERVED[1] }], { AssumeRolePolicyDocument: trust(condition) }),
});
const BOTH = { StringEquals: { 'aws:SourceAccount': ACCOUNT }, ArnLike: { 'aws:SourceArn': `arn:aws:sagemaker:eu-west-1:${ACCOUNT}:*` } };
const report = (guards: object[], condition: object, ids: RegExp) =>
  mutationReport(ACCOUNT, judgeOf(store(guards, condition)), EVERY_ATTACK.filter(({ id }) => ids.test(id)));

describe('a weakening', () => {
  const plain = deny('NoPlainHttp', { Bool: { 'aws:SecureTransport': 'false' } });

  test('is noticed by the attack that opens, and survives where none asks', () => {
    const asked = report([plain], BOTH, /08F|16A/);
    expect(asked.survivors.map(({ mutant }) => mutant)).not.toContain('Policy#NoPlainHttp is gone');
    expect(report([plain], BOTH, /16A/).survivors.map(({ mutant }) => mutant)).toContain('Policy#NoPlainHttp is gone');
    expect(asked.killed).toBeGreaterThan(report([plain], BOTH, /16A/).killed);
  });
  test('that lets nothing more through is set apart', () => {
    const twice = [plain, { ...plain, Sid: 'AsWell' }];
    expect(report(twice, BOTH, /08F/).equivalent).toEqual(expect.arrayContaining(['Policy#NoPlainHttp is gone', 'Policy#AsWell is gone']));
  });
  test('of one of two conditions about for whom a service acts is held by the other, as long as an attack notices when both are gone', () => {
    const both = report([plain], BOTH, /08F|16A/);
    expect(both.twins).toEqual(['Reader#0 does not test aws:SourceAccount', 'Reader#0 does not test aws:SourceArn']);
    expect(report([plain], BOTH, /08F/).twins).toEqual([]);
    expect(report([plain], BOTH, /08F/).survivors.map(({ mutant }) => mutant)).toEqual(expect.arrayContaining([...both.twins]));
  });
  test('of the only one is no twin: it is noticed', () => {
    const { twins, survivors } = report([plain], { StringEquals: { 'aws:SourceAccount': ACCOUNT } }, /08F|16A/);
    expect([twins, survivors.filter(({ mutant }) => mutant.includes('aws:Source'))]).toEqual([[], []]);
  });
  test('is counted once, in one of four ways', () => {
    const { total, killed, equivalent, twins, survivors } = report([plain], BOTH, /08|16|17|24/);
    expect(killed + equivalent.length + twins.length + survivors.length).toBe(total);
  });
});
