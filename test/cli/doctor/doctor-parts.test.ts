import { describe, expect, test } from 'vitest';
import { TemplateModel } from '../../../lib/assurance/template';
import type { AwsAnswer, AwsCaller, AwsRequest } from '../../../lib/cli/aws-api';
import { closedServices } from '../../../lib/cli/doctor/closed-services';
import { identityPart, whoAmI } from '../../../lib/cli/doctor/identity-part';
import { quotaPart } from '../../../lib/cli/doctor/quota-part';
import { singletonPart } from '../../../lib/cli/doctor/singleton-part';
import { needsOf, type RegionNeeds } from '../../../lib/cli/doctor/template-needs';

const NOW = new Date('2026-11-24T12:00:00Z');
const ROLE = { account: '111111111111', arn: 'arn:aws:sts::111111111111:assumed-role/Deploy/me' };
const KEYS = { accessKeyId: 'AKIA', secretAccessKey: 'none' };

/** An AWS that answers by the service, and by the action of a query where there is one; everything else is refused. */
class ScriptedAws implements AwsCaller {
  public readonly asked: AwsRequest[] = [];

  public constructor(private readonly answers: Readonly<Record<string, object | string>>) {}

  public call(request: AwsRequest): Promise<AwsAnswer> {
    this.asked.push(request);
    const answer = this.answers[request.action];
    if (answer === undefined) return Promise.resolve({ ok: false, status: 403, error: 'AccessDeniedException', text: '{}' });
    return Promise.resolve({ ok: true, status: 200, error: '', text: typeof answer === 'string' ? answer : JSON.stringify(answer) });
  }
}

function needs(resources: object): RegionNeeds {
  const [found] = needsOf(TemplateModel.of([{ stackName: 'Stack', template: { Resources: resources }, account: '111111111111', region: 'eu-central-1' }]), undefined);
  return found;
}

const brief = (found: readonly { status: string; text: string }[]): string[] => found.map(({ status, text }) => `${status} ${text}`);

describe('a session', () => {
  test('is taken from what STS says', async () => {
    const aws = new ScriptedAws({ 'sts:GetCallerIdentity': `<R><Arn>${ROLE.arn}</Arn><Account>111111111111</Account></R>` });
    await expect(whoAmI(aws, 'eu-central-1')).resolves.toEqual(ROLE);
    await expect(whoAmI(new ScriptedAws({}), 'eu-central-1')).rejects.toThrow('AWS does not accept the credentials (AccessDeniedException)');
  });

  test('of the root user stands in the way; one of a role does not', () => {
    const root = identityPart({ account: '111111111111', arn: 'arn:aws:iam::111111111111:root' }, KEYS, NOW);
    expect(root).toContainEqual(expect.objectContaining({ check: 'identity.root', status: 'FAIL' }));
    const role = identityPart(ROLE, { ...KEYS, sessionToken: 'x' }, NOW);
    expect(role.map(({ status }) => status)).toEqual(['OK']);
    // A role may bear the name; the user's ARN alone means it.
    expect(identityPart({ ...ROLE, arn: 'arn:aws:sts::111111111111:assumed-role/x/:root' }, KEYS, NOW)).not.toContainEqual(expect.objectContaining({ status: 'FAIL' }));
  });

  test.each([
    ['2026-11-24T11:59:00Z', 'FAIL'],
    ['2026-11-24T12:29:00Z', 'WARN'],
    ['2026-11-24T13:00:00Z', 'OK'],
  ])('that ends at %s is %s at noon', (expiration, status) => {
    const found = identityPart(ROLE, { ...KEYS, sessionToken: 'x', expiration: new Date(expiration) }, NOW);
    expect(found).toContainEqual(expect.objectContaining({ check: 'identity.expiry', status }));
  });
});

