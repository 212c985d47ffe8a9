import { COMPLIANT } from '../judgement';
import { judgeAnybody } from '../open-to-anybody';
import type { Rule } from '../rule';
import { BUCKET, ofAiBucket } from './ai-bucket';
import { bucketStatements, unreadableBucketPolicy } from './bucket-policy';

/** `AISec-DP13`. */
export const modelBucketNamedReaders: Rule = {
  id: 'AISec-DP13',
  name: 'ModelBucketNamedReaders',
  title: 'The policy of a bucket of models or training data allows named principals only',
  severity: 'CRITICAL',
  controls: ['MI3', 'AA3'],
  threats: ['AML.T0035', 'AML.T0020', 'LLM02', 'LLM04'],
  why: 'Anybody reads the weights, or writes what the next training learns.',
  remedy: 'Name accounts or roles in Principal, or demand aws:PrincipalOrgID or aws:SourceVpce.',
  example: "bucket.addToResourcePolicy(new iam.PolicyStatement({ principals: [trainingRole], actions: ['s3:GetObject'], resources: [bucket.arnForObjects('*')] }));",
  source: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/security-best-practices.html',
  types: BUCKET,
  check: ofAiBucket(({ app, resource }) => [
    COMPLIANT,
    ...unreadableBucketPolicy(app, resource),
    ...judgeAnybody(bucketStatements(app, resource), /^aws:(principal(orgid|orgpaths|account|arn)|source(account|arn|vpce?|ip|orgid))$/, 'anybody is allowed'),
  ]),
};
