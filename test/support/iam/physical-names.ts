import { createHash } from 'node:crypto';

/**
 * How CloudFormation names a resource: what `Ref` gives, its ARN, and attributes that are neither `Arn` nor a property.
 *
 * Placeholders: {partition} {region} {account} {domain} {name} {id:prefix} {uuid} {hash}.
 */
export interface PhysicalForm {
  readonly ref: string;
  readonly arn?: string;
  /** Property that fixes {name}; without it, or unset, the name is generated. */
  readonly nameProperty?: string;
  readonly attributes?: Readonly<Record<string, string>>;
}

const regional = (service: string, resource: string): string => `arn:{partition}:${service}:{region}:{account}:${resource}`;
const global = (service: string, resource: string): string => `arn:{partition}:${service}::{account}:${resource}`;

/** Ref gives the name, `Arn` the ARN. */
function named(nameProperty: string, arn: string, attributes?: Record<string, string>): PhysicalForm {
  return { ref: '{name}', arn, nameProperty, attributes };
}

/** Ref gives the ARN. */
function byArn(nameProperty: string, arn: string, attributes?: Record<string, string>): PhysicalForm {
  return { ref: arn, arn, nameProperty, attributes: { Id: arn, ...attributes } };
}

/** An EC2-like thing with a generated identifier. */
function identified(prefix: string, arn: string, ...idAttributes: string[]): PhysicalForm {
  const id = `{id:${prefix}}`;
  return { ref: id, arn: arn.replace('{}', id), attributes: Object.fromEntries(['Id', ...idAttributes].map((name) => [name, id])) };
}

/** Ref gives a generated id, which is the last part of the ARN; `XId` and `XArn` are attributes. */
function numbered(service: string, resource: string, noun: string): PhysicalForm {
  const id = resource.slice(resource.lastIndexOf('/') + 1);
  const arn = regional(service, resource);
  return { ref: id, arn, attributes: { [`${noun}Id`]: id, [`${noun}Arn`]: arn } };
}

const sagemaker = (resource: string, nameProperty: string): PhysicalForm =>
  byArn(nameProperty, regional('sagemaker', `${resource}/{name}`), { [nameProperty]: '{name}' });
const ec2 = (resource: string, prefix: string, ...idAttributes: string[]): PhysicalForm =>
  identified(prefix, regional('ec2', `${resource}/{}`), ...idAttributes);

