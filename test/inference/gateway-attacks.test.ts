import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { CfnManagedPolicy, CfnRole, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { EndpointGuard } from 'cdk-secure-ai/inference';
import { describe, expect, test, vi } from 'vitest';
import { LeastPrivilegeRole } from '../../lib/core/least-privilege-role';
import { ENDPOINT_GUARD, PROXY_PATH, PROXY_TAG } from '../../lib/inference/proxy-tag';
import type { ModelPort } from '../../lib/inference/proxy/model-port';
import { toProxySettings } from '../../lib/inference/proxy/proxy-settings';
import { serveInference } from '../../lib/inference/proxy/serve-inference';
import type { PolicyDocument, Request, Template as PlainTemplate } from '../support/iam';
import { ALLOW_ALL, IamWorld, accountPrincipal, administrator, awsService, expectGuarded, foreignPrincipal } from '../support/iam';
import { WebAcl } from '../support/web-acl';
import { json, makeEvent, portsWith } from './proxy/fixtures';
import { endpointOf, gatewayOf, INPUT, workload } from './world';

const ACCOUNT = '111111111111';
const REGION = 'eu-central-1';
const OPTIONS = { accountId: ACCOUNT, region: REGION, organizationId: 'o-a1b2c3d4e5' };
const TAG_KEY = `aws:PrincipalTag/${PROXY_TAG.KEY}`;

const platform = workload(new App(), 'Stack', { operators: { breakGlassRoleArns: [`arn:aws:iam::${ACCOUNT}:role/break-glass`] } });
const { stack } = platform;
const { gateway, endpoint } = gatewayOf(platform, {}, 'oidc');
const second = endpointOf(platform, {}, 'Second');
gateway.addRoute('second', { target: second, input: INPUT });
// An accident: somebody gave a worker the permission to ask the model.
const worker = new LeastPrivilegeRole(stack, 'Worker', { assumedBy: new ServicePrincipal('lambda.amazonaws.com'), description: 'works' });
worker.addToPrincipalPolicy(new PolicyStatement({ actions: ['sagemaker:InvokeEndpoint'], resources: endpoint.invocation.resourceArns }));
const proxyRole = endpoint.node.findChild('Proxy').node.findChild('Handler').node.findChild('Role');
const runtime = platform.segment.node.findChild('Endpoints').node.findChild('SagemakerRuntime');
const template = Template.fromStack(stack).toJSON() as PlainTemplate & { Resources: Record<string, { Type: string; Properties: Record<string, unknown> }> };
const guard: PolicyDocument = { Version: '2012-10-17', Statement: EndpointGuard.statements(stack).map((one) => stack.resolve(one.toStatementJson()) as never) };
const resolvedGuard = JSON.parse(JSON.stringify(guard).replaceAll(/\{"Fn::Join":\["",(\[[^\]]*\])\]\}/g, (_, parts: string) => JSON.stringify((JSON.parse(parts) as (string | object)[]).map((part) => (typeof part === 'string' ? part : 'aws')).join('')))) as PolicyDocument;
const bare = IamWorld.of(stack, OPTIONS);
const guarded = IamWorld.of(stack, { ...OPTIONS, serviceControlPolicies: [ALLOW_ALL, resolvedGuard] });
const endpointArn = (name: string) => `arn:aws:sagemaker:${REGION}:${ACCOUNT}:endpoint/${name}`;
const ask: Request = { principal: proxyRole, action: 'sagemaker:InvokeEndpoint', resource: endpointArn(endpoint.endpointName), context: { [TAG_KEY]: PROXY_TAG.VALUE } };

