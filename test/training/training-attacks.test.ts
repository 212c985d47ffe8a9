import { Template } from 'aws-cdk-lib/assertions';
import { App, Stack } from 'aws-cdk-lib';
import { InstanceStorage, SecureTrainingEnv } from 'cdk-secure-ai/training';
import { describe, expect, test } from 'vitest';
import { ISOLATION_TABLE } from '../../lib/training/guard/isolation-table.generated';
import { EVIL_PICKLE } from '../models/scanning/fixtures/pickle-assembler';
import { verdictOf } from '../models/scanning/fixtures/scan';
import { administrator, awsService, expectGuarded, foreignEndpoint, IamWorld } from '../support/iam';
import type { Request, Statement, Template as PlainTemplate } from '../support/iam';
import type { NetworkTemplate } from '../support/network/graph';
import { reachabilityOf } from '../support/network/reachability';
import { answeredBy, runStateMachine } from '../support/state-machine/run-state-machine';
import { ACCOUNT, definitionOf, environmentWith, REGION } from './environment';
import type { GuardForm } from './guard/guarded-account';
import { guardedAccount, isolatedContext, OWN, resourceOf, VALUES } from './guard/guarded-account';

const { stack, environment, segment, store, data, fraud, churn } = environmentWith();
const template = Template.fromStack(stack).toJSON() as PlainTemplate;
const idOf = (construct: { node: { defaultChild?: unknown } }): string => stack.getLogicalId(construct.node.defaultChild as never);
const launcher = environment.node.findChild('Launcher').node.findChild('Role');
const boundary = environment.node.findChild('Boundary');
const s3Endpoint = segment.node.findChild('Endpoints').node.findChild('S3');

/** One protection taken away from the template. */
type Loss = (resources: Record<string, { Type: string; Properties: Record<string, unknown> }>) => void;

const worldWithout = (...losses: Loss[]): IamWorld => worldOf(template, losses);

function worldOf(whole: PlainTemplate, losses: readonly Loss[]): IamWorld {
  const copy = JSON.parse(JSON.stringify(whole)) as { Resources: Parameters<Loss>[0] };
  for (const loss of losses) {
    const before = JSON.stringify(copy);
    loss(copy.Resources);
    if (JSON.stringify(copy) === before) throw new Error('nothing was taken away: the test would prove nothing');
  }
  return IamWorld.of({ Stack: copy as unknown as PlainTemplate }, { accountId: ACCOUNT, region: REGION, values: { 'AWS::StackId': 'arn:aws:cloudformation:eu-central-1:111111111111:stack/Stack/0a1b' } });
}

/** Statements of policies whose logical id begins with something, changed or, as undefined, removed. */
const statements = (idStart: string, change: (statement: Statement) => Statement | undefined): Loss => (resources) => {
  for (const [id, { Type, Properties }] of Object.entries(resources)) {
    if (!id.startsWith(idStart) || Type !== 'AWS::IAM::ManagedPolicy') continue;
    const document = Properties.PolicyDocument as { Statement: Statement[] };
    document.Statement = document.Statement.map(change).filter((statement) => statement !== undefined);
  }
};

/** Each attack is denied with both layers and without either of them, and passes without both: so it was they that denied it. */
async function expectTwoLayers(good: Request, attacks: Readonly<Record<string, Request>>, first: Loss, second: Loss, whole = template): Promise<void> {
  const decide = async (world: IamWorld, request: Request) => (await world.request(request)).decision === 'allowed';
  const [all, noFirst, noSecond, none] = [[], [first], [second], [first, second]].map((losses) => worldOf(whole, losses));
  expect(await decide(all, good)).toBe(true);
  for (const [name, attack] of Object.entries(attacks)) {
    const passes = [await decide(all, attack), await decide(noFirst, attack), await decide(noSecond, attack), await decide(none, attack)];
    expect([name, ...passes]).toEqual([name, false, false, false, true]);
  }
}

