import type { ConditionTest, PolicyStatement } from '../../template';
import type { Rule } from '../rule';
import { coversAction } from '../statement-match';
import { BUCKET, ofKeptBucket } from './ai-bucket';
import { bucketStatements } from './bucket-policy';
import { judgeRefusal } from './bucket-refusal';

/** The tag of the malware scan is asked for by AISec-DP36. */
const BY_TAG = /^s3:existingobjecttag\/(?!guarddutymalwarescanstatus$)/;
const TAGGING = ['s3:PutObjectTagging', 's3:PutObjectVersionTagging', 's3:DeleteObjectTagging', 's3:DeleteObjectVersionTagging'];

/** `AISec-DP68`. */
export const readTagsNamedSetters: Rule = {
  id: 'AISec-DP68',
  name: 'ReadTagsNamedSetters',
  title: 'A tag that decides who reads a model or data of an AI workload is set and removed by named principals only',
  severity: 'MEDIUM',
  controls: ['ML8', 'AA3'],
  threats: ['AML.T0010', 'AML.T0029', 'AML.T0018'],
  why: 'Whoever may tag takes the mark off a withdrawn model and it is loaded again, or marks the good one and nothing is loaded at all.',
  remedy: 'Add a Deny of the four actions on object tags for everybody but the role that decides.',
  example:
    "bucket.addToResourcePolicy(new iam.PolicyStatement({ effect: iam.Effect.DENY, principals: [new iam.AnyPrincipal()], actions: ['s3:PutObjectTagging', 's3:PutObjectVersionTagging', 's3:DeleteObjectTagging', 's3:DeleteObjectVersionTagging'], resources: [bucket.arnForObjects('*')], conditions: { ArnNotEquals: { 'aws:PrincipalArn': [retirer.roleArn] } } }));",
  source: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/tagging-and-policies.html',
  types: BUCKET,
  check: ofKeptBucket((bucket) => {
    const decides = bucketStatements(bucket.app, bucket.resource).some(({ statement }) => readsByTag(statement));
    return decides ? judgeRefusal(bucket, { actions: TAGGING, message: 'whoever has the permission sets or removes the tag' }) : [];
  }),
};

function readsByTag(statement: PolicyStatement): boolean {
  return statement.conditions.some(({ foldedKey }: ConditionTest) => BY_TAG.test(foldedKey)) && coversAction(statement, 's3:GetObject') !== 'NO';
}
