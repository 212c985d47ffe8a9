import type { Rule } from '../rule';
import { BREADTH_TYPES, judgeBreadth } from './breadth-rule';

/** `AISec-IAM16`. */
export const aiRoleDecryptsWithNamedKeys: Rule = {
  id: 'AISec-IAM16',
  name: 'AiRoleDecryptsWithNamedKeys',
  title: 'Notebooks, jobs, endpoints and agents use named keys only',
  severity: 'MEDIUM',
  controls: ['DP3', 'P1'],
  threats: ['AML.T0035', 'LLM02'],
  why: 'Keys are the second lock on data: a role that may decrypt with all of them makes every too wide bucket policy readable.',
  remedy: 'Name the keys, or bind the use by kms:ViaService, kms:ResourceAliases or a tag of the key.',
  example: 'key.grantDecrypt(trainingRole);',
  source: 'https://docs.aws.amazon.com/kms/latest/developerguide/iam-policies-best-practices.html',
  types: BREADTH_TYPES,
  check: (policy) =>
    judgeBreadth(policy, {
      actions: ['kms:Decrypt'],
      wide: /^\*+$|^arn:[^:]*:(kms|\*):[^:]*:[^:]*:(key\/)?\*+$/,
      narrowing: /^(kms:(viaservice|resourcealiases|requestalias|encryptioncontext:.*)|aws:resourcetag\/.*)$/,
      message: 'the role of an AI service decrypts with every key',
    }),
};
