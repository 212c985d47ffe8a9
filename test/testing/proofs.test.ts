import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Effect, AnyPrincipal, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { InterfaceVpcEndpointAwsService, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Code, Function, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { AttackVerdict, CallerKind, Proofs } from 'cdk-secure-ai/testing';
import { describe, expect, test } from 'vitest';

function app(protectedByPolicy: boolean) {
  const root = new App();
  const stack = new Stack(root, 'Store', { env: { account: '111122223333', region: 'eu-west-1' } });
  const bucket = new Bucket(stack, 'Models');
  const reader = new Role(stack, 'Reader', { assumedBy: new ServicePrincipal('ecs-tasks.amazonaws.com') });
  bucket.grantRead(reader);
  if (protectedByPolicy) {
    bucket.addToResourcePolicy(new PolicyStatement({
      sid: 'NoInternet', effect: Effect.DENY, principals: [new AnyPrincipal()], actions: ['s3:*'], resources: [bucket.arnForObjects('*')],
      conditions: { StringNotEquals: { 'aws:SourceVpce': 'vpce-0a1b2c3d4e5f60718' } },
    }));
  }
  return { root, stack, bucket, reader };
}

/** Nobody can do the legitimate thing of this one. */
const IMPOSSIBLE = {
  id: 'OWN-VAULT', title: 'a role deletes the bucket', subjects: { models: { resources: [{ types: ['AWS::S3::Bucket'] }] } },
  principals: { types: ['ROLE'] }, action: ['s3:DeleteBucket'], resource: ['@models@'], legitimate: { action: ['s3:PutObject'], resource: ['@models@/*'], principals: { types: ['ROLE'] } },
};

function fileOf(...attacks: object[]): string {
  const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'attacks-')), 'attacks.json');
  fs.writeFileSync(file, JSON.stringify({ schema: 'cdk-secure-ai/attacks/v1', attacks }));
  return file;
}

const fromInternet = { Null: { 'aws:SourceVpce': ['true'] } };

describe('a stack', () => {
  test('that closes the bucket to the internet holds, and lets legitimate use through', () => {
    const { stack, bucket, reader } = app(true);
    const proofs = Proofs.of(stack);
    const read = { actions: ['s3:GetObject'], resources: [`${proofs.arnOf(bucket)}/*`], callers: [proofs.callerOf(reader)] };
    proofs.expectNoRequest({ ...read, where: fromInternet });
    expect(proofs.expectSomeRequest({ ...read, where: { Null: { 'aws:SourceVpce': ['false'] } } })).toContain('aws:SourceVpce=vpce-0a1b2c3d4e5f60718');
    proofs.expectBlocked('AISEC-08A');
    expect(proofs.attack('AISEC-08A')).toMatchObject([{ account: '111122223333', verdict: AttackVerdict.PROVED, depth: 1, controls: ['MI3'] }]);
  });

  test('without the denial fails with a request that can be read', () => {
    const { root, bucket } = app(false);
    const proofs = Proofs.of(root);
    expect(() => proofs.expectNoRequest({ actions: ['s3:GetObject'], resources: [`${proofs.arnOf(bucket)}/*`], callerKinds: [CallerKind.ROLE], where: fromInternet }))
      .toThrow(/a request is allowed that should not be: Reader\S+: s3:GetObject arn:aws:s3:::store-models\S+\/\S+, .*no aws:SourceVpce/);
    expect(() => proofs.expectBlocked('AISEC-08A')).toThrow(/attack AISEC-08A is not proved impossible\n {2}REFUTED for 111122223333: Reader/);
  });

  test('that lacks what an attack is about proves nothing about it', () => {
    const proofs = Proofs.of(app(true).root);
    expect(() => proofs.expectBlocked('AISEC-18A')).toThrow('NOT_APPLICABLE for 111122223333: the template has no launchers');
    expect(() => Proofs.of(app(true).stack, { attacksFile: fileOf(IMPOSSIBLE) }).expectBlocked('OWN-VAULT')).toThrow('PROVED_VACUOUSLY for 111122223333: legitimate use is not possible either');
    expect(() => proofs.expectBlocked('AISEC-99')).toThrow("no attack has the id 'AISEC-99'");
    expect(() => proofs.expectSomeRequest({ actions: ['s3:PutObject'], callerKinds: [CallerKind.ROLE] })).toThrow('no request is allowed for s3:PutObject');
  });
});

test('templates and assemblies are judged as stacks are, with attacks of a file beside those of the library', () => {
  const { root, stack } = app(true);
  const { directory } = root.synth();
  const own = {
    id: 'OWN-LIST', title: 'a role lists the models from the internet', subjects: { models: { resources: [{ types: ['AWS::S3::Bucket'] }] } },
    principals: { types: ['ROLE'] }, action: ['s3:ListBucket'], resource: ['@models@'], where: { Null: { 'aws:SourceVpce': 'true' } },
  };
  const attacksFile = fileOf(own);
  const proofs = Proofs.ofAssembly(directory, { attacksFile });
  expect(proofs.attack('AISEC-08A')[0].verdict).toBe(AttackVerdict.PROVED);
  // The denial speaks of objects only, so the list is open.
  expect(proofs.attack('OWN-LIST')[0].verdict).toBe(AttackVerdict.REFUTED);
  expect(Proofs.ofTemplate(Template.fromStack(stack)).attack('AISEC-08A')[0].verdict).toBe(AttackVerdict.PROVED);
  expect(Proofs.attackIds()).toContain('AISEC-08A');
});

test('attacks of a file that the network decides hold in a closed network, and fail with a way out of an open one', () => {
  const helper = (isOpen: boolean): Stack => {
    const stack = new Stack(new App(), 'Net', { env: { account: '111122223333', region: 'eu-west-1' } });
    const subnetType = isOpen ? SubnetType.PUBLIC : SubnetType.PRIVATE_ISOLATED;
    const vpc = new Vpc(stack, 'Vpc', { availabilityZones: ['eu-west-1a'], natGateways: 0, restrictDefaultSecurityGroup: false, subnetConfiguration: [{ name: 'own', subnetType }] });
    vpc.addInterfaceEndpoint('Door', { service: InterfaceVpcEndpointAwsService.BEDROCK_RUNTIME, subnets: { subnetType } });
    new Function(stack, 'Helper', { vpc, vpcSubnets: { subnetType }, allowPublicSubnet: true, code: Code.fromInline('x'), handler: 'index.x', runtime: Runtime.NODEJS_22_X });
    return stack;
  };
  const own = { id: 'OWN-NET', title: 'a helper gets out', network: { types: ['AWS::Lambda::Function'], names: ['helper*'] }, legitimate: { reaches: ['*.bedrock-runtime'] } };
  const attacksFile = fileOf(own);
  const closed = Proofs.of(helper(false), { attacksFile });
  closed.expectBlocked('OWN-NET');
  expect(closed.attack('OWN-NET')).toMatchObject([{ verdict: AttackVerdict.PROVED, depth: 1 }]);
  expect(() => Proofs.of(helper(true), { attacksFile }).expectBlocked('OWN-NET')).toThrow(/attack OWN-NET is not proved impossible\n {2}REFUTED for 111122223333: Net\/Helper\S+ reaches internet/);
});
