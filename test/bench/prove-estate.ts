/**
 * Proves ten attacks on a bucket, a key and the roles of a large app: how long it takes, and how much memory.
 *
 * Arguments: how many roles, and how many statements each of them has. Prints one line of JSON.
 */
import type { Attack, Verdict } from '../../lib/assurance/prover';
import { Prover } from '../../lib/assurance/prover';
import { TemplateModel } from '../../lib/assurance/template';

const ACCOUNT = '111122223333';
const [roles, statements] = process.argv.slice(2).map(Number);

type Statement = Record<string, unknown>;

/** Statements that differ from role to role and from one to the next, as those of an app do: prefixes, keys, tags, networks, denials. */
function statementsOf(role: number): Statement[] {
  return Array.from({ length: statements }, (_, i): Statement => {
    const prefix = `arn:aws:s3:::data-${(role * 7 + i) % 40}/${role}/${i}`;
    switch (i % 8) {
      case 0:
        return { Effect: 'Allow', Action: ['s3:GetObject', 's3:GetObjectVersion'], Resource: `${prefix}/*` };
      case 1:
        return { Effect: 'Allow', Action: 's3:PutObject', Resource: `${prefix}/*`, Condition: { StringEquals: { 'aws:SourceVpce': `vpce-${i % 5}` } } };
      case 2:
        return { Effect: 'Allow', Action: ['s3:ListBucket', 's3:GetBucketLocation'], Resource: `arn:aws:s3:::data-${(role + i) % 40}` };
      case 3:
        return { Effect: 'Allow', Action: ['kms:Decrypt', 'kms:GenerateDataKey*'], Resource: '*', Condition: { StringLike: { 'kms:ViaService': `s3.*.amazonaws.com` } } };
      case 4:
        return { Effect: 'Allow', Action: ['sagemaker:Describe*', 'sagemaker:List*'], Resource: `arn:aws:sagemaker:*:${ACCOUNT}:*/team-${role}-${i}*` };
      case 5:
        return { Effect: 'Deny', Action: 's3:Delete*', Resource: `arn:aws:s3:::*-${i}/keep/*`, Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'false' } } };
      case 6:
        return { Effect: 'Allow', Action: 'logs:*', Resource: `arn:aws:logs:*:${ACCOUNT}:log-group:/app/${role}/${i}:*` };
      default:
        return { Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::models/*', Condition: { StringEquals: { 'aws:PrincipalTag/team': `t${i % 4}` } } };
    }
  });
}

const document = (Statement: Statement[]): object => ({ Version: '2012-10-17', Statement });
const both = ['arn:aws:s3:::models', 'arn:aws:s3:::models/*'];
const denial = (Condition: object, Action = 's3:*'): Statement => ({ Effect: 'Deny', Principal: '*', Action, Resource: both, Condition });

const template = {
  Resources: {
    Models: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'models' } },
    ModelsPolicy: {
      Type: 'AWS::S3::BucketPolicy',
      Properties: {
        Bucket: { Ref: 'Models' },
        PolicyDocument: document([
          denial({ Bool: { 'aws:SecureTransport': 'false' } }),
          denial({ NumericLessThan: { 's3:TlsVersion': '1.2' } }),
          denial({ StringNotEquals: { 'aws:SourceVpce': ['vpce-0', 'vpce-1'] }, BoolIfExists: { 'aws:PrincipalIsAWSService': 'false', 'aws:ViaAWSService': 'false' } }),
          denial({ ArnNotLike: { 'aws:PrincipalArn': `arn:aws:iam::${ACCOUNT}:role/break-glass` } }, 's3:Delete*'),
        ]),
      },
    },
    Key: {
      Type: 'AWS::KMS::Key',
      Properties: { KeyPolicy: document([{ Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` }, Action: 'kms:*', Resource: '*' }]) },
    },
    ...Object.fromEntries(
      Array.from({ length: roles }, (_, role) => [
        `Role${role}`,
        {
          Type: 'AWS::IAM::Role',
          Properties: {
            RoleName: `role-${role}`,
            AssumeRolePolicyDocument: document([{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }]),
            Policies: [{ PolicyName: 'own', PolicyDocument: document(statementsOf(role)) }],
          },
        },
      ]),
    ),
  },
};

const templateRoles = { principals: { types: ['ROLE'] as const } };
const ATTACKS: readonly Attack[] = [
  { id: 'tls', title: 'reads without TLS', action: ['s3:GetObject'], resource: both, where: { Bool: { 'aws:SecureTransport': 'false' } } },
  { id: 'old-tls', title: 'reads with old TLS', action: ['s3:*'], resource: both, where: { NumericLessThan: { 's3:TlsVersion': '1.2' } } },
  { id: 'network', title: 'reads from elsewhere', action: ['s3:GetObject'], resource: both, where: { StringNotEquals: { 'aws:SourceVpce': ['vpce-0', 'vpce-1'] }, Bool: { 'aws:ViaAWSService': 'false' } } },
  { id: 'delete', title: 'deletes models', action: ['s3:DeleteObject', 's3:DeleteObjectVersion'], resource: both },
  { id: 'policy', title: 'opens the bucket', action: ['s3:PutBucketPolicy', 's3:DeleteBucketPolicy'], resource: both },
  { id: 'write', title: 'writes models', action: ['s3:PutObject'], resource: both },
  { id: 'decrypt', title: 'decrypts by hand', action: ['kms:Decrypt'], where: { Null: { 'kms:ViaService': 'true' } } },
  { id: 'roles', title: 'makes itself an administrator', action: ['iam:*'], ...templateRoles },
  { id: 'jobs', title: 'starts a job without isolation', action: ['sagemaker:Create*'], where: { StringNotEquals: { 'sagemaker:NetworkIsolation': 'true' } }, ...templateRoles },
  { id: 'foreign-data', title: 'reads outside of the account', action: ['s3:GetObject'], notResource: ['arn:aws:s3:::models/*', 'arn:aws:s3:::data-*'], ...templateRoles },
];

const prover = Prover.of(TemplateModel.of([{ stackName: 'app', template: JSON.parse(JSON.stringify(template)) as unknown, account: ACCOUNT, region: 'eu-west-1' }]));
const verdicts = ATTACKS.map((attack): [string, Verdict] => [attack.id, prover.prove(attack).verdict]);
const { user, system } = process.cpuUsage();
process.stdout.write(JSON.stringify({ cpu: (user + system) / 1000, rss: process.resourceUsage().maxRSS / 1024, verdicts: Object.fromEntries(verdicts) }));