describe('asking a model around the gateway', () => {
  test('is for the proxy: it alone of all roles may, its own endpoint, and by no other operation', async () => {
    expect((await bare.request(ask)).decision).toBe('allowed');
    const roles = stack.node.findAll().filter((node) => CfnRole.isCfnRole(node)).map((node) => node.node.scope!);
    expect(roles.length).toBeGreaterThanOrEqual(6);
    for (const role of roles.filter((one) => one !== proxyRole && one !== worker)) {
      expect([role.node.path, (await bare.request({ ...ask, principal: role })).decision]).toEqual([role.node.path, 'implicit-deny']);
    }
    expect((await bare.request({ ...ask, resource: endpointArn(second.endpointName) })).decision).toBe('implicit-deny');
    for (const action of ['sagemaker:InvokeEndpointAsync', 'sagemaker:InvokeEndpointWithResponseStream']) {
      expect((await bare.request({ ...ask, action })).decision).toBe('implicit-deny');
    }
  });

  test('and answering a thief: code in the proxy cannot carry requests to an endpoint of somebody else, with the credentials of a thief', () => expectGuarded({
    world: bare,
    allowed: { ...ask, via: runtime },
    denied: {
      'the endpoint of a thief': {
        principal: foreignPrincipal(), action: 'sagemaker:InvokeEndpoint', via: runtime,
        resource: { foreignArn: `arn:aws:sagemaker:${REGION}:999988887777:endpoint/thief`, accountId: '999988887777' },
      },
    },
    protections: [{ endpointPolicy: runtime }],
  }));

  test('is denied by the policy of the organisation to whoever else may: by accident, as an administrator, from anywhere', () => expectGuarded({
    world: guarded,
    allowed: ask,
    denied: {
      'a worker with the permission': { ...ask, principal: worker, context: {} },
      administrator: { ...ask, principal: administrator(), context: {} },
      'an administrator with another value': { ...ask, principal: administrator(), context: { [TAG_KEY]: 'Inference-Proxy' } },
      'an administrator by the other operation': { ...ask, principal: administrator(), context: {}, action: 'sagemaker:InvokeEndpointWithResponseStream' },
    },
    protections: [ENDPOINT_GUARD.INVOCATION],
  }));

  test.each<[string, string]>([['iam:TagRole', 'arn:aws:iam::111111111111:role/thief'], ['iam:CreateRole', 'arn:aws:iam::111111111111:role/thief']])(
    'is not opened by a disguise as a proxy (%s)', (action, resource) => expectGuarded({
      world: guarded,
      allowed: {
        'the deployment': { principal: accountPrincipal({ name: `cdk-hnb659fds-cfn-exec-role-${ACCOUNT}-${REGION}`, policies: [ALLOW_ALL] }), action, resource, context: { 'aws:TagKeys': [PROXY_TAG.KEY] } },
        'another tag': { principal: administrator(), action, resource, context: { 'aws:TagKeys': ['Owner'] } },
      },
      denied: {
        administrator: { principal: administrator(), action, resource, context: { 'aws:TagKeys': [PROXY_TAG.KEY] } },
        'among other tags': { principal: administrator(), action, resource, context: { 'aws:TagKeys': ['Owner', PROXY_TAG.KEY] } },
      },
      protections: [ENDPOINT_GUARD.DISGUISE],
    }),
  );

  const deployer = accountPrincipal({ name: `cdk-hnb659fds-cfn-exec-role-${ACCOUNT}-${REGION}`, policies: [ALLOW_ALL] });
  const breakGlass = accountPrincipal({ name: 'break-glass', policies: [ALLOW_ALL] });
  const proxyFunction = endpoint.node.findChild('Proxy').node.findChild('Handler').node.findChild('Resource');
  const proxyPolicies = proxyRole.node.findAll().filter((node) => CfnManagedPolicy.isCfnManagedPolicy(node));

  test('is not opened by the role of a proxy: it is passed to no other function, changed or trusted to nobody', async () => {
    const role = bare.arnOf(proxyRole);
    expect(role).toContain(`:role${PROXY_PATH}`);
    expect(proxyPolicies.length).toBeGreaterThanOrEqual(2);
    const uses = [
      ...['PassRole', 'AttachRolePolicy', 'PutRolePolicy', 'DetachRolePolicy', 'UpdateAssumeRolePolicy', 'PutRolePermissionsBoundary', 'DeleteRolePermissionsBoundary']
        .map((name) => ({ action: `iam:${name}`, resource: role })),
      { action: 'iam:CreateRole', resource: `arn:aws:iam::${ACCOUNT}:role${PROXY_PATH}thief` },
      ...proxyPolicies.flatMap((policy) => ['iam:CreatePolicyVersion', 'iam:SetDefaultPolicyVersion'].map((action) => ({ action, resource: bare.arnOf(policy) }))),
    ];
    await expectGuarded({
      world: guarded,
      allowed: {
        'another role': { principal: administrator(), action: 'iam:PassRole', resource: `arn:aws:iam::${ACCOUNT}:role/reporting`, context: { 'iam:PassedToService': 'lambda.amazonaws.com' } },
        ...Object.fromEntries(uses.map((use) => [`the deployment: ${use.action} ${use.resource}`, { principal: deployer, ...use }])),
        ...Object.fromEntries(uses.map((use) => [`in an emergency: ${use.action} ${use.resource}`, { principal: breakGlass, ...use }])),
      },
      denied: Object.fromEntries(uses.map((use) => [`${use.action} ${use.resource}`, { principal: administrator(), ...use }])),
      protections: [ENDPOINT_GUARD.ROLE],
    });
  });

  test.each(['UpdateFunctionCode', 'UpdateFunctionConfiguration', 'InvokeFunction', 'UntagResource', 'TagResource', 'AddPermission', 'CreateFunctionUrlConfig'])(
    'is not opened by the function of a proxy (lambda:%s)', (name) => {
      const use = (principal: Request['principal'], tagged = true): Request => ({
        principal, action: `lambda:${name}`, resource: proxyFunction, extraContext: tagged ? { [`aws:ResourceTag/${PROXY_TAG.KEY}`]: PROXY_TAG.VALUE } : {},
      });
      return expectGuarded({
        world: guarded,
        allowed: { 'the deployment': use(deployer), 'in an emergency': use(breakGlass), 'another function': use(administrator(), false) },
        denied: { administrator: use(administrator()) },
        protections: [ENDPOINT_GUARD.FUNCTION],
      });
    },
  );

  test('the function of each proxy has the tag by which the guard knows it, and the guard fits one policy', () => {
    const functions = Object.values(template.Resources).filter(({ Type, Properties }) =>
      Type === 'AWS::Lambda::Function' && 'ENDPOINT_NAME' in ((Properties.Environment as { Variables?: object } | undefined)?.Variables ?? {}));
    expect(functions).toHaveLength(2);
    for (const { Properties } of functions) expect(Properties.Tags).toContainEqual({ Key: PROXY_TAG.KEY, Value: PROXY_TAG.VALUE });
    // The smallest limit is that of an organisation's policy, and white space counts there: 5,120; a managed policy holds 6,144.
    expect(JSON.stringify(resolvedGuard).length).toBeLessThan(5_120);
  });

  test('is not possible from another account, whose identities no policy here lets in', async () => {
    expect((await bare.request({ ...ask, principal: foreignPrincipal(), context: {} })).decision).not.toBe('allowed');
  });

  test('calling the proxy itself is for the gateway: of this account, of this API, of this path', async () => {
    const proxy = endpoint.node.findChild('Proxy').node.findChild('Handler').node.findChild('Resource');
    const source = (api: string, account = ACCOUNT) => awsService('apigateway.amazonaws.com', { sourceAccount: account, sourceArn: `arn:aws:execute-api:${REGION}:${account}:${api}` });
    const own = bare.refOf(gateway.node.findChild('Api'));
    const call = (principal: Request['principal']): Request => ({ principal, action: 'lambda:InvokeFunction', resource: proxy });
    expect((await bare.request(call(source(`${own}/v1/POST/infer/fraud`)))).decision).toBe('allowed');
    for (const principal of [
      source(`${own}/v1/POST/infer/second`), source(`${own}/test-invoke-stage/POST/infer/fraud`), source('attacker/v1/POST/infer/fraud'), source(`${own}/v1/POST/infer/fraud`, '999988887777'),
      awsService('apigateway.amazonaws.com'), awsService('events.amazonaws.com'), foreignPrincipal(), worker,
    ]) {
      expect((await bare.request(call(principal))).decision).toBe('implicit-deny');
    }
  });
});