/** Policies of a role have its id before their own hash. */
const policiesOf = (role: Parameters<typeof idOf>[0]): string => `${idOf(role).slice(0, -8)}`;
const launcherPolicies = policiesOf(launcher);
const noBoundaryDenies = statements(idOf(boundary), (statement) => (statement.Effect === 'Deny' ? undefined : statement));

describe('attack 6: code in a model file that calls home', () => {
  test('the scanner refuses the file before anything loads it', async () => {
    expect(await verdictOf('model.pkl', EVIL_PICKLE)).toMatch(/^DANGEROUS/);
  });

  const zeroProps = () => {
    const own = new Stack(new App(), 'Stack', { env: { account: ACCOUNT, region: REGION } });
    new SecureTrainingEnv(own, 'Training');
    return Template.fromStack(own).toJSON() as NetworkTemplate & { Resources: Record<string, { Type: string; Properties: Record<string, unknown> }> };
  };
  const route = (resources: ReturnType<typeof zeroProps>['Resources']) => {
    const [table] = Object.keys(resources).filter((id) => resources[id].Type === 'AWS::EC2::RouteTable');
    resources.Way = { Type: 'AWS::EC2::Route', Properties: { RouteTableId: { Ref: table }, DestinationCidrBlock: '0.0.0.0/0', GatewayId: 'igw-1' } };
  };
  const openGroup = (resources: ReturnType<typeof zeroProps>['Resources']) => {
    const [group] = Object.keys(resources).filter((id) => resources[id].Type === 'AWS::EC2::SecurityGroup' && id.includes('Workloads'));
    resources.Open = { Type: 'AWS::EC2::SecurityGroupEgress', Properties: { GroupId: { 'Fn::GetAtt': [group, 'GroupId'] }, IpProtocol: '-1', CidrIp: '0.0.0.0/0' } };
  };

  test.each<[string, ((resources: ReturnType<typeof zeroProps>['Resources']) => void)[], boolean]>([
    ['as it is made', [], false],
    ['with a route to the internet, the group still holds', [route], false],
    ['with an open group, there is still no route', [openGroup], false],
    ['with both, the way out is seen', [route, openGroup], true],
  ])('the segment of an environment without any property, %s', (_, changes, open) => {
    const changed = zeroProps();
    changes.forEach((change) => change(changed.Resources));
    expect(reachabilityOf({ Stack: changed }).open.length > 0).toBe(open);
  });

  test('and its container has no network at all, whatever the function answers', async () => {
    const evil = { name: 'x', roleArn: 'r', image: 'i', channels: [], outputPath: 'o', resources: {}, maxRuntimeSeconds: 1, timeoutSeconds: 1, hyperparameters: {}, EnableNetworkIsolation: false };
    const jobs: unknown[] = [];
    await runStateMachine(definitionOf(stack), {}, {
      task: answeredBy({
        'lambda:invoke': () => ({ Payload: evil }),
        'sagemaker:createTrainingJob.sync': (job) => {
          jobs.push(job.EnableNetworkIsolation);
          return { TrainingJobName: 'x', TrainingJobArn: 'a', ModelArtifacts: { S3ModelArtifacts: 's' } };
        },
      }),
    });
    expect(jobs).toEqual([true]);
  });
});

