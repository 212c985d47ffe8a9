import type { KMSClient } from '@aws-sdk/client-kms';
import type { S3Client } from '@aws-sdk/client-s3';
import type { SageMakerClient } from '@aws-sdk/client-sagemaker';
import type { Stack } from 'aws-cdk-lib';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { HandlerContract } from '../../../lib/core/handler-contract';
import type { AnsweredCall } from './api-call';
import type { Failure } from './aws-gateway';
import type { Invocation } from './bundled-handler';
import type { DeployedFunction } from './deployed-function';
import type { ContextOf } from './judge-role';
import type { MotoServer } from './moto-server';

/** One of the library's handlers, and events that take it through every call of its contract. */
export interface HandlerCase {
  readonly contract: HandlerContract;
  /** Makes what deploys the function. */
  build(stack: Stack): IFunction;
  /** Prepares the account, invokes, and checks what came of it. */
  play(stage: Stage): Promise<void>;
  /** What AWS sets for an action because of what `play` prepared. */
  readonly contextOf?: ContextOf;
}

/** What a case plays on. */
export interface Stage {
  readonly deployed: DeployedFunction;
  /** Clients of somebody else, to prepare the account with: what they do is not the handler's. */
  readonly s3: S3Client;
  readonly sagemaker: SageMakerClient;
  readonly kms: KMSClient;
  /**
   * Runs the bundled handler; `failures` are what AWS answers to its operations while it runs, and `environment` stands for what a deployed
   * function finds in its network.
   */
  invoke(event: unknown, failures?: Readonly<Record<string, Failure>>, environment?: Readonly<Record<string, string>>): Promise<Invocation>;
  /** The handler's calls so far. */
  readonly calls: readonly AnsweredCall[];
  /** Counts a check, with what was there instead when it fails. */
  check(what: string, holds: boolean, instead?: unknown): void;
  /** The server, for what only its own interface sets. */
  readonly moto: MotoServer;
}
