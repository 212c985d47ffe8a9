import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { CfnVPCEndpoint, SecurityGroup, Vpc } from 'aws-cdk-lib/aws-ec2';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import type { ModelPromoterProps } from 'cdk-secure-ai/models';
import { ModelArtifactBucket, ModelPromoter, ModelScanner, ModelSigner } from 'cdk-secure-ai/models';
import { SecurityPosture } from 'cdk-secure-ai/posture';
import { describe, expect, test } from 'vitest';
import { LeastPrivilegeRole } from '../../lib/core/least-privilege-role';
import { WRITE_ONCE_GUARD } from '../../lib/models/records-guard';
import { SIGNING_GUARD } from '../../lib/models/signing-guard';
import { ZONE_GUARD } from '../../lib/models/zone-guards';
import type { Request } from '../support/iam';
import { accountPrincipal, administrator, ALLOW_ALL, awsService, expectGuarded, foreignPrincipal, IamWorld } from '../support/iam';
import { headings } from '../support/runbook';

const ACCOUNT = '111111111111';
const REGION = 'eu-central-1';
const TOPIC_ARN = `arn:aws:sns:${REGION}:${ACCOUNT}:on-call`;
const DEPLOYER = accountPrincipal({ name: `cdk-hnb659fds-cfn-exec-role-${ACCOUNT}-${REGION}`, policies: [ALLOW_ALL] });
const NEW_KEY = { 's3:if-none-match': '*', 's3:ObjectCreationOperation': 'true' };
const PREFIX = `/models/fraud/sha256-${'0'.repeat(64)}/`;

const app = new App();
const stack = new Stack(app, 'Stack', { env: { account: ACCOUNT, region: REGION } });
SecurityPosture.attach(stack, { alarmTopic: Topic.fromTopicArn(new Stack(app, 'Topics'), 'OnCall', TOPIC_ARN) });
const store = new ModelArtifactBucket(stack, 'Models');
const vpc = Vpc.fromVpcAttributes(stack, 'Vpc', {
  vpcId: 'vpc-1', availabilityZones: ['a', 'b'], isolatedSubnetIds: ['subnet-1', 'subnet-2'], isolatedSubnetRouteTableIds: ['rtb-1', 'rtb-2'],
});
const network = { vpc, securityGroups: [SecurityGroup.fromSecurityGroupId(stack, 'Group', 'sg-1')] };
const scanner = new ModelScanner(stack, 'Scanner', { store, ...network });
const signer = new ModelSigner(stack, 'Signer', { store, ...network });
const promoter = new ModelPromoter(stack, 'Promoter', { store, scanner, signer, ...network });
const pipeline = new LeastPrivilegeRole(stack, 'Pipeline', { assumedBy: new ServicePrincipal('codebuild.amazonaws.com'), description: 'Has models signed' });
signer.grantStart(pipeline);
const s3 = new CfnVPCEndpoint(stack, 'S3', { vpcId: 'vpc-1', serviceName: `com.amazonaws.${REGION}.s3`, routeTableIds: ['rtb-1'] });

const world = IamWorld.of(stack, { accountId: ACCOUNT, region: REGION });
const roleOf = (of: ModelScanner | ModelSigner, name: string) => of.node.findChild(name).node.findChild('Handler').node.findChild('Role');
const [hash, sign] = [roleOf(signer, 'Hash'), roleOf(signer, 'Sign')];
const machine = signer.node.findChild('Machine').node.findChild('Role');
const promoterRole = promoter.node.findChild('Handler').node.findChild('Role');
const scanMachine = scanner.node.findChild('Machine').node.findChild('Role');
const starter = scanner.node.findChild('Machine').node.findChild('StarterRole');
const everyRole = {
  hash, sign, machine, scanMachine, starter, finding: roleOf(signer, 'Finding'), scanFinding: roleOf(scanner, 'Finding'), malware: roleOf(scanner, 'Malware'), pipeline, promoter: promoterRole, verdict: roleOf(scanner, 'Verdict'), artifacts: roleOf(scanner, 'Artifacts'),
};

