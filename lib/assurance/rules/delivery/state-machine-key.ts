import { definitionOf } from '../definitions/definition';
import type { Rule } from '../rule';

/** `AISec-SF02`. */
export const stateMachineKey: Rule = {
  id: 'AISec-SF02',
  name: 'StateMachineKey',
  title: 'A state machine that handles prompts or models is encrypted with a key of your own',
  severity: 'MEDIUM',
  controls: ['DP2b'],
  threats: ['AML.T0025'],
  why: 'Inputs and outputs of every execution, prompts and answers with them, are kept for 90 days under a key of AWS.',
  remedy: 'Set EncryptionConfiguration with a key of your own.',
  example:
    "new sfn.StateMachine(this, 'Flow', { encryptionConfiguration: new " +
    'sfn.CustomerManagedEncryptionConfiguration(key), definitionBody });',
  source: 'https://docs.aws.amazon.com/step-functions/latest/dg/encryption-at-rest.html',
  types: ['AWS::StepFunctions::StateMachine'],
  check: (subject) => {
    if (
      !definitionOf(subject.resource).steps.some(({ action }) =>
        /^(?:bedrock:invokeModel|bedrockruntime:|bedrockagentruntime:|sagemakerruntime:)/.test(action),
      )
    )
      return undefined;
    return subject.requirePresent('EncryptionConfiguration.KmsKeyId', 'prompts and answers of the executions are under a key of AWS');
  },
};
