import { Duration, Tags } from 'aws-cdk-lib';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { declareControls } from '../core/control-declarations';
import { servicesOf } from '../core/handler-contract';
import { HandlerFunction } from '../core/handler-function';
import type { IInferenceTarget } from './api';
import { InferenceTargetKind } from './api';
import { PROXY_PATH, PROXY_TAG } from './proxy-tag';
import { PROXY, PROXY_ENV } from './proxy.contract';
import type { ProxySettings } from './proxy/proxy-settings';
import { GATEWAY_TIMEOUT_MS, toProxySettings } from './proxy/proxy-settings';
import { setConcurrency } from './proxy-concurrency';

export interface InferenceProxyProps {
  readonly target: IInferenceTarget;
  readonly settings: ProxySettings;
  readonly concurrency?: number;
}

/** The most that a function's environment holds, in bytes, less what its other variables need. */
const SETTINGS_BYTES = 3_500;

/**
 * The function between a gateway and one model. It is the one identity that may ask the model, and may do nothing else: what breaks into it
 * reaches one endpoint.
 *
 * It belongs to the target's stack, so that the gateway's has little for each route.
 */
export class InferenceProxy extends Construct {
  public readonly function: IFunction;

  constructor(scope: Construct, id: string, { target, settings, concurrency }: InferenceProxyProps) {
    super(scope, id);
    if (target.targetKind !== InferenceTargetKind.SAGEMAKER_ENDPOINT) {
      throw new Error(`'${target.node.path}' is a ${target.targetKind}, for which there is no proxy yet: front a SageMaker endpoint`);
    }
    declareControls(this, 'P1', 'P5', 'P6', 'ML8', 'MI1');
    const text = JSON.stringify(settings);
    if (Buffer.byteLength(text) > SETTINGS_BYTES) {
      throw new Error(`'${this.node.path}': the schema and the limits take ${Buffer.byteLength(text)} bytes, a function's environment holds ${SETTINGS_BYTES}: shorten the schema`);
    }
    // What the handler will refuse when it starts is refused here.
    toProxySettings(text);
    const { segment } = target;
    segment.require({ services: servicesOf(PROXY) });
    const handler = new HandlerFunction(this, 'Handler', {
      contract: PROXY,
      description: 'Answers requests of an inference gateway with one model',
      key: target.logKey,
      network: { vpc: segment.vpc, subnets: segment.subnets, securityGroups: [segment.securityGroup] },
      environment: { [PROXY_ENV.ENDPOINT_NAME]: target.invocation.name, [PROXY_ENV.SETTINGS]: text },
      resources: { endpoint: target.invocation.resourceArns },
      timeout: Duration.millis(GATEWAY_TIMEOUT_MS),
      identityPath: PROXY_PATH,
    });
    setConcurrency(handler, concurrency);
    for (const part of [handler.role, handler.function]) Tags.of(part).add(PROXY_TAG.KEY, PROXY_TAG.VALUE);
    this.function = handler.function;
  }
}