const put = (principal: Request['principal'], bucket: typeof signer.records, key: string): Request => ({
  principal, action: 's3:PutObject', resource: world.arnOf(bucket, key), via: s3, context: NEW_KEY,
});

async function onlyBy(role: keyof typeof everyRole, request: (principal: Request['principal']) => Request): Promise<void> {
  for (const [name, principal] of Object.entries(everyRole)) {
    const { decision } = await world.request(request(principal));
    expect([name, decision === 'allowed']).toEqual([name, name === role]);
  }
}

describe('nobody but the signer signs', () => {
  const use = (principal: Request['principal'], context = {}): Request => ({
    principal, action: 'kms:Sign', resource: world.arnOf(signer.signingKey.key), context: { 'kms:MessageType': 'DIGEST', 'kms:SigningAlgorithm': 'ECDSA_SHA_256', ...context },
  });

  test('with the key of models: no administrator, no deployer, and no other role of the library', async () => {
    await expectGuarded({
      world, allowed: use(sign), denied: { administrator: use(administrator()), deployer: use(DEPLOYER) }, protections: [SIGNING_GUARD.OTHER_SIGNERS],
    });
    await onlyBy('sign', use);
  });

  test.each([
    ['a whole message', { 'kms:MessageType': 'RAW' }, SIGNING_GUARD.WHOLE_MESSAGES], ['a type that is left out', { 'kms:MessageType': undefined }, SIGNING_GUARD.WHOLE_MESSAGES],
    ['another algorithm', { 'kms:SigningAlgorithm': 'ECDSA_SHA_384' }, SIGNING_GUARD.OTHER_ALGORITHMS],
  ] as const)('nor the signer itself, %s', (what, context, sid) => expectGuarded({
    world, allowed: use(sign), denied: { [what]: use(sign, context) }, protections: [sid],
  }));

  test('the keys of verdicts and of models have one signer each, and not the same', async () => {
    const verdictKey = world.arnOf(scanner.signingKey.key);
    await onlyBy('verdict', (principal) => ({ ...use(principal), resource: verdictKey }));
  });
});

describe('nobody but the hashing function says what was hashed', () => {
  test('a digest has one writer, and is written once', async () => {
    const write = (principal: Request['principal']) => put(principal, signer.records, '/digests/a.json');
    await expectGuarded({
      world, allowed: write(hash), denied: { administrator: write(administrator()), deployer: write(DEPLOYER) }, protections: [WRITE_ONCE_GUARD.DIGESTS],
    });
    await expectGuarded({
      world, allowed: write(hash), denied: { 'an overwrite': { ...write(hash), context: { 's3:ObjectCreationOperation': 'true' } } }, protections: [WRITE_ONCE_GUARD.OVERWRITE],
    });
    await onlyBy('hash', write);
  });
});

describe('the signer writes signatures into models, and no model', () => {
  const write = (principal: Request['principal'], key: string) => put(principal, store.servedBucket, key);

  test('nobody else writes one, but the promoter, which writes what was uploaded', async () => {
    const signature = `${PREFIX}model.sig`;
    await expectGuarded({
      world,
      allowed: { signer: write(sign, signature) },
      denied: { administrator: write(administrator(), signature), deployer: write(DEPLOYER, signature) },
      protections: [ZONE_GUARD.WRITE],
    });
    for (const [name, principal] of Object.entries(everyRole)) {
      const { decision } = await world.request(write(principal, signature));
      expect([name, decision === 'allowed']).toEqual([name, ['sign', 'promoter'].includes(name)]);
    }
  });

  test('a signature is not written again', () => expectGuarded({
    world,
    allowed: write(sign, `${PREFIX}model.sig`),
    denied: { 'an overwrite': { ...write(sign, `${PREFIX}model.sig`), context: { 's3:ObjectCreationOperation': 'true' } } },
    protections: [ZONE_GUARD.OVERWRITE],
  }));

  test.each([`${PREFIX}model.onnx`, `${PREFIX}model.sig.py`, `${PREFIX}evil_model.sig`, `${PREFIX.slice(0, -1)}.manifest`, '/model.sig', '/other/model.sig'])(
    'nobody but the promoter promotes: the signer does not write %s', async (key) => {
      expect(await world.request(write(sign, key))).not.toMatchObject({ decision: 'allowed' });
      expect(await world.request(write(hash, key))).not.toMatchObject({ decision: 'allowed' });
    },
  );
});

