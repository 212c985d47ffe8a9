/**
 * Judges a large app by all rules: how long it takes, and how much memory.
 *
 * Argument: how many resources. Prints one line of JSON.
 */
import { judge } from '../../lib/assurance/rules/judge';
import { RULE_PACK } from '../../lib/assurance/rules/rule-pack';
import { TemplateModel } from '../../lib/assurance/template';

const wanted = Number(process.argv[2]);
/** Resources of one service of the app. */
const EACH = 10;
/** Services of one stack: CloudFormation takes 500 resources. */
const SERVICES = 50;

const arn = (id: string): object => ({ 'Fn::GetAtt': [id, 'Arn'] });
const document = (...Statement: object[]): object => ({ Version: '2012-10-17', Statement });

/** A model service as apps have them by the hundred: most of it is no AI resource, and all of it is wired. */
function service(n: number): Record<string, object> {
  const id = (name: string): string => `${name}${n}`;
  const get = { Effect: 'Allow', Action: ['s3:GetObject'], Resource: { 'Fn::Join': ['', [arn(id('Models')), `/service-${n}/*`]] } };
  const invoke = { Effect: 'Allow', Action: 'sagemaker:InvokeEndpoint', Resource: { Ref: id('Endpoint') } };
  const plain = {
    Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: arn(id('Models')), Condition: { Bool: { 'aws:SecureTransport': 'false' } } };
  const trust = (name: string): object => document({ Effect: 'Allow', Principal: { Service: `${name}.amazonaws.com` }, Action: 'sts:AssumeRole' });
  return {
    [id('Key')]: { Type: 'AWS::KMS::Key', Properties: { EnableKeyRotation: true, KeyPolicy: document({ Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::111122223333:root' }, Action: 'kms:*', Resource: '*' }) } },
    [id('Models')]: { Type: 'AWS::S3::Bucket', Properties: { BucketEncryption: { ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: arn(id('Key')) } }] } } },
    [id('Policy')]: { Type: 'AWS::S3::BucketPolicy', Properties: { Bucket: { Ref: id('Models') }, PolicyDocument: document(plain) } },
    [id('ModelRole')]: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: trust('sagemaker'), Policies: [{ PolicyName: 'read', PolicyDocument: document(get) }] } },
    [id('Model')]: { Type: 'AWS::SageMaker::Model', Properties: { ExecutionRoleArn: arn(id('ModelRole')), PrimaryContainer: { Image: `111122223333.dkr.ecr.eu-west-1.amazonaws.com/s${n}:1`, ModelDataUrl: { 'Fn::Sub': `s3://\${${id('Models')}}/model.tar.gz` } } } },
    [id('Config')]: { Type: 'AWS::SageMaker::EndpointConfig', Properties: { ProductionVariants: [{ ModelName: { 'Fn::GetAtt': [id('Model'), 'ModelName'] }, VariantName: 'main', InstanceType: 'ml.m5.large' }] } },
    [id('Endpoint')]: { Type: 'AWS::SageMaker::Endpoint', Properties: { EndpointConfigName: { 'Fn::GetAtt': [id('Config'), 'EndpointConfigName'] } } },
    [id('CallRole')]: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: trust('lambda') } },
    [id('CallPolicy')]: { Type: 'AWS::IAM::Policy', Properties: { PolicyName: 'call', Roles: [{ Ref: id('CallRole') }], PolicyDocument: document(invoke) } },
    [id('Function')]: { Type: 'AWS::Lambda::Function', Properties: { Role: arn(id('CallRole')), Code: { ZipFile: 'x' }, Environment: { Variables: { ENDPOINT: { Ref: id('Endpoint') } } } } },
  };
}

const stacks = Array.from({ length: wanted / (EACH * SERVICES) }, (_, stack) => ({
  stackName: `stack-${stack}`,
  template: { Resources: Object.assign({}, ...Array.from({ length: SERVICES }, (_, n) => service(stack * SERVICES + n))) as object },
  account: '111122223333',
  region: 'eu-west-1',
}));

const { resources, findings, tallies } = judge(TemplateModel.of(stacks), RULE_PACK);
const { user, system } = process.cpuUsage();
const evaluations = tallies.reduce((sum, { applied }) => sum + applied, 0);
const rss = process.resourceUsage().maxRSS / 1024;
process.stdout.write(JSON.stringify({ cpu: (user + system) / 1000, rss, resources, findings: findings.length, evaluations }));
