import { AiWorkload } from '../ai-workload';
import { not } from '../answer';
import { judgeAllows, WHO } from '../resource-policy';
import { isOpen } from '../resource-breadth';
import type { Rule } from '../rule';
import { demandsLike, isForAnybody } from '../statement-match';
import { BUCKET, ofKeptBucket } from './ai-bucket';
import { readBucketPolicy } from './bucket-policy';

/** Keys by which a statement for anybody is bound at all: AISec-DP13 asks for one of them. */
const BOUND = /^aws:(principal(orgid|orgpaths|account|arn)|source(account|arn|vpce?|ip|orgid))$/;

/** `AISec-DP49`. */
export const bucketAllowsNameResources: Rule = {
  id: 'AISec-DP49',
  name: 'BucketAllowsNameResources',
  title: 'What the policy of a bucket of an AI workload allows is allowed for the bucket or for named objects',
  severity: 'LOW',
  controls: ['P1', 'MI3'],
  threats: ['AML.T0035'],
  why: 'A star stands for the bucket, its settings and all of its objects; S3 may refuse it, and the bucket stands there without any policy.',
  remedy: 'Name the ARN of the bucket for actions on the bucket, and a prefix below it for actions on objects.',
  example: "new iam.PolicyStatement({ principals: [role], actions: ['s3:GetObject'], resources: [bucket.arnForObjects('models/*')] });",
  source: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-arn-format.html',
  types: BUCKET,
  check: ofKeptBucket(({ app, resource }) =>
    judgeAllows(readBucketPolicy(app, resource), () => true, (statement) => not(isOpen(statement, /^(arn:[^:]*:s3:::)?\*+$/)), 'every resource is allowed'),
  ),
};

/** `AISec-DP50`. */
export const bucketAllowsNamePrincipals: Rule = {
  id: 'AISec-DP50',
  name: 'BucketAllowsNamePrincipals',
  title: 'The policy of a bucket of an AI workload or of its records says who is allowed, and not only from where',
  severity: 'MEDIUM',
  controls: ['AA3', 'MI3'],
  threats: ['AML.T0035', 'AML.T0020', 'LLM02'],
  why: 'A source condition says on whose behalf or by which way: any service, or any stranger on that way, comes in by it.',
  remedy: 'Name the service or the role in Principal, or demand aws:PrincipalOrgID or aws:PrincipalAccount.',
  example: "new iam.PolicyStatement({ principals: [new iam.OrganizationPrincipal('o-abcd123456')], actions: ['s3:GetObject'], resources: [bucket.arnForObjects('*')] });",
  source: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-bucket-user-policy-specifying-principal-intro.html',
  types: BUCKET,
  check: ofKeptBucket(({ app, resource }) => {
    // Of a bucket of models or data AISec-DP13 finds the statement without any bound.
    const foundElsewhere = AiWorkload.of(app).isBucket(resource);
    return judgeAllows(
      readBucketPolicy(app, resource),
      (statement) => isForAnybody(statement) && !(foundElsewhere && demandsLike(statement, BOUND) === 'NO'),
      (statement) => demandsLike(statement, WHO),
      'anybody is allowed who comes from there',
    );
  }),
};
