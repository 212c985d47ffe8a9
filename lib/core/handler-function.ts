import * as path from 'node:path';
import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type { ISecurityGroup, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Architecture, Function as LambdaFunction, LoggingFormat, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { SecurityPosture } from '../posture';
import { acknowledge } from './acknowledge';
import { BundleCode } from './bundle-code';
import { DeadLetterQueue } from './dead-letter-queue';
import { functionPlatformStatements } from './function-platform';
import type { HandlerContract } from './handler-contract';
import { contractStatements } from './contract-statements';
import { permitsOf } from './handler-contract';
import { LeastPrivilegeRole } from './least-privilege-role';

/** Where a function's network interfaces are. */
export interface HandlerNetwork {
  readonly vpc: IVpc;
  readonly subnets?: SubnetSelection;
  readonly securityGroups: ISecurityGroup[];
}

export interface HandlerFunctionProps {
  readonly contract: HandlerContract;
  readonly description: string;
  /** Encrypts environment, log group and dead letters. */
  readonly key: IKey;
  readonly network: HandlerNetwork;
  /** The value of each environment variable of the contract. */
  readonly environment: Record<string, string>;
  /** The ARNs of each slot that the contract's calls name. */
  readonly resources: Record<string, string[]>;
  /** The path of its role and the role's policies, by which denies of the account know them; @default '/' */
  readonly identityPath?: string;
  /** For how many days its log is kept; @default - as the profile says */
  readonly logRetentionDays?: number;
  /** @default 1024 MiB */
  readonly memoryMib?: number;
  /** @default Duration.minutes(1) */
  readonly timeout?: Duration;
}

/**
 * One of the library's functions, with everything that the field expects of one: the newest runtime, arm64, a VPC, tracing, a dead-letter
 * queue, an encrypted environment, a log group of its own with retention, and a role that holds the calls of its contract and no more.
 */
export class HandlerFunction extends Construct {
  public readonly function: LambdaFunction;
  public readonly role: LeastPrivilegeRole;

  constructor(scope: Construct, id: string, props: HandlerFunctionProps) {
    super(scope, id);
    const posture = SecurityPosture.of(this);
    checkBindings(this, props);

    const logs = new LogGroup(this, 'Logs', {
      encryptionKey: props.key,
      retention: props.logRetentionDays ?? posture.logRetentionDays,
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    const deadLetters = new DeadLetterQueue(this, 'DeadLetters', { key: props.key });

    this.role = new LeastPrivilegeRole(this, 'Role', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      description: props.description,
      ...(props.identityPath === undefined ? {} : { rolePath: props.identityPath, policyPath: props.identityPath }),
    });
    const statements = [
      ...functionPlatformStatements({ logGroupArn: logs.logGroupArn, queueArn: deadLetters.queueArn, key: props.key }),
      ...contractStatements(this, props.contract, props.resources),
    ];
    for (const statement of statements) this.role.addToPrincipalPolicy(statement);

    this.function = new LambdaFunction(this, 'Resource', {
      description: props.description,
      code: new BundleCode(bundlePath(props.contract)),
      handler: 'index.handler',
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: props.memoryMib ?? 1024,
      timeout: props.timeout ?? Duration.minutes(1),
      tracing: Tracing.ACTIVE,
      environment: { ...props.environment },
      environmentEncryption: props.key,
      deadLetterQueue: deadLetters,
      logGroup: logs,
      loggingFormat: LoggingFormat.JSON,
      role: this.role.withoutPolicyUpdates(),
      vpc: props.network.vpc,
      ...(props.network.subnets ? { vpcSubnets: props.network.subnets } : {}),
      securityGroups: props.network.securityGroups,
      ...(posture.handlerConcurrency === undefined ? {} : { reservedConcurrentExecutions: posture.handlerConcurrency }),
    });
    // Lambda tries the role's permissions on VPC, queue and key when it creates the function.
    this.function.node.addDependency(this.role);
    if (posture.handlerConcurrency === undefined) {
      acknowledge(this.function, 'unreserved-concurrency', ['HIPAA.Security-LambdaConcurrency', 'NIST.800.53.R5-LambdaConcurrency']);
    }
  }
}

/** `lib/core` and `dist/core` are equally deep, so the path holds from sources and from the package. */
function bundlePath({ area, name }: HandlerContract): string {
  return path.join(__dirname, '..', '..', 'assets', area, name);
}

function checkBindings(scope: Construct, { contract, environment, resources }: HandlerFunctionProps): void {
  const slots = new Set(permitsOf(contract).map((permit) => permit.slot));
  const problems = [
    ...difference(slots, Object.keys(resources)).map((slot) => `slot '${slot}' has no resource`),
    ...difference(Object.keys(resources), slots).map((slot) => `no call names the slot '${slot}'`),
    ...difference(contract.environment, Object.keys(environment)).map((name) => `variable '${name}' has no value`),
    ...difference(Object.keys(environment), contract.environment).map((name) => `variable '${name}' is not in the contract`),
  ];
  if (problems.length > 0) throw new Error(`'${scope.node.path}' does not fit its contract '${contract.name}': ${problems.join('; ')}`);
}

function difference(these: Iterable<string>, those: Iterable<string>): string[] {
  const other = new Set<string>(those);
  return [...these].filter((item) => !other.has(item));
}
