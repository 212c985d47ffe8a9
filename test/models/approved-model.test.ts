import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { App, Duration, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { CfnVPCEndpoint, SecurityGroup, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Role } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { CheckResults, ComplianceChecks } from 'cdk-secure-ai/assurance';
import { ModelImage, SecureInferenceEndpoint } from 'cdk-secure-ai/inference';
import type { DeployCheckProps } from 'cdk-secure-ai/models';
import { ApprovalGate, ApprovedModel, DeployCheck, ModelArtifactBucket, ModelRegistry, ModelScanner } from 'cdk-secure-ai/models';
import { NetworkSegment } from 'cdk-secure-ai/network';
import type { SecurityPostureProps } from 'cdk-secure-ai/posture';
import { SecurityPosture, SecurityProfile, WeakerChoice } from 'cdk-secure-ai/posture';
import { afterAll, describe, expect, test } from 'vitest';
import { WILDCARD_PERMISSIONS } from '../../lib/core/wildcard-permissions';
import { PROFILE_POSTURES } from '../support/full-platform';
import { GATE_POLICY, GATE_TRUST } from '../support/gate-settings';
import type { Request } from '../support/iam';
import { administrator, expectGuarded, foreignPrincipal, IamWorld } from '../support/iam';
import { headings } from '../support/runbook';

const temp = fs.mkdtempSync(path.join(os.tmpdir(), 'approved-model-'));
afterAll(() => fs.rmSync(temp, { recursive: true, force: true }));
const ACCOUNT = '111111111111';
const env = { account: ACCOUNT, region: 'eu-central-1' };
const DIGEST = '0a1b2c3d'.repeat(8);
const PREFIX = `models/fraud/sha256-${DIGEST}/`;
const TOPIC_ARN = `arn:aws:sns:eu-central-1:${ACCOUNT}:on-call`;
const ANSWERS = 'cloudformation-custom-resource-response-eucentral1';

interface World {
  readonly stack: Stack;
  readonly store: ModelArtifactBucket;
  readonly gate: ApprovalGate;
  readonly segment: NetworkSegment;
  readonly check: DeployCheck;
}

function worldIn(app: App, posture: SecurityPostureProps = {}, change: Partial<DeployCheckProps> = {}): World {
  const stack = new Stack(app, 'Stack', { env });
  SecurityPosture.attach(stack, posture);
  const store = new ModelArtifactBucket(stack, 'Models');
  const segment = new NetworkSegment(stack, 'Network');
  const gate = new ApprovalGate(stack, 'Gate', {
    registry: new ModelRegistry(stack, 'Registry', { groupName: 'fraud-scoring' }), store, segment,
    policy: GATE_POLICY, modelTrust: GATE_TRUST, evidenceTrust: GATE_TRUST, approvers: [Role.fromRoleArn(stack, 'Approvers', `arn:aws:iam::${ACCOUNT}:role/approvers`)],
  });
  return { stack, store, gate, segment, check: new DeployCheck(stack, 'Check', { store, gate, segment, ...change }) };
}

function endpointIn(world: World, prefix = PREFIX): SecureInferenceEndpoint {
  return new SecureInferenceEndpoint(world.stack, 'Endpoint', {
    model: new ApprovedModel(world.stack, 'Model', { check: world.check, prefix }),
    image: ModelImage.fromUri(`${ACCOUNT}.dkr.ecr.eu-central-1.amazonaws.com/models/fraud@sha256:${'4e5f6a7b'.repeat(8)}`),
    segment: world.segment,
  });
}

interface Resource { readonly Type: string; readonly DependsOn?: string[]; readonly Properties: Record<string, unknown> }

/** Everything that a resource waits for, by DependsOn and by references. */
function waitsFor(resources: Readonly<Record<string, Resource>>, id: string, seen = new Set<string>()): Set<string> {
  const { DependsOn = [], Properties } = resources[id];
  const references = [...JSON.stringify(Properties ?? {}).matchAll(/"(?:Ref|Fn::GetAtt)":(?:"([A-Za-z0-9]+)"|\["([A-Za-z0-9]+)")/g)].map(([, ref, att]) => ref ?? att);
  for (const next of [...DependsOn, ...references].filter((one) => one in resources && !seen.has(one))) waitsFor(resources, next, seen.add(next));
  return seen;
}

describe.each(Object.values(SecurityProfile))('under %s', (profile) => {
  test('check, model and endpoint leave no finding of any pack of the profile open', () => {
    const outdir = path.join(temp, profile);
    const app = new App({ outdir });
    endpointIn(worldIn(app, PROFILE_POSTURES[profile](app)));
    ComplianceChecks.addTo(app);
    app.synth();
    const { packs } = CheckResults.read(outdir);
    expect(packs.length).toBeGreaterThanOrEqual(2);
    expect(packs.flatMap(({ open }) => open)).toEqual([]);
    expect(packs.flatMap(({ acknowledged }) => acknowledged).filter(({ classId }) => classId === 'USER')).toEqual([]);
  });
});

describe('a deployment of an approved model', () => {
  const world = worldIn(new App(), { alarmTopic: Topic.fromTopicArn(new Stack(new App(), 'Existing'), 'OnCall', TOPIC_ARN) });
  endpointIn(world);
  const template = Template.fromStack(world.stack);
  const resources = (template.toJSON() as { Resources: Record<string, Resource> }).Resources;
  const idsOf = (type: string) => Object.keys(resources).filter((id) => resources[id].Type === type);
  const [verdict] = idsOf('Custom::SecureAiApprovedModel');
  const [model] = idsOf('AWS::SageMaker::Model');

  test('asks the check about the prefix, and for its answer in less than the hour of CloudFormation', () => {
    expect(resources[verdict].Properties).toEqual({
      ServiceToken: { 'Fn::GetAtt': [expect.stringMatching(/^CheckHandler/), 'Arn'] }, Prefix: PREFIX, ServiceTimeout: '1200',
    });
  });

  test('makes no model before the check has passed it, and nothing of the check waits for the model', () => {
    expect(waitsFor(resources, model)).toContain(verdict);
    expect(waitsFor(resources, idsOf('AWS::SageMaker::Endpoint')[0])).toContain(verdict);
    expect(waitsFor(resources, verdict)).not.toContain(model);
  });

  test('checks once the function has all its permissions, and every way into and out of its network', () => {
    const before = [...waitsFor(resources, verdict)].map((id) => resources[id].Type);
    for (const type of ['AWS::Lambda::Function', 'AWS::IAM::ManagedPolicy', 'AWS::EC2::VPCEndpoint', 'AWS::EC2::SecurityGroup', 'AWS::SQS::Queue']) {
      expect(before, type).toContain(type);
    }
    const endpoints = [...waitsFor(resources, verdict)].filter((id) => resources[id].Type === 'AWS::EC2::VPCEndpoint');
    expect(endpoints.sort()).toEqual(idsOf('AWS::EC2::VPCEndpoint').sort());
  });

  test('makes another resource for another model: a rollback deletes it, and does not ask about the old one again', () => {
    const other = worldIn(new App());
    endpointIn(other, `models/fraud/sha256-${'f'.repeat(64)}/`);
    const [otherVerdict] = Object.keys(Template.fromStack(other.stack).findResources('Custom::SecureAiApprovedModel'));
    expect(otherVerdict).not.toBe(verdict);
    const again = worldIn(new App());
    endpointIn(again);
    expect(Object.keys(Template.fromStack(again.stack).findResources('Custom::SecureAiApprovedModel'))).toEqual([verdict]);
  });

  test('answers through each S3 endpoint to the one bucket of CloudFormation, whose names resolve', () => {
    const policies = Object.entries(resources).filter(([, { Type, Properties }]) => Type === 'AWS::EC2::VPCEndpoint' && JSON.stringify(Properties.ServiceName).includes('.s3'));
    expect(policies.length).toBeGreaterThanOrEqual(2);
    for (const [, { Properties }] of policies) {
      const { Statement } = Properties.PolicyDocument as { Statement: { Sid?: string; Resource: unknown }[] };
      expect(JSON.stringify(Statement.find(({ Sid }) => Sid === 'CustomResourceAnswers')?.Resource)).toContain(`:s3:::${ANSWERS}/*`);
    }
    template.hasResourceProperties('AWS::Lambda::Function', {
      Description: 'Checks models before they are deployed',
      Environment: { Variables: Match.objectLike({ ANSWER_HOSTS: Match.objectLike({ 'Fn::Join': ['', [`${ANSWERS}.s3.eu-central-1.`, Match.anyValue(), Match.anyValue(), Match.anyValue(), Match.anyValue(), Match.anyValue()]] }) }) },
    });
    expect(JSON.stringify(resources[idsOf('AWS::Route53Resolver::FirewallDomainList')[0]].Properties)).toContain('s3');
  });

  test('raises its alarm with an entry in the runbook', () => {
    const alarms = Object.values(template.findResources('AWS::CloudWatch::Alarm')) as { Properties: { AlarmDescription: string } }[];
    const [alarm] = alarms.filter(({ Properties }) => /gave no answer/.test(Properties.AlarmDescription));
    expect(headings()).toContain(/runbook\.md#(.+)$/.exec(alarm.Properties.AlarmDescription)?.[1]);
    expect(headings()).toContain('a-model-that-was-not-deployed');
  });
});

describe('the check', () => {
  test('takes approvals up to an age', () => {
    const { stack } = worldIn(new App(), {}, { maxApprovalAge: Duration.days(90) });
    Template.fromStack(stack).hasResourceProperties('AWS::Lambda::Function', { Environment: { Variables: Match.objectLike({ MAX_AGE_SECONDS: '7776000' }) } });
  });

  test.each([[Duration.hours(30), 'whole days'], [Duration.days(0), 'whole days']])('refuses an age of %s', (maxApprovalAge, message) =>
    expect(() => worldIn(new App(), {}, { maxApprovalAge })).toThrow(message));

  test('refuses a prefix that names no content', () => {
    const { stack, check } = worldIn(new App());
    for (const prefix of ['models/fraud/latest/', PREFIX.slice(0, -1), `models/../sha256-${DIGEST}/`, `${PREFIX}x/`]) {
      expect(() => new ApprovedModel(stack, `Bad${prefix.length}`, { check, prefix })).toThrow('looks like');
    }
  });

  test('in a VPC that was brought, has its lines for the endpoint of S3, and its names', () => {
    const stack = new Stack(new App(), 'Stack', { env });
    const store = new ModelArtifactBucket(stack, 'Models');
    const vpc = Vpc.fromVpcAttributes(stack, 'Vpc', {
      vpcId: 'vpc-1', availabilityZones: ['a', 'b'], isolatedSubnetIds: ['subnet-1', 'subnet-2'], isolatedSubnetRouteTableIds: ['rtb-1', 'rtb-2'],
    });
    const network = { vpc, securityGroups: [SecurityGroup.fromSecurityGroupId(stack, 'Group', 'sg-1', { mutable: false })] };
    const gate = new ApprovalGate(stack, 'Gate', {
      registry: new ModelRegistry(stack, 'Registry', { groupName: 'fraud-scoring' }), store, ...network,
      policy: GATE_POLICY, modelTrust: GATE_TRUST, evidenceTrust: GATE_TRUST, approvers: [Role.fromRoleArn(stack, 'Approvers', `arn:aws:iam::${ACCOUNT}:role/approvers`)],
    });
    const check = new DeployCheck(stack, 'Check', { store, gate, ...network });
    const statements = check.s3EndpointPolicyStatements
      .map((one) => stack.resolve(one.toStatementJson()) as { Action: string | string[]; Condition?: object; Resource: unknown });
    expect(statements.filter(({ Condition }) => Condition === undefined)).toEqual([
      expect.objectContaining({ Action: 's3:PutObject', Resource: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:s3:::${ANSWERS}/*`]] } }),
    ]);
    expect(statements.flatMap(({ Action }) => Action).filter((action) => /Put|Delete/.test(action))).toEqual(['s3:PutObject']);
    expect(check.requiredEndpoints.map((name) => name.split('.').at(-1))).toEqual(['events', 'kms', 's3']);
    expect(stack.resolve(check.requiredHosts.at(-1))).toEqual({ 'Fn::Join': ['', [`${ANSWERS}.s3.`, { Ref: 'AWS::URLSuffix' }]] });
  });
});

describe('the check of a store with a scanner', () => {
  const judged = (change: (world: { readonly stack: Stack; readonly scanner: ModelScanner }) => Partial<DeployCheckProps> = () => ({})) => {
    const stack = new Stack(new App(), 'Stack', { env });
    const store = new ModelArtifactBucket(stack, 'Models');
    const segment = new NetworkSegment(stack, 'Network');
    const scanner = new ModelScanner(stack, 'Scanner', { store, segment });
    const gate = new ApprovalGate(stack, 'Gate', {
      registry: new ModelRegistry(stack, 'Registry', { groupName: 'fraud-scoring' }), store, segment,
      policy: GATE_POLICY, modelTrust: GATE_TRUST, evidenceTrust: GATE_TRUST, approvers: [Role.fromRoleArn(stack, 'Approvers', `arn:aws:iam::${ACCOUNT}:role/approvers`)],
    });
    return { stack, store, segment, scanner, check: new DeployCheck(stack, 'Check', { store, gate, segment, ...change({ stack, scanner }) }) };
  };
  const variables = (stack: Stack) => (Object.values(Template.fromStack(stack).findResources('AWS::Lambda::Function', { Properties: { Description: 'Checks models before they are deployed' } }))[0] as {
    Properties: { Environment: { Variables: Record<string, unknown> } };
  }).Properties.Environment.Variables;

  test('believes that scanner alone: it may ask for the public half of its key, and may not sign', async () => {
    const { stack, scanner, check } = judged();
    expect(variables(stack).SCANNER_KEY_ARN).toEqual(stack.resolve(scanner.signingKey.keyArn));
    const iam = IamWorld.of(stack, { accountId: ACCOUNT, region: 'eu-central-1' });
    const ask = (action: string) => iam.request({ principal: check.node.findChild('Handler').node.findChild('Role'), action, resource: iam.arnOf(scanner.signingKey.key) });
    expect(await ask('kms:GetPublicKey')).toMatchObject({ decision: 'allowed' });
    expect(await ask('kms:Sign')).not.toMatchObject({ decision: 'allowed' });
  });

  test('without one asks for no verdict, and then there can be none later: nobody would look at it', () => {
    const { stack, store, segment } = worldIn(new App());
    expect(variables(stack).SCANNER_KEY_ARN).toBe('none');
    expect(() => new ModelScanner(stack, 'Scanner', { store, segment })).toThrow("'Stack/Check' checks models of 'Stack/Models' without a verdict");
  });

  test('takes the scanner that it is given where the store is imported, and knows of none there by itself', () => {
    const imported = (stack: Stack) => ModelArtifactBucket.fromAttributes(stack, 'Imported', {
      quarantineBucketArn: 'arn:aws:s3:::quarantine', quarantineKeyArn: `arn:aws:kms:eu-central-1:${ACCOUNT}:key/a`, servedBucketArn: 'arn:aws:s3:::served', servedKeyArn: `arn:aws:kms:eu-central-1:${ACCOUNT}:key/b`,
    });
    expect(variables(judged(({ stack }) => ({ store: imported(stack) })).stack).SCANNER_KEY_ARN).toBe('none');
    const given = judged(({ stack, scanner }) => ({ store: imported(stack), scanner }));
    expect(variables(given.stack).SCANNER_KEY_ARN).toEqual(given.stack.resolve(given.scanner.signingKey.keyArn));
  });
});

describe('the deep check', () => {
  const world = worldIn(new App(), { alarmTopic: Topic.fromTopicArn(new Stack(new App(), 'Existing'), 'OnCall', TOPIC_ARN) });
  endpointIn(world);
  new ApprovedModel(world.stack, 'Other', { check: world.check, prefix: `models/chat/sha256-${DIGEST}/` });
  const template = Template.fromStack(world.stack);

  test('reads every model that the deployment check knows, once a day, by a machine that fails when one changed', () => {
    const [rule] = Object.values(template.findResources('AWS::Events::Rule', { Properties: { ScheduleExpression: 'rate(1 day)' } })) as { Properties: { Targets: Record<string, unknown>[] } }[];
    const [target] = rule.Properties.Targets;
    expect(JSON.parse(String(target.Input))).toEqual({ prefixes: [`models/chat/sha256-${DIGEST}/`, PREFIX].sort(), cursor: { model: 0, file: 0, files: 0, state: 'GOOD', next: 'CONTINUE' } });
    expect(JSON.stringify([target.Arn, target.RoleArn, target.DeadLetterConfig])).toMatch(/CheckDeepMachine.+CheckDeepMachineStarterRole.+DeadLetters/);
    template.hasResourceProperties('AWS::StepFunctions::StateMachine', { DefinitionString: Match.stringLikeRegexp('ModelChanged'), LoggingConfiguration: { IncludeExecutionData: false } });
  });

  test('tells when it found something, was ended, took too long or did not start, with an entry in the runbook', () => {
    const means = (Object.values(template.findResources('AWS::CloudWatch::Alarm')) as { Properties: { AlarmDescription: string } }[])
      .map(({ Properties }) => Properties.AlarmDescription).filter((text) => text.includes('the daily reading of served models'));
    expect(means).toHaveLength(4);
    for (const text of means) expect(headings()).toContain(/runbook\.md#(.+)$/.exec(text)?.[1]);
  });

  test('takes as many models as the input of a rule holds', () => {
    const { stack, check } = worldIn(new App());
    const add = (count: number) => { for (let at = 0; at < count; at += 1) new ApprovedModel(stack, `Model${at}`, { check, prefix: `models/m${at}/sha256-${DIGEST}/` }); };
    expect(() => add(51)).toThrow('at most 50 models');
  });
});

describe('a model without proof', () => {
  test('is a weaker choice that the report shows, and nothing checks it', () => {
    const app = new App();
    const { stack, store } = worldIn(app);
    const model = ApprovedModel.withoutProof(stack, 'Unproven', {
      store, prefix: PREFIX, because: WeakerChoice.of({ reason: 'approved in another account', owner: 'platform', expires: '2099-12-31' }),
    });
    expect(model).toMatchObject({ prefix: PREFIX, digest: `sha256-${DIGEST}` });
    expect(model.node.metadata.map(({ type, data }) => [type, (data as { setting?: string }).setting])).toContainEqual([WeakerChoice.METADATA_KEY, 'model']);
    Template.fromStack(stack).resourceCountIs('Custom::SecureAiApprovedModel', 0);
  });
});

describe('what the check may do', () => {
  const world = worldIn(new App());
  const endpoint = endpointIn(world);
  const iam = IamWorld.of(world.stack, { accountId: ACCOUNT, region: 'eu-central-1' });
  const role = world.check.node.findChild('Handler').node.findChild('Role');
  const s3 = world.segment.node.findAll().find((one) => CfnVPCEndpoint.isCfnVPCEndpoint(one) && one.vpcEndpointType === 'Interface' && JSON.stringify(world.stack.resolve(one.serviceName)).includes('.s3'))!;
  const ask = (principal: Request['principal'], action: string, resource: string, context = {}) => iam.request({ principal, action, resource, context, ...(action.startsWith('s3:') ? { via: s3 } : {}) });
  const served = (key: string) => iam.arnOf(world.store.servedBucket, `/${key}`);
  const records = (key: string) => iam.arnOf(world.gate.records, `/${key}`);

  test('is to look at models and decisions', async () => {
    for (const [action, resource] of [
      ['s3:GetObjectVersion', served(`${PREFIX}model.sig`)], ['s3:GetObjectVersionAttributes', served(`${PREFIX}weights`)], ['s3:GetObject', records('summaries/a/b.json')],
    ]) expect(await ask(role, action, resource), action).toMatchObject({ decision: 'allowed' });
  });

  test('and nothing else: it reads no requests, tokens or evidence, and writes, approves, signs and deploys nothing', async () => {
    for (const [action, resource] of [
      ['s3:GetObject', records('tokens/a')], ['s3:GetObject', records('decisions/a.json')], ['s3:GetObject', records('evidence/a/b.json')],
      ['s3:PutObject', records('summaries/a/b.json')], ['s3:PutObject', served(`${PREFIX}x`)], ['s3:DeleteObject', served(`${PREFIX}x`)],
      ['s3:PutObjectTagging', served(`${PREFIX}x`)], ['s3:GetObject', iam.arnOf(world.store.quarantineBucket, '/x')], ['kms:Sign', iam.arnOf(world.gate.signingKey.key)],
      ['sagemaker:CreateModel', `arn:aws:sagemaker:eu-central-1:${ACCOUNT}:model/x`], ['sagemaker:InvokeEndpoint', `arn:aws:sagemaker:eu-central-1:${ACCOUNT}:endpoint/${endpoint.endpointName}`],
    ]) expect(await ask(role, action, resource, action === 's3:PutObject' ? { 's3:if-none-match': '*', 's3:ObjectCreationOperation': 'true' } : {}), action).not.toMatchObject({ decision: 'allowed' });
  });

  test('nobody else\'s identity assumes its role', async () => {
    for (const principal of [administrator(), foreignPrincipal()]) {
      expect(await iam.request({ principal, action: 'sts:AssumeRole', resource: iam.arnOf(role) })).not.toMatchObject({ decision: 'allowed' });
    }
  });

  test('a decision that it would believe is written by the gate\'s signer alone', () => expectGuarded({
    world: iam,
    allowed: {
      principal: world.gate.node.findChild('Sign').node.findChild('Handler').node.findChild('Role'), action: 's3:PutObject', resource: records('summaries/a/b.json'), via: s3,
      context: { 's3:if-none-match': '*', 's3:ObjectCreationOperation': 'true' },
    },
    denied: {
      administrator: {
        principal: administrator(), action: 's3:PutObject', resource: records('summaries/a/b.json'), via: s3, context: { 's3:if-none-match': '*', 's3:ObjectCreationOperation': 'true' },
      },
    },
    protections: ['DenySummariesByOthers'],
  }));

  test('the attributes of objects, which it reads by key chosen at run time, are in the closed list of wildcards', () => {
    expect(WILDCARD_PERMISSIONS.filter(({ actions }) => actions.includes('s3:GetObjectVersionAttributes')).map(({ classId }) => classId)).toEqual(['object-keys']);
  });
});