describe('a confused deputy (AWS services that act for somebody else)', () => {
  /** The template in which the trust policy of a role has lost a condition. */
  const withoutCondition = (key: string): IamWorld => {
    const copy = structuredClone(template);
    let removed = 0;
    for (const { Type, Properties } of Object.values(copy.Resources)) {
      if (Type !== 'AWS::IAM::Role') continue;
      for (const statement of (Properties.AssumeRolePolicyDocument as { Statement: { Condition?: Record<string, Record<string, unknown>> }[] }).Statement) {
        for (const [operator, keys] of Object.entries(statement.Condition ?? {})) {
          if (!(key in keys)) continue;
          removed += 1;
          delete keys[key];
          if (Object.keys(keys).length === 0) delete statement.Condition![operator];
        }
      }
    }
    expect(removed).toBeGreaterThan(0);
    return IamWorld.of({ Stack: copy }, OPTIONS);
  };
  const role = stack.getLogicalId(endpoint.role.node.defaultChild as CfnRole);
  const assume = (sourceAccount?: string, sourceArn?: string): Request => ({
    principal: awsService('sagemaker.amazonaws.com', { ...(sourceAccount ? { sourceAccount } : {}), ...(sourceArn ? { sourceArn } : {}) }), action: 'sts:AssumeRole', resource: role,
  });
  const good = assume(ACCOUNT, `arn:aws:sagemaker:${REGION}:${ACCOUNT}:model/fraud`);
  const foreign = assume('999988887777', `arn:aws:sagemaker:${REGION}:999988887777:model/fraud`);

  test('SageMaker takes the role for this account alone, by two conditions of which each holds alone', async () => {
    const world = IamWorld.of({ Stack: template }, OPTIONS);
    expect((await world.request(good)).decision).toBe('allowed');
    for (const bad of [foreign, assume('999988887777'), assume(undefined, `arn:aws:sagemaker:${REGION}:999988887777:model/x`), assume(), { ...good, principal: awsService('lambda.amazonaws.com') }]) {
      expect((await world.request(bad)).decision).toBe('implicit-deny');
    }
    for (const key of ['aws:SourceAccount', 'aws:SourceArn']) expect((await withoutCondition(key).request(foreign)).decision).toBe('implicit-deny');
  });

  test('without both it would take it for anybody: it was they that held', async () => {
    const copy = structuredClone(template);
    for (const { Type, Properties } of Object.values(copy.Resources)) {
      if (Type === 'AWS::IAM::Role') for (const statement of (Properties.AssumeRolePolicyDocument as { Statement: { Condition?: object }[] }).Statement) delete statement.Condition;
    }
    expect((await IamWorld.of({ Stack: copy }, OPTIONS).request(foreign)).decision).toBe('allowed');
  });
});

