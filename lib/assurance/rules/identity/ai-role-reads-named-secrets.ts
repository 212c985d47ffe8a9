import type { Rule } from '../rule';
import { BREADTH_TYPES, judgeBreadth } from './breadth-rule';

/** `AISec-IAM15`. */
export const aiRoleReadsNamedSecrets: Rule = {
  id: 'AISec-IAM15',
  name: 'AiRoleReadsNamedSecrets',
  title: 'Notebooks, jobs, endpoints and agents read named secrets only',
  severity: 'HIGH',
  controls: ['AA5', 'RT4'],
  threats: ['AML.T0055', 'AML.T0083', 'LLM02'],
  why: 'One line of code in the workload reads the password of every database and the keys of every vendor.',
  remedy: 'Name the secrets and parameters in Resource.',
  example: 'secret.grantRead(agentRole);',
  source: 'https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_examples.html',
  types: BREADTH_TYPES,
  check: (policy) =>
    judgeBreadth(policy, {
      actions: ['secretsmanager:GetSecretValue', 'ssm:GetParameter', 'ssm:GetParameters', 'ssm:GetParametersByPath'],
      wide: /^\*+$|^arn:[^:]*:(secretsmanager|ssm|\*):[^:]*:[^:]*:((secret:|parameter\/?)?\*+)$/,
      narrowing: /^(aws|secretsmanager|ssm):resourcetag\//,
      message: 'the role of an AI service reads every secret',
    }),
};
