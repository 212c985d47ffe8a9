import { describe, expect, test } from 'vitest';
import { AttackJudge } from '../../../lib/assurance/attacks/attack-judge';
import { EVERY_ATTACK } from '../../../lib/assurance/attacks/catalogue';
import { TemplateModel } from '../../../lib/assurance/template';
import { ACCOUNT, document, role } from './template';
import type { Json } from './template';

/** Roles that a service keeps to itself, from both sides: what is built so is proved, and each way to get at one refutes. */
type Resources = Record<string, { Type: string; Properties: Record<string, unknown> }>;
type Change = (resources: Resources) => unknown;

function judged(id: string, resources: Json, change: Change = () => undefined) {
  const copy = JSON.parse(JSON.stringify(resources)) as Resources;
  change(copy);
  const spec = EVERY_ATTACK.find((one) => one.id === id);
  if (spec === undefined) throw new Error(`no attack ${id}`);
  return AttackJudge.of(TemplateModel.of([{ stackName: 'app', template: { Resources: copy }, account: ACCOUNT, region: 'eu-west-1' }])).judge(spec);
}

const arn = (id: string): Json => ({ 'Fn::GetAtt': [id, 'Arn'] });
const takenBy = (service: string, more: Json = { Condition: { StringEquals: { 'aws:SourceAccount': ACCOUNT } } }): Json =>
  ({ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole', ...more });
const trust = (...statements: Json[]): Json => ({ AssumeRolePolicyDocument: document(...statements) });
const allow = (Action: unknown, Resource: unknown = '*'): Json => ({ Effect: 'Allow', Action, Resource });
const retrust = (id: string, ...statements: Json[]): Change => (r) => (r[id].Properties.AssumeRolePolicyDocument = document(...statements));
const worker = (...statements: unknown[]): Change => (r) => (r.Worker = role('worker', 'lambda.amazonaws.com', statements) as Resources[string]);

describe('the role that a model is served with', () => {
  const bySageMaker = takenBy('sagemaker.amazonaws.com');
  const SERVING: Json = {
    ModelBucket: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'models' } },
    Perimeter: {
      Type: 'AWS::S3::BucketPolicy',
      Properties: {
        Bucket: { Ref: 'ModelBucket' },
        PolicyDocument: document({
          Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: ['arn:aws:s3:::models', 'arn:aws:s3:::models/*'],
          Condition: { StringNotEquals: { 'aws:SourceVpce': 'vpce-0a' }, ArnNotEquals: { 'aws:PrincipalArn': arn('ServingRole') } },
        }),
      },
    },
    ServingRole: role('serving', 'sagemaker.amazonaws.com', [allow('s3:GetObject', 'arn:aws:s3:::models/*')], trust(bySageMaker)),
    Reader: role('reader', 'ecs-tasks.amazonaws.com', [allow('s3:GetObject', 'arn:aws:s3:::models/*')]),
    Model: { Type: 'AWS::SageMaker::Model', Properties: { ExecutionRoleArn: arn('ServingRole'), EnableNetworkIsolation: true } },
  };

  test.each(['AISEC-08A', 'AISEC-08B'])('%s: is no attacker where SageMaker alone has it, and the proof says what that rests on', (id) => {
    const { verdict, assumptions, callers } = judged(id, SERVING);
    expect(verdict).toBe('PROVED');
    expect(assumptions.filter((one) => one.includes('mkt-algo-model-internet-free'))).toEqual([expect.stringMatching(/^ServingRole holds no attacker: only SageMaker/)]);
    expect(callers).toEqual(expect.arrayContaining(['Reader', `an administrator of ${ACCOUNT}`]));
    expect(callers).not.toContain('ServingRole');
  });

  const WAYS: [string, Change][] = [
    ['another account takes it', retrust('ServingRole', bySageMaker, { Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::999988887777:root' }, Action: 'sts:AssumeRole' })],
    ['its own account takes it', retrust('ServingRole', bySageMaker, { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` }, Action: 'sts:AssumeRole' })],
    ['Lambda takes it', retrust('ServingRole', bySageMaker, takenBy('lambda.amazonaws.com', {}))],
    ['a federated identity takes it', retrust('ServingRole', bySageMaker, { Effect: 'Allow', Principal: { Federated: 'cognito-identity.amazonaws.com' }, Action: 'sts:AssumeRoleWithWebIdentity' })],
    ['SageMaker takes it for another account', retrust('ServingRole', takenBy('sagemaker.amazonaws.com', {}))],
    ['nobody knows who takes it', retrust('ServingRole', bySageMaker, { Effect: 'Allow', Principal: { AWS: { 'Fn::ImportValue': 'elsewhere' } }, Action: 'sts:AssumeRole' })],
    ['the model has a network', (r) => (r.Model.Properties.EnableNetworkIsolation = false)],
    ['nothing is said of the network', (r) => delete r.Model.Properties.EnableNetworkIsolation],
    ['the deployment decides on the network', (r) => (r.Model.Properties.EnableNetworkIsolation = { 'Fn::ImportValue': 'elsewhere' })],
    ['a second model has a network', (r) => (r.Second = { Type: 'AWS::SageMaker::Model', Properties: { ExecutionRoleArn: arn('ServingRole') } })],
    ['a notebook has it as well', (r) => (r.Book = { Type: 'AWS::SageMaker::NotebookInstance', Properties: { RoleArn: arn('ServingRole') } })],
    ['a notebook has it by its name', (r) => (r.Book = { Type: 'AWS::SageMaker::NotebookInstance', Properties: { RoleArn: `arn:aws:iam::${ACCOUNT}:role/serving` } })],
    ['a function is told of it', (r) => (r.Launcher = { Type: 'AWS::Lambda::Function', Properties: { Environment: { Variables: { ROLE: 'serving' } } } })],
    ['no model has it', (r) => delete r.Model],
  ];
  test.each(WAYS)('AISEC-08A and AISEC-08B: is one where %s', (_way, change) => {
    for (const id of ['AISEC-08A', 'AISEC-08B']) {
      const { verdict, reasons, assumptions } = judged(id, SERVING, change);
      expect([id, verdict, reasons.filter((reason) => reason.startsWith('ServingRole: s3:GetObject')).length]).toEqual([id, 'REFUTED', 1]);
      expect(assumptions.join()).not.toContain('holds no attacker');
    }
  });

  test('AISEC-08A: spares no other role, even where the perimeter does', () => {
    const spare: Change = (r) => {
      const [deny] = (r.Perimeter.Properties.PolicyDocument as { Statement: { Condition: { ArnNotEquals: object } }[] }).Statement;
      deny.Condition.ArnNotEquals = { 'aws:PrincipalArn': [arn('ServingRole'), arn('Reader')] };
    };
    expect(judged('AISEC-08A', SERVING, spare)).toMatchObject({ verdict: 'REFUTED', reasons: [expect.stringMatching(/^Reader: s3:GetObject/)] });
  });

  test('AISEC-08L: is taken by SageMaker alone', () => {
    expect(judged('AISEC-08L', SERVING)).toMatchObject({ verdict: 'PROVED', depth: 1 });
    for (const [way, change] of WAYS.filter(([name]) => /account takes it|Lambda|federated/.test(name))) {
      // An account that trusts itself lets in those to whom it gives the permission: an administrator has it.
      expect([way, judged('AISEC-08L', SERVING, change).verdict]).toEqual([way, 'REFUTED']);
    }
  });

  test('AISEC-08M: has a trust that no role of ours rewrites, but for who deploys', () => {
    expect(judged('AISEC-08M', SERVING).verdict).toBe('PROVED');
    expect(judged('AISEC-08M', SERVING, worker(allow('iam:UpdateAssumeRolePolicy', arn('ServingRole')))))
      .toMatchObject({ verdict: 'REFUTED', reasons: [expect.stringMatching(/^Worker: iam:UpdateAssumeRolePolicy \S+role\/serving/)] });
    const deployer = role(`cdk-hnb659fds-cfn-exec-role-${ACCOUNT}-eu-west-1`, 'cloudformation.amazonaws.com', [allow('iam:*')]);
    expect(judged('AISEC-08M', SERVING, (r) => (r.Deployer = deployer as Resources[string])).verdict).toBe('PROVED');
  });

  test('AISEC-08N: is not passed to anything with a network', () => {
    const pass = allow('iam:PassRole', arn('ServingRole'));
    const isolated = { ...allow('sagemaker:CreateModel'), Condition: { Bool: { 'sagemaker:NetworkIsolation': 'true' } } };
    for (const change of [worker(pass), worker(allow('sagemaker:*')), worker(pass, isolated)]) expect(judged('AISEC-08N', SERVING, change).verdict).toBe('PROVED');
    const open = [allow('sagemaker:CreateModel'), allow('sagemaker:CreateNotebookInstance'), { ...isolated, Condition: { BoolIfExists: isolated.Condition.Bool } }];
    for (const start of open) expect(judged('AISEC-08N', SERVING, worker(pass, start))).toMatchObject({ verdict: 'REFUTED', reasons: [expect.stringMatching(/^Worker: iam:PassRole/)] });
  });

  test('AISEC-08A: is got at step by step where a role of ours rewrites its trust or passes it', () => {
    for (const change of [worker(allow('iam:UpdateAssumeRolePolicy', arn('ServingRole'))), worker(allow('iam:PassRole', arn('ServingRole')), allow('sagemaker:CreateNotebookInstance'))]) {
      expect(judged('AISEC-08A', SERVING, change)).toMatchObject({ verdict: 'REFUTED', reasons: [expect.stringMatching(/^Worker, step by step: .*acts as ServingRole/)] });
    }
  });
});

describe('the role with which API Gateway writes logs', () => {
  const logs = ['logs:CreateLogStream', 'logs:PutLogEvents'];
  const GATEWAY: Json = {
    LogRole: role('logger', 'apigateway.amazonaws.com', [allow(logs)]),
    Account: { Type: 'AWS::ApiGateway::Account', Properties: { CloudWatchRoleArn: arn('LogRole') } },
    Reader: role('reader', 'ecs-tasks.amazonaws.com', [allow('s3:GetObject', { 'Fn::Sub': '${Bucket.Arn}/*' })]),
    Bucket: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'models' } },
  };

  test('AISEC-07D: may write to every log group, and the proof says so', () => {
    const { verdict, assumptions } = judged('AISEC-07D', GATEWAY);
    expect(verdict).toBe('PROVED');
    expect(assumptions).toContainEqual(expect.stringMatching(/^LogRole holds no attacker: only API Gateway/));
  });

  test.each<[string, Change]>([
    ['another service takes it', retrust('LogRole', takenBy('apigateway.amazonaws.com', {}), takenBy('lambda.amazonaws.com', {}))],
    ['only another service takes it', retrust('LogRole', takenBy('lambda.amazonaws.com', {}))],
    ['methods call with it', (r) => (r.Method = { Type: 'AWS::ApiGateway::Method', Properties: { Integration: { Credentials: arn('LogRole') } } })],
    ['it is not the account\'s', (r) => delete r.Account],
  ])('AISEC-07D: may not where %s', (_way, change) => {
    expect(judged('AISEC-07D', GATEWAY, change)).toMatchObject({ verdict: 'REFUTED', reasons: [expect.stringMatching(/^LogRole: logs:/)] });
  });

  test('AISEC-07E: does nothing else anywhere', () => {
    expect(judged('AISEC-07E', GATEWAY).verdict).toBe('PROVED');
    const wider: Change = (r) => (r.LogRole = role('logger', 'apigateway.amazonaws.com', [allow([...logs, 'sqs:SendMessage'])]) as Resources[string]);
    expect(judged('AISEC-07E', GATEWAY, wider)).toMatchObject({ verdict: 'REFUTED', reasons: [expect.stringMatching(/^LogRole: sqs:SendMessage/)] });
  });
});

describe('the role of a state machine', () => {
  const task = (RoleArn: unknown): string => JSON.stringify({
    StartAt: 'Approve',
    States: { Approve: { Type: 'Task', Resource: 'arn:aws:states:::aws-sdk:sagemaker:updateModelPackage', Credentials: { RoleArn }, Parameters: {}, End: true } },
  });
  const machineTrust = takenBy('states.amazonaws.com');
  const byMachine = { Effect: 'Allow', Principal: { AWS: arn('MachineRole') }, Action: 'sts:AssumeRole' };
  const GATE: Json = {
    MachineRole: role('machine', 'states.amazonaws.com', [allow('sts:AssumeRole', arn('Approver'))], trust(machineTrust)),
    Approver: role('approver', 'states.amazonaws.com', [allow('sagemaker:UpdateModelPackage')], trust(byMachine)),
    Machine: {
      Type: 'AWS::StepFunctions::StateMachine',
      Properties: { RoleArn: arn('MachineRole'), DefinitionString: task('${Approver}'), DefinitionSubstitutions: { Approver: arn('Approver') } },
    },
  };

  test('AISEC-17C: takes the role that a definition names, and the proof says so', () => {
    const { verdict, assumptions } = judged('AISEC-17C', GATE);
    expect(verdict).toBe('PROVED');
    expect(assumptions).toContainEqual(expect.stringMatching(/^MachineRole takes other roles for state machines alone/));
  });

  const define = (DefinitionString: unknown): Change => (r) => (r.Machine.Properties.DefinitionString = DefinitionString);
  test.each<[string, Change]>([
    ['the definition names no role', define('{"StartAt":"A","States":{"A":{"Type":"Succeed"}}}')],
    ['the definition names another one', define(task(`arn:aws:iam::${ACCOUNT}:role/another`))],
    ['who starts the machine names the role', (r) => define(task('${Approver}').replace('"RoleArn":"${Approver}"', '"RoleArn.$":"$.role"'))(r)],
    ['the definition is elsewhere', (r) => {
      r.Machine.Properties = { RoleArn: arn('MachineRole'), DefinitionS3Location: { Bucket: 'definitions', Key: 'gate.json' } };
    }],
    ['who starts a second machine names the role', (r) => {
      const definition = task('').replace('"RoleArn":""', '"RoleArn.$":"$.role"');
      r.Second = { Type: 'AWS::StepFunctions::StateMachine', Properties: { RoleArn: arn('MachineRole'), DefinitionString: definition } };
    }],
    ['no machine has it', (r) => delete r.Machine],
    ['Lambda takes it', retrust('MachineRole', machineTrust, takenBy('lambda.amazonaws.com', {}))],
    ['Step Functions takes it for another account', retrust('MachineRole', takenBy('states.amazonaws.com', {}))],
    ['a function has it as well', (r) => (r.Code = { Type: 'AWS::Lambda::Function', Properties: { Role: arn('MachineRole') } })],
    ['others take the role that it takes', retrust('Approver', byMachine, takenBy('lambda.amazonaws.com', {}))],
    ['it takes one more', (r) => {
      r.Admin = role('admin', 'states.amazonaws.com', [allow('*')], trust(byMachine)) as Resources[string];
      r.MachineRole.Properties.Policies = [{ PolicyName: 'own', PolicyDocument: document(allow('sts:AssumeRole')) }];
    }],
  ])('AISEC-17C: takes none where %s', (_way, change) => {
    const { verdict, reasons } = judged('AISEC-17C', GATE, change);
    expect([verdict, reasons[0]]).toEqual(['REFUTED', expect.stringMatching(/^MachineRole: sts:AssumeRole/)]);
  });

  test('AISEC-17C: is got at by who can rewrite the machine', () => {
    expect(judged('AISEC-17C', GATE, worker(allow('states:UpdateStateMachine'))))
      .toMatchObject({ verdict: 'REFUTED', reasons: [expect.stringMatching(/^Worker, step by step: .*acts as MachineRole/)] });
    expect(judged('AISEC-17C', GATE, worker(allow('states:StartExecution'))).verdict).toBe('PROVED');
  });
});

describe('the role that scans what nobody else reads yet', () => {
  const byLambda = takenBy('lambda.amazonaws.com', {});
  const QUARANTINE: Json = {
    ModelQuarantine: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'quarantine' } },
    Refusals: {
      Type: 'AWS::S3::BucketPolicy',
      Properties: {
        Bucket: { Ref: 'ModelQuarantine' },
        PolicyDocument: document({
          Effect: 'Deny', Principal: '*', Action: 's3:GetObject*', Resource: 'arn:aws:s3:::quarantine/*',
          Condition: {
            StringNotEquals: { 's3:ExistingObjectTag/GuardDutyMalwareScanStatus': 'NO_THREATS_FOUND' }, ArnNotEquals: { 'aws:PrincipalArn': arn('ScanRole') },
          },
        }),
      },
    },
    Plan: { Type: 'AWS::GuardDuty::MalwareProtectionPlan', Properties: { ProtectedResource: { S3Bucket: { BucketName: { Ref: 'ModelQuarantine' } } } } },
    ScanRole: role('scan', 'lambda.amazonaws.com', [allow(['s3:GetObject', 's3:GetObjectVersion'], 'arn:aws:s3:::quarantine/*')], trust(byLambda)),
    Scan: { Type: 'AWS::Lambda::Function', Properties: { Role: arn('ScanRole'), VpcConfig: { SubnetIds: ['subnet-0a'], SecurityGroupIds: ['sg-0a'] } } },
  };
  const refusal = (r: Resources): { Condition: { ArnNotEquals?: object } } =>
    (r.Refusals.Properties.PolicyDocument as { Statement: { Condition: { ArnNotEquals?: object } }[] }).Statement[0];

  test('AISEC-06A: is no attacker where only functions inside a network have it', () => {
    const { verdict, assumptions } = judged('AISEC-06A', QUARANTINE);
    expect(verdict).toBe('PROVED');
    expect(assumptions.filter((one) => one.startsWith('ScanRole is a scanner'))).toHaveLength(1);
  });

  test.each<[string, Change]>([
    ['everybody may read', (r) => delete r.Refusals],
    ['its function has a way out', (r) => delete r.Scan.Properties.VpcConfig],
    ['an account takes it', retrust('ScanRole', byLambda, { Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::999988887777:root' }, Action: 'sts:AssumeRole' })],
    ['a job has it as well', (r) => (r.Book = { Type: 'AWS::SageMaker::NotebookInstance', Properties: { RoleArn: arn('ScanRole') } })],
    ['no function has it', (r) => delete r.Scan],
  ])('AISEC-06A: is one where %s', (_way, change) => {
    expect(judged('AISEC-06A', QUARANTINE, change)).toMatchObject({ verdict: 'REFUTED', reasons: expect.arrayContaining([expect.stringMatching(/^ScanRole: s3:GetObject/)]) as unknown });
  });

  test('AISEC-06A: is one where it starts what it reads', () => {
    const starter = role('scan', 'lambda.amazonaws.com', [allow('s3:GetObject', 'arn:aws:s3:::quarantine/*'), allow('sagemaker:CreateModel')], trust(byLambda));
    expect(judged('AISEC-06A', QUARANTINE, (r) => (r.ScanRole = starter as Resources[string])).verdict).toBe('REFUTED');
  });

  test('AISEC-06A: spares no other role that the refusal names', () => {
    const other = role('reader', 'ecs-tasks.amazonaws.com', [allow('s3:GetObject', 'arn:aws:s3:::quarantine/*')]);
    const change: Change = (r) => {
      r.Reader = other as Resources[string];
      refusal(r).Condition.ArnNotEquals = { 'aws:PrincipalArn': [arn('ScanRole'), arn('Reader')] };
    };
    expect(judged('AISEC-06A', QUARANTINE, change)).toMatchObject({ verdict: 'REFUTED', reasons: [expect.stringMatching(/^Reader: s3:GetObject/)] });
  });
});
