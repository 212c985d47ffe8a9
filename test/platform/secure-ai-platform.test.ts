import * as fs from 'node:fs';
import * as path from 'node:path';
import { App, Duration, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { CheckResults, ComplianceChecks } from 'cdk-secure-ai/assurance';
import type { InferenceGatewayProps, RouteProps, SecureInferenceEndpointProps } from 'cdk-secure-ai/inference';
import type { ApprovalGateProps, DeployCheckProps } from 'cdk-secure-ai/models';
import type { PlatformEndpoint, PlatformGate, PlatformServing, PlatformTraining } from 'cdk-secure-ai/platform';
import { SecureAiPlatform } from 'cdk-secure-ai/platform';
import { DataClass, SecurityPosture, SecurityProfile, WeakerChoice } from 'cdk-secure-ai/posture';
import { AttackVerdict, CallerKind, Proofs } from 'cdk-secure-ai/testing';
import type { SecureTrainingEnvProps } from 'cdk-secure-ai/training';
import { describe, expect, expectTypeOf, test } from 'vitest';
import { GATE_POLICY, GATE_TRUST } from '../support/gate-settings';
import { readDaily } from './read-daily';
import { PRODUCTION, REGISTRY, TAGS, TRAINING, accountsPlatform, endpoint, stackPlatform, stackSetPlatform } from '../support/platforms';

const GOVCLOUD = { account: '111111111111', region: 'us-gov-west-1' };
/** All attacks on all policies of a platform are many questions. */
const PROVING = 300_000;
const ON_CALL = [new EmailSubscription('on-call@example.com')];
const PROFILES: Record<SecurityProfile, object> = {
  [SecurityProfile.BASELINE]: {},
  [SecurityProfile.REGULATED]: {},
  [SecurityProfile.HIGH_ASSURANCE]: { perimeter: { vpcEndpointIds: ['vpce-0a1b2c3d4e5f60718'] } },
};

/** Everything that the templates of an assembly say, those of its stages included, by file name. */
function templatesIn(directory: string): Record<string, string> {
  const files = fs.readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.template.json'));
  return Object.fromEntries(files.map((file) => [path.basename(file), fs.readFileSync(path.join(directory, file), 'utf8')]));
}

function refuted(directory: string): string[] {
  return Proofs.ofAssembly(directory).attacks()
    .filter(({ verdict }) => verdict === AttackVerdict.REFUTED || verdict === AttackVerdict.UNDETERMINED)
    .map(({ attack, account }) => `${account} ${attack}`);
}

describe.each(Object.values(SecurityProfile))('a platform in one stack under %s', (profile) => {
  test('has no open finding in any pack', () => {
    const app = new App();
    stackPlatform(app, { posture: { profile, tags: TAGS, ...PROFILES[profile] }, onCall: ON_CALL });
    ComplianceChecks.addTo(app);
    const results = CheckResults.read(app.synth().directory);
    expect(results.packs.flatMap(({ open }) => open)).toEqual([]);
    expect(results.totals).toMatchObject({ stacks: 1, packs: ComplianceChecks.packsFor(profile).length });
  });
});

describe('attacks', () => {
  test('on a platform in one stack are impossible', () => {
    const app = new App();
    const platform = stackPlatform(app);
    addGate(platform, Stack.of(platform));
    expect(refuted(app.synth().directory)).toEqual([]);
  }, PROVING);

  test('on a platform over accounts are impossible', () => {
    const app = new App();
    accountsPlatform(app);
    expect(refuted(app.synth().directory)).toEqual([]);
  }, PROVING);
});

describe('a platform over accounts', () => {
  const app = new App();
  accountsPlatform(app);
  const { directory } = app.synth();
  const templates = templatesIn(directory);
  const proofs = Proofs.ofAssembly(directory);

  test('is a stage for each, which refer to one another by names alone', () => {
    const stages = fs.readdirSync(directory).filter((name) => name.startsWith('assembly-'));
    expect(stages.sort()).toEqual(['assembly-Fraud-Production', 'assembly-Fraud-Registry', 'assembly-Fraud-Training']);
    const exports = stages.map((stage) => Object.values(templatesIn(path.join(directory, stage))).join('\n'));
    const names = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([, name]) => name);
    for (const text of exports) {
      const made = names(text, /"Export": \{\s*"Name": "([^"]+)"/g);
      for (const name of names(text, /"Fn::ImportValue": "([^"]+)"/g)) expect(made).toContain(name);
    }
  });

  test('looks nothing up and brings no function of its own for references', () => {
    expect(Object.values(templates).join('\n')).not.toContain('Custom::');
    const manifests = fs.readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter((file) => path.basename(file) === 'manifest.json');
    for (const file of manifests) expect(JSON.parse(fs.readFileSync(path.join(directory, file), 'utf8'))).not.toHaveProperty('missing');
  });

  test('lets training jobs of the training account write to quarantine, and nobody else of any other account', () => {
    const bucket = Object.entries(templates).flatMap(([, text]) => [...text.matchAll(/"BucketName": "([^"]*-quarantine-[^"]*)"/g)].map(([, name]) => name));
    expect(bucket).toHaveLength(1);
    const write = { actions: ['s3:PutObject'], resources: [`arn:aws:s3:::${bucket[0]}/*`], callerKinds: [CallerKind.FOREIGN] };
    const job = [`arn:aws:iam::${TRAINING.account}:role/secure-ai/training/*`];
    proofs.expectNoRequest({ ...write, where: { ArnNotLike: { 'aws:PrincipalArn': job } } });
    expect(proofs.expectSomeRequest({ ...write, where: { ArnLike: { 'aws:PrincipalArn': job } } })).toContain(TRAINING.account);
  });

  test('names the role of the endpoint as it is called, in the policy of the store that it reads', () => {
    const serving = JSON.parse(templates[Object.keys(templates).find((file) => file.includes('ProductionEndpointscoring'))!]) as { Resources: Record<string, { Properties: { RoleName?: string } }> };
    const [name] = Object.values(serving.Resources).flatMap(({ Properties }) => Properties.RoleName ?? []);
    const models = templates[Object.keys(templates).find((file) => file.includes('RegistryModels'))!];
    expect(models).toContain(`:iam::${PRODUCTION.account}:role/${name}`);
  });

  test('keeps the accounts apart from the registry back as long as the keys are unknown, and not the registry', () => {
    const open = new App();
    const platform = accountsPlatform(open, { storeKeyArns: undefined });
    const error = Match.stringLikeRegexp('deploy the stage Registry');
    Annotations.fromStack(Stack.of(platform.training)).hasError('*', error);
    Annotations.fromStack(Stack.of(platform.store)).hasNoError('*', Match.anyValue());
  });

  test('is refused without an organisation, by which its parts know one another', () => {
    expect(() => new SecureAiPlatform(new App(), 'Fraud', { env: REGISTRY, training: { account: { env: TRAINING } } })).toThrow('give organizationId in the posture of each');
  });

  test('is refused inside a stack, and without an account that can be written down', () => {
    const account = { env: TRAINING, posture: { organizationId: 'o-a1b2c3d4e5' } };
    expect(() => new SecureAiPlatform(new Stack(new App(), 'Fraud'), 'Platform', { serving: { account } })).toThrow('is inside a stack, which has one account');
    expect(() => new SecureAiPlatform(new App(), 'Fraud', { posture: account.posture, training: { account } })).toThrow('other accounts refer to the store by names');
  });
});

