import { asPolicyActions } from './action-patterns';
import { TRAINING_GUARD as SID } from './guard-sids';
import type { GuardScope, GuardStatement } from './guard-statements';
import { actionsWith, guardedActions, guardStatements, guardStatementsOn } from './guard-statements';
import { ROLE_CHANGES } from '../../core/role-changes';
import { TRAINING_IDENTITIES } from './role-guards';
import { EXECUTION_ROLES } from './role-paths';

/** Sids of what a boundary allows at most. */
export const TRAINING_CEILING = {
  OTHER_WORK: 'CeilingOfOtherWork',
  ISOLATED_WORK: 'CeilingOfIsolatedWork',
  UPDATES: 'CeilingOfUpdates',
  NAMED: 'CeilingOfNamedWork',
  PASSED_ROLES: 'CeilingOfPassedRoles',
} as const;

/** A statement of a boundary: what it allows at most, or a deny of the guard. */
export interface BoundaryStatement extends Omit<GuardStatement, 'Effect' | 'Action'> {
  readonly Effect: 'Allow' | 'Deny';
  readonly Action?: readonly string[];
  readonly NotAction?: readonly string[];
}

/** Denies of the guard that no condition of the ceiling can say: either of two keys, or an exception by instance family. */
const KEPT_DENIES = new Set<string>([
  SID.OTHER_LAUNCHERS, SID.NO_VOLUME_KEY, SID.NO_VOLUME_KEY_UNKNOWN_TYPE, SID.NO_OUTPUT_KEY, SID.PRESIGNED,
  SID.REMOTE_ACCESS, `${SID.ROOT_NOTEBOOKS}Later`, `${SID.PUBLIC_DOMAINS}Later`,
]);

/**
 * The guard as a permissions boundary: what is isolated is allowed, what is not is left out, so that all of it fits one policy. A boundary
 * grants nothing by itself.
 */
export function boundaryStatements(scope: GuardScope): BoundaryStatement[] {
  const { namedActions } = scope;
  const named = namedActions.filter((action) => guardedActions().includes(action));
  const updates = guardedActions().filter((action) => /^Update/.test(action) && !actionsWith('NetworkIsolation').includes(action));
  const work = asPolicyActions(guardedActions());
  const statements: BoundaryStatement[] = [
    { Sid: TRAINING_CEILING.OTHER_WORK, Effect: 'Allow', NotAction: [...work, 'iam:PassRole'], Resource: '*' },
    isolatedWork(scope),
    allow(TRAINING_CEILING.UPDATES, updates, noSessions()),
    allow(TRAINING_CEILING.NAMED, named),
    {
      Sid: TRAINING_CEILING.PASSED_ROLES,
      Effect: 'Allow',
      Action: ['iam:PassRole'],
      Resource: EXECUTION_ROLES,
      Condition: { StringEquals: { 'iam:PassedToService': 'sagemaker.amazonaws.com' } },
    },
    // Without exceptions: who is under a boundary for people deploys no environment. A deny names the actions once; twice has no room.
    { Sid: SID.ROLE_PATHS, Effect: 'Deny', Action: ROLE_CHANGES, Resource: TRAINING_IDENTITIES },
    ...guardStatements(scope).filter(({ Sid }) => KEPT_DENIES.has(Sid)),
    // What the posture names is allowed above, and denied again where its request says something else than isolation.
    ...guardStatementsOn(named.map((name) => `sagemaker:${name}`), scope).filter(({ Sid }) => !KEPT_DENIES.has(Sid)),
  ];
  return statements.filter(({ Action }) => Action === undefined || Action.length > 0);
}

/** The one statement for work that can be isolated, as an Allow: absent keys fail its conditions. */
export function isolatedWork(scope: GuardScope): BoundaryStatement {
  const { subnetIds, securityGroupIds, volumeKeyArns, outputKeyArns, maxRuntimeSeconds, namedActions } = scope;
  const allOf = (key: string, values: readonly string[]) => (values.length === 0 ? {} : { [`sagemaker:${key}`]: [...values] });
  const either = (key: string, arns: readonly string[]) => ({ ...allOf(key, arns), ...allOf(`${key}Arn`, arns) });
  const subnets = { ...allOf('VpcSubnets', subnetIds), ...allOf('VpcSecurityGroupIds', securityGroupIds) };
  const keys = { ...either('VolumeKmsKey', volumeKeyArns), ...either('OutputKmsKey', outputKeyArns) };
  const sessions = noSessions();
  return allow(TRAINING_CEILING.ISOLATED_WORK, actionsWith('NetworkIsolation').filter((action) => !namedActions.includes(action)), {
    ...sessions,
    Bool: { 'sagemaker:NetworkIsolation': 'true', 'sagemaker:InterContainerTrafficEncryption': 'true' },
    Null: { ...sessions.Null, 'sagemaker:VpcSubnets': 'false', 'sagemaker:VpcSecurityGroupIds': 'false' },
    ...(Object.keys(subnets).length > 0 ? { 'ForAllValues:StringEquals': subnets } : {}),
    ...(Object.keys(keys).length > 0 ? { ArnEqualsIfExists: keys } : {}),
    NumericLessThanEquals: { 'sagemaker:MaxRuntimeInSeconds': String(maxRuntimeSeconds) },
  });
}

function noSessions() {
  return { BoolIfExists: { 'sagemaker:EnableRemoteDebug': 'false' }, Null: { 'sagemaker:KeepAlivePeriod': 'true' } };
}

function allow(sid: string, actions: readonly string[], condition?: BoundaryStatement['Condition']): BoundaryStatement {
  return { Sid: sid, Effect: 'Allow', Action: asPolicyActions(actions), Resource: '*', ...(condition ? { Condition: condition } : {}) };
}
