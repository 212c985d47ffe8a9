import type { Rule } from '../rule';
import { BREADTH_TYPES, judgeBreadth } from './breadth-rule';

/** `AISec-IAM14`. */
export const aiRoleReadsNamedBuckets: Rule = {
  id: 'AISec-IAM14',
  name: 'AiRoleReadsNamedBuckets',
  title: 'Notebooks, jobs, endpoints and agents reach named buckets only',
  severity: 'HIGH',
  controls: ['P1', 'AA3'],
  threats: ['AML.T0035', 'AML.T0085.000', 'LLM06'],
  why: 'A package in a notebook or an injected prompt reads every bucket of the account, and writes what it finds to one of the attacker.',
  remedy: 'Name the buckets and prefixes in Resource.',
  example: "dataBucket.grantRead(trainingRole, 'train/*');",
  source: 'https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html',
  types: BREADTH_TYPES,
  check: (policy) =>
    judgeBreadth(policy, {
      actions: ['s3:GetObject', 's3:PutObject'],
      wide: /^\*+$|^arn:[^:]*:(s3|\*):[^:]*:[^:]*:\*+(\/\*)?$/,
      narrowing: /^(s3:existingobjecttag\/.*|s3:dataaccesspoint(arn|account)|aws:resourcetag\/.*)$/,
      message: 'the role of an AI service reads or writes every bucket',
    }),
};
