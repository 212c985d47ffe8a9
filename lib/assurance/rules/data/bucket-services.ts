import type { PolicyStatement, PolicyText } from '../../template';
import { Unknown } from '../../template';
import type { Answer } from '../answer';
import { any, answer, not } from '../answer';
import type { JudgedApp } from '../judged-app';
import type { Judgement } from '../judgement';
import { isForService, judgeAllows } from '../resource-policy';
import type { Rule } from '../rule';
import { coversAnyAction, demandsLike, testsOn } from '../statement-match';
import type { Subject } from '../subject';
import { BUCKET, ofKeptBucket } from './ai-bucket';
import { readBucketPolicy } from './bucket-policy';

const MANAGES = ['s3:PutBucketPolicy', 's3:DeleteBucket', 's3:DeleteObject', 's3:PutLifecycleConfiguration'];

/** `AISec-DP46`. */
export const bucketServicesBound: Rule = {
  id: 'AISec-DP46',
  name: 'BucketServicesBound',
  title: 'A service writes to buckets of an AI workload and their records for the own account only',
  severity: 'MEDIUM',
  controls: ['AA2', 'OB1'],
  threats: ['AML.T0020', 'LLM04'],
  why: 'The service acts for all its customers: one of them has it write false records, or data, into your bucket. The ARN of a bucket holds no account.',
  remedy: 'Demand aws:SourceAccount, or an aws:SourceArn that holds the account.',
  example:
    "bucket.addToResourcePolicy(new iam.PolicyStatement({ principals: [new iam.ServicePrincipal('logging.s3.amazonaws.com')], actions: ['s3:PutObject'], resources: [bucket.arnForObjects('logs/*')], conditions: { StringEquals: { 'aws:SourceAccount': account } } }));",
  source: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html',
  types: BUCKET,
  check: ofKeptBucket((bucket) => ofServices(bucket, (statement) => namesAccount(bucket.app, statement), 'a service may write for any account')),
};

/** `AISec-DP47`. */
export const bucketServicesNameSource: Rule = {
  id: 'AISec-DP47',
  name: 'BucketServicesNameSource',
  title: 'A service writes to buckets of an AI workload and their records for named resources only',
  severity: 'LOW',
  controls: ['AA2', 'OB1'],
  threats: ['AML.T0020'],
  why: 'Whoever may make a resource of that service in the account, such as a second trail, mixes its records with yours.',
  remedy: 'Demand aws:SourceArn as well, at least for the kind of resource.',
  example:
    "conditions: { StringEquals: { 'aws:SourceAccount': account }, ArnLike: { 'aws:SourceArn': 'arn:aws:cloudtrail:eu-central-1:111111111111:trail/*' } }",
  source: 'https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html',
  types: BUCKET,
  check: ofKeptBucket((bucket) => ofServices(bucket, (statement) => demandsLike(statement, /^aws:sourcearn$/), 'a service may write for any resource of the account')),
};

/** `AISec-DP48`. */
export const bucketServicesUseOnly: Rule = {
  id: 'AISec-DP48',
  name: 'BucketServicesUseOnly',
  title: 'A service is allowed named actions on buckets of an AI workload and their records',
  severity: 'MEDIUM',
  controls: ['P1', 'OB1'],
  threats: ['AML.T0020', 'AML.T0029'],
  why: 'A statement with s3:* lets the service, and whoever steers it, replace the policy of the bucket and delete what it holds.',
  remedy: 'Name what the service does there, such as s3:PutObject.',
  example:
    "new iam.PolicyStatement({ principals: [new iam.ServicePrincipal('cloudtrail.amazonaws.com')], actions: ['s3:PutObject'], resources: [bucket.arnForObjects('AWSLogs/*')] });",
  source: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/security-best-practices.html',
  types: BUCKET,
  check: ofKeptBucket((bucket) => ofServices(bucket, (statement) => not(coversAnyAction(statement, MANAGES)), 'a service may manage the bucket')),
};

function ofServices({ app, resource }: Subject, isRight: (statement: PolicyStatement) => Answer, message: string): Judgement[] {
  return judgeAllows(readBucketPolicy(app, resource), isForService, isRight, message);
}

function namesAccount(app: JudgedApp, statement: PolicyStatement): Answer {
  const arn = demandsLike(statement, /^aws:sourcearn$/);
  const ofBuckets = testsOn(statement, 'aws:SourceArn').some(({ values }) => values.some((value) => isBucketArn(app, value)));
  return any([demandsLike(statement, /^aws:source(account|orgid|orgpaths)$/), arn === 'YES' ? answer(!ofBuckets) : arn]);
}

function isBucketArn(app: JudgedApp, { parts }: PolicyText): boolean {
  if (/^arn:[^:]*:s3:::/.test(parts.filter((part) => typeof part === 'string').join(''))) return true;
  const origins = parts.map((part) => (part instanceof Unknown ? part.origin : undefined));
  return origins.some((origin) => origin !== undefined && app.model.resource(origin.resource)?.type === BUCKET[0]);
}
