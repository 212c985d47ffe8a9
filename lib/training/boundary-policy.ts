import { ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { acknowledge } from '../core/acknowledge';
import type { BoundaryStatement } from './guard/boundary-statements';
import { TRAINING_POLICY_PATH } from './guard/role-paths';

/** A managed policy that is a boundary: its wildcards are a ceiling, and grant nothing. */
export function boundaryPolicy(scope: Construct, id: string, statements: readonly BoundaryStatement[]): ManagedPolicy {
  const policy = new ManagedPolicy(scope, id, {
    description: 'What training roles may do at most',
    path: TRAINING_POLICY_PATH,
    statements: statements.map((statement) => PolicyStatement.fromJson(statement)),
  });
  // The rule breaks off at a statement without Action or Resource, and reports that under its plain id.
  const breaksRule = statements.some(({ Effect, Action, Resource }) => Effect === 'Allow' && (Action === undefined || Resource === undefined));
  acknowledge(policy, 'boundary', [breaksRule ? 'AwsSolutions-IAM5' : 'AwsSolutions-IAM5[Resource::*]']);
  return policy;
}
