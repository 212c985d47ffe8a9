import type { Value } from '../../template';
import { valueAt } from '../../template';
import { hasItems, isPresent } from '../answer';
import { definitionOf, stepsCalling } from '../definitions/definition';
import { mayCall } from '../definitions/may-call';
import { judged, undetermined } from '../judgement';
import type { Rule } from '../rule';

/** `AISec-BR22`. */
export const customModelKey: Rule = {
  id: 'AISec-BR22',
  name: 'CustomModelKey',
  title: 'A model that Bedrock customises is encrypted with a key of your own, and trained in your VPC',
  severity: 'CRITICAL',
  controls: ['MI3', 'ML3'],
  threats: ['AML.T0048.004', 'AML.T0025'],
  why: 'The custom model holds what was in the training data; under a key of AWS no key policy decides who invokes or copies it.',
  remedy: 'Set CustomModelKmsKeyId and VpcConfig in the request of CreateModelCustomizationJob.',
  example:
    "new tasks.BedrockCreateModelCustomizationJob(this, 'Tune', { customModelKmsKey: key, vpcConfig: { subnets, " +
    'securityGroups }, ... });',
  source: 'https://docs.aws.amazon.com/bedrock/latest/userguide/encryption-custom-job.html',
  types: ['AWS::StepFunctions::StateMachine'],
  check: (subject) => {
    const { unreadable } = definitionOf(subject.resource);
    if (unreadable !== undefined) {
      return mayCall(subject, ['bedrock:CreateModelCustomizationJob'])
        ? undetermined(`no rule can look into the job: ${unreadable}`)
        : undefined;
    }
    return stepsCalling(subject.resource, 'bedrock:createModelCustomizationJob').flatMap(({ name, path, request }) => {
      const at = (place: string): Value | undefined => valueAt(request, place.split('.'));
      return [
        judged(isPresent(at('CustomModelKmsKeyId')), `${name}: the custom model is under a key of AWS`, `${path}.CustomModelKmsKeyId`),
        judged(hasItems(1)(at('VpcConfig.SubnetIds')), `${name}: the job runs outside of your VPC`, `${path}.VpcConfig.SubnetIds`),
      ];
    });
  },
};
