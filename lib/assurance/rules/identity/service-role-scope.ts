import { AiWorkload } from '../ai-workload';
import { IDENTITY_POLICY_TYPES, judgeGrants } from '../grant';
import type { Rule } from '../rule';
import { demandsLike } from '../statement-match';
import type { Subject } from '../subject';

/** `AISec-IAM29`. */
export const scanRoleOwnRules: Rule = {
  id: 'AISec-IAM29',
  name: 'ScanRoleOwnRules',
  title: 'The role of a malware scan changes only the event rules that the scan manages itself',
  severity: 'LOW',
  controls: ['P1', 'ML1'],
  threats: ['AML.T0010.003'],
  why: 'Whoever holds the role turns the events of new uploads elsewhere: models are served that nobody has scanned.',
  remedy: 'Demand events:ManagedBy with the name of the service.',
  example:
    "new iam.PolicyStatement({ actions: ['events:PutRule', 'events:PutTargets'], resources: [ruleArn], conditions: { StringEquals: { 'events:ManagedBy': 'malware-protection-plan.guardduty.amazonaws.com' } } });",
  source: 'https://docs.aws.amazon.com/guardduty/latest/ug/malware-protection-s3-iam-policy-prerequisite.html',
  types: IDENTITY_POLICY_TYPES,
  check: (policy) => {
    if (!trusts(policy, /^malware-protection-plan\.guardduty\./)) return undefined;
    const change = ['events:PutRule', 'events:DeleteRule', 'events:PutTargets', 'events:RemoveTargets'];
    return judgeGrants(policy, change, (statement) => demandsLike(statement, /^events:managedby$/), 'any event rule of the name is changed');
  },
};

/** `AISec-IAM30`. */
export const metricsOfOwnNamespace: Rule = {
  id: 'AISec-IAM30',
  name: 'MetricsOfOwnNamespace',
  title: 'A role of an AI service writes metrics of named namespaces only',
  severity: 'LOW',
  controls: ['P1', 'OB4'],
  threats: ['AML.T0031'],
  why: 'The action knows no resources: code in the container writes the metrics on which alarms and rollbacks hang, and keeps them calm.',
  remedy: 'Demand cloudwatch:namespace.',
  example:
    "new iam.PolicyStatement({ actions: ['cloudwatch:PutMetricData'], resources: ['*'], conditions: { StringEquals: { 'cloudwatch:namespace': '/aws/sagemaker/TrainingJobs' } } });",
  source: 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/iam-cw-condition-keys-namespace.html',
  types: IDENTITY_POLICY_TYPES,
  check: (policy) => {
    const workload = AiWorkload.of(policy.app);
    if (!policy.app.holdersOf(policy.resource).some((holder) => holder.type === 'AWS::IAM::Role' && workload.isRole(holder))) return undefined;
    return judgeGrants(policy, ['cloudwatch:PutMetricData'], (statement) => demandsLike(statement, /^cloudwatch:namespace$/), 'metrics of any namespace are written');
  },
};

function trusts({ app, resource }: Subject, service: RegExp): boolean {
  return app.holdersOf(resource).some((holder) =>
    app
      .statementsAt(holder, 'AssumeRolePolicyDocument')
      .flatMap(({ statement }) => statement.principals?.principals ?? [])
      .some(({ kind, parts }) => kind === 'Service' && service.test(parts.join(''))),
  );
}
