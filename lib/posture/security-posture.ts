import type { Duration } from 'aws-cdk-lib';
import { Aws, Stack, Stage, Tags } from 'aws-cdk-lib';
import type { IManagedPolicy } from 'aws-cdk-lib/aws-iam';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IConstruct } from 'constructs';
import { DataClass } from './data-class';
import type { ObjectLock } from './object-lock';
import type { OperatorOptions, RequiredTags } from './operators';
import type { PerimeterOptions } from './perimeter';
import { NetworkPerimeter } from './perimeter';
import { checkPosture } from './check-posture';
import type { ProfileDefaults } from './profile-defaults';
import { PROFILE_DEFAULTS, RETENTION_DAYS } from './profile-defaults';
import { watchRegions } from './region-watch';
import type { LogRetention, RetentionOptions } from './retention';
import { SecurityProfile } from './security-profile';
import type { TrainingOptions } from './training';
import type { WeakerChoice } from './weaker-choice';

/** What an organisation decides once. */
export interface SecurityPostureProps {
  /**
   * The profile that gives every other default.
   *
   * @default SecurityProfile.REGULATED
   */
  readonly profile?: SecurityProfile;
  /**
   * The regions in which stacks may be deployed. A stack outside is a validation error; one whose region is not known at synthesis
   * is reported as undetermined.
   *
   * @default - any region
   */
  readonly allowedRegions?: string[];
  /**
   * The id of the AWS organisation (`o-…`) whose identities are trusted.
   *
   * @default - the identities of the stack's own account are trusted
   */
  readonly organizationId?: string;
  /**
   * Who may reach data and models, and from where.
   *
   * @default - as the profile says
   */
  readonly perimeter?: PerimeterOptions;
  /**
   * How long superseded versions and records are kept.
   *
   * @default - the days that `RetentionOptions` gives for each class
   */
  readonly retention?: RetentionOptions;
  /**
   * How long log groups keep their events.
   *
   * @default - BASELINE 365 days, REGULATED and HIGH_ASSURANCE 2192 days
   */
  readonly logRetention?: LogRetention;
  /**
   * The default lock of new versions in model and log stores.
   *
   * @default - BASELINE none, REGULATED governance for 30 days, HIGH_ASSURANCE compliance for 90 days
   */
  readonly objectLock?: ObjectLock;
  /**
   * Lets administrators delete and disable the library's keys.
   *
   * @default - BASELINE: they may. REGULATED and HIGH_ASSURANCE: only break-glass roles may
   */
  readonly keyDeletion?: WeakerChoice;
  /**
   * The topic that alarms go to.
   *
   * @default - no alarms are made; HIGH_ASSURANCE refuses that
   */
  readonly alarmTopic?: ITopic;
  /**
   * The tags `Environment` and `OwnerTeam` of everything under the scope; in the stages of an app, of every stage with a construct of this
   * library.
   *
   * @default - no such tags; HIGH_ASSURANCE refuses that
   */
  readonly tags?: RequiredTags;
  /**
   * The permissions boundary of every role that the library makes.
   *
   * @default - no boundary
   */
  readonly permissionsBoundary?: IManagedPolicy;
  /**
   * The reserved concurrency of each of the library's functions. A new account has 10 in all and none to reserve: ask for a higher
   * quota first, or set `unreservedConcurrency`.
   *
   * @default - BASELINE none, REGULATED and HIGH_ASSURANCE 5
   */
  readonly handlerConcurrency?: number;
  /**
   * Leaves the library's functions without reserved concurrency.
   *
   * @default - as `handlerConcurrency` says
   */
  readonly unreservedConcurrency?: WeakerChoice;
  /**
   * What training jobs may do.
   *
   * @default - as the profile says
   */
  readonly training?: TrainingOptions;
  /**
   * Roles that may do what is denied to everybody else.
   *
   * @default - no break-glass role, the execution role of `cdk bootstrap` as the deployment role
   */
  readonly operators?: OperatorOptions;
  /**
   * The day for which weaker choices are judged, `YYYY-MM-DD`.
   *
   * @default - today (UTC)
   */
  readonly evaluationDate?: string;
}

const POSTURE = Symbol.for('cdk-secure-ai.SecurityPosture');
/** Kept apart from postures that somebody attached, so that one can still be attached to the app. */
const FALLBACK = Symbol.for('cdk-secure-ai.SecurityPosture.fallback');

/**
 * What an organisation decided, found by every construct of this library by looking up the tree.
 *
 * Attach one to an app, a stage or a stack; the nearest one counts. Without any, the defaults of `REGULATED` hold.
 */
export class SecurityPosture {
  /** Metadata key under which each stack records in the cloud assembly what it was held to. */
  public static readonly METADATA_KEY = 'cdk-secure-ai:posture';