interface Ruled { readonly Properties: Record<string, never> }
const propertiesOf = (type: string): Record<string, unknown>[] =>
  Object.values(Template.fromStack(stack).findResources(type) as Record<string, Ruled>).map(({ Properties }) => Properties);
const acl = () => new WebAcl(propertiesOf('AWS::WAFv2::WebACL')[0]);
const settings = () => {
  const proxy = propertiesOf('AWS::Lambda::Function').find(({ Environment }) => (Environment as { Variables: Record<string, unknown> }).Variables.ENDPOINT_NAME === endpoint.endpointName)!;
  return toProxySettings(String((proxy.Environment as { Variables: Record<string, unknown> }).Variables.SETTINGS));
};
const web = (body: string, change: { ip?: string; token?: string } = {}) => ({
  method: 'POST', path: '/v1/infer/fraud', ...(change.ip ? { ip: change.ip } : {}), body,
  headers: { 'content-type': 'application/json', 'user-agent': 'app/1.0', authorization: change.token ?? 'Bearer a.b.c' },
});

describe('making a model expensive (denial of service, harvesting of cost)', () => {
  const megabyte = JSON.stringify({ prompt: 'a'.repeat(1_048_576) });

  test('by a request of a megabyte: the firewall stops it, and without the firewall the proxy, before the model is asked', async () => {
    expect(acl().decide(web(megabyte))).toEqual({ action: 'BLOCK', rule: 'BodySize' });
    const ask_ = vi.fn<ModelPort['ask']>(async () => json({}));
    const { ports, records } = portsWith(ask_);
    expect((await serveInference(makeEvent({ body: megabyte }), settings(), ports, 29_000)).statusCode).toBe(413);
    expect(ask_).not.toHaveBeenCalled();
    expect(records).toMatchObject([{ verdict: 'TOO_LARGE' }]);
  });

  test('by a text that is long, in a body that is not: the schema of the gateway stops it, and without it the proxy', async () => {
    const long = JSON.stringify({ prompt: 'a'.repeat(8_001) });
    expect(acl().decide(web(long)).action).toBe('ALLOW');
    const [model] = propertiesOf('AWS::ApiGateway::Model') as { Schema: { properties: { prompt: { maxLength: number } } } }[];
    expect(model.Schema.properties.prompt.maxLength).toBe(8_000);
    const ask_ = vi.fn<ModelPort['ask']>(async () => json({}));
    const { ports } = portsWith(ask_);
    expect((await serveInference(makeEvent({ body: long }), settings(), ports, 29_000)).statusCode).toBe(400);
    expect(ask_).not.toHaveBeenCalled();
  });

  test('is capped by the number of instances, of requests at a time, and of executions', () => {
    expect(propertiesOf('AWS::ApplicationAutoScaling::ScalableTarget')).toMatchObject([{ MaxCapacity: 4 }, { MaxCapacity: 4 }]);
    expect(propertiesOf('AWS::ApiGateway::Stage')).toMatchObject([{ MethodSettings: [{ ThrottlingRateLimit: 100, ThrottlingBurstLimit: 200 }] }]);
    for (const { ReservedConcurrentExecutions } of propertiesOf('AWS::Lambda::Function')) expect(ReservedConcurrentExecutions).toBeGreaterThan(0);
  });
});

