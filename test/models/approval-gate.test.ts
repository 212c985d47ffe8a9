import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { App, Duration, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { SecurityGroup, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { CheckResults, ComplianceChecks } from 'cdk-secure-ai/assurance';
import type { ApprovalGateProps } from 'cdk-secure-ai/models';
import { ApprovalGate, ModelArtifactBucket, ModelRegistry } from 'cdk-secure-ai/models';
import { SecurityPosture, SecurityProfile } from 'cdk-secure-ai/posture';
import { afterAll, describe, expect, test } from 'vitest';
import { LeastPrivilegeRole } from '../../lib/core/least-privilege-role';
import type { StateMachine } from '../support/state-machine/state-machine';
import { PROFILE_POSTURES } from '../support/full-platform';
import { GATE_POLICY, GATE_TRUST } from '../support/gate-settings';
import { headings } from '../support/runbook';

const temp = fs.mkdtempSync(path.join(os.tmpdir(), 'gate-checks-'));
afterAll(() => fs.rmSync(temp, { recursive: true, force: true }));
const env = { account: '111111111111', region: 'eu-central-1' };
const TOPIC_ARN = 'arn:aws:sns:eu-central-1:111111111111:on-call';

interface AlarmProperties {
  readonly AlarmDescription: string;
  readonly MetricName: string;
  readonly Dimensions: readonly { readonly Value: unknown }[];
}

function gateIn(stack: Stack, change: Partial<ApprovalGateProps> = {}): ApprovalGate {
  const vpc = Vpc.fromVpcAttributes(stack, 'Vpc', {
    vpcId: 'vpc-1', availabilityZones: ['a', 'b'], isolatedSubnetIds: ['subnet-1', 'subnet-2'], isolatedSubnetRouteTableIds: ['rtb-1', 'rtb-2'],
  });
  return new ApprovalGate(stack, 'Gate', {
    registry: new ModelRegistry(stack, 'Registry', { groupName: 'fraud-scoring' }),
    store: new ModelArtifactBucket(stack, 'Models'),
    vpc,
    securityGroups: [SecurityGroup.fromSecurityGroupId(stack, 'Group', 'sg-1', { mutable: false })],
    policy: GATE_POLICY,
    modelTrust: GATE_TRUST,
    evidenceTrust: GATE_TRUST,
    approvers: [Role.fromRoleArn(stack, 'Approvers', 'arn:aws:iam::111111111111:role/approvers')],
    ...change,
  });
}

function stackWith(change: Partial<ApprovalGateProps> = {}): Template {
  const stack = new Stack(new App(), 'Stack', { env });
  gateIn(stack, change);
  return Template.fromStack(stack);
}

describe.each(Object.values(SecurityProfile))('under %s', (profile) => {
  test('registry and gate leave no finding of any pack of the profile open', () => {
    const outdir = path.join(temp, profile);
    const app = new App({ outdir });
    const stack = new Stack(app, 'Stack', { env });
    SecurityPosture.attach(stack, PROFILE_POSTURES[profile](app));
    const gate = gateIn(stack);
    const role = new LeastPrivilegeRole(stack, 'Pipeline', { assumedBy: new ServicePrincipal('codebuild.amazonaws.com'), description: 'Registers' });
    gate.grantRequest(role);
    gate.grantEvidence(role);
    ComplianceChecks.addTo(app);
    app.synth();
    const { packs } = CheckResults.read(outdir);
    expect(packs.length).toBeGreaterThanOrEqual(2);
    expect(packs.flatMap(({ open }) => open)).toEqual([]);
    expect(packs.flatMap(({ acknowledged }) => acknowledged).filter(({ classId }) => classId === 'USER')).toEqual([]);
  });
});

describe('the gate', () => {
  const template = stackWith({ approvalWindow: Duration.hours(8) });

  test('runs a traced machine with a log that holds no data, defined by policy and trust as they were given', () => {
    const [machine] = Object.values(template.findResources('AWS::StepFunctions::StateMachine')) as { Properties: Record<string, unknown> }[];
    expect(machine.Properties).toMatchObject({
      StateMachineType: 'STANDARD', TracingConfiguration: { Enabled: true }, LoggingConfiguration: { Level: 'ALL', IncludeExecutionData: false },
    });
    expect(machine.Properties.EncryptionConfiguration).toEqual({
      Type: 'CUSTOMER_MANAGED_KMS_KEY', KmsKeyId: { 'Fn::GetAtt': [expect.stringMatching(/^GateKey/), 'Arn'] }, KmsDataKeyReusePeriodSeconds: 300,
    });
    const { LoggingConfiguration } = machine.Properties as { LoggingConfiguration: { Destinations: { CloudWatchLogsLogGroup: { LogGroupArn: { 'Fn::GetAtt': string[] } } }[] } };
    const [{ CloudWatchLogsLogGroup }] = LoggingConfiguration.Destinations;
    const group = template.findResources('AWS::Logs::LogGroup')[CloudWatchLogsLogGroup.LogGroupArn['Fn::GetAtt'][0]] as { Properties: { LogGroupName: unknown } };
    expect(JSON.stringify(group.Properties.LogGroupName)).toContain('/aws/vendedlogs/states/');
    const definition = JSON.parse(String(machine.Properties.DefinitionString)) as StateMachine;
    const { Payload } = definition.States.Check.Parameters as { Payload: Record<string, unknown> };
    expect(Payload).toMatchObject({ policy: GATE_POLICY, modelTrust: GATE_TRUST, evidenceTrust: GATE_TRUST, group: 'fraud-scoring', approvalHours: 8 });
    const named = [...String(machine.Properties.DefinitionString).matchAll(/\$\{(\w+)\}/g)].map(([, name]) => name);
    expect([...new Set(named)].sort()).toEqual(Object.keys(machine.Properties.DefinitionSubstitutions as object).sort());
  });

  test('is started by requests and decisions, by nothing else that is written', () => {
    template.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: { 'source': ['aws.s3'], 'detail-type': ['Object Created'], 'detail': { object: { key: [{ prefix: 'requests/' }, { prefix: 'decisions/' }] } } },
      Targets: [Match.objectLike({ InputTransformer: { InputPathsMap: { key: '$.detail.object.key' }, InputTemplate: '{"key":<key>}' }, DeadLetterConfig: Match.anyValue() })],
    });
  });

  test('serves its desk to signed calls only', () => {
    template.resourceCountIs('AWS::Lambda::Url', 1);
    template.hasResourceProperties('AWS::Lambda::Url', { AuthType: 'AWS_IAM' });
    template.resourceCountIs('AWS::Lambda::Permission', 0);
  });

  test('tells the alarm topic of the posture what came to no decision, and what never reached it', () => {
    expect(Object.values(template.findResources('AWS::CloudWatch::Alarm'))).toEqual([]);

    const stack = new Stack(new App(), 'Stack', { env });
    SecurityPosture.attach(stack, { alarmTopic: Topic.fromTopicArn(stack, 'OnCall', TOPIC_ARN) });
    gateIn(stack);
    const told = Template.fromStack(stack);
    const alarms = (Object.values(told.findResources('AWS::CloudWatch::Alarm')) as { Properties: AlarmProperties }[]).map(({ Properties }) => Properties)
      .filter(({ AlarmDescription }) => AlarmDescription.includes('approval gate'));
    const [id] = Object.keys(told.findResources('AWS::StepFunctions::StateMachine'));
    const machine = { 'Fn::GetAtt': [id, 'Arn'] };
    const [rule] = Object.values(told.findResources('AWS::Events::Rule')) as { Properties: { Targets: { DeadLetterConfig: { Arn: { 'Fn::GetAtt': string[] } } }[] } }[];
    const [queue] = rule.Properties.Targets[0].DeadLetterConfig.Arn['Fn::GetAtt'];
    expect(alarms.map(({ MetricName, Dimensions: [{ Value }] }) => [MetricName, Value])).toEqual([
      ['ExecutionsFailed', machine], ['ExecutionsAborted', machine], ['ExecutionsTimedOut', machine],
      ['ApproximateNumberOfMessagesVisible', { 'Fn::GetAtt': [queue, 'QueueName'] }],
    ]);
    for (const alarm of alarms) {
      expect(alarm).toMatchObject({ Threshold: 0, AlarmActions: [TOPIC_ARN], OKActions: [TOPIC_ARN], InsufficientDataActions: [TOPIC_ARN] });
      expect(headings()).toContain(alarm.AlarmDescription.split('docs/runbook.md#')[1]);
    }
  });

  test.each<[string, (stack: Stack) => Partial<ApprovalGateProps>, string]>([
    ['a policy that is none', () => ({ policy: '{}' }), 'policy: '],
    ['a policy that every model would pass', () => ({ policy: GATE_POLICY.replace(/"requirements":\[.*\]/, '"requirements":[]') }), 'every model would pass'],
    ['a trust store without keys', () => ({ evidenceTrust: '{"schema":"cdk-secure-ai/trust-store/v1","keys":{}}' }), 'evidenceTrust: it has no key'],
    ['text that CloudFormation would replace', () => ({ policy: GATE_POLICY.replace('production', '${AWS::AccountId}') }), 'which CloudFormation would replace'],
    ['nobody who decides', () => ({ approvers: [] }), 'approvers is empty'],
    ['a window of a moment', () => ({ approvalWindow: Duration.minutes(30) }), 'whole hours from 1 to 720'],
    ['a registry of another stack', (stack) => ({ registry: new ModelRegistry(new Stack(stack, 'Other'), 'Registry', { groupName: 'other' }) }), "must be in the gate's stack"],
  ])('fails for %s', (_, change, message) => {
    const stack = new Stack(new App(), 'Stack', { env });
    expect(() => gateIn(stack, change(stack))).toThrow(message);
  });

  test('is the only one of its registry', () => {
    const stack = new Stack(new App(), 'Stack', { env });
    const registry = new ModelRegistry(stack, 'Shared', { groupName: 'shared' });
    gateIn(stack, { registry });
    expect(() => gateIn(new Stack(stack, 'Inner', { env }), { registry })).toThrow("must be in the gate's stack");
    const second = new LeastPrivilegeRole(stack, 'Second', { assumedBy: new ServicePrincipal('states.amazonaws.com'), description: 'x' });
    expect(() => registry._admitApprover(second)).toThrow('has a gate already');
  });
});

test.each(['Fraud', '-fraud', 'fraud_scoring', '', 'a'.repeat(64)])('a registry is not called %j', (groupName) => {
  expect(() => new ModelRegistry(new Stack(new App(), 'Stack'), 'Registry', { groupName })).toThrow('groupName must be lower-case letters');
});
