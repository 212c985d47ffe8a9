import { AiWorkload } from '../ai-workload';
import { ofAiApp } from '../of-ai-app';
import { compares } from '../refusal';
import type { Rule } from '../rule';
import { KEY, judgeKeyRefusal } from './key-policy';

const TO_PEOPLE = compares(/^kms:grantisforawsresource$/, /^Bool$/, /^false$/);
const REMOVALS = ['kms:ScheduleKeyDeletion', 'kms:DisableKey'];

/** `AISec-DP38`. */
export const keyGrantsToServices: Rule = {
  id: 'AISec-DP38',
  name: 'KeyGrantsToServices',
  title: 'Grants on keys of an app with an AI workload are made for services of AWS only',
  severity: 'MEDIUM',
  controls: ['DP3', 'AA3'],
  threats: ['AML.T0035', 'AML.T0048.004'],
  why: 'A grant opens the key to anybody, in any account, and is in no policy: it outlives the stolen role that made it.',
  remedy: 'Add a Deny of kms:CreateGrant for everybody where kms:GrantIsForAWSResource is false.',
  example:
    "key.addToResourcePolicy(new iam.PolicyStatement({ effect: iam.Effect.DENY, principals: [new iam.AnyPrincipal()], actions: ['kms:CreateGrant'], resources: ['*'], conditions: { BoolIfExists: { 'kms:GrantIsForAWSResource': 'false' } } }));",
  source: 'https://docs.aws.amazon.com/kms/latest/developerguide/grants.html',
  types: KEY,
  check: ofAiApp((key) =>
    judgeKeyRefusal(key, { actions: ['kms:CreateGrant'], when: TO_PEOPLE, message: 'whoever has the permission grants the key to others' }),
  ),
};

/** `AISec-DP39`. */
export const keyRemovalRefused: Rule = {
  id: 'AISec-DP39',
  name: 'KeyRemovalRefused',
  title: 'Keys of an app with an AI workload are deleted and disabled by named principals only',
  severity: 'MEDIUM',
  controls: ['DP3'],
  threats: ['AML.T0029'],
  why: 'One call makes every model and every log under the key unreadable.',
  remedy: 'Add a Deny of kms:ScheduleKeyDeletion and kms:DisableKey for everybody but named roles, here or in a policy of the organisation.',
  example:
    "key.addToResourcePolicy(new iam.PolicyStatement({ effect: iam.Effect.DENY, principals: [new iam.AnyPrincipal()], actions: ['kms:ScheduleKeyDeletion', 'kms:DisableKey'], resources: ['*'], conditions: { ArnNotLike: { 'aws:PrincipalArn': [breakGlass.roleArn] } } }));",
  source: 'https://docs.aws.amazon.com/kms/latest/developerguide/deleting-keys.html',
  types: KEY,
  // Policies of the organisation forbid it as well, and no template shows them.
  evidenceOnly: true,
  check: ofAiApp((key) => {
    if (AiWorkload.of(key.app).isForTrying(key.resource)) return [];
    return judgeKeyRefusal(key, { actions: REMOVALS, message: 'whoever has the permission deletes or disables the key' });
  }),
};