describe('a platform as a set of stacks', () => {
  test('keeps the stack of an endpoint as it is when another one goes', () => {
    const ofEndpoint = (names: string[]) => {
      const app = new App();
      const platform = new SecureAiPlatform(app, 'Fraud', { env: REGISTRY });
      for (const name of names) platform.addEndpoint(name, endpoint());
      const all = templatesIn(app.synth().directory);
      return all[Object.keys(all).find((file) => file.includes('Endpointlate'))!];
    };
    expect(ofEndpoint(['early', 'late'])).toBe(ofEndpoint(['late']));
  });

  test('records the object events of its store and captures in the trail', () => {
    const app = new App();
    const { store } = stackSetPlatform(app);
    const audit = app.node.findChild('Fraud').node.findChild('Audit') as Stack;
    const [trail] = Object.values(Template.fromStack(audit).findResources('AWS::CloudTrail::Trail'));
    const { stackName } = Stack.of(store);
    const selectors = JSON.stringify(trail);
    expect(selectors).toContain(`${stackName}:ExportsOutput`);
    expect(selectors).toMatch(/StoreServed[\s\S]*Captures|Captures[\s\S]*StoreServed/);
  });

  test('works in the partition of GovCloud, with no ARN of another', () => {
    const app = new App();
    stackSetPlatform(app, {}, GOVCLOUD);
    const text = Object.values(templatesIn(app.synth().directory)).join('\n');
    expect(text).not.toMatch(/arn:aws:/);
    expect(text).toContain('com.amazonaws.us-gov-west-1.sagemaker.runtime');
  });
});