describe('the state machine', () => {
  const run = (principal: Request['principal'], action: string, resource: string): Request => ({ principal, action, resource });
  const own = world.arnOf(signer.node.findChild('Machine').node.findChild('Resource'));

  test('is started by the scanner behind a promotion, by who was let to, by itself for each object, and by nobody else', async () => {
    for (const [name, principal] of Object.entries(everyRole)) {
      // CloudFormation ends the name of a machine itself.
      const { decision } = await world.request(run(principal, 'states:StartExecution', name === 'machine' ? machineArn('') : own));
      expect([name, decision === 'allowed']).toEqual([name, ['machine', 'scanMachine', 'pipeline'].includes(name)]);
    }
  });

  test('nothing that the signer writes starts anything: promotions are the one way in, and rules look at quarantine alone', () => {
    const rules = Object.values(Template.fromStack(stack).findResources('AWS::Events::Rule')) as { Properties: { EventPattern?: { detail: { bucket: { name: unknown[] } } } } }[];
    const watched = rules.flatMap(({ Properties }) => Properties.EventPattern?.detail.bucket.name ?? []);
    expect(watched).toEqual([stack.resolve(store.quarantineBucket.bucketName)]);
  });

  test('is started for one machine alone: the scanner may start no other, and not itself', async () => {
    const scan = world.arnOf(scanner.node.findChild('Machine').node.findChild('Resource'));
    for (const resource of [scan, machineArn(''), `arn:aws:states:${REGION}:${ACCOUNT}:stateMachine:Other-aBcDeFgHiJkL`]) {
      expect(await world.request(run(scanMachine, 'states:StartExecution', resource))).not.toMatchObject({ decision: 'allowed' });
    }
    expect(await world.request(run(scanMachine, 'states:UpdateStateMachine', own))).not.toMatchObject({ decision: 'allowed' });
    for (const action of ['states:StopExecution', 'states:DescribeExecution']) {
      expect(await world.request(run(scanMachine, action, `${own.replace(':stateMachine:', ':execution:')}:1a2b`))).not.toMatchObject({ decision: 'allowed' });
    }
  });

  const machineArn = (end: string) => {
    const id = stack.resolve((signer.node.findChild('Machine').node.findChild('Resource') as unknown as { logicalId: string }).logicalId) as string;
    return `arn:aws:states:${REGION}:${ACCOUNT}:stateMachine:${id}-aBcDeFgHiJkL${end}`;
  };

  test('runs no other machine than itself, and lists nothing but models', async () => {
    const other = `arn:aws:states:${REGION}:${ACCOUNT}:stateMachine:Other-aBcDeFgHiJkL`;
    expect(await world.request(run(machine, 'states:StartExecution', other))).not.toMatchObject({ decision: 'allowed' });
    const execution = machineArn('/map:1a2b').replace(':stateMachine:', ':execution:');
    for (const action of ['states:DescribeExecution', 'states:StopExecution']) {
      expect(await world.request(run(machine, action, execution))).toMatchObject({ decision: 'allowed' });
      expect(await world.request(run(machine, action, `${other.replace(':stateMachine:', ':execution:')}:1a2b`))).not.toMatchObject({ decision: 'allowed' });
    }
    const list = (prefix: string) => world.request({ ...run(machine, 's3:ListBucket', world.arnOf(store.servedBucket)), via: s3, context: { 's3:prefix': prefix } });
    expect(await list(PREFIX.slice(1))).toMatchObject({ decision: 'allowed' });
    expect(await list('')).not.toMatchObject({ decision: 'allowed' });
  });

  test('invokes its three functions, and nobody else does', async () => {
    for (const name of ['Hash', 'Sign', 'Finding']) {
      const resource = world.arnOf(signer.node.findChild(name).node.findChild('Handler').node.findChild('Resource'));
      await onlyBy('machine', (principal) => run(principal, 'lambda:InvokeFunction', resource));
    }
  });

  test('has a role for Step Functions in this account alone', async () => {
    const assume = (principal: Request['principal']) => world.request(run(principal, 'sts:AssumeRole', world.arnOf(machine)));
    expect(await assume(awsService('states.amazonaws.com', { sourceAccount: ACCOUNT, sourceArn: machineArn('') }))).toMatchObject({ decision: 'allowed' });
    for (const principal of [awsService('states.amazonaws.com', { sourceAccount: '999988887777', sourceArn: machineArn('') }), awsService('states.amazonaws.com', { sourceAccount: ACCOUNT }), administrator(), foreignPrincipal()]) {
      expect(await assume(principal)).not.toMatchObject({ decision: 'allowed' });
    }
  });
});