describe('attack 16: a service that works for somebody else assumes a role', () => {
  const withoutKey = (construct: { node: { defaultChild?: unknown } }, operator: string): Loss => (resources) => {
    const document = resources[idOf(construct)].Properties.AssumeRolePolicyDocument as { Statement: { Condition: Record<string, unknown> }[] };
    for (const statement of document.Statement) delete statement.Condition[operator];
  };
  const name = `${environment.environmentId}-fraud--r1`;

  test.each([
    ['execution role', fraud, 'sagemaker', `arn:aws:sagemaker:${REGION}:${ACCOUNT}:training-job/${name}`, `arn:aws:sagemaker:${REGION}:999988887777:training-job/${name}`],
    ['launcher', launcher, 'states', `arn:aws:states:${REGION}:${ACCOUNT}:stateMachine:x`, `arn:aws:states:${REGION}:999988887777:stateMachine:x`],
  ])('%s: the account and the name of what it works for, each of which holds alone', async (_, role, service, own, theirs) => {
    const assume = (sourceAccount: string, sourceArn: string): Request =>
      ({ principal: awsService(`${service}.amazonaws.com`, { sourceAccount, sourceArn }), action: 'sts:AssumeRole', resource: idOf(role) });
    await expectTwoLayers(
      assume(ACCOUNT, own), { 'for another account': assume('999988887777', theirs) }, withoutKey(role, 'StringEquals'), withoutKey(role, 'ArnLike'),
    );
  });

  test('an execution role is for jobs of its own name only', async () => {
    const assume = (job: string): Request => ({
      principal: awsService('sagemaker.amazonaws.com', { sourceAccount: ACCOUNT, sourceArn: `arn:aws:sagemaker:${REGION}:${ACCOUNT}:training-job/${job}` }), action: 'sts:AssumeRole', resource: idOf(fraud),
    });
    const world = worldWithout();
    expect((await world.request(assume(name))).decision).toBe('allowed');
    expect((await world.request(assume(`${environment.environmentId}-churn-r1`))).decision).not.toBe('allowed');
    expect((await worldWithout(withoutKey(fraud, 'ArnLike')).request(assume('anything'))).decision).toBe('allowed');
  });
});

