import { describe, expect, test } from 'vitest';
import { answerDeployment } from '../../../lib/models/deploy-check/deployment-answer';
import { DeployCheckError } from '../../../lib/models/deploy-check/deploy-check-error';
import { toDeploymentRequest } from '../../../lib/models/deploy-check/deployment-request';
import { refusalFinding } from '../../../lib/models/deploy-check/refusal-finding';

const HOST = 'cloudformation-custom-resource-response-eucentral1.s3.eu-central-1.amazonaws.com';
const PREFIX = `models/fraud/sha256-${'a'.repeat(64)}/`;
const STACK = 'arn:aws:cloudformation:eu-central-1:111111111111:stack/Fraud/0a1b2c3d';
const event = (change: object = {}) => ({
  RequestType: 'Create', ResponseURL: `https://${HOST}/answer?X-Amz-Signature=x`, StackId: STACK, RequestId: 'r-1', LogicalResourceId: 'Verdict',
  ResourceType: 'Custom::SecureAiApprovedModel', ResourceProperties: { ServiceToken: 'arn', Prefix: PREFIX }, ...change,
});
const never = () => new Promise<void>(() => undefined);
const answer = (change: object, check: () => Promise<unknown> = () => Promise.resolve(), deadline = never) =>
  answerDeployment(toDeploymentRequest(event(change), [HOST]), { check, deadline });
const refusing = () => Promise.reject(new DeployCheckError('OBJECT_EXTRA', 'an object too many'));

describe('CloudFormation is told', () => {
  test('that a model may be deployed, under a name that is the model\'s', async () => {
    expect(await answer({})).toEqual({ answer: {
      Status: 'SUCCESS', Reason: expect.any(String), PhysicalResourceId: PREFIX, StackId: STACK, RequestId: 'r-1', LogicalResourceId: 'Verdict',
    } });
    expect((await answer({ RequestType: 'Update', PhysicalResourceId: PREFIX })).answer.PhysicalResourceId).toBe(PREFIX);
  });

  test('why not, with a closed code first', async () => {
    expect(await answer({}, refusing)).toMatchObject({ answer: { Status: 'FAILED', Reason: 'OBJECT_EXTRA: an object too many' }, refusal: 'OBJECT_EXTRA' });
    expect((await answer({ RequestType: 'Update', PhysicalResourceId: 'old' }, refusing)).answer).toMatchObject({ Status: 'FAILED', PhysicalResourceId: 'old' });
  });

  test('nothing of what failed inside', async () => {
    expect(await answer({}, () => Promise.reject(new Error('secret')))).toMatchObject({ answer: { Status: 'FAILED', Reason: 'CHECK_FAILED: the check failed; its log says why' } });
  });

  test('in time, also when the check does not end', async () => {
    expect(await answer({}, never, () => Promise.resolve())).toMatchObject({ answer: { Status: 'FAILED' }, refusal: 'TIMED_OUT' });
  });

  test('in a reason that is short and printable', async () => {
    const { Reason } = (await answer({}, () => Promise.reject(new DeployCheckError('OBJECT_EXTRA', `\u001b[31m\u202e${'ü'.repeat(5000)}`)))).answer;
    expect(Reason).toMatch(/^[\x20-\x7e]{600}$/);
  });

  test.each<[string, unknown]>([
    ['no prefix', {}], ['a prefix without digest', { Prefix: 'models/fraud/latest/' }], ['a list', { Prefix: [PREFIX, 'x'] }], ['another type', { Prefix: 1 }],
    ['a way out', { Prefix: `${PREFIX}../` }], ['nothing', null], ['the prototype', JSON.parse('{"__proto__":{"Prefix":"x"}}')],
  ])('that %s is no model', async (_, ResourceProperties) => {
    let asked = 0;
    expect(await answer({ ResourceProperties }, () => Promise.resolve(asked++))).toMatchObject({ answer: { Status: 'FAILED' }, refusal: 'INVALID_REQUEST' });
    expect(asked).toBe(0);
  });
});

describe('a deletion', () => {
  test.each<[string, object]>([
    ['of an approved model', { PhysicalResourceId: PREFIX }], ['of a model that was refused', { PhysicalResourceId: 'not-approved-r-1' }],
    ['without properties', { PhysicalResourceId: PREFIX, ResourceProperties: undefined }], ['without a name', {}],
  ])('%s is never refused and checks nothing', async (_, change) => {
    const decision = await answer({ RequestType: 'Delete', ...change }, () => { throw new Error('a deletion must not check'); }, () => Promise.resolve());
    expect(decision).toMatchObject({ answer: { Status: 'SUCCESS', LogicalResourceId: 'Verdict' } });
  });
});

describe('an event that nobody could be answered for', () => {
  test.each<[string, unknown]>([
    ['nothing', undefined], ['a list', [event()]], ['another type of request', event({ RequestType: 'constructor' })], ['no address', event({ ResponseURL: undefined })],
    ['plain http', event({ ResponseURL: `http://${HOST}/a` })], ['another host', event({ ResponseURL: 'https://169.254.169.254/latest/meta-data' })],
    ['a host that begins like it', event({ ResponseURL: `https://${HOST}.example.com/a` })], ['a bucket that begins like it', event({ ResponseURL: `https://x${HOST}/a` })],
    ['another port', event({ ResponseURL: `https://${HOST}:8443/a` })], ['credentials', event({ ResponseURL: `https://a:b@${HOST}/a` })],
    ['no request id', event({ RequestId: '' })], ['a long stack id', event({ StackId: 'x'.repeat(9000) })],
  ])('is refused: %s', (_, hostile) => expect(() => toDeploymentRequest(hostile, [HOST])).toThrow(expect.objectContaining({ code: 'INVALID_REQUEST' })));
});

describe('a finding', () => {
  test('tells of a model that is not what was approved, by its code alone', () => {
    const finding = refusalFinding('CHECKSUM_MISMATCH', STACK, 1);
    expect(finding).toMatchObject({ severity_id: 4, disposition_id: 2, resources: [{ uid: STACK }], finding_info: { types: ['CHECKSUM_MISMATCH'] } });
  });

  test.each(['NOT_READABLE', 'TIMED_OUT', 'INVALID_REQUEST', 'CHECK_FAILED'] as const)('does not come of %s', (code) => expect(refusalFinding(code, STACK, 1)).toBeUndefined());
});