describe('copying a model by its answers (extraction): the limits', () => {
  const DAY = 86_400;
  /** How many of a principal's requests pass in a day, through the plan of its key, the firewall, or both. */
  function passing(queries: number, layers: { readonly plan: boolean; readonly firewall: boolean }): number {
    const [{ Quota, Throttle }] = propertiesOf('AWS::ApiGateway::UsagePlan') as { Quota: { Limit: number }; Throttle: { RateLimit: number; BurstLimit: number } }[];
    const firewall = acl();
    let tokens = Throttle.BurstLimit;
    let used = 0;
    let passed = 0;
    for (let index = 0; index < queries; index += 1) {
      tokens = Math.min(Throttle.BurstLimit, tokens + (DAY / queries) * Throttle.RateLimit);
      // A thousand addresses, one stolen token. The model of the firewall counts one window: five minutes of the attack.
      if (layers.firewall && firewall.decide(web('{"prompt":"a"}', { ip: `10.${index % 4}.${(index >> 2) % 256}.1`, token: 'Bearer stolen' })).action === 'BLOCK') continue;
      if (layers.plan) {
        if (tokens < 1 || used >= Quota.Limit) continue;
        tokens -= 1;
        used += 1;
      }
      passed += 1;
    }
    return passed;
  }

  test('a trace of 50,000 queries with one token from a thousand addresses is cut to the quota, and by the firewall alone to its rate', () => {
    expect(passing(50_000, { plan: true, firewall: true })).toBeLessThanOrEqual(6_000);
    expect(passing(50_000, { plan: true, firewall: false })).toBe(10_000);
    expect(passing(50_000, { plan: false, firewall: true })).toBe(6_000);
    expect(passing(50_000, { plan: false, firewall: false })).toBe(50_000);
  });

  test('an honest day passes whole', () => {
    expect(passing(5_000, { plan: true, firewall: true })).toBe(5_000);
  });

  test('nobody without a key of a plan gets in: every method asks for one, and the authoriser names it', () => {
    for (const method of propertiesOf('AWS::ApiGateway::Method')) expect(method).toMatchObject({ ApiKeyRequired: true, AuthorizationType: 'CUSTOM' });
    expect(propertiesOf('AWS::ApiGateway::RestApi')).toMatchObject([{ ApiKeySourceType: 'AUTHORIZER' }]);
  });
});