  /**
   * Attaches a posture to everything under `scope`, before the first construct of the library under it: constructs read it when they are
   * made.
   *
   * @throws when `scope` has one already, a construct under it has taken its defaults from another posture, or a value is weaker than
   * the profile's and gives no reason
   */
  public static attach(scope: IConstruct, props: SecurityPostureProps = {}): SecurityPosture {
    if (attachedTo(scope)) throw new Error(`'${scope.node.path || 'App'}' has a security posture already: attach one posture for each scope`);
    const posture = new SecurityPosture(props);
    const late = nearest(scope)?.reached.find((stack) => stack.node.scopes.includes(scope));
    if (late) {
      const where = `'${scope.node.path || 'App'}'`;
      throw new Error(`a construct in '${late.node.path}' has taken its defaults already: attach the posture of ${where} before the first construct under it`);
    }
    Object.defineProperty(scope, POSTURE, { value: posture });
    posture.applyTo(scope);
    return posture;
  }

  /** The posture that holds at `scope`: the nearest one up the tree, or the defaults of `REGULATED`. */
  public static of(scope: IConstruct): SecurityPosture {
    for (let at: IConstruct | undefined = scope; at; at = at.node.scope) {
      const found = attachedTo(at);
      if (found) return found.reaching(scope, at);
    }
    const { root } = scope.node;
    const known = slots(root)[FALLBACK];
    const fallback = known ?? new SecurityPosture({});
    if (!known) Object.defineProperty(root, FALLBACK, { value: fallback });
    return fallback.reaching(scope, root);
  }

  /** The profile that gives the defaults. */
  public readonly profile: SecurityProfile;
  /** The id of the trusted organisation. */
  public readonly organizationId?: string;
  /** The topic that alarms go to. */
  public readonly alarmTopic?: ITopic;
  /** The permissions boundary of every role that the library makes. */
  public readonly permissionsBoundary?: IManagedPolicy;
  /** Reserved concurrency of each function; none when undefined. */
  public readonly handlerConcurrency?: number;
  /** Retention of log groups, in days. */
  public readonly logRetentionDays: number;
  /** The default lock of new versions; none when undefined. */
  public readonly objectLock?: ObjectLock;
  /** Whether only break-glass roles may delete and disable keys. */
  public readonly keysProtected: boolean;
  /** The longest that a training job may run, in seconds. */
  public readonly maxTrainingSeconds: number;
  /** How the network part of the perimeter is enforced. */
  public readonly networkPerimeter: NetworkPerimeter;
  /** Whether presigned URLs are denied. */
  public readonly presignedUrlsDenied: boolean;
  /** Whether foreign identities are denied. */
  public readonly foreignIdentitiesDenied: boolean;
  /** The day for which weaker choices are judged, `YYYY-MM-DD`. */
  public readonly evaluationDate: string;

  /** Stacks in which a construct asked, and stages that got aspects and validations of their own. */
  private readonly reached: IConstruct[] = [];

  private constructor(private readonly props: SecurityPostureProps) {
    this.profile = props.profile ?? SecurityProfile.REGULATED;
    const defaults = PROFILE_DEFAULTS[this.profile];
    checkPosture(props, defaults);
    this.organizationId = props.organizationId;
    this.alarmTopic = props.alarmTopic;
    this.permissionsBoundary = props.permissionsBoundary;
    this.handlerConcurrency = props.unreservedConcurrency ? undefined : props.handlerConcurrency ?? defaults.handlerConcurrency;
    this.logRetentionDays = props.logRetention?.value ?? defaults.logRetentionDays;
    this.objectLock = props.objectLock ?? defaults.objectLock;
    this.keysProtected = defaults.keysProtected && !props.keyDeletion;
    this.maxTrainingSeconds = props.training?.maxRuntime?.toSeconds() ?? defaults.trainingHours * 3600;
    this.networkPerimeter = networkPerimeter(props.perimeter, defaults);
    this.presignedUrlsDenied = !props.perimeter?.presignedUrls;
    this.foreignIdentitiesDenied = !props.perimeter?.anyIdentity;
    this.evaluationDate = props.evaluationDate ?? new Date().toISOString().slice(0, 10);
  }

  /** The regions in which stacks may be deployed; empty: any. */
  public get allowedRegions(): string[] {
    return [...(this.props.allowedRegions ?? [])];
  }

  /** The VPC endpoints through which objects may be read and written; empty: none named. */
  public get vpcEndpointIds(): string[] {
    return [...(this.props.perimeter?.vpcEndpointIds ?? [])];
  }

  /** Actions of SageMaker that the training guard lets through though they cannot be isolated. */
  public get unisolatedActions(): string[] {
    return [...(this.props.training?.unisolatedActions ?? [])];
  }

  /** Roles that may undo protections in an emergency. */
  public get breakGlassRoleArns(): string[] {
    return [...(this.props.operators?.breakGlassRoleArns ?? [])];
  }

