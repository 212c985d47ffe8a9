import { AiWorkload } from '../ai-workload';
import { any } from '../answer';
import { IDENTITY_POLICY_TYPES, judgeGrants } from '../grant';
import type { Rule } from '../rule';
import { demandsLike } from '../statement-match';
import type { Subject } from '../subject';
import { DESTROY_MODEL } from './ai-actions';

/** `AISec-IAM05`. */
export const noModelDelete: Rule = {
  id: 'AISec-IAM05',
  name: 'NoModelDelete',
  title: 'Workload and pipeline roles may not delete registered models or rewrite who may read the registry',
  severity: 'MEDIUM',
  controls: ['ML9', 'AA3'],
  threats: ['AML.T0101', 'AML.T0029'],
  why: 'A hijacked build or job deletes the approved versions, or shares the group with another account, in one call.',
  remedy: 'Leave deletion and the resource policy of model package groups to a role of people, with a reason and a time limit.',
  example: "new iam.PolicyStatement({ actions: ['sagemaker:CreateModelPackage', 'sagemaker:DescribeModelPackage'], resources: [packageArn] });",
  source: 'https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsagemakerai.html',
  types: IDENTITY_POLICY_TYPES,
  check: (policy) => {
    if (!isOfWorkload(policy)) return undefined;
    return judgeGrants(
      policy,
      DESTROY_MODEL,
      (statement) => any([demandsLike(statement, /^(aws|sagemaker):resourcetag\//)]),
      'a workload or pipeline role may delete registered models or open the registry',
    );
  },
};

const BUILDERS = /^(codebuild|codepipeline)\./;

function isOfWorkload({ app, resource }: Subject): boolean {
  const workload = AiWorkload.of(app);
  return app.holdersOf(resource).some((holder) => {
    const trusted = app.statementsAt(holder, 'AssumeRolePolicyDocument').flatMap(({ statement }) => statement.principals?.principals ?? []);
    return workload.isRole(holder) || trusted.some(({ kind, parts }) => kind === 'Federated' || BUILDERS.test(parts.join('')));
  });
}
