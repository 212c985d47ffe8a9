import { compares, isThere } from '../refusal';
import type { Rule } from '../rule';
import { BUCKET, ofScannedBucket } from './ai-bucket';
import { judgeRefusal } from './bucket-refusal';

const NOT_CLEAN = compares(/^s3:existingobjecttag\/guarddutymalwarescanstatus$/, /^StringNot/, /^NO_THREATS_FOUND$/);

/** `AISec-DP35`. */
export const readOnlyWhenScanned: Rule = {
  id: 'AISec-DP35',
  name: 'ReadOnlyWhenScanned',
  title: 'What a malware scan has not passed is not read',
  severity: 'HIGH',
  controls: ['ML1', 'SC4'],
  threats: ['AML.T0010', 'AML.T0011', 'LLM03'],
  why: 'The verdict is a tag, and nobody waits for it: a model is loaded, and runs its payload, before the scan has ended.',
  remedy: 'Add a Deny of s3:GetObject where the tag of the scan is not NO_THREATS_FOUND, for everybody but the scanner.',
  example:
    "bucket.addToResourcePolicy(new iam.PolicyStatement({ effect: iam.Effect.DENY, principals: [new iam.AnyPrincipal()], actions: ['s3:GetObject'], resources: [bucket.arnForObjects('*')], conditions: { StringNotEquals: { 's3:ExistingObjectTag/GuardDutyMalwareScanStatus': 'NO_THREATS_FOUND' } } }));",
  source: 'https://docs.aws.amazon.com/guardduty/latest/ug/tag-based-access-s3-malware-protection.html',
  types: BUCKET,
  check: ofScannedBucket((bucket) =>
    judgeRefusal(bucket, { actions: ['s3:GetObject'], when: NOT_CLEAN, message: 'what no scan has passed is read' }),
  ),
};

/** `AISec-DP36`. */
export const scanTagByScannerOnly: Rule = {
  id: 'AISec-DP36',
  name: 'ScanTagByScannerOnly',
  title: 'The tag of a malware scan is set by the scanner only',
  severity: 'HIGH',
  controls: ['ML1', 'SC4'],
  threats: ['AML.T0010', 'AML.T0011', 'LLM03'],
  why: 'Whoever may tag writes the clean verdict on the infected file.',
  remedy: 'Add a Deny of s3:PutObjectTagging and s3:PutObjectVersionTagging for everybody but the role of the scan.',
  example:
    "bucket.addToResourcePolicy(new iam.PolicyStatement({ effect: iam.Effect.DENY, principals: [new iam.AnyPrincipal()], actions: ['s3:PutObjectTagging', 's3:PutObjectVersionTagging'], resources: [bucket.arnForObjects('*')], conditions: { ArnNotEquals: { 'aws:PrincipalArn': [scanRole.roleArn] } } }));",
  source: 'https://docs.aws.amazon.com/guardduty/latest/ug/tag-based-access-s3-malware-protection.html',
  types: BUCKET,
  check: ofScannedBucket((bucket) =>
    judgeRefusal(bucket, { actions: ['s3:PutObjectTagging', 's3:PutObjectVersionTagging'], message: 'whoever has the permission sets the verdict' }),
  ),
};

/** `AISec-DP37`. */
export const scanTagNotOnUpload: Rule = {
  id: 'AISec-DP37',
  name: 'ScanTagNotOnUpload',
  title: 'An upload does not bring the tag of a malware scan',
  severity: 'HIGH',
  controls: ['ML1', 'SC4'],
  threats: ['AML.T0010', 'AML.T0011', 'LLM03'],
  why: 'The clean verdict comes with the file: a header of the upload writes the tag before any scan.',
  remedy: 'Add a Deny of s3:PutObject where s3:RequestObjectTag/GuardDutyMalwareScanStatus is there.',
  example:
    "bucket.addToResourcePolicy(new iam.PolicyStatement({ effect: iam.Effect.DENY, principals: [new iam.AnyPrincipal()], actions: ['s3:PutObject'], resources: [bucket.arnForObjects('*')], conditions: { Null: { 's3:RequestObjectTag/GuardDutyMalwareScanStatus': 'false' } } }));",
  source: 'https://docs.aws.amazon.com/guardduty/latest/ug/tag-based-access-s3-malware-protection.html',
  types: BUCKET,
  check: ofScannedBucket((bucket) =>
    judgeRefusal(bucket, { actions: ['s3:PutObject'], when: isThere(/^s3:requestobjecttag\/guarddutymalwarescanstatus$/), message: 'an upload brings its own verdict' }),
  ),
};
