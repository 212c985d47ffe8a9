import { AiWorkload } from '../ai-workload';
import type { Judgement } from '../judgement';
import { COMPLIANT, undetermined, violated } from '../judgement';
import type { Rule } from '../rule';

const KEEPS = ['Retain', 'RetainExceptOnCreate', 'Snapshot'];

/** `AISec-DP42`. */
export const dataOutlivesStack: Rule = {
  id: 'AISec-DP42',
  name: 'DataOutlivesStack',
  title: 'Buckets and keys of models, training data and their logs outlive their stack',
  severity: 'MEDIUM',
  controls: ['DP7', 'DP3', 'ML5'],
  threats: ['AML.T0029'],
  why: 'A removed stack, or a changed name, takes the key of every model with it; a bucket goes as soon as it is empty.',
  remedy: 'Set DeletionPolicy and UpdateReplacePolicy to Retain.',
  example: "new s3.Bucket(this, 'Models', { removalPolicy: RemovalPolicy.RETAIN });",
  source: 'https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-attribute-deletionpolicy.html',
  types: ['AWS::S3::Bucket', 'AWS::KMS::Key'],
  check: ({ app, resource }) => {
    const workload = AiWorkload.of(app);
    const holds = resource.type === 'AWS::KMS::Key' ? workload.isAnywhere : workload.isKept(resource);
    if (!holds) return undefined;
    return ['DeletionPolicy', 'UpdateReplacePolicy'].map((attribute): Judgement => {
      const said = resource.raw[attribute];
      if (typeof said === 'object' && said !== null) return undetermined(`${attribute} is decided at deploy time`);
      return KEEPS.includes(String(said)) ? COMPLIANT : violated(`${attribute} is ${typeof said === 'string' ? said : 'not set'}: it goes with its stack`);
    });
  },
};
