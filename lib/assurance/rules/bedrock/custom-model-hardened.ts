import { isPresent } from '../answer';
import type { Judgement } from '../judgement';
import { judged, undetermined } from '../judgement';
import type { Rule } from '../rule';
import { mayStart } from './machine-role';
import { calledBy, machineStates, parameterOf } from './state-machine-states';

/** `AISec-BR22`. */
export const customModelHardened: Rule = {
  id: 'AISec-BR22',
  name: 'CustomModelHardened',
  title: 'A model is customised inside the network, and the result is encrypted with a key of the owner',
  severity: 'CRITICAL',
  controls: ['MI3', 'DP2b', 'RT1'],
  threats: ['AML.T0025', 'AML.T0035', 'LLM02'],
  why: 'The customised model has learnt the training data by heart; without a key of the owner nobody can stop or see who copies it.',
  remedy: 'Give CustomModelKmsKeyId and VpcConfig to CreateModelCustomizationJob.',
  example: '"Parameters": { "CustomModelKmsKeyId": "arn:aws:kms:…", "VpcConfig": { "SubnetIds": ["subnet-…"], "SecurityGroupIds": ["sg-…"] } }',
  source: 'https://docs.aws.amazon.com/bedrock/latest/userguide/encryption-custom-job.html',
  types: ['AWS::StepFunctions::StateMachine'],
  check: ({ app, resource }) => {
    const states = machineStates(resource);
    if (states === undefined) {
      const starts = mayStart(app, resource, 'bedrock:CreateModelCustomizationJob');
      return starts ? undetermined('the definition of a machine that may customise models cannot be read') : undefined;
    }
    return states
      .filter((state) => calledBy(state) === 'bedrock:createmodelcustomizationjob')
      .flatMap((state): Judgement[] => [
        judged(isPresent(parameterOf(state, 'CustomModelKmsKeyId')), `'${state.name}' gives the model no key of the owner`, 'DefinitionString'),
        judged(isPresent(parameterOf(state, 'VpcConfig')), `'${state.name}' trains outside of the network`, 'DefinitionString'),
      ]);
  },
};
