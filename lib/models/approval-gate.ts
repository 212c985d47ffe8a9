import { Duration, Lazy, RemovalPolicy, Stack } from 'aws-cdk-lib';
import type { ISecurityGroup, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import { CfnRule } from 'aws-cdk-lib/aws-events';
import type { IGrantable, IRole } from 'aws-cdk-lib/aws-iam';
import { ArnPrincipal, Grant, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { FunctionUrlAuthType } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { CfnStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { declareControls } from '../core/control-declarations';
import { DeadLetterQueue } from '../core/dead-letter-queue';
import { EncryptionKey } from '../core/encryption-key';
import type { HandlerContract } from '../core/handler-contract';
import { HandlerFunction } from '../core/handler-function';
import { LeastPrivilegeRole } from '../core/least-privilege-role';
import { anyStateMachine, encryptedBy, letLogDeliveryRead, stateMachinePlatformStatements, vendedLogName } from '../core/state-machine-platform';
import { viaService } from '../core/via-service';
import type { INetworkSegment } from '../network/api';
import { SecurityPosture } from '../posture';
import { GATE_CHECK, GATE_CHECK_ENV } from './gate-check.contract';
import { GATE_DESK, GATE_DESK_ENV } from './gate-desk.contract';
import { GateRecordsBucket, type RecordsWriter } from './gate-records-bucket';
import { GATE_SIGN, GATE_SIGN_ENV } from './gate-sign.contract';
import { GATE_SUBSTITUTIONS, gateDefinition } from './gate-state-machine';
import { GateAlarms } from './gate-alarms';
import { parseGatePolicy } from './gate/gate-policy';
import { RECORDS } from './gate/record-store';
import { handlerNetwork } from './handler-network';
import type { ModelArtifactBucket } from './model-artifact-bucket';
import type { ModelRegistry } from './model-registry';
import { SERVED_PREFIX } from './promote.contract';
import { TrustStore } from './signing/trust-store';
import { SigningKey } from './signing-key';

/** What a gate judges, by what, and who decides. */
export interface ApprovalGateProps {
  /** The registry whose versions it approves, in the same stack. */
  readonly registry: ModelRegistry;
  /** The store from which approved models are served, in the same stack. */
  readonly store: ModelArtifactBucket;
  /** What a model must satisfy, as JSON: see `docs/gate.md`. */
  readonly policy: string;
  /** The keys that sign models, as the document of a trust store. */
  readonly modelTrust: string;
  /** The keys that sign provenance and evaluation results, as the document of a trust store. */
  readonly evidenceTrust: string;
  /**
   * The roles whose sessions may decide. Give roles in which AWS sets the name of the session, as those of IAM Identity Center: all
   * sessions of any other role count as one person.
   */
  readonly approvers: IRole[];
  /**
   * How long a person has to decide, in whole hours.
   *
   * @default Duration.days(3)
   */
  readonly approvalWindow?: Duration;
  /**
   * The network segment in which its functions run.
   *
   * @default - `vpc` and `securityGroups`
   */
  readonly segment?: INetworkSegment;
  /**
   * A VPC with endpoints for S3 and KMS, in place of a segment.
   *
   * @default - the segment's
   */
  readonly vpc?: IVpc;
  /**
   * Security groups that let the functions reach the endpoints on port 443.
   *
   * @default - the segment's
   */
  readonly securityGroups?: ISecurityGroup[];
  /**
   * The subnets of the functions: at least two.
   *
   * @default - the segment's, or the VPC's private or isolated subnets
   */
  readonly subnets?: SubnetSelection;
}

/**
 * The way of a model to approval: checks of signature, scan, provenance and evaluation results by a policy, then a person who neither made
 * the version nor asked for it, then the checks once more, a signed verification summary, and the status Approved.
 *
 * Requests and decisions come to one function over its URL, signed by whoever calls: identities are what AWS authenticated. Each is written
 * once and starts the state machine, which alone can assume the role that approves. Whatever goes wrong leaves the version as it is, and
 * tells the posture's alarm topic.
 *
 * @see https://slsa.dev/spec/v1.0/verification_summary
 */
export class ApprovalGate extends Construct {
  /** Where requests, decisions, evidence and summaries lie. */
  public readonly records: IBucket;
  /** Address of the desk: POST a JSON document, signed with Signature Version 4 for the service `lambda`. */
  public readonly deskUrl: string;
  /** ARN of the state machine: the verifier that summaries name. */
  public readonly stateMachineArn: string;
  /** The key that signs verification summaries. */
  public readonly signingKey: SigningKey;
  /** The role that alone sets the status Approved. */
  public readonly approverRole: IRole;

  private readonly desk: HandlerFunction;
  private readonly bucket: GateRecordsBucket;

  constructor(scope: Construct, id: string, props: ApprovalGateProps) {
    super(scope, id);
    const hours = checkProps(this, props);
    declareControls(this, 'P1', 'ML4a', 'ML4b', 'ML4c', 'ML6', 'ML7');
    const { store, registry } = props;

    // Records and the key that signs what comes of them.
    this.bucket = new GateRecordsBucket(this, 'Store');
    this.records = this.bucket.bucket;
    this.signingKey = new SigningKey(this, 'Signing');

    // Three functions, each of which writes its own part of the records.
    const key = new EncryptionKey(this, 'Key', { description: 'Executions, environment, logs and dead letters of the approval gate' });
    key.allowLogGroups();
    const handler = (
      name: string,
      contract: HandlerContract,
      writer: RecordsWriter,
      environment: Record<string, string>,
      resources: Record<string, string[]>,
    ) => {
      const made = new HandlerFunction(new Construct(this, name), 'Handler', {
        contract,
        description: `Approval gate: ${contract.name}`,
        key,
        network: handlerNetwork(this, contract, props),
        environment: { RECORDS_BUCKET: this.records.bucketName, ...environment },
        resources: { ...this.bucket.resourcesOf(writer), ...resources },
        timeout: writer === 'check' ? Duration.minutes(15) : Duration.minutes(1),
      });
      this.bucket.admit(writer, made.role);
      return made;
    };
    const check = handler('Check', GATE_CHECK, 'check', { [GATE_CHECK_ENV.SERVED_BUCKET]: store.servedBucket.bucketName }, {
      servedBucket: [store.servedBucket.bucketArn],
      servedModels: [store.servedBucket.arnForObjects(`${SERVED_PREFIX}*`)],
      servedKey: [store.servedKey.keyArn],
    });
    const sign = handler('Sign', GATE_SIGN, 'sign', {
      [GATE_SIGN_ENV.SERVED_BUCKET]: store.servedBucket.bucketName,
      [GATE_SIGN_ENV.KEY_ARN]: this.signingKey.keyArn,
    }, { signingKey: [this.signingKey.keyArn] });
    this.signingKey.grantSign(sign.role);
    this.desk = handler('Desk', GATE_DESK, 'desk', {
      [GATE_DESK_ENV.APPROVER_ROLES]: Lazy.string({ produce: () => props.approvers.map((role) => role.roleArn).join(',') }),
    }, {});
    const url = this.desk.function.addFunctionUrl({ authType: FunctionUrlAuthType.AWS_IAM });
    this.deskUrl = url.url;

    // The state machine, and the role that it alone assumes to approve.
    const machineRole = new LeastPrivilegeRole(this, 'MachineRole', {
      assumedBy: new ServicePrincipal('states.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account }, ArnLike: { 'aws:SourceArn': anyStateMachine(this) } },
      }),
      description: 'Runs the approval gate',
    });
    const approver = new LeastPrivilegeRole(this, 'ApproverRole', {
      assumedBy: new ArnPrincipal(machineRole.roleArn), description: 'Sets the approval status of versions, for the approval gate alone',
    });
    approver.addToPrincipalPolicy(new PolicyStatement({
      actions: ['sagemaker:UpdateModelPackage'],
      resources: [registry.versionArns],
      conditions: { StringEquals: { 'sagemaker:ModelApprovalStatus': ['Approved', 'Rejected'] } },
    }));
    registry._admitApprover(approver);
    this.approverRole = approver;
    for (const statement of machineStatements(registry, approver, [check, sign])) machineRole.addToPrincipalPolicy(statement);
    for (const statement of stateMachinePlatformStatements(this, key)) machineRole.addToPrincipalPolicy(statement);
    letLogDeliveryRead(this, key);
    const machine = this.newMachine(props, hours, machineRole, check, sign, key);
    this.stateMachineArn = machine.attrArn;
    const undelivered = this.startOnRecords(machine, key);
    const topic = SecurityPosture.of(this).alarmTopic;
    if (topic) new GateAlarms(this, 'Alarms', { stateMachineArn: this.stateMachineArn, undelivered, topic });
  }

  /** Lets a principal of this account ask for approvals, and list what waits. Approvers can do both, and decide. */
  public grantRequest(grantee: IGrantable): Grant {
    const { functionArn } = this.desk.function;
    return Grant.addToPrincipal({
      grantee,
      actions: ['lambda:InvokeFunctionUrl'],
      resourceArns: [functionArn],
      conditions: { StringEquals: { 'lambda:FunctionUrlAuthType': 'AWS_IAM' } },
    }).combine(Grant.addToPrincipal({
      // Lambda asks for this one as well; only over the URL is the caller's identity Lambda's word, not the caller's own.
      grantee,
      actions: ['lambda:InvokeFunction'],
      resourceArns: [functionArn],
      conditions: { Bool: { 'lambda:InvokedViaFunctionUrl': 'true' } },
    }));
  }

  /** Lets a principal of this account bring signed evidence, under `evidence/<root digest>/`. What it brings is verified, not trusted. */
  public grantEvidence(grantee: IGrantable): Grant {
    return Grant.addToPrincipal({ grantee, actions: ['s3:PutObject'], resourceArns: [this.records.arnForObjects(`${RECORDS.EVIDENCE}*`)] })
      .combine(Grant.addToPrincipal({
        grantee, actions: ['kms:GenerateDataKey', 'kms:Decrypt'], resourceArns: [this.bucket.key.keyArn], conditions: viaService(this.bucket.key, 's3'),
      }));
  }

  private newMachine(
    props: ApprovalGateProps,
    approvalHours: number,
    role: LeastPrivilegeRole,
    check: HandlerFunction,
    sign: HandlerFunction,
    key: EncryptionKey,
  ): CfnStateMachine {
    const logs = new LogGroup(this, 'Logs', {
      logGroupName: vendedLogName(this),
      encryptionKey: key,
      retention: SecurityPosture.of(this).logRetentionDays,
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    const { policy, modelTrust, evidenceTrust, registry } = props;
    const machine = new CfnStateMachine(this, 'Machine', {
      roleArn: role.roleArn,
      definitionString: JSON.stringify(gateDefinition({ policy, modelTrust, evidenceTrust, group: registry.groupName, approvalHours })),
      definitionSubstitutions: {
        [GATE_SUBSTITUTIONS.CHECK_FUNCTION]: check.function.functionArn,
        [GATE_SUBSTITUTIONS.SIGN_FUNCTION]: sign.function.functionArn,
        [GATE_SUBSTITUTIONS.APPROVER_ROLE]: this.approverRole.roleArn,
        [GATE_SUBSTITUTIONS.KEY]: registry.key.keyArn,
        [GATE_SUBSTITUTIONS.PARTITION]: Stack.of(this).partition,
      },
      stateMachineType: 'STANDARD',
      // What passes through the states names models and people.
      encryptionConfiguration: encryptedBy(key),
      tracingConfiguration: { enabled: true },
      // Names of states and outcomes; what passes through them stays in the execution's history.
      loggingConfiguration: {
        level: 'ALL', includeExecutionData: false, destinations: [{ cloudWatchLogsLogGroup: { logGroupArn: logs.logGroupArn } }],
      },
    });
    // Step Functions tries the role when it creates the machine.
    machine.node.addDependency(role);
    return machine;
  }

  /** Requests and decisions start the machine. Returns where those wait that EventBridge cannot deliver. */
  private startOnRecords(machine: CfnStateMachine, key: EncryptionKey): DeadLetterQueue {
    const role = new LeastPrivilegeRole(this, 'StarterRole', {
      assumedBy: new ServicePrincipal('events.amazonaws.com', { conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } } }),
      description: 'Starts the approval gate on requests and decisions',
    });
    role.addToPrincipalPolicy(new PolicyStatement({ actions: ['states:StartExecution'], resources: [machine.attrArn] }));
    key.addToResourcePolicy(new PolicyStatement({
      sid: 'UndeliveredRecords',
      principals: [new ServicePrincipal('events.amazonaws.com')],
      actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
      resources: ['*'],
      conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
    }));
    const queue = new DeadLetterQueue(new Construct(this, 'Undelivered'), 'DeadLetters', { key });
    const rule = new CfnRule(this, 'Records', {
      description: 'Starts the approval gate on requests and decisions',
      eventPattern: {
        'source': ['aws.s3'],
        'detail-type': ['Object Created'],
        'detail': { bucket: { name: [this.records.bucketName] }, object: { key: [{ prefix: RECORDS.REQUESTS }, { prefix: RECORDS.DECISIONS }] } },
      },
      targets: [{
        id: 'Gate',
        arn: machine.attrArn,
        roleArn: role.roleArn,
        deadLetterConfig: { arn: queue.queueArn },
        inputTransformer: { inputPathsMap: { key: '$.detail.object.key' }, inputTemplate: '{"key":<key>}' },
      }],
    });
    rule.node.addDependency(role);
    queue.addToResourcePolicy(new PolicyStatement({
      sid: 'UndeliveredRecords',
      principals: [new ServicePrincipal('events.amazonaws.com')],
      actions: ['sqs:SendMessage'],
      resources: [queue.queueArn],
      conditions: { ArnEquals: { 'aws:SourceArn': rule.attrArn } },
    }));
    return queue;
  }
}

function machineStatements(registry: ModelRegistry, approver: IRole, handlers: readonly HandlerFunction[]): PolicyStatement[] {
  return [
    new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: handlers.map((one) => one.function.functionArn) }),
    new PolicyStatement({ actions: ['sagemaker:DescribeModelPackage'], resources: [registry.versionArns] }),
    new PolicyStatement({ actions: ['sts:AssumeRole'], resources: [approver.roleArn] }),
  ];
}