describe('what a platform is given', () => {
  test('is asked for nothing: without any prop it keeps models', () => {
    const stack = new Stack(new App(), 'Fraud');
    const platform = new SecureAiPlatform(stack, 'Platform');
    Template.fromStack(stack).resourceCountIs('AWS::CloudTrail::Trail', 1);
    expect(() => platform.training).toThrow('give training, if only an empty one');
    expect(() => platform.gateway).toThrow('add an endpoint first');
  });

  test('tells those on call through a topic that is the posture’s, under the highest profile too', () => {
    const stack = new Stack(new App(), 'Fraud', { env: REGISTRY });
    const platform = new SecureAiPlatform(stack, 'Platform', {
      posture: { profile: SecurityProfile.HIGH_ASSURANCE, tags: TAGS, perimeter: { vpcEndpointIds: ['vpce-0a1b2c3d'] } }, onCall: ON_CALL,
    });
    expect(SecurityPosture.of(platform.store).profile).toBe(SecurityProfile.HIGH_ASSURANCE);
    expect(SecurityPosture.of(platform.store).alarmTopic).toBeDefined();
    Template.fromStack(stack).resourceCountIs('AWS::SNS::Topic', 1);
  });

  test('is refused where it would silently weaken or contradict', () => {
    const stack = () => new Stack(new App(), 'Fraud', { env: REGISTRY });
    expect(() => new SecureAiPlatform(stack(), 'Platform', { onCall: ON_CALL })).toThrow('give posture as well');
    const at = stack();
    const alarmTopic = Topic.fromTopicArn(at, 'OnCall', 'arn:aws:sns:eu-central-1:111111111111:on-call');
    expect(() => new SecureAiPlatform(at, 'Platform', { onCall: ON_CALL, posture: { alarmTopic } })).toThrow('contradict each other');
    expect(() => new SecureAiPlatform(stack(), 'Platform', { env: REGISTRY })).toThrow('is inside a stack, which has one account');
  });

  test('takes a network that is there: no second one is made', () => {
    const stack = new Stack(new App(), 'Fraud', { env: REGISTRY });
    const vpc = Vpc.fromVpcAttributes(stack, 'Vpc', {
      vpcId: 'vpc-1', availabilityZones: ['a', 'b'], isolatedSubnetIds: ['subnet-1', 'subnet-2'], isolatedSubnetRouteTableIds: ['rtb-1', 'rtb-2'],
    });
    new SecureAiPlatform(stack, 'Platform', { network: { existing: { vpc } } });
    Template.fromStack(stack).resourceCountIs('AWS::EC2::VPC', 0);
  });
});

/** A platform whose gate is there, and the stack that it is in. */
function gatedPlatform(): { platform: SecureAiPlatform; stack: Stack } {
  const stack = new Stack(new App(), 'Fraud', { env: REGISTRY });
  const platform = new SecureAiPlatform(stack, 'Platform');
  addGate(platform, stack);
  return { platform, stack };
}

function addGate(platform: SecureAiPlatform, scope: Stack) {
  return platform.addGate({
    groupName: 'fraud', policy: GATE_POLICY, modelTrust: GATE_TRUST, evidenceTrust: GATE_TRUST,
    approvers: [Role.fromRoleArn(scope, 'Approvers', 'arn:aws:iam::111111111111:role/approvers')],
  });
}

