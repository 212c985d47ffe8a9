import { Duration, Lazy, Stack } from 'aws-cdk-lib';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { declareControls } from '../core/control-declarations';
import type { EncryptionKey } from '../core/encryption-key';
import { DEFAULT_BUS, FINDING_BUS_SLOT } from '../core/finding-sink';
import { HandlerFunction } from '../core/handler-function';
import type { IModelArtifactBucket } from './api';
import { DEEP_CHECK, DEEP_CHECK_ENV } from './deep-check.contract';
import { DEEP_CHECK_SUBSTITUTIONS, deepCheckDefinition } from './deep-check/definition';
import { START } from './deep-check/rehash-models';
import type { NetworkChoice } from './handler-network';
import { handlerNetwork } from './handler-network';
import { SERVED_PREFIX } from './promote.contract';
import { ModelStateMachine } from './model-state-machine';

export interface DeepCheckProps extends NetworkChoice {
  readonly store: IModelArtifactBucket;
  /** Encrypts environment, logs and dead letters. */
  readonly key: EncryptionKey;
}

/** Models that fit into the input of a rule, of 8,192 characters. */
const MAX_MODELS = 50;

/**
 * Reads every byte of the deployed models once a day, compares them with their manifests, and raises a finding and an alarm for whatever is
 * not what was approved. One function runs again and again until all is read; a single file must be hashed within one run.
 */
export class DeepCheck extends Construct {
  public readonly function: IFunction;
  public readonly roleArn: string;
  public readonly machine: ModelStateMachine;
  private readonly prefixes = new Set<string>();

  constructor(scope: Construct, id: string, props: DeepCheckProps) {
    super(scope, id);
    declareControls(this, 'P1', 'ML6', 'MI3', 'OB4');
    const { store, key } = props;
    const { partition, region, account } = Stack.of(this);
    const handler = new HandlerFunction(this, 'Handler', {
      contract: DEEP_CHECK,
      description: 'Reads the served models again and compares them with their manifests',
      key,
      network: handlerNetwork(this, DEEP_CHECK, props),
      environment: {
        [DEEP_CHECK_ENV.SERVED_BUCKET]: store.servedBucket.bucketName,
        // S3's own names of objects leave out region and account, by which findings are sorted.
        [DEEP_CHECK_ENV.MODEL_ARN_PREFIX]: `arn:${partition}:s3:${region}:${account}:${store.servedBucket.bucketName}/`,
        [DEEP_CHECK_ENV.FINDING_BUS]: DEFAULT_BUS,
      },
      resources: {
        servedBucket: [store.servedBucket.bucketArn],
        servedModels: [store.servedBucket.arnForObjects(`${SERVED_PREFIX}*`)],
        servedKey: [store.servedKey.keyArn],
        [FINDING_BUS_SLOT]: [Stack.of(this).formatArn({ service: 'events', resource: 'event-bus', resourceName: DEFAULT_BUS })],
      },
      // Hashing is bound to the processor, which grows with the memory up to here.
      memoryMib: 1769,
      timeout: Duration.minutes(15),
    });
    this.function = handler.function;
    this.roleArn = handler.role.roleArn;
    this.machine = new ModelStateMachine(this, 'Machine', {
      does: 'reads the served models again',
      key,
      definition: deepCheckDefinition,
      substitutions: { [DEEP_CHECK_SUBSTITUTIONS.FUNCTION]: this.function.functionArn, [DEEP_CHECK_SUBSTITUTIONS.PARTITION]: partition },
    });
    this.machine.invokes(this.function);
    this.machine.startDaily(Lazy.string({ produce: () => JSON.stringify({ prefixes: [...this.prefixes].sort(), cursor: START }) }));
    this.machine.tell('the daily reading of served models', 'a-served-model-that-changed');
  }

  /** @throws for more models than the input of a rule holds */
  public add(prefix: string): void {
    this.prefixes.add(prefix);
    if (this.prefixes.size > MAX_MODELS) throw new Error(`'${this.node.path}' takes at most ${MAX_MODELS} models: give the others a DeployCheck of their own`);
  }
}