describe('what an account has once', () => {
  const detector = { Type: 'AWS::GuardDuty::Detector', Properties: { Enable: true } };
  const exists = { 'guardduty:ListDetectors': { detectorIds: ['d-1'] } };
  const detectorIn = async (answers: Readonly<Record<string, object | string>>, resources: object) =>
    brief((await singletonPart(new ScriptedAws(answers), needs(resources))).filter(({ check }) => check.endsWith('GuardDuty::Detector')));

  test('stands in the way where the templates make it again', async () => {
    expect(await detectorIn(exists, { Detector: detector })).toEqual(['FAIL eu-central-1: GuardDuty detector exists (d-1), and Stack/Detector makes one']);
  });

  test('does not where the same stack made it, where it is absent, or where nothing makes it', async () => {
    const own = { ...exists, 'cloudformation:DescribeStackResource': '<x/>' };
    expect(await detectorIn(own, { Detector: detector })).toEqual(['OK eu-central-1: GuardDuty detector was made by Stack/Detector before']);
    expect(await detectorIn({ 'guardduty:ListDetectors': { detectorIds: [] } }, { Detector: detector })).toEqual(['OK eu-central-1: GuardDuty detector does not exist; Stack/Detector makes it']);
    expect(await detectorIn(exists, { Vpc: { Type: 'AWS::EC2::VPC' } })).toEqual(['OK eu-central-1: GuardDuty detector exists (d-1); the templates make none']);
  });

  test('is unknown where the call is refused, never absent', async () => {
    const found = await singletonPart(new ScriptedAws({}), needs({ Detector: detector }));
    expect(found.map(({ status }) => status)).toEqual(Array(6).fill('UNKNOWN'));
    expect(found[0].advice).toBe('allow guardduty:ListDetectors');
  });

  test('an API that logs needs the account role, which its own template may set', async () => {
    const api = { Stage: { Type: 'AWS::ApiGateway::Stage', Properties: { MethodSettings: [{ LoggingLevel: 'INFO' }] } } };
    const role = { Account: { Type: 'AWS::ApiGateway::Account', Properties: {} } };
    const statusOf = async (resources: object) =>
      (await singletonPart(new ScriptedAws({ 'apigateway:GET': {} }), needs(resources))).find(({ check }) => check.endsWith('ApiGateway::Account'))?.status;
    expect(await statusOf(api)).toBe('FAIL');
    expect(await statusOf({ ...api, ...role })).toBe('OK');
    expect(await statusOf({ Stage: { ...api.Stage, Properties: { MethodSettings: [{ LoggingLevel: 'OFF' }] } } })).toBe('OK');
  });
});

describe('quotas', () => {
  const lambda = (total: number, free: number) => ({ 'lambda:GetAccountSettings': { AccountLimit: { ConcurrentExecutions: total, UnreservedConcurrentExecutions: free } } });
  const reserving = { Type: 'AWS::Lambda::Function', Properties: { ReservedConcurrentExecutions: 5 } };
  const functions = { A: reserving, B: reserving };
  const judged = async (answers: Readonly<Record<string, object | string>>, resources: object) =>
    (await quotaPart(new ScriptedAws(answers), needs(resources))).map(({ status }) => status);

  test('a new account, which has ten concurrent executions, cannot reserve any', async () => {
    expect(await judged(lambda(10, 10), functions)).toEqual(['FAIL']);
    expect(await judged(lambda(1000, 105), functions)).toEqual(['WARN']);
    expect(await judged(lambda(1000, 1000), functions)).toEqual(['OK']);
    expect(await judged({}, functions)).toEqual(['UNKNOWN']);
  });

  test('instances of all endpoints count together, over all pages of the quotas', async () => {
    const config = (count: number) => ({ Type: 'AWS::SageMaker::EndpointConfig', Properties: { ProductionVariants: [{ InstanceType: 'ml.g5.xlarge', InitialInstanceCount: count }] } });
    const resources = { A: config(1), B: config(2) };
    const limit = (value: number) => ({ 'servicequotas:ListServiceQuotas': { Quotas: [{ QuotaName: 'ml.g5.xlarge for endpoint usage', Value: value }, { QuotaName: 'ml.g5.xlarge for training job usage', Value: 99 }] } });
    expect(await judged(limit(2), resources)).toEqual(['FAIL']);
    expect(await judged(limit(3), resources)).toEqual(['OK']);
    expect(await judged({ 'servicequotas:ListServiceQuotas': { Quotas: [] } }, resources)).toEqual(['UNKNOWN']);
  });

  test('an endless list of pages ends', async () => {
    const aws = new ScriptedAws({ 'servicequotas:ListServiceQuotas': { Quotas: [], NextToken: 'again' } });
    await quotaPart(aws, needs({ A: { Type: 'AWS::SageMaker::EndpointConfig', Properties: { ProductionVariants: [{ InstanceType: 'ml.m5.large' }] } } }));
    expect(aws.asked.length).toBeLessThan(100);
  });

  test('nothing is asked for what the templates do not need', async () => {
    const aws = new ScriptedAws({});
    expect(await quotaPart(aws, needs({ Topic: { Type: 'AWS::SNS::Topic' } }))).toEqual([]);
    expect(aws.asked).toEqual([]);
  });
});

test('services closed to new customers are named with their day, others are not', () => {
  const found = (type: string) => closedServices(TemplateModel.of([{ stackName: 'S', template: { Resources: { A: { Type: type } } } }])).map(({ status }) => status);
  for (const type of ['AWS::AppRunner::Service', 'AWS::SageMaker::MonitoringSchedule', 'AWS::SSMIncidents::ResponsePlan', 'AWS::CloudTrail::EventDataStore']) expect(found(type)).toEqual(['WARN']);
  for (const type of ['AWS::CloudTrail::Trail', 'AWS::SageMaker::Model', 'AWS::S3::Bucket', '__proto__']) expect(found(type)).toEqual(['OK']);
});