test('runs that do not end well are told to the alarm topic of the posture', () => {
  const template = Template.fromStack(stack);
  const alarms = template.findResources('AWS::CloudWatch::Alarm', { Properties: { AlarmDescription: Match.stringLikeRegexp('runbook.md#unsigned-model$'), AlarmActions: [TOPIC_ARN] } });
  expect(Object.values(alarms).map(({ Properties }) => (Properties as { MetricName: string }).MetricName).sort()).toEqual(['ExecutionsAborted', 'ExecutionsFailed', 'ExecutionsTimedOut']);
  expect(headings()).toContain('unsigned-model');
});

test.each<[string, (other: Stack) => Partial<ModelPromoterProps>, string]>([
  ['without a scanner, which would start it', () => ({}), 'the scanner starts the signer'],
  ['of another store', (other) => ({ scanner, signer: new ModelSigner(other, 'Signer', { store: new ModelArtifactBucket(other, 'Models'), ...network }) }), 'signs models of another store'],
])('a promoter takes no signer %s', (_, change, message) => {
  const other = new Stack(new App(), 'Other', { env: { account: ACCOUNT, region: REGION } });
  const props = { store, signer, ...network, ...change(other) };
  expect(() => new ModelPromoter(stack, message.split(' ').join(''), props)).toThrow(message);
});

test('a scanner starts no signer that its promoter was not given', () => {
  const other = new Stack(new App(), 'Other', { env: { account: ACCOUNT, region: REGION } });
  const models = new ModelArtifactBucket(other, 'Models');
  const apart = new ModelSigner(other, 'Signer', { store: models, ...network });
  new ModelPromoter(other, 'Promoter', { store: models, scanner: new ModelScanner(other, 'Scanner', { store: models, ...network }), ...network });
  const [text] = Object.values(Template.fromStack(other).findResources('AWS::StepFunctions::StateMachine'))
    .map(({ Properties }) => JSON.stringify((Properties as { DefinitionString: unknown }).DefinitionString)).filter((one) => one.includes('Promote'));
  expect(text).not.toContain('StartSigning');
  expect(apart.stateMachineArn).toBeDefined();
});

test('a signer of another stack is refused', () => {
  const elsewhere = new Stack(app, 'Elsewhere', { env: { account: ACCOUNT, region: REGION } });
  expect(() => new ModelSigner(elsewhere, 'Signer', { store, ...network })).toThrow('must be in the stack of');
});