/** @returns the hours of the approval window */
function checkProps(scope: Construct, props: ApprovalGateProps): number {
  const { policy, modelTrust, evidenceTrust, approvers, approvalWindow, registry, store } = props;
  const problem = (message: string, cause?: unknown) => new Error(`'${scope.node.path}': ${message}`, { cause });
  for (const [name, text] of Object.entries({ policy, modelTrust, evidenceTrust })) {
    try {
      if (name === 'policy') parseGatePolicy(Buffer.from(text));
      else if (TrustStore.parse(Buffer.from(text)).history.length === 0) throw new Error('it has no key, so nothing could pass');
    } catch (cause) {
      throw problem(`${name}: ${cause instanceof Error ? cause.message : String(cause)}`, cause);
    }
    if (text.includes('${')) throw problem(`${name} holds "\${", which CloudFormation would replace: leave it out`);
  }
  if (approvers.length === 0) throw problem('approvers is empty: nobody could decide');
  for (const other of [registry, store]) {
    if (Stack.of(other) !== Stack.of(scope)) throw problem(`'${other.node.path}' must be in the gate's stack: their policies name each other's roles`);
  }
  const hours = (approvalWindow ?? Duration.days(3)).toHours({ integral: false });
  if (!Number.isInteger(hours) || hours < 1 || hours > 720) throw problem(`approvalWindow must be whole hours from 1 to 720, got ${hours}`);
  return hours;
}