describe('the way of a model', () => {
  const { platform, stack } = gatedPlatform();
  const { unproven: _, ...checked } = endpoint();
  platform.addEndpoint('fraud', checked);
  const template = Template.fromStack(stack);

  test('begins with two scans, without whose signed verdict nothing is promoted', () => {
    const verdicts = stack.resolve(platform.scanner.records.bucketName) as unknown;
    const verdictKey = stack.resolve(platform.scanner.signingKey.keyArn) as unknown;
    const [promoter] = Object.values(template.findResources('AWS::Lambda::Function', { Properties: { Description: Match.stringLikeRegexp('^Promotes clean models') } }));
    expect((promoter as { Properties: { Environment: { Variables: Record<string, unknown> } } }).Properties.Environment.Variables)
      .toMatchObject({ VERDICTS_BUCKET: verdicts, VERDICT_KEY_ARN: verdictKey });
    template.resourceCountIs('AWS::GuardDuty::MalwareProtectionPlan', 1);
    template.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: Match.objectLike({ detail: Match.objectLike({ object: { key: [{ suffix: '/upload.json' }] } }) }),
    });
    const other = new Role(stack, 'Other', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    expect(() => platform.store.grantPromote(other)).toThrow('give it the scanner of its store');
  });

  test('goes on with a signature, which a role may start and whose key it cannot use', () => {
    const pipeline = new Role(stack, 'Pipeline', { assumedBy: new ServicePrincipal('codebuild.amazonaws.com') });
    expect(platform.signer.grantStart(pipeline).success).toBe(true);
    expect(() => platform.signer.signingKey.grantSign(pipeline)).toThrow('has a signer already');
  });

  test('passes a person and the check of its deployment, in the account of the store', () => {
    template.hasResourceProperties('AWS::SageMaker::ModelPackageGroup', { ModelPackageGroupName: 'fraud' });
    template.resourceCountIs('Custom::SecureAiApprovedModel', 1);
    expect(readDaily(template)).toEqual([[checked.prefix]]);
  });

  test('is refused a second gate, which no endpoint would be checked by', () => {
    const twice = gatedPlatform();
    expect(() => addGate(twice.platform, new Stack())).toThrow(`'Fraud/Platform/Approval/Gate' is the gate already`);
  });
});

describe('what is served', () => {
  test('is refused where nothing says that it is approved', () => {
    const { unproven: _, ...unchecked } = endpoint();
    const platform = new SecureAiPlatform(new Stack(new App(), 'Fraud', { env: REGISTRY }), 'Platform');
    expect(() => platform.addEndpoint('fraud', unchecked)).toThrow(/nothing says that the endpoint 'fraud' .* serves an approved model: add a gate first/);
  });

  test('is refused without a reason where the gate is in another account', () => {
    const { unproven: _, ...unchecked } = endpoint(PRODUCTION);
    expect(() => accountsPlatform(new App()).addEndpoint('fraud', unchecked)).toThrow('its gate is in another account, or give unproven with the reason');
  });

  test('is read again once a day where there is a gate, also what the gate did not approve, whichever came first', () => {
    const stack = new Stack(new App(), 'Fraud', { env: REGISTRY });
    const platform = new SecureAiPlatform(stack, 'Platform');
    const early = { ...endpoint(), prefix: `models/early/sha256-${'1'.repeat(64)}/` };
    const late = { ...endpoint(), prefix: `models/late/sha256-${'2'.repeat(64)}/` };
    platform.addEndpoint('early', early);
    addGate(platform, stack);
    platform.addEndpoint('late', late);
    expect(readDaily(Template.fromStack(stack))).toEqual([[early.prefix, late.prefix]]);
  });

  test('is read again in the registry, where it is served in another account', () => {
    const app = new App();
    const platform = accountsPlatform(app);
    const models = Stack.of(platform.store);
    addGate(platform, models);
    expect(readDaily(Template.fromStack(models))).toEqual([[endpoint().prefix]]);
  });
});