  /** Roles through which CloudFormation changes settings in the account of `scope`. */
  public deploymentRoleArns(scope: IConstruct): string[] {
    const { account, region, synthesizer } = Stack.of(scope);
    const qualifier = synthesizer.bootstrapQualifier ?? '*';
    return [...(this.props.operators?.deploymentRoleArns ?? [`arn:${Aws.PARTITION}:iam::${account}:role/cdk-${qualifier}-cfn-exec-role-${account}-${region}`])];
  }

  /** How long superseded versions and records of a class are kept, in days. */
  public retentionDays(dataClass: DataClass): number {
    const chosen: Record<DataClass, Duration | undefined> = {
      [DataClass.PUBLIC]: this.props.retention?.publicData,
      [DataClass.INTERNAL]: this.props.retention?.internalData,
      [DataClass.CONFIDENTIAL]: this.props.retention?.confidentialData,
      [DataClass.RESTRICTED]: this.props.retention?.restrictedData,
    };
    return chosen[dataClass]?.toDays() ?? RETENTION_DAYS[dataClass];
  }

  /**
   * Called whenever a construct asks for the posture.
   *
   * Aspects and validations of an app stop at its stages, so a stage gets its own when the first construct in it asks. Each stack
   * with such a construct records in the cloud assembly what it was held to.
   */
  private reaching(scope: IConstruct, attachedAt: IConstruct): this {
    const stack = scope.node.scopes.reverse().find((at) => Stack.isStack(at));
    if (!stack || this.reached.includes(stack)) return this;
    this.reached.push(stack);
    stack.node.addMetadata(SecurityPosture.METADATA_KEY, this.summary());
    for (const [setting, choice] of this.weakerChoices()) choice._record(stack, `posture.${setting}`, this.evaluationDate);
    const stage = Stage.of(scope);
    if (stage && !this.reached.includes(stage) && stage !== Stage.of(attachedAt)) {
      this.reached.push(stage);
      this.applyTo(stage);
    }
    return this;
  }

  private summary(): object {
    return {
      profile: this.profile,
      evaluationDate: this.evaluationDate,
      allowedRegions: this.allowedRegions,
      networkPerimeter: this.networkPerimeter,
      presignedUrlsDenied: this.presignedUrlsDenied,
      foreignIdentitiesDenied: this.foreignIdentitiesDenied,
      keysProtected: this.keysProtected,
      logRetentionDays: this.logRetentionDays,
      maxTrainingSeconds: this.maxTrainingSeconds,
      unisolatedActions: this.unisolatedActions,
      objectLock: this.objectLock ? { mode: this.objectLock.mode, days: this.objectLock.duration.toDays() } : 'none',
    };
  }

  private weakerChoices(): [string, WeakerChoice][] {
    const { perimeter, retention, logRetention, objectLock, keyDeletion, unreservedConcurrency, training } = this.props;
    const settings: [string, WeakerChoice | undefined][] = [
      ['perimeter.anyNetwork', perimeter?.anyNetwork],
      ['perimeter.presignedUrls', perimeter?.presignedUrls],
      ['perimeter.anyIdentity', perimeter?.anyIdentity],
      ['retention', retention?.because],
      ['logRetention', logRetention?.because],
      ['objectLock', objectLock?.because],
      ['keyDeletion', keyDeletion],
      ['unreservedConcurrency', unreservedConcurrency],
      ['training', training?.because],
    ];
    return settings.filter((entry): entry is [string, WeakerChoice] => entry[1] !== undefined);
  }

  private applyTo(scope: IConstruct): void {
    const { props } = this;
    if (props.tags) {
      Tags.of(scope).add('Environment', props.tags.environment);
      Tags.of(scope).add('OwnerTeam', props.tags.ownerTeam);
    }
    if (props.allowedRegions) watchRegions(scope, props.allowedRegions);
  }
}

function slots(scope: IConstruct): Record<symbol, SecurityPosture | undefined> {
  return scope as unknown as Record<symbol, SecurityPosture | undefined>;
}

function attachedTo(scope: IConstruct): SecurityPosture | undefined {
  return slots(scope)[POSTURE];
}

/** The posture that holds at `scope` now. */
function nearest(scope: IConstruct): SecurityPosture | undefined {
  const above = scope.node.scopes.reverse().map(attachedTo).find((posture) => posture !== undefined);
  return above ?? slots(scope.node.root)[FALLBACK];
}

function networkPerimeter(perimeter: PerimeterOptions | undefined, defaults: ProfileDefaults): NetworkPerimeter {
  if (perimeter?.anyNetwork) return NetworkPerimeter.OFF;
  return perimeter?.vpcEndpointIds?.length ? NetworkPerimeter.NAMED_ENDPOINTS : defaults.networkPerimeter;
}
