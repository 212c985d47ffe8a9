import { any } from '../answer';
import { IDENTITY_POLICY_TYPES, deniedUnless, judgeGrants } from '../grant';
import { ofAiApp } from '../of-ai-app';
import type { Rule } from '../rule';
import { demandsLike } from '../statement-match';

const USE = ['kms:Decrypt', 'kms:GenerateDataKey', 'kms:ReEncryptFrom'];
const GRANT = ['kms:CreateGrant'];

/** `AISec-IAM27`. */
export const keyUsedThroughServices: Rule = {
  id: 'AISec-IAM27',
  name: 'KeyUsedThroughServices',
  title: 'A role of an app with an AI workload uses keys through named services, or for a named context',
  severity: 'LOW',
  controls: ['DP3', 'P2'],
  threats: ['AML.T0035', 'AML.T0025'],
  why: 'A stolen role decrypts copies of models and data anywhere, past the policy of the bucket: with the condition the key opens only where that policy is asked.',
  remedy: 'Demand kms:ViaService, or the encryption context where the caller sends one.',
  example:
    "new iam.PolicyStatement({ actions: ['kms:Decrypt'], resources: [key.keyArn], conditions: { StringEquals: { 'kms:ViaService': 's3.eu-central-1.amazonaws.com' } } });",
  source: 'https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html',
  types: IDENTITY_POLICY_TYPES,
  check: ofAiApp((policy) =>
    judgeGrants(
      policy,
      USE,
      (statement) => any([demandsLike(statement, /^kms:(viaservice|encryptioncontext:.+)$/), deniedUnless(policy, statement, USE, 'kms:ViaService')]),
      'the key is used from anywhere',
    ),
  ),
};

/** `AISec-IAM28`. */
export const grantsForServicesOnly: Rule = {
  id: 'AISec-IAM28',
  name: 'GrantsForServicesOnly',
  title: 'A role of an app with an AI workload grants keys to services of AWS only',
  severity: 'MEDIUM',
  controls: ['DP3', 'AA3'],
  threats: ['AML.T0035', 'AML.T0012'],
  why: 'A grant outlives the session that made it and stands in no policy: a stolen role leaves itself, or another account, a way back.',
  remedy: 'Demand kms:GrantIsForAWSResource.',
  example:
    "new iam.PolicyStatement({ actions: ['kms:CreateGrant'], resources: [key.keyArn], conditions: { Bool: { 'kms:GrantIsForAWSResource': 'true' } } });",
  source: 'https://docs.aws.amazon.com/kms/latest/developerguide/grants.html',
  types: IDENTITY_POLICY_TYPES,
  check: ofAiApp((policy) =>
    judgeGrants(
      policy,
      GRANT,
      (statement) =>
        any([demandsLike(statement, /^kms:(grantisforawsresource|granteeprincipal|viaservice)$/), deniedUnless(policy, statement, GRANT, 'kms:GrantIsForAWSResource')]),
      'keys are granted to anybody',
    ),
  ),
};
