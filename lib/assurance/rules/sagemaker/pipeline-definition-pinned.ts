import { any, isPresent, matches } from '../answer';
import { judged } from '../judgement';
import type { Rule } from '../rule';

/** `AISec-SM59`. */
export const pipelineDefinitionPinned: Rule = {
  id: 'AISec-SM59',
  name: 'PipelineDefinitionPinned',
  title: 'A pipeline definition that lies in a bucket is named by its version',
  severity: 'HIGH',
  controls: ['RT6', 'ML5'],
  threats: ['AML.T0010', 'AML.CS0028'],
  why: 'Whoever can write to the bucket changes what the pipeline runs, with its role, and no template shows it.',
  remedy: 'Put the definition into the template, name its Version, or put it under the hash of its content.',
  example: "pipelineDefinition: { pipelineDefinitionS3Location: { bucket, key, version: 'Nn4hX9Zk' } }",
  source: 'https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-sagemaker-pipeline-s3location.html',
  types: ['AWS::SageMaker::Pipeline'],
  check: (pipeline) => {
    const path = 'PipelineDefinition.PipelineDefinitionS3Location';
    if (isPresent(pipeline.at(path)) === 'NO') return undefined;
    const named = matches(CONTENT_ADDRESSED)(pipeline.at(`${path}.Key`));
    const pinned = any([isPresent(pipeline.at(`${path}.Version`)), isPresent(pipeline.at(`${path}.ETag`)), named === 'YES' ? 'YES' : 'NO']);
    return judged(pinned, 'the definition changes with the file in the bucket', `${path}.Version`);
  },
};

const CONTENT_ADDRESSED = /[0-9a-f]{64}/;
