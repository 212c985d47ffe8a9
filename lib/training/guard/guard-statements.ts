import { asPolicyActions, onlyActions } from './action-patterns';
import { TRAINING_GUARD as SID } from './guard-sids';
import { ISOLATION_TABLE } from './isolation-table.generated';
import { roleGuards } from './role-guards';
import { LAUNCHER_ROLES } from './role-paths';

/** A deny of the guard, as JSON. */
export interface GuardStatement {
  readonly Sid: string;
  readonly Effect: 'Deny';
  readonly Action: readonly string[];
  readonly Resource?: string | readonly string[];
  readonly NotResource?: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** What a guard lets through. Empty lists: any value, but not none. */
export interface GuardScope {
  readonly subnetIds: readonly string[];
  readonly securityGroupIds: readonly string[];
  readonly volumeKeyArns: readonly string[];
  readonly outputKeyArns: readonly string[];
  /** Endpoints from which presigned URLs may be asked for; empty: from any endpoint, but not from the internet. */
  readonly vpcEndpointIds: readonly string[];
  /** The longest job, in seconds. */
  readonly maxRuntimeSeconds: number;
  /** Actions, without `sagemaker:`, that are let through though they cannot be isolated, or whose keys may be absent. */
  readonly namedActions: readonly string[];
  /** Whether the launchers of environments alone may start training jobs. */
  readonly launcherOnly: boolean;
  /** Roles that may pass roles to any service and make roles under the paths of environments. */
  readonly exemptRoleArns: readonly string[];
  /** Every family with local disks, which take no volume key. */
  readonly localStorageFamilies: readonly string[];
}

/**
 * Every deny of the guard.
 *
 * A condition that a request lacks must not let it through: an absent boolean counts as false, an absent key or subnet is denied by its
 * own statement. `VolumeKmsKey` and `VolumeKmsKeyArn` (the same for `OutputKmsKey`) are both keys of AWS, of which a request carries one at
 * least when it names a key: absent are both together.
 */
export function guardStatements(scope: GuardScope): GuardStatement[] {
  const { namedActions, launcherOnly } = scope;
  const unisolated = actionsWithout('NetworkIsolation').filter((action) => !/^Update/.test(action) && !namedActions.includes(action));
  return [
    deny(SID.UNISOLATED, unisolated),
    ...(launcherOnly ? [deny(SID.OTHER_LAUNCHERS, ['CreateTrainingJob'], { ArnNotLike: { 'aws:PrincipalArn': LAUNCHER_ROLES } })] : []),
    ...networkGuards(scope),
    ...keyGuards(scope),
    ...sessionGuards(scope),
    ...roleGuards(scope.exemptRoleArns),
  ].filter(({ Action }) => Action.length > 0);
}

/** What the guard denies of some actions, which have their prefix: `sagemaker:CreateTrainingJob`. */
export function guardStatementsOn(actions: readonly string[], scope: GuardScope): GuardStatement[] {
  return guardStatements(scope)
    .map((statement) => ({ ...statement, Action: onlyActions(statement.Action, actions) }))
    .filter(({ Action }) => Action.length > 0);
}

/** The actions of the table. */
export function guardedActions(): string[] {
  return Object.keys(ISOLATION_TABLE);
}

/** The actions whose requests carry a key. */
export function actionsWith(key: string): string[] {
  return guardedActions().filter((action) => ISOLATION_TABLE[action].includes(key));
}

function actionsWithout(key: string): string[] {
  return guardedActions().filter((action) => !ISOLATION_TABLE[action].includes(key));
}

/**
 * The actions whose requests must carry a key: those that can be isolated, unless named, and those that cannot, which matter once they are
 * named. An update that cannot be isolated carries what it changes only.
 */
export function actionsThatMustCarry(key: string, namedActions: readonly string[]): string[] {
  return actionsWith(key).filter((action) =>
    ISOLATION_TABLE[action].includes('NetworkIsolation') ? !namedActions.includes(action) : namedActions.includes(action) && !/^Update/.test(action));
}

/** Patterns for the instance types that take no volume key. */
export function localStorageTypes(localStorageFamilies: readonly string[]): string[] {
  return localStorageFamilies.map((family) => `ml.${family}.*`);
}

function networkGuards({ subnetIds, securityGroupIds, namedActions }: GuardScope): GuardStatement[] {
  const must = (key: string) => actionsThatMustCarry(key, namedActions);
  const others = (key: string) => actionsWith(key).filter((action) => !must(key).includes(action));
  const boolean = (sid: string, key: string) => [
    deny(sid, must(key), { BoolIfExists: { [`sagemaker:${key}`]: 'false' } }),
    deny(`${sid}IfGiven`, others(key), { Bool: { [`sagemaker:${key}`]: 'false' } }),
  ];
  const oneOf = (sid: string, key: string, values: readonly string[]) =>
    values.length === 0 ? [] : [deny(sid, actionsWith(key), { 'ForAnyValue:StringNotEquals': { [`sagemaker:${key}`]: [...values] } })];
  return [
    ...boolean(SID.NETWORK_ISOLATION, 'NetworkIsolation'),
    ...boolean(SID.TRAFFIC_ENCRYPTION, 'InterContainerTrafficEncryption'),
    deny(SID.NO_VPC, must('VpcSubnets'), { Null: { 'sagemaker:VpcSubnets': 'true' } }),
    deny(SID.NO_GROUPS, must('VpcSubnets'), { Null: { 'sagemaker:VpcSecurityGroupIds': 'true' } }),
    ...oneOf(SID.OTHER_SUBNETS, 'VpcSubnets', subnetIds),
    ...oneOf(SID.OTHER_GROUPS, 'VpcSecurityGroupIds', securityGroupIds),
  ];
}

function keyGuards({ volumeKeyArns, outputKeyArns, namedActions, localStorageFamilies }: GuardScope): GuardStatement[] {
  const volume = actionsThatMustCarry('VolumeKmsKeyArn', namedActions);
  const withType = volume.filter((action) => ISOLATION_TABLE[action].includes('InstanceTypes'));
  const noVolumeKey = { 'sagemaker:VolumeKmsKey': 'true', 'sagemaker:VolumeKmsKeyArn': 'true' };
  const local = localStorageTypes(localStorageFamilies);
  const others = (sid: string, key: string, arns: readonly string[]) => (arns.length === 0 ? [] : ['Arn', ''].map((suffix) =>
    // Two statements: a request carries one of the two keys, and the other one's absence must not count as another value.
    deny(suffix === '' ? `${sid}ById` : sid, actionsWith(`${key}Arn`), {
      Null: { [`sagemaker:${key}${suffix}`]: 'false' }, ArnNotEquals: { [`sagemaker:${key}${suffix}`]: [...arns] },
    })));
  return [
    deny(SID.NO_VOLUME_KEY, withType, { Null: noVolumeKey, 'ForAnyValue:StringNotLike': { 'sagemaker:InstanceTypes': local } }),
    deny(SID.NO_VOLUME_KEY_UNKNOWN_TYPE, volume, { Null: { ...noVolumeKey, 'sagemaker:InstanceTypes': 'true' } }),
    ...others(SID.OTHER_VOLUME_KEYS, 'VolumeKmsKey', volumeKeyArns),
    deny(SID.NO_OUTPUT_KEY, actionsThatMustCarry('OutputKmsKeyArn', namedActions), {
      Null: { 'sagemaker:OutputKmsKey': 'true', 'sagemaker:OutputKmsKeyArn': 'true' },
    }),
    ...others(SID.OTHER_OUTPUT_KEYS, 'OutputKmsKey', outputKeyArns),
  ];
}

function sessionGuards({ vpcEndpointIds, maxRuntimeSeconds, namedActions }: GuardScope): GuardStatement[] {
  const must = (key: string) => actionsThatMustCarry(key, namedActions);
  const updates = (key: string) => actionsWith(key).filter((action) => /^Update/.test(action));
  return [
    // Off is the default of SageMaker for these: an absent key is the good value.
    deny(SID.REMOTE_DEBUG, actionsWith('EnableRemoteDebug'), { Bool: { 'sagemaker:EnableRemoteDebug': 'true' } }),
    deny(SID.REMOTE_ACCESS, actionsWith('RemoteAccess'), { StringEquals: { 'sagemaker:RemoteAccess': 'ENABLED' } }),
    deny(SID.WARM_POOLS, actionsWith('KeepAlivePeriod'), { Null: { 'sagemaker:KeepAlivePeriod': 'false' } }),
    deny(SID.LONG_JOBS, must('MaxRuntimeInSeconds'), { NumericGreaterThanIfExists: { 'sagemaker:MaxRuntimeInSeconds': String(maxRuntimeSeconds) } }),
    // On is the default of SageMaker for these: an absent key is the bad value when something is created.
    deny(SID.INTERNET_NOTEBOOKS, must('DirectInternetAccess'), { StringNotEqualsIfExists: { 'sagemaker:DirectInternetAccess': 'Disabled' } }),
    deny(SID.ROOT_NOTEBOOKS, must('RootAccess'), { StringNotEqualsIfExists: { 'sagemaker:RootAccess': 'Disabled' } }),
    deny(`${SID.ROOT_NOTEBOOKS}Later`, updates('RootAccess'), { StringEquals: { 'sagemaker:RootAccess': 'Enabled' } }),
    deny(SID.PUBLIC_DOMAINS, must('AppNetworkAccessType'), { StringNotEqualsIfExists: { 'sagemaker:AppNetworkAccessType': 'VpcOnly' } }),
    deny(`${SID.PUBLIC_DOMAINS}Later`, updates('AppNetworkAccessType'), { StringEquals: { 'sagemaker:AppNetworkAccessType': 'PublicInternetOnly' } }),
    deny(SID.PRESIGNED, guardedActions().filter((action) => action.includes('Presigned')), vpcEndpointIds.length > 0
      ? { StringNotEqualsIfExists: { 'aws:SourceVpce': [...vpcEndpointIds] } }
      : { Null: { 'aws:SourceVpce': 'true' } }),
  ];
}

function deny(sid: string, actions: readonly string[], condition?: GuardStatement['Condition']): GuardStatement {
  return { Sid: sid, Effect: 'Deny', Action: asPolicyActions(actions), Resource: '*', ...(condition ? { Condition: condition } : {}) };
}
