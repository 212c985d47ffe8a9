import { RemovalPolicy, Stack, Stage } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { CfnLogGroup } from 'aws-cdk-lib/aws-logs';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct, IConstruct } from 'constructs';
import { TRAINING_LOG_GROUP } from './launch.contract';

interface MadeGroup {
  readonly beside: IConstruct;
  readonly group: CfnLogGroup;
  days: number;
}

const GROUPS = Symbol.for('cdk-secure-ai.TrainingLogs');

/** Makes the group, or lets the one that the app has keep events for as long as this environment needs. */
export function makeTrainingLogs(scope: Construct, key: IKey, days: number): void {
  const groups = groupsOf(scope);
  const made = groups.find(({ beside }) => isBeside(beside, scope));
  if (made) {
    made.days = Math.max(made.days, days);
    made.group.retentionInDays = made.days;
    return;
  }
  const group = new LogGroup(scope, 'JobLogs', {
    logGroupName: TRAINING_LOG_GROUP,
    encryptionKey: key,
    retention: days,
    removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
  });
  groups.push({ beside: scope, group: group.node.defaultChild as CfnLogGroup, days });
}

function isBeside(a: IConstruct, b: IConstruct): boolean {
  return Stage.of(a) === Stage.of(b) && Stack.of(a).account === Stack.of(b).account && Stack.of(a).region === Stack.of(b).region;
}

function groupsOf(scope: IConstruct): MadeGroup[] {
  const root = scope.node.root as unknown as Record<symbol, MadeGroup[] | undefined>;
  const known = root[GROUPS];
  if (known) return known;
  const groups: MadeGroup[] = [];
  Object.defineProperty(root, GROUPS, { value: groups });
  return groups;
}