describe('attack 17: a role is passed on', () => {
  const pass = (resource: string, service: string): Request =>
    ({ principal: idOf(launcher), action: 'iam:PassRole', resource, context: { 'iam:PassedToService': `${service}.amazonaws.com` } });
  const widened = statements(launcherPolicies, ({ Condition, ...statement }) =>
    (JSON.stringify(statement.Action).includes('PassRole') ? { ...statement, Resource: '*' } : { ...statement, ...(Condition ? { Condition } : {}) }));

  test('the launcher passes execution roles to SageMaker, and nothing else to anybody', async () => {
    await expectTwoLayers(pass(idOf(fraud), 'sagemaker'), {
      'the role of an administrator': pass(`arn:aws:iam::${ACCOUNT}:role/administrator`, 'sagemaker'),
      'its own role': pass(idOf(launcher), 'sagemaker'),
      'an execution role to a function': pass(idOf(fraud), 'lambda'),
    }, widened, noBoundaryDenies);
  });

  test('an administrator under the guard passes and makes no such role, by either form of the guard', async () => {
    const LAYERS = ['managed policies', 'organisation policies'] as const;
    const { world, administrator, without } = guardedAccount(LAYERS);
    const request = (action: string, resource: string, context: Record<string, string> = {}): Request =>
      ({ principal: administrator, action, resource, context });
    const role = (path: string) => `arn:aws:iam::${ACCOUNT}:role/${path}`;
    const toSageMaker = { 'iam:PassedToService': 'sagemaker.amazonaws.com' };
    await expectGuarded({
      world,
      allowed: {
        'an execution role to SageMaker': request('iam:PassRole', role('secure-ai/training/fraud'), toSageMaker),
        'a role of its own': request('iam:CreateRole', role('reporting')),
      },
      denied: {
        'the role of an administrator': request('iam:PassRole', role('administrator'), toSageMaker),
        'an execution role to a function': request('iam:PassRole', role('secure-ai/training/fraud'), { 'iam:PassedToService': 'lambda.amazonaws.com' }),
        'a role to nobody in particular': request('iam:PassRole', role('administrator')),
        'a role that looks like an execution role': request('iam:CreateRole', role('secure-ai/training/evil')),
        'a policy for a launcher': request('iam:PutRolePolicy', role('secure-ai/training-launcher/x')),
        'a launcher without its denies': request('iam:DetachRolePolicy', role('secure-ai/training-launcher/x')),
        'a launcher without its boundary': request('iam:DeleteRolePermissionsBoundary', role('secure-ai/training-launcher/x')),
        'a trust in itself': request('iam:UpdateAssumeRolePolicy', role('secure-ai/training/fraud')),
      },
      protections: LAYERS.map((form) => without(form, ['DenyPassRoleToOtherServices', 'DenyOtherRolesToSageMaker', 'DenyChangesUnderTrainingPaths'])),
    });
  });

  /** Every policy that holds a role of the environment to what it may do, among them the boundary; with what would undo it. */
  const rewrites = Object.keys(template.Resources ?? {})
    .filter((id) => [launcherPolicies, policiesOf(fraud), policiesOf(churn), idOf(boundary)].some((start) => id.startsWith(start)))
    .filter((id) => template.Resources?.[id].Type === 'AWS::IAM::ManagedPolicy')
    .flatMap((id) => ['CreatePolicyVersion', 'SetDefaultPolicyVersion', 'DeletePolicyVersion', 'DeletePolicy']
      .map((action) => ({ action: `iam:${action}`, resource: worldWithout().arnOf(id) })));

  test.each<[string, readonly (readonly GuardForm[])[]]>([
    ['policies of the account or of the organisation, either of which holds alone', [['managed policies', 'organisation policies']]],
    ['a boundary', [['boundary']]],
  ])('an administrator under the guard gives no policy or boundary of an environment other statements: by %s', async (_, [forms]) => {
    const { world, administrator: admin, without } = guardedAccount(forms);
    const guard = admin.stack.node.findChild(forms.includes('boundary') ? 'Boundary' : 'Guard').node.children;
    const attacks = [...rewrites, ...guard.map((policy) => ({ action: 'iam:CreatePolicyVersion', resource: world.arnOf(policy) }))];
    expect(attacks.length).toBeGreaterThanOrEqual(4 * 7);
    await expectGuarded({
      world,
      allowed: { 'a policy of its own': { principal: admin, action: 'iam:CreatePolicyVersion', resource: `arn:aws:iam::${ACCOUNT}:policy/reporting` } },
      denied: Object.fromEntries(attacks.map(({ action, resource }) => [`${action} ${resource}`, { principal: admin, action, resource }])),
      protections: forms.map((form) => without(form, ['DenyChangesUnderTrainingPaths'])),
    });
  });

  test('CloudFormation still makes and passes them, and changes their policies', async () => {
    const { world } = guardedAccount(['organisation policies']);
    const deployer = administrator(`cdk-hnb659fds-cfn-exec-role-${ACCOUNT}-${REGION}`);
    for (const { action, resource } of rewrites) {
      expect((await world.request({ principal: deployer, action, resource })).decision).toBe('allowed');
      expect((await world.request({ principal: administrator(), action, resource })).decision).toBe('explicit-deny');
    }
    for (const [action, context] of [['iam:PassRole', { 'iam:PassedToService': 'lambda.amazonaws.com' }], ['iam:CreateRole', {}]] as const) {
      expect((await world.request({ principal: deployer, action, resource: `arn:aws:iam::${ACCOUNT}:role/secure-ai/training/x`, context })).decision).toBe('allowed');
    }
  });
});

