import type { AttachedPolicy } from './policies';
import { type Json, type JsonObject, type PolicyDocument, type Statement, asList, asPolicyDocument } from './policy-document';
import type { ResolvedTemplate } from './resolve-template';

/** Where a type keeps the policy of its own resource. */
const OWN_POLICY: Readonly<Record<string, string>> = {
  'AWS::ApiGateway::RestApi': 'Policy',
  'AWS::Backup::BackupVault': 'AccessPolicy',
  'AWS::DynamoDB::Table': 'ResourcePolicy.PolicyDocument',
  'AWS::ECR::Repository': 'RepositoryPolicyText',
  'AWS::Events::EventBus': 'Policy',
  'AWS::KMS::Key': 'KeyPolicy',
  'AWS::KMS::ReplicaKey': 'KeyPolicy',
  'AWS::SageMaker::ModelPackageGroup': 'ModelPackageGroupPolicy',
};

/** Types whose resource is the policy of others: where the document is, and which property names the others. */
const POLICY_OF_OTHERS: Readonly<Record<string, { document: string; targets: string; type: string }>> = {
  'AWS::S3::BucketPolicy': { document: 'PolicyDocument', targets: 'Bucket', type: 'AWS::S3::Bucket' },
  'AWS::SNS::TopicInlinePolicy': { document: 'PolicyDocument', targets: 'TopicArn', type: 'AWS::SNS::Topic' },
  'AWS::SNS::TopicPolicy': { document: 'PolicyDocument', targets: 'Topics', type: 'AWS::SNS::Topic' },
  'AWS::SQS::QueueInlinePolicy': { document: 'PolicyDocument', targets: 'Queue', type: 'AWS::SQS::Queue' },
  'AWS::SQS::QueuePolicy': { document: 'PolicyDocument', targets: 'Queues', type: 'AWS::SQS::Queue' },
  'AWS::SecretsManager::ResourcePolicy': { document: 'ResourcePolicy', targets: 'SecretId', type: 'AWS::SecretsManager::Secret' },
};

/** Policies of buckets, keys, queues, topics, secrets, repositories, functions, APIs. */
export function collectResourcePolicies(stacks: readonly ResolvedTemplate[]): AttachedPolicy[] {
  return stacks.flatMap((stack) =>
    stack.resourceIds().flatMap((id): AttachedPolicy[] => {
      const type = stack.typeOf(id);
      const name = `${stack.stackName}/${id}`;
      const attached = (target: string, document: PolicyDocument): AttachedPolicy => ({ name, kind: 'resource', target, document });

      if (Object.hasOwn(OWN_POLICY, type)) {
        const [property, inner] = OWN_POLICY[type].split('.');
        const outer = stack.property(id, property);
        const value = inner === undefined || outer === undefined ? outer : (outer as JsonObject)[inner];
        if (value === undefined) return [];
        const arn = stack.arnOf(id);
        // The policy of a group also covers its versions, whose ARNs have another type.
        const covered = type === 'AWS::SageMaker::ModelPackageGroup' ? [arn, arn.replace(':model-package-group/', ':model-package/')] : [arn];
        return covered.map((target) => attached(target, expandApiResources(asPolicyDocument(value, name), arn)));
      }
      if (type === 'AWS::Lambda::Permission') {
        const target = targetOf(stacks, 'AWS::Lambda::Function', stack.property(id, 'FunctionName'), name);
        return [attached(target, { Version: '2012-10-17', Statement: [lambdaStatement(stack.properties(id), id, target)] })];
      }
      if (Object.hasOwn(POLICY_OF_OTHERS, type)) {
        const { document, targets, type: targetType } = POLICY_OF_OTHERS[type];
        return asList(stack.property(id, targets)).map((target) =>
          attached(targetOf(stacks, targetType, target, name), asPolicyDocument(stack.property(id, document), name)),
        );
      }
      return [];
    }),
  );
}

/** The ARN of the resource that a property names in one of the usual ways: Ref value, ARN or name. */
function targetOf(stacks: readonly ResolvedTemplate[], type: string, value: Json | undefined, policy: string): string {
  for (const stack of stacks) {
    for (const id of stack.resourceIds(type)) {
      const arn = stack.arnOf(id);
      if (value === arn || value === stack.refOf(id) || value === arn.slice(arn.search(/[^:/]*$/))) return arn;
    }
  }
  throw new Error(`${policy} is attached to ${JSON.stringify(value)}, which is no ${type} of these templates`);
}

/** API Gateway completes `execute-api:/…` with the API that the policy belongs to. */
function expandApiResources(document: PolicyDocument, apiArn: string): PolicyDocument {
  const expand = (value: Json): Json => (typeof value === 'string' ? value.replace(/^execute-api:\//, `${apiArn}/`) : value);
  return {
    ...document,
    Statement: document.Statement.map((statement) =>
      statement.Resource === undefined ? statement : { ...statement, Resource: asList(statement.Resource).map(expand) },
    ),
  };
}

/** The statement that Lambda makes of a permission. */
function lambdaStatement(permission: JsonObject, sid: string, target: string): Statement {
  const { Principal: principal, Action: action, SourceArn, SourceAccount, PrincipalOrgID } = permission;
  const conditions: [string, string, Json | undefined][] = [
    ['StringEquals', 'aws:SourceAccount', SourceAccount],
    ['StringEqualsIgnoreCase', 'aws:PrincipalOrgID', PrincipalOrgID],
    ['ArnLike', 'aws:SourceArn', SourceArn],
  ];
  return {
    Sid: sid,
    Effect: 'Allow',
    Principal: principal === '*' ? '*' : String(principal).includes('.amazonaws.com') ? { Service: principal } : { AWS: principal },
    Action: action,
    Resource: target,
    Condition: Object.fromEntries(
      conditions.filter(([, , value]) => value !== undefined).map(([operator, key, value]) => [operator, { [key]: value as Json }]),
    ),
  };
}
