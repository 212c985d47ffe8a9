import { isOneOf } from '../answer';
import type { Judgement } from '../judgement';
import { undetermined } from '../judgement';
import { ofAiApp } from '../of-ai-app';
import { compares } from '../refusal';
import type { Rule } from '../rule';
import type { Subject } from '../subject';
import { KEY, judgeKeyRefusal } from './key-policy';

const SIGN = ['kms:Sign'];
const WHOLE_MESSAGE = compares(/^kms:messagetype$/, /^StringNot/);
const OTHER_ALGORITHM = compares(/^kms:signingalgorithm$/, /^StringNot/);

/** `AISec-DP57`. */
export const signingKeyNamedSigners: Rule = {
  id: 'AISec-DP57',
  name: 'SigningKeyNamedSigners',
  title: 'A key that signs in an app with an AI workload signs for named roles only',
  severity: 'MEDIUM',
  controls: ['ML6', 'DP3'],
  threats: ['AML.T0010.003', 'AML.T0018', 'LLM03'],
  why: 'Whoever may sign makes a poisoned model look like one that passed every check: a wide policy elsewhere is enough.',
  remedy: 'Add a Deny of kms:Sign to the policy of the key for everybody but the role that signs.',
  example:
    "key.addToResourcePolicy(new iam.PolicyStatement({ effect: iam.Effect.DENY, principals: [new iam.AnyPrincipal()], actions: ['kms:Sign'], resources: ['*'], conditions: { ArnNotEquals: { 'aws:PrincipalArn': [signer.roleArn] } } }));",
  source: 'https://docs.aws.amazon.com/kms/latest/developerguide/symmetric-asymmetric.html',
  types: KEY,
  check: ofSigningKey((key) => judgeKeyRefusal(key, { actions: SIGN, message: 'whoever has the permission signs' })),
};

/** `AISec-DP58`. */
export const signingKeyDigestsOnly: Rule = {
  id: 'AISec-DP58',
  name: 'SigningKeyDigestsOnly',
  title: 'A key that signs in an app with an AI workload signs digests only',
  severity: 'LOW',
  controls: ['ML6'],
  threats: ['AML.T0010.003'],
  why: 'A raw message may itself be read as a statement of another kind, which the signer has never seen as such.',
  remedy: 'Add a Deny of kms:Sign where kms:MessageType is not DIGEST.',
  example: "conditions: { StringNotEquals: { 'kms:MessageType': 'DIGEST' } }",
  source: 'https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html',
  types: KEY,
  check: ofSigningKey((key) => 
    // The signer is held to it as well.
    judgeKeyRefusal(key, { actions: SIGN, when: WHOLE_MESSAGE, maySpare: false, message: 'whole messages are signed' }),
  ),
};

/** `AISec-DP59`. */
export const signingKeyOneAlgorithm: Rule = {
  id: 'AISec-DP59',
  name: 'SigningKeyOneAlgorithm',
  title: 'A key that signs in an app with an AI workload signs by named algorithms only',
  severity: 'LOW',
  controls: ['ML6'],
  threats: ['AML.T0010.003'],
  why: 'A verifier that takes the algorithm from the signature accepts the weakest one that the key offers.',
  remedy: 'Add a Deny of kms:Sign where kms:SigningAlgorithm is another one.',
  example: "conditions: { StringNotEquals: { 'kms:SigningAlgorithm': 'ECDSA_SHA_256' } }",
  source: 'https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html',
  types: KEY,
  check: ofSigningKey((key) => 
    judgeKeyRefusal(key, { actions: SIGN, when: OTHER_ALGORITHM, maySpare: false, message: 'any algorithm of the key is used' }),
  ),
};

function ofSigningKey(judge: (key: Subject) => Judgement): Rule['check'] {
  return ofAiApp((key) => {
    const signs = isOneOf('SIGN_VERIFY')(key.at('KeyUsage'));
    if (signs === 'UNKNOWN') return undetermined('whether the key signs is decided at deploy time', 'KeyUsage');
    return signs === 'NO' ? [] : judge(key);
  });
}