const FORMS: Readonly<Record<string, PhysicalForm>> = {
  'AWS::ApiGateway::Authorizer': { ref: '{hash}', attributes: { AuthorizerId: '{hash}' } },
  'AWS::ApiGateway::Deployment': { ref: '{hash}', attributes: { DeploymentId: '{hash}' } },
  'AWS::ApiGateway::Resource': { ref: '{hash}', attributes: { ResourceId: '{hash}' } },
  'AWS::ApiGateway::RestApi': {
    ref: '{hash}',
    arn: regional('execute-api', '{hash}'),
    attributes: { RestApiId: '{hash}', RootResourceId: 'root{hash}' },
  },
  'AWS::ApiGateway::Stage': { ref: '{name}', nameProperty: 'StageName' },
  'AWS::Athena::WorkGroup': named('Name', regional('athena', 'workgroup/{name}')),
  'AWS::Backup::BackupVault': named('BackupVaultName', regional('backup', 'backup-vault:{name}'), {
    BackupVaultArn: regional('backup', 'backup-vault:{name}'),
  }),
  'AWS::Bedrock::Agent': numbered('bedrock', 'agent/{hash}', 'Agent'),
  'AWS::Bedrock::Guardrail': { ...numbered('bedrock', 'guardrail/{hash}', 'Guardrail'), ref: regional('bedrock', 'guardrail/{hash}') },
  'AWS::Bedrock::KnowledgeBase': numbered('bedrock', 'knowledge-base/{hash}', 'KnowledgeBase'),
  'AWS::CloudTrail::Trail': named('TrailName', regional('cloudtrail', 'trail/{name}')),
  'AWS::CloudWatch::Alarm': named('AlarmName', regional('cloudwatch', 'alarm:{name}')),
  'AWS::CodeBuild::Project': named('Name', regional('codebuild', 'project/{name}')),
  'AWS::Cognito::UserPool': numbered('cognito-idp', 'userpool/{region}_{hash}', 'UserPool'),
  'AWS::DynamoDB::GlobalTable': named('TableName', regional('dynamodb', 'table/{name}')),
  'AWS::DynamoDB::Table': named('TableName', regional('dynamodb', 'table/{name}')),
  'AWS::EC2::FlowLog': ec2('vpc-flow-log', 'fl'),
  'AWS::EC2::NetworkAcl': ec2('network-acl', 'acl'),
  'AWS::EC2::PrefixList': ec2('prefix-list', 'pl', 'PrefixListId'),
  'AWS::EC2::RouteTable': ec2('route-table', 'rtb', 'RouteTableId'),
  'AWS::EC2::SecurityGroup': ec2('security-group', 'sg', 'GroupId'),
  'AWS::EC2::Subnet': ec2('subnet', 'subnet', 'SubnetId'),
  'AWS::EC2::VPC': ec2('vpc', 'vpc', 'VpcId'),
  'AWS::EC2::VPCEndpoint': ec2('vpc-endpoint', 'vpce'),
  'AWS::ECR::Repository': named('RepositoryName', regional('ecr', 'repository/{name}')),
  'AWS::Events::EventBus': named('Name', regional('events', 'event-bus/{name}'), { Name: '{name}' }),
  'AWS::Events::Rule': named('Name', regional('events', 'rule/{name}')),
  'AWS::Glue::Database': named('Name', regional('glue', 'database/{name}')),
  'AWS::GuardDuty::Detector': numbered('guardduty', 'detector/{hash}', ''),
  'AWS::GuardDuty::MalwareProtectionPlan': numbered('guardduty', 'malware-protection-plan/{hash}', 'MalwareProtectionPlan'),
  'AWS::IAM::Group': named('GroupName', global('iam', 'group/{name}')),
  'AWS::IAM::InstanceProfile': named('InstanceProfileName', global('iam', 'instance-profile/{name}')),
  'AWS::IAM::ManagedPolicy': byArn('ManagedPolicyName', global('iam', 'policy{path}{name}'), {
    PolicyArn: global('iam', 'policy{path}{name}'),
  }),
  'AWS::IAM::Policy': { ref: '{name}', nameProperty: 'PolicyName' },
  'AWS::IAM::Role': named('RoleName', global('iam', 'role{path}{name}'), { RoleId: 'AROA{HASH}' }),
  'AWS::IAM::User': named('UserName', global('iam', 'user{path}{name}')),
  'AWS::KMS::Alias': { ref: '{name}', nameProperty: 'AliasName', arn: regional('kms', '{name}') },
  'AWS::KMS::Key': { ref: '{uuid}', arn: regional('kms', 'key/{uuid}'), attributes: { KeyId: '{uuid}' } },
  'AWS::KMS::ReplicaKey': { ref: '{uuid}', arn: regional('kms', 'key/{uuid}'), attributes: { KeyId: '{uuid}' } },
  'AWS::KinesisFirehose::DeliveryStream': named('DeliveryStreamName', regional('firehose', 'deliverystream/{name}')),
  'AWS::Lambda::Function': named('FunctionName', regional('lambda', 'function:{name}')),
  // The attribute ends in ":*", the ARN of the group itself does not.
  'AWS::Logs::LogGroup': named('LogGroupName', regional('logs', 'log-group:{name}'), { Arn: regional('logs', 'log-group:{name}:*') }),
  'AWS::S3::Bucket': named('BucketName', 'arn:{partition}:s3:::{name}', {
    DomainName: '{name}.s3.{domain}',
    RegionalDomainName: '{name}.s3.{region}.{domain}',
  }),
  'AWS::SNS::Topic': byArn('TopicName', regional('sns', '{name}'), { TopicArn: regional('sns', '{name}'), TopicName: '{name}' }),
  'AWS::SQS::Queue': {
    ref: 'https://sqs.{region}.{domain}/{account}/{name}',
    nameProperty: 'QueueName',
    arn: regional('sqs', '{name}'),
    attributes: { QueueName: '{name}', QueueUrl: 'https://sqs.{region}.{domain}/{account}/{name}' },
  },
  'AWS::SSM::Parameter': named('Name', regional('ssm', 'parameter/{name}')),
  'AWS::SageMaker::Domain': numbered('sagemaker', 'domain/d-{hash}', 'Domain'),
  'AWS::SageMaker::Endpoint': sagemaker('endpoint', 'EndpointName'),
  'AWS::SageMaker::EndpointConfig': sagemaker('endpoint-config', 'EndpointConfigName'),
  'AWS::SageMaker::FeatureGroup': { ...sagemaker('feature-group', 'FeatureGroupName'), ref: '{name}' },
  'AWS::SageMaker::Model': sagemaker('model', 'ModelName'),
  'AWS::SageMaker::ModelPackageGroup': {
    ...sagemaker('model-package-group', 'ModelPackageGroupName'),
    attributes: { ModelPackageGroupArn: regional('sagemaker', 'model-package-group/{name}') },
  },
  'AWS::SageMaker::NotebookInstance': sagemaker('notebook-instance', 'NotebookInstanceName'),
  'AWS::SageMaker::Pipeline': { ...sagemaker('pipeline', 'PipelineName'), ref: '{name}' },
  'AWS::Scheduler::Schedule': named('Name', regional('scheduler', 'schedule/default/{name}')),
  'AWS::SecretsManager::Secret': byArn('Name', regional('secretsmanager', 'secret:{name}-{hash6}')),
  'AWS::StepFunctions::StateMachine': byArn('StateMachineName', regional('states', 'stateMachine:{name}'), { Name: '{name}' }),
  'AWS::WAFv2::WebACL': {
    ref: '{name}|{uuid}|REGIONAL',
    nameProperty: 'Name',
    arn: regional('wafv2', 'regional/webacl/{name}/{uuid}'),
    attributes: { Id: '{uuid}' },
  },
};

