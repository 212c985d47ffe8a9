import { Stack } from 'aws-cdk-lib';
import type { App, Environment, Stage } from 'aws-cdk-lib';
import { ModelArtifactBucket } from 'cdk-secure-ai/models';
import type { JsonSchema } from 'aws-cdk-lib/aws-apigateway';
import { JsonSchemaType } from 'aws-cdk-lib/aws-apigateway';
import { UserPool } from 'aws-cdk-lib/aws-cognito';
import {
  AccountLogRole, GatewayAuthorization, GatewayExposure, InferenceGateway, KeySetMirror, ModelImage, SecureInferenceEndpoint,
} from 'cdk-secure-ai/inference';
import type { InferenceGatewayProps, SecureInferenceEndpointProps } from 'cdk-secure-ai/inference';
import { NetworkSegment } from 'cdk-secure-ai/network';
import type { SecurityPostureProps } from 'cdk-secure-ai/posture';
import { SecurityPosture } from 'cdk-secure-ai/posture';

export const ENV: Environment = { account: '111111111111', region: 'eu-central-1' };
export const DIGEST = `sha256-${'0a1b2c3d'.repeat(8)}`;
export const IMAGE = ModelImage.fromUri(`111111111111.dkr.ecr.eu-central-1.amazonaws.com/models/fraud@sha256:${'4e5f6a7b'.repeat(8)}`);

export interface Workload {
  readonly stack: Stack;
  readonly store: ModelArtifactBucket;
  readonly segment: NetworkSegment;
}

/** A stack with what an endpoint needs. */
export function workload(app: App | Stage, id = 'Stack', posture: SecurityPostureProps = {}, env = ENV): Workload {
  const stack = new Stack(app, id, { env });
  SecurityPosture.attach(stack, posture);
  return { stack, store: new ModelArtifactBucket(stack, 'Models'), segment: new NetworkSegment(stack, 'Network') };
}

/** An endpoint in the workload's own stack, or in another one. */
export function endpointOf({ stack, store, segment }: Workload, change: Partial<SecureInferenceEndpointProps> = {}, id = 'Fraud', scope: Stack = stack): SecureInferenceEndpoint {
  return new SecureInferenceEndpoint(scope, id, { model: { store, prefix: `models/fraud/${DIGEST}/` }, image: IMAGE, segment, ...change });
}

/** A description of requests. */
export const INPUT: JsonSchema = {
  type: JsonSchemaType.OBJECT, properties: { prompt: { type: JsonSchemaType.STRING, maxLength: 8_000 } }, required: ['prompt'], additionalProperties: false,
};

/** The ways in which callers are authorised, each made in a stack. */
export const AUTHORIZATIONS: Readonly<Record<string, (stack: Stack) => GatewayAuthorization>> = {
  iam: () => GatewayAuthorization.iam(),
  cognito: (stack) => GatewayAuthorization.cognito([UserPool.fromUserPoolId(stack, 'Pool', 'eu-central-1_a1b2c3d4e')], ['models/ask']),
  oidc: (stack) => GatewayAuthorization.oidc({ issuer: 'https://issuer.example.com', audiences: ['inference'], keys: new KeySetMirror(stack, 'Keys') }),
};

/** A gateway with one endpoint and one consumer behind it. */
export function gatewayOf(world: Workload, change: Partial<InferenceGatewayProps> = {}, kind = 'iam'): { gateway: InferenceGateway; endpoint: SecureInferenceEndpoint } {
  const gateway = new InferenceGateway(world.stack, 'Gateway', {
    exposure: GatewayExposure.regional(),
    authorization: AUTHORIZATIONS[kind](world.stack),
    segment: world.segment,
    accountLogRole: AccountLogRole.create(),
    ...change,
  });
  const endpoint = endpointOf(world);
  gateway.addRoute('fraud', { target: endpoint, input: INPUT });
  gateway.addConsumer('Mobile', kind === 'oidc' ? { principal: 'alice' } : {});
  return { gateway, endpoint };
}
