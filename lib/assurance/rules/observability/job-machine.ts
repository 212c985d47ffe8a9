import { isTrue, not } from '../answer';
import { definitionOf } from '../definitions/definition';
import type { Judgement } from '../judgement';
import type { Rule } from '../rule';
import type { Subject } from '../subject';

const MACHINE = ['AWS::StepFunctions::StateMachine'];
const STARTS = /^sagemaker:create(Training|Processing|Transform|HyperParameterTuning|Labeling)Job/;

/** `AISec-LOG06`. */
export const jobMachineNoData: Rule = {
  id: 'AISec-LOG06',
  name: 'JobMachineNoData',
  title: 'A state machine that starts jobs does not log what they are started with',
  severity: 'LOW',
  controls: ['DP1', 'OB1'],
  threats: ['AML.T0007', 'AML.T0025'],
  why: 'Places of data and models, parameters and environments of every job are copied to the log group, where more people read.',
  remedy: 'Set IncludeExecutionData to false; the level can stay at ALL.',
  example: "new sfn.StateMachine(this, 'Training', { logs: { destination, level: sfn.LogLevel.ALL, includeExecutionData: false }, definitionBody });",
  source: 'https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html',
  types: MACHINE,
  check: ofJobMachine((machine) =>
    machine.require('LoggingConfiguration.IncludeExecutionData', (value) => not(isTrue(value)), 'what jobs are started with is logged'),
  ),
};

/** `AISec-LOG07`. */
export const jobMachineKey: Rule = {
  id: 'AISec-LOG07',
  name: 'JobMachineKey',
  title: 'A state machine that starts jobs is encrypted with a key of your own',
  severity: 'LOW',
  controls: ['DP2b', 'DP3'],
  threats: ['AML.T0007', 'AML.T0025'],
  why: 'Places of data and models and parameters of every job are kept for 90 days under a key of AWS: whoever may read executions reads them.',
  remedy: 'Set EncryptionConfiguration with a key of your own.',
  example: "new sfn.StateMachine(this, 'Training', { encryptionConfiguration: new sfn.CustomerManagedEncryptionConfiguration(key), definitionBody });",
  source: 'https://docs.aws.amazon.com/step-functions/latest/dg/encryption-at-rest.html',
  types: MACHINE,
  check: ofJobMachine((machine) => machine.requirePresent('EncryptionConfiguration.KmsKeyId', 'what jobs are started with is under a key of AWS')),
};

function ofJobMachine(judge: (machine: Subject) => Judgement): Rule['check'] {
  return (machine) => (definitionOf(machine.resource).steps.some(({ action }) => STARTS.test(action)) ? judge(machine) : undefined);
}