/** The naming of a type, or `undefined` when it is not in the table. */
export function physicalForm(type: string): PhysicalForm | undefined {
  return Object.hasOwn(FORMS, type) ? FORMS[type] : undefined;
}

/** What fills the placeholders for one resource; names may need resolving, so they are asked for only when used. */
export interface Placeholders {
  readonly partition: string;
  readonly region: string;
  readonly account: string;
  /** Identifies the resource: generated ids are derived from it. */
  readonly seed: string;
  readonly name: () => string;
  readonly path: () => string;
}

/** Fills the placeholders of a form. */
export function fillForm(form: string, { partition, region, account, seed, name, path }: Placeholders): string {
  const hash = hashOf(seed);
  const values: Readonly<Record<string, () => string>> = {
    partition: () => partition,
    region: () => region,
    account: () => account,
    domain: () => urlSuffix(partition),
    hash: () => hash.slice(0, 10),
    hash6: () => hash.slice(0, 6),
    HASH: () => hash.slice(0, 17).toUpperCase(),
    uuid: () => hash.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5'),
    name,
    path,
  };
  return (
    form
      .replace(/\{id:([a-z-]+)\}/g, (_, prefix: string) => `${prefix}-0${hash.slice(0, 16)}`)
      .replace(/\{(\w+)\}/g, (_, key: string) => values[key]())
      // Names of SSM parameters may begin with a slash, which their ARNs do not double.
      .replace(/^(arn:[^:]*:ssm:.*:parameter)\/\//, '$1/')
  );
}

/** A name of the shape that CloudFormation generates. */
export function generatedName(stackName: string, id: string, type: string): string {
  const name = `${stackName.slice(0, 24)}-${id.slice(0, 24)}-${hashOf(`${stackName}/${id}`).slice(0, 12)}`;
  return type === 'AWS::S3::Bucket' ? name.toLowerCase() : name;
}

export function urlSuffix(partition: string): string {
  return partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com';
}

function hashOf(seed: string): string {
  return createHash('sha256').update(seed).digest('hex');
}