describe('what constructs take, the platform passes on', () => {
  test('for each of its parts', () => {
    expectTypeOf<Exclude<keyof SecureInferenceEndpointProps | keyof RouteProps, keyof PlatformEndpoint>>().toEqualTypeOf<'model' | 'segment' | 'target'>();
    expectTypeOf<Exclude<keyof InferenceGatewayProps, keyof PlatformServing>>().toEqualTypeOf<'segment'>();
    expectTypeOf<Exclude<keyof SecureTrainingEnvProps, keyof PlatformTraining>>().toEqualTypeOf<'segment' | 'artifacts'>();
    type Wired = 'registry' | 'scanner' | 'store' | 'gate' | 'segment' | 'vpc' | 'securityGroups' | 'subnets';
    expectTypeOf<Exclude<keyof ApprovalGateProps | keyof DeployCheckProps, keyof PlatformGate>>().toEqualTypeOf<Wired>();
  });

  test('to an endpoint and its route', () => {
    const stack = new Stack(new App(), 'Fraud', { env: REGISTRY });
    const platform = new SecureAiPlatform(stack, 'Platform');
    const target = platform.addEndpoint('fraud', {
      ...endpoint(), latencyLimit: Duration.seconds(3), cost: { perHour: 2 }, maxAnswerBytes: 4096, maxRequestBytes: 2048, deadline: Duration.seconds(11),
    });
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::CloudWatch::Alarm', { MetricName: 'ModelLatency', Threshold: 3_000_000 });
    expect(target.invocation.cost).toEqual({ perHour: 2 });
    const variables = Object.values(template.findResources('AWS::Lambda::Function')).map((one) => JSON.stringify((one as { Properties: { Environment?: unknown } }).Properties.Environment));
    const [proxy] = variables.filter((text) => text.includes('maxAnswerBytes'));
    for (const setting of ['maxAnswerBytes\\":4096', 'maxRequestBytes\\":2048', 'deadlineMs\\":11000']) expect(proxy).toContain(setting);
  });

  test('to an endpoint without instances, of which nothing is sampled', () => {
    const stack = new Stack(new App(), 'Fraud', { env: REGISTRY });
    const because = WeakerChoice.of({ reason: 'a few requests a day', owner: 'fraud-scoring', expires: '2030-12-31' });
    const platform = new SecureAiPlatform(stack, 'Platform');
    platform.addEndpoint('fraud', { ...endpoint(), serverless: { because, maxConcurrency: 3 } });
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::SageMaker::EndpointConfig', {
      ProductionVariants: [Match.objectLike({ ServerlessConfig: Match.objectLike({ MaxConcurrency: 3 }) })], DataCaptureConfig: Match.absent(),
    });
    expect(stack.node.findAll().filter(({ node }) => node.id === 'Captures')).toEqual([]);
    const restricted = { ...endpoint(), serverless: { because }, dataClass: DataClass.RESTRICTED };
    expect(() => platform.addEndpoint('restricted', restricted)).toThrow('serverless inference has no VPC');
  });
});

describe('a hundred endpoints', () => {
  test('fit into the policies of what they share, which say how full they are', () => {
    const app = new App();
    const platform = new SecureAiPlatform(app, 'RecommendationsOfAllCountries', { env: REGISTRY, posture: { tags: TAGS } });
    for (let number = 1; number <= 110; number += 1) platform.addEndpoint(`the-model-of-shop-number-${number}`, endpoint());
    const nearlyFull = Match.stringLikeRegexp("'RecommendationsOfAllCountries/.*' has up to 1\\d{4} bytes of 20000, .*second platform or store");
    Annotations.fromStack(Stack.of(platform.store)).hasWarning('/RecommendationsOfAllCountries/Models/Store/Served', nearlyFull);
    Annotations.fromStack(Stack.of(platform.store)).hasNoWarning('/RecommendationsOfAllCountries/Models/Store/Quarantine', nearlyFull);
  }, PROVING);
});

describe('what a month may cost', () => {
  test('is nobody’s guess: without an amount there is no budget', () => {
    const stack = new Stack(new App(), 'Fraud', { env: REGISTRY });
    new SecureAiPlatform(stack, 'Platform', { posture: {}, onCall: ON_CALL });
    Template.fromStack(stack).resourceCountIs('AWS::Budgets::Budget', 0);
  });

  test('is told to those on call, in each account that has an amount', () => {
    const app = new App();
    const platform = accountsPlatform(app, { onCall: ON_CALL, budget: { monthlyLimit: 900 } });
    const audit = Stack.of(platform.archive).node.scope!.node.findChild('Audit') as Stack;
    Template.fromStack(audit).hasResourceProperties('AWS::Budgets::Budget', { Budget: Match.objectLike({ BudgetLimit: { Amount: 900, Unit: 'USD' } }) });
    const others = app.node.findAll().filter((node): node is Stack => Stack.isStack(node) && node !== audit);
    for (const other of others) Template.fromStack(other).resourceCountIs('AWS::Budgets::Budget', 0);
  });

  test('is refused where nobody would be told', () => {
    expect(() => new SecureAiPlatform(new Stack(new App(), 'Fraud'), 'Platform', { budget: { monthlyLimit: 900 } })).toThrow('tells nobody');
  });
});
