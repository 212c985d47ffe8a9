import { RemovalPolicy, Stack, Stage, Tags, Token } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { CfnLogGroup } from 'aws-cdk-lib/aws-logs';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct, IConstruct } from 'constructs';
import type { DataClass } from '../posture';
import { TRAINING_LOG_GROUP } from './launch.contract';

interface TrainingLogSettings {
  readonly key: IKey;
  /** For how long events are kept. */
  readonly days: number;
  readonly dataClass: DataClass;
}

interface MadeGroup {
  readonly group: LogGroup;
  days: number;
}

const GROUPS = Symbol.for('cdk-secure-ai.TrainingLogs');

/**
 * Makes the group, or lets the one that the app has keep events for as long as this environment needs.
 *
 * It is a child of the stack: an environment that goes leaves it to the others of the stack. A group of another id would be made, which
 * fails, since the name is taken.
 *
 * @throws when another stage of the app makes the group of the same account and region
 */
export function makeTrainingLogs(scope: Construct, { key, days, dataClass }: TrainingLogSettings): void {
  const groups = groupsOf(scope);
  const made = groups.find(({ group }) => isBeside(group, scope));
  if (made) {
    refuseOtherStage(made.group, scope);
    if (days <= made.days) return;
    made.days = days;
    (made.group.node.defaultChild as CfnLogGroup).retentionInDays = days;
    Tags.of(made.group).add('DataClassification', dataClass);
    return;
  }
  const group = new LogGroup(Stack.of(scope), 'SecureAiTrainingLogs', {
    logGroupName: TRAINING_LOG_GROUP,
    encryptionKey: key,
    retention: days,
    removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
  });
  Tags.of(group).add('DataClassification', dataClass);
  groups.push({ group, days });
}

/** Accounts and regions that are known at deployment only are the same within a stage at most. */
function isBeside(a: IConstruct, b: IConstruct): boolean {
  const { account, region } = Stack.of(a);
  const same = Stack.of(b).account === account && Stack.of(b).region === region;
  return same && (Stage.of(a) === Stage.of(b) || !(Token.isUnresolved(account) || Token.isUnresolved(region)));
}

function refuseOtherStage(group: IConstruct, scope: IConstruct): void {
  if (Stage.of(group) === Stage.of(scope)) return;
  throw new Error(
    `'${scope.node.path}': '${Stack.of(group).node.path}' makes the log group ${TRAINING_LOG_GROUP} of its account and region already, which has one: `
    + 'give jobLogs: TrainingLogs.existing() to the environments of all stages but one',
  );
}

function groupsOf(scope: Construct): MadeGroup[] {
  const root = scope.node.root as unknown as Record<symbol, MadeGroup[] | undefined>;
  const known = root[GROUPS];
  if (known) return known;
  const groups: MadeGroup[] = [];
  Object.defineProperty(root, GROUPS, { value: groups });
  return groups;
}