describe('attack 18: a job without isolation', () => {
  const world = worldWithout();
  const job = `arn:aws:sagemaker:${REGION}:${ACCOUNT}:training-job/${environment.environmentId}-fraud--r1`;
  const fixed = definitionOf(stack).States.Train.Parameters as {
    VpcConfig: { Subnets: string[]; SecurityGroupIds: string[] };
    OutputDataConfig: { KmsKeyId: string };
  };
  const good: Record<string, string | string[]> = {
    ...isolatedContext('CreateTrainingJob'),
    'sagemaker:VpcSubnets': fixed.VpcConfig.Subnets,
    'sagemaker:VpcSecurityGroupIds': fixed.VpcConfig.SecurityGroupIds,
    'sagemaker:OutputKmsKeyArn': fixed.OutputDataConfig.KmsKeyId,
    'sagemaker:VolumeKmsKeyArn': world.arnOf(environment.volumeKey.node.defaultChild as never),
  };
  const start = (changes: Record<string, string | string[] | undefined> = {}): Request => ({
    principal: idOf(launcher), action: 'sagemaker:CreateTrainingJob', resource: job,
    context: Object.fromEntries(Object.entries({ ...good, ...changes }).filter((entry): entry is [string, string | string[]] => entry[1] !== undefined)),
  });
  const unconditional = statements(launcherPolicies, (statement) =>
    (String(statement.Sid).startsWith('StartIsolatedJobs') ? Object.fromEntries(Object.entries(statement).filter(([field]) => field !== 'Condition')) as Statement : statement));
  const attacks = ISOLATION_TABLE.CreateTrainingJob.flatMap((key) => {
    const { bad, absent } = VALUES[key];
    return [
      ...bad.map((value) => [`${key} ${JSON.stringify(value)}`, start({ [`sagemaker:${key}`]: value })] as const),
      ...(absent === 'denied' ? [[`${key} absent`, start({ [`sagemaker:${key}`]: undefined })] as const] : []),
    ];
  });

  test('the launcher starts what its own permission and its boundary both take for isolated', async () => {
    expect(attacks.length).toBeGreaterThanOrEqual(18);
    await expectTwoLayers(start(), Object.fromEntries(attacks), unconditional, noBoundaryDenies);
  });

  test('it starts jobs on local disks without a volume key, and jobs of its own names only', async () => {
    const decide = async (request: Request) => (await world.request(request)).decision;
    expect(await decide(start({ 'sagemaker:VolumeKmsKeyArn': undefined, 'sagemaker:InstanceTypes': ['ml.g5.xlarge'] }))).toBe('allowed');
    expect(await decide({ ...start(), resource: job.replace(environment.environmentId, 'somebody-else') })).not.toBe('allowed');
    expect(await decide({ ...start(), action: 'sagemaker:CreateProcessingJob', resource: job.replace('training-job', 'processing-job') })).not.toBe('allowed');
  });

  test('it starts none without a volume key in a family that the environment corrects to network volumes', async () => {
    const corrected = environmentWith({ instanceFamilies: [{ family: 'g5', storage: InstanceStorage.NETWORK_VOLUMES }] });
    const whole = Template.fromStack(corrected.stack).toJSON() as PlainTemplate;
    const on = (type: string, changes: Record<string, undefined> = {}) => start({ 'sagemaker:InstanceTypes': [type], ...changes });
    const keyless = { 'sagemaker:VolumeKmsKeyArn': undefined };
    await expectTwoLayers(on('ml.g5.xlarge'), { 'without a key': on('ml.g5.xlarge', keyless) }, unconditional, noBoundaryDenies, whole);
    expect((await worldOf(whole, []).request(on('ml.p4d.24xlarge', keyless))).decision).toBe('allowed');
  });

  test('an administrator under the guard starts none at all, isolated or not', async () => {
    const LAYERS = ['managed policies', 'organisation policies'] as const;
    const { world: guarded, administrator, without } = guardedAccount(LAYERS, OWN);
    await expectGuarded({
      world: guarded,
      allowed: { principal: administrator, action: 'sagemaker:DescribeTrainingJob', resource: job },
      denied: { isolated: { principal: administrator, action: 'sagemaker:CreateTrainingJob', resource: job, context: isolatedContext('CreateTrainingJob') } },
      protections: LAYERS.map((form) => without(form, ['DenyOtherLaunchers'])),
    });
  });
});

