import type { Stack } from 'aws-cdk-lib';
import { App, Stage } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { RestApi } from 'aws-cdk-lib/aws-apigateway';
import { AccountLogRole, GatewayExposure, InferenceGateway } from 'cdk-secure-ai/inference';
import { describe, expect, test } from 'vitest';
import type { Workload } from './world';
import { ENV, endpointOf, INPUT, workload } from './world';

const ACCOUNT = 'AWS::ApiGateway::Account';

/** A gateway, with a model of its own stack's behind it, that asks for a new role. */
function gatewayIn(scope: App | Stage, id: string, env = ENV): Stack {
  const world = workload(scope, id, {}, env);
  addGateway(world, 'Gateway');
  return world.stack;
}

function addGateway(world: Workload, id: string): InferenceGateway {
  const gateway = new InferenceGateway(world.stack, id, { exposure: GatewayExposure.regional(), accountLogRole: AccountLogRole.create() });
  gateway.addRoute('fraud', { target: endpointOf(world, {}, `${id}Fraud`), input: INPUT });
  return gateway;
}

const accounts = (stacks: Stack[]) => stacks.map((stack) => Object.keys(Template.fromStack(stack).findResources(ACCOUNT)).length);
const stagesOf = (stack: Stack) => Object.values(Template.fromStack(stack).findResources('AWS::ApiGateway::Stage')) as { DependsOn?: string[] }[];

describe('the one role of an account and region with which API Gateway writes logs', () => {
  test('is made once by two gateways of a stack, and the stages of both wait for it', () => {
    const world = workload(new App());
    addGateway(world, 'One');
    addGateway(world, 'Two');
    const [id, ...others] = Object.keys(Template.fromStack(world.stack).findResources(ACCOUNT));
    expect(others).toEqual([]);
    const stages = stagesOf(world.stack);
    expect(stages).toHaveLength(2);
    for (const { DependsOn } of stages) expect(DependsOn).toContain(id);
  });

  test('is made once by gateways of two stacks, of which the second waits for the first', () => {
    const app = new App();
    const [one, two] = ['One', 'Two'].map((id) => gatewayIn(app, id));
    expect(accounts([one, two])).toEqual([1, 0]);
    expect(two.dependencies).toContain(one);
    expect(one.dependencies).not.toContain(two);
  });

  test('that another API of the app has made is the one that a gateway waits for', () => {
    const world = workload(new App());
    new RestApi(world.stack, 'Other', { cloudWatchRole: true }).root.addMethod('GET');
    addGateway(world, 'Gateway');
    expect(accounts([world.stack])).toEqual([1]);
  });

  test.each([['region', { ...ENV, region: 'eu-west-1' }], ['account', { ...ENV, account: '222222222222' }]])('is another one in another %s', (_, env) => {
    const app = new App();
    expect(accounts([gatewayIn(app, 'One'), gatewayIn(app, 'Two', env)])).toEqual([1, 1]);
  });

  test('is another one in another stage, which is deployed apart', () => {
    const app = new App();
    expect(accounts(['Test', 'Production'].map((id) => gatewayIn(new Stage(app, id), 'Stack')))).toEqual([1, 1]);
  });
});
