import { App, Stack } from 'aws-cdk-lib';
import { CfnVPCEndpoint, SecurityGroup, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { ApprovalGate, ModelArtifactBucket, ModelPromoter, ModelRegistry } from 'cdk-secure-ai/models';
import { SecurityPosture } from 'cdk-secure-ai/posture';
import { describe, expect, test } from 'vitest';
import { LeastPrivilegeRole } from '../../lib/core/least-privilege-role';
import { WRITE_ONCE_GUARD } from '../../lib/models/records-guard';
import { RECORDS_GUARD, REGISTRY_GUARD } from '../../lib/models/registry-guard';
import { SIGNING_GUARD } from '../../lib/models/signing-guard';
import { ZONE_GUARD } from '../../lib/models/zone-guards';
import { GATE_POLICY, GATE_TRUST } from '../support/gate-settings';
import type { PolicyDocument, Request } from '../support/iam';
import { accountPrincipal, administrator, ALLOW_ALL, awsService, expectGuarded, foreignPrincipal, IamWorld } from '../support/iam';

const ACCOUNT = '111111111111';
const REGION = 'eu-central-1';
const VERSION = `arn:aws:sagemaker:${REGION}:${ACCOUNT}:model-package/fraud-scoring/3`;
const GROUP = `arn:aws:sagemaker:${REGION}:${ACCOUNT}:model-package-group/fraud-scoring`;
const DEPLOYER = accountPrincipal({ name: `cdk-hnb659fds-cfn-exec-role-${ACCOUNT}-${REGION}`, policies: [ALLOW_ALL] });
const APPROVED = { 'sagemaker:ModelApprovalStatus': 'Approved' };
const REJECTED = { 'sagemaker:ModelApprovalStatus': 'Rejected' };
const PENDING = { 'sagemaker:ModelApprovalStatus': 'PendingManualApproval' };

const app = new App();
const stack = new Stack(app, 'Stack', { env: { account: ACCOUNT, region: REGION } });
SecurityPosture.attach(stack, {});
const store = new ModelArtifactBucket(stack, 'Models');
const registry = new ModelRegistry(stack, 'Registry', { groupName: 'fraud-scoring' });
const vpc = Vpc.fromVpcAttributes(stack, 'Vpc', {
  vpcId: 'vpc-1', availabilityZones: ['a', 'b'], isolatedSubnetIds: ['subnet-1', 'subnet-2'], isolatedSubnetRouteTableIds: ['rtb-1', 'rtb-2'],
});
const securityGroups = [SecurityGroup.fromSecurityGroupId(stack, 'Group', 'sg-1')];
const promoter = new ModelPromoter(stack, 'Promoter', { store, vpc, securityGroups });
const gate = new ApprovalGate(stack, 'Gate', {
  registry, store, vpc, securityGroups, policy: GATE_POLICY, modelTrust: GATE_TRUST, evidenceTrust: GATE_TRUST,
  approvers: [Role.fromRoleArn(stack, 'Approvers', `arn:aws:iam::${ACCOUNT}:role/approvers`)],
});
const author = new LeastPrivilegeRole(stack, 'Author', { assumedBy: new ServicePrincipal('codebuild.amazonaws.com'), description: 'Registers, asks and measures' });
registry.grantRegister(author);
gate.grantRequest(author);
gate.grantEvidence(author);
const s3 = new CfnVPCEndpoint(stack, 'S3', { vpcId: 'vpc-1', serviceName: `com.amazonaws.${REGION}.s3`, routeTableIds: ['rtb-1'] });

const world = IamWorld.of(stack, { accountId: ACCOUNT, region: REGION });
const roleOf = (name: string) => gate.node.findChild(name).node.findChild('Handler').node.findChild('Role');
const [check, sign, desk] = ['Check', 'Sign', 'Desk'].map(roleOf);
const machine = gate.node.findChild('MachineRole');
const starter = gate.node.findChild('StarterRole');
const approver = gate.node.findChild('ApproverRole');
const approve: Request = { principal: approver, action: 'sagemaker:UpdateModelPackage', resource: VERSION, context: APPROVED };
const everyRole = { author, check, sign, desk, machine, starter, promoter: promoter.node.findChild('Handler').node.findChild('Role') };

describe('nobody but the gate approves', () => {
  test('a version is approved by the approver role, and by no administrator, deployer or author', () => expectGuarded({
    world,
    allowed: { 'the gate approves': approve, 'an administrator rejects': { ...approve, principal: administrator(), context: REJECTED } },
    denied: {
      'an administrator': { ...approve, principal: administrator() },
      'the deployer': { ...approve, principal: DEPLOYER },
      'a version that is approved when it is registered': { ...approve, principal: administrator(), action: 'sagemaker:CreateModelPackage' },
    },
    protections: [REGISTRY_GUARD.APPROVAL],
  }));

  test('an approved version does not change what it loads: an update without a status is denied to everybody', () => expectGuarded({
    world,
    allowed: { ...approve, principal: administrator(), context: REJECTED },
    denied: {
      'an administrator without status': { ...approve, principal: administrator(), context: {} },
      'the deployer without status': { ...approve, principal: DEPLOYER, context: {} },
    },
    protections: [REGISTRY_GUARD.CHANGE],
  }));

  test.each(Object.entries(everyRole))('%s has no permission to approve, with any status or none', async (_, principal) => {
    for (const action of ['sagemaker:UpdateModelPackage', 'sagemaker:CreateModelPackage']) {
      expect(await world.request({ principal, action, resource: VERSION, context: APPROVED })).not.toMatchObject({ decision: 'allowed' });
    }
    for (const context of [APPROVED, REJECTED, PENDING, {}]) {
      expect(await world.request({ ...approve, principal, context })).not.toMatchObject({ decision: 'allowed' });
    }
  });

  test('the author registers what waits for approval, and nothing that says otherwise or nothing', async () => {
    const register = (context: Record<string, string>) => world.request({ principal: author, action: 'sagemaker:CreateModelPackage', resource: VERSION, context });
    expect(await register(PENDING)).toMatchObject({ decision: 'allowed' });
    for (const context of [APPROVED, REJECTED, {}]) expect(await register(context)).not.toMatchObject({ decision: 'allowed' });
  });

  test('the approver role sets a decision and nothing else, in its own group', async () => {
    for (const [context, resource] of [[PENDING, VERSION], [{}, VERSION], [APPROVED, VERSION.replace('fraud-scoring', 'other')]] as const) {
      expect(await world.request({ ...approve, context, resource })).not.toMatchObject({ decision: 'allowed' });
    }
  });

  test('the approver role is assumed by the state machine, and by nobody else', async () => {
    const assume = (principal: Request['principal']) => world.request({ principal, action: 'sts:AssumeRole', resource: world.arnOf(approver) });
    expect(await assume(machine)).toMatchObject({ decision: 'allowed' });
    for (const principal of [author, check, sign, desk, starter, administrator(), foreignPrincipal()]) {
      expect(await assume(principal)).not.toMatchObject({ decision: 'allowed' });
    }
  });

  test('the state machine\'s role is for Step Functions in this account', async () => {
    const assume = (principal: Request['principal']) => world.request({ principal, action: 'sts:AssumeRole', resource: world.arnOf(machine) });
    const states = (account: string, service = 'states') =>
      awsService(`${service}.amazonaws.com`, { sourceAccount: account, sourceArn: `arn:aws:states:${REGION}:${account}:stateMachine:gate` });
    expect(await assume(states(ACCOUNT))).toMatchObject({ decision: 'allowed' });
    const sourceArn = `arn:aws:states:${REGION}:999988887777:stateMachine:gate`;
    for (const principal of [
      states('999988887777'), states(ACCOUNT, 'lambda'), awsService('states.amazonaws.com', { sourceAccount: ACCOUNT }),
      awsService('states.amazonaws.com', { sourceAccount: ACCOUNT, sourceArn }), administrator(),
    ]) {
      expect(await assume(principal)).not.toMatchObject({ decision: 'allowed' });
    }
  });

  test('the key of its executions works for state machines, and their log delivery, and not for what else has the role', async () => {
    const key = gate.node.findChild('Key') as never;
    const use = (principal: Request['principal'], action: string, extraContext: Record<string, string>) =>
      world.request({ principal, action, resource: world.arnOf(key), extraContext });
    const execution = (account: string) => ({ 'kms:EncryptionContext:aws:states:stateMachineArn': `arn:aws:states:${REGION}:${account}:stateMachine:gate` });
    const log = (account: string) => ({ 'kms:EncryptionContext:SourceArn': `arn:aws:logs:${REGION}:${account}:*` });
    const delivery = awsService('delivery.logs.amazonaws.com');
    for (const action of ['kms:Decrypt', 'kms:GenerateDataKey']) expect(await use(machine, action, execution(ACCOUNT))).toMatchObject({ decision: 'allowed' });
    expect(await use(machine, 'kms:GenerateDataKey', log(ACCOUNT))).toMatchObject({ decision: 'allowed' });
    expect(await use(delivery, 'kms:Decrypt', log(ACCOUNT))).toMatchObject({ decision: 'allowed' });
    for (const [principal, action, context] of [
      [machine, 'kms:Decrypt', {}], [machine, 'kms:Decrypt', execution('999988887777')], [machine, 'kms:Decrypt', log(ACCOUNT)], [author, 'kms:Decrypt', execution(ACCOUNT)],
      [delivery, 'kms:Decrypt', {}], [delivery, 'kms:Decrypt', log('999988887777')], [delivery, 'kms:GenerateDataKey', log(ACCOUNT)],
    ] as const) {
      expect(await use(principal, action, context)).not.toMatchObject({ decision: 'allowed' });
    }
  });

  test.each(['sagemaker:PutModelPackageGroupPolicy', 'sagemaker:DeleteModelPackageGroupPolicy', 'sagemaker:DeleteModelPackageGroup'])(
    'the guard itself is for deployments: %s',
    (action) => expectGuarded({
      world,
      allowed: { principal: DEPLOYER, action, resource: GROUP },
      denied: { administrator: { principal: administrator(), action, resource: GROUP } },
      protections: [REGISTRY_GUARD.GROUP],
    }),
  );

  test('as a service control policy the guards hold without the policy of the group', async () => {
    const full: PolicyDocument = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] };
    const literal = JSON.stringify(stack.resolve(registry.serviceControlStatements.map((one) => one.toStatementJson() as unknown)))
      .replaceAll(/\{"Fn::GetAtt":\["[^"]*ApproverRole[^"]*","Arn"\]\}/g, JSON.stringify(world.arnOf(approver)))
      .replaceAll(/\{"Fn::Join":\["",\["arn:",\{"Ref":"AWS::Partition"\},("[^"]*")\]\]\}/g, (_, rest: string) => `"arn:aws${rest.slice(1)}`);
    const text: PolicyDocument = { Version: '2012-10-17', Statement: JSON.parse(literal) as PolicyDocument['Statement'] };
    const guarded = IamWorld.of(stack, { accountId: ACCOUNT, region: REGION, serviceControlPolicies: [full, text] });
    const without = [REGISTRY_GUARD.APPROVAL, REGISTRY_GUARD.CHANGE].reduce(
      (one, sid) => one.without({ statement: (statement, policy) => policy.kind === 'resource' && statement.Sid === sid }), guarded,
    );
    expect(await without.request(approve)).toMatchObject({ decision: 'allowed' });
    expect(await without.request({ ...approve, principal: administrator() })).not.toMatchObject({ decision: 'allowed' });
  });
});

describe('nobody decides past the desk', () => {
  const write = (principal: Request['principal'], key: string): Request => ({
    principal, action: 's3:PutObject', resource: world.arnOf(gate.records, `/${key}`), via: s3, context: { 's3:if-none-match': '*', 's3:ObjectCreationOperation': 'true' },
  });

  test.each([
    ['requests/a.json', () => desk, RECORDS_GUARD.DESK], ['tokens/a', () => desk, RECORDS_GUARD.DESK], ['decisions/a.json', () => desk, RECORDS_GUARD.DESK],
    ['pending/a.json', () => check, RECORDS_GUARD.CHECK], ['summaries/a/b.json', () => sign, RECORDS_GUARD.SIGN],
  ] as const)('%s has one writer', (key, writer, sid) => expectGuarded({
    world,
    allowed: write(writer(), key),
    denied: { administrator: write(administrator(), key), deployer: write(DEPLOYER, key) },
    protections: [sid],
  }));

  test('a decision is not made again', () => expectGuarded({
    world,
    allowed: write(desk, 'decisions/a.json'),
    denied: { 'an overwrite': { ...write(desk, 'decisions/a.json'), context: { 's3:ObjectCreationOperation': 'true' } } },
    protections: [WRITE_ONCE_GUARD.OVERWRITE],
  }));

  test('who brings evidence brings nothing else', async () => {
    expect(await world.request(write(author, 'evidence/a/holdout.json'))).toMatchObject({ decision: 'allowed' });
    for (const key of ['requests/a.json', 'decisions/a.json', 'pending/a.json', 'tokens/a', 'summaries/a/b.json']) {
      expect(await world.request(write(author, key))).not.toMatchObject({ decision: 'allowed' });
    }
  });

  test('a granted caller reaches the desk over its signed URL only: past it, the caller could name itself anybody', async () => {
    const call = (action: string, context: Record<string, string>) =>
      world.request({ principal: author, action, resource: world.arnOf(gate.node.findChild('Desk').node.findChild('Handler').node.findChild('Resource')), context });
    expect(await call('lambda:InvokeFunctionUrl', { 'lambda:FunctionUrlAuthType': 'AWS_IAM' })).toMatchObject({ decision: 'allowed' });
    expect(await call('lambda:InvokeFunction', { 'lambda:InvokedViaFunctionUrl': 'true' })).toMatchObject({ decision: 'allowed' });
    expect(await call('lambda:InvokeFunctionUrl', { 'lambda:FunctionUrlAuthType': 'NONE' })).not.toMatchObject({ decision: 'allowed' });
    for (const context of [{ 'lambda:InvokedViaFunctionUrl': 'false' }, {}]) expect(await call('lambda:InvokeFunction', context as never)).not.toMatchObject({ decision: 'allowed' });
  });

  test('summaries are signed by the signer alone', () => {
    const signing: Request = {
      principal: sign, action: 'kms:Sign', resource: world.arnOf(gate.signingKey.key),
      context: { 'kms:MessageType': 'DIGEST', 'kms:SigningAlgorithm': 'ECDSA_SHA_256' },
    };
    return expectGuarded({
      world, allowed: signing, denied: { administrator: { ...signing, principal: administrator() } }, protections: [SIGNING_GUARD.OTHER_SIGNERS],
    });
  });
});

test('nobody but the promoter promotes: the gate\'s roles write no served model', () => expectGuarded({
  world,
  allowed: {
    principal: everyRole.promoter, action: 's3:PutObject', resource: world.arnOf(store.servedBucket, '/models/x'), via: s3,
    context: { 's3:if-none-match': '*', 's3:ObjectCreationOperation': 'true' },
  },
  denied: {
    administrator: {
      principal: administrator(), action: 's3:PutObject', resource: world.arnOf(store.servedBucket, '/models/x'), via: s3,
      context: { 's3:if-none-match': '*', 's3:ObjectCreationOperation': 'true' },
    },
  },
  protections: [ZONE_GUARD.WRITE],
}));