describe('attack 20: a notebook, or a link into one', () => {
  test('a link from the internet is denied since nobody named the action, and since it comes from outside', async () => {
    const { world, administrator } = guardedAccount(['managed policies']);
    const describe: Request = { principal: administrator, action: 'sagemaker:DescribeDomain', resource: `arn:aws:sagemaker:${REGION}:${ACCOUNT}:domain/d-1` };
    for (const action of ['CreatePresignedDomainUrl', 'CreatePresignedNotebookInstanceUrl']) {
      await expectGuarded({
        world,
        allowed: describe,
        denied: { [action]: { principal: administrator, action: `sagemaker:${action}`, resource: await resourceOf(action) } },
        protections: ['DenyUnisolatedWork', 'DenyPresignedFromOutside'],
      });
    }
  });

  test('a notebook with internet is denied since nobody named the action and, once somebody did, for its internet', async () => {
    const LAYERS = ['managed policies', 'organisation policies'] as const;
    const request = async (changes: Record<string, string> = {}) => ({ action: 'sagemaker:CreateNotebookInstance', resource: await resourceOf('CreateNotebookInstance'), context: { ...isolatedContext('CreateNotebookInstance'), ...changes } });
    const open = { 'sagemaker:DirectInternetAccess': 'Enabled' };
    const unnamed = guardedAccount(LAYERS);
    expect((await unnamed.world.request({ principal: unnamed.administrator, ...(await request(open)) })).decision).toBe('explicit-deny');
    const named = guardedAccount(LAYERS, OWN, ['CreateNotebookInstance']);
    await expectGuarded({
      world: named.world,
      allowed: { principal: named.administrator, ...(await request()) },
      denied: { open: { principal: named.administrator, ...(await request(open)) } },
      protections: LAYERS.map((form) => named.without(form, ['DenyInternetNotebooks'])),
    });
  });

  test('an environment makes neither notebooks nor domains', () => {
    const types = Object.values(template.Resources ?? {}).map(({ Type }) => String(Type));
    expect(types.filter((type) => type.startsWith('AWS::SageMaker'))).toEqual([]);
  });
});

describe('what a job may read and write', () => {
  const world = worldWithout();
  const at = (construct: { node: { defaultChild?: unknown } }, key: string) => world.arnOf(idOf(construct), key);
  const fromSegment = { via: idOf(s3Endpoint) };
  const role = idOf(fraud);
  const widened = (action: string) => statements(policiesOf(fraud), (statement) =>
    (statement.Effect === 'Allow' && JSON.stringify(statement.Action).includes(action) ? { ...statement, Resource: '*' } : statement));
  const noDeny = statements(policiesOf(fraud), (statement) => (statement.Sid === 'DenyWritesElsewhere' ? undefined : statement));
  const output = `/training/${environment.environmentId}/fraud/r1/output/model.tar.gz`;

  test('it reads its own dataset and no other one', async () => {
    const read = (key: string): Request => ({ principal: role, action: 's3:GetObject', resource: at(data, key), ...fromSegment });
    expect((await world.request(read('/datasets/fraud/a.csv'))).decision).toBe('allowed');
    for (const key of ['/datasets/churn/a.csv', '/datasets/fraud-2/a.csv', '/other']) expect((await world.request(read(key))).decision).not.toBe('allowed');
    expect((await worldWithout(widened('s3:GetObject')).request(read('/datasets/churn/a.csv'))).decision).toBe('allowed');
  });

  test('it writes to its place in quarantine, and nowhere else though a grant were too wide', async () => {
    const write = (resource: Request['resource']): Request => ({ principal: role, action: 's3:PutObject', resource, ...fromSegment });
    await expectTwoLayers(write(at(store.quarantineBucket, output)), {
      'the place of another job': write(at(store.quarantineBucket, output.replace('/fraud/', '/churn/'))),
      'the dataset': write(at(data, '/datasets/fraud/a.csv')),
    }, widened('s3:PutObject'), noDeny);
  });

  test('it writes nothing to where models are served from, nor to a bucket of somebody else, nor from elsewhere', async () => {
    const decide = async (request: Partial<Request>, changed = world) =>
      (await changed.request({ principal: role, action: 's3:PutObject', resource: at(store.quarantineBucket, output), ...fromSegment, ...request })).decision;
    const wide = worldWithout(widened('s3:PutObject'), noDeny);
    expect(await decide({ resource: at(store.servedBucket, '/models/x') }, wide)).not.toBe('allowed');
    expect(await decide({ resource: { foreignArn: 'arn:aws:s3:::attacker/x', accountId: '999988887777' } }, wide)).not.toBe('allowed');
    expect(await decide({ via: foreignEndpoint() })).not.toBe('allowed');
    expect(await decide({ via: 'internet' })).not.toBe('allowed');
  });
});
