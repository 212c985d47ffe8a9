import { AiWorkload } from '../ai-workload';
import { isTrue, not } from '../answer';
import { definitionOf } from '../definitions/definition';
import type { Judgement } from '../judgement';
import type { Rule } from '../rule';
import type { Subject } from '../subject';

const MACHINE = ['AWS::StepFunctions::StateMachine'];
/** Machines that call models or start jobs themselves are judged by AISec-API03s and AISec-SF02, or AISec-LOG06 and AISec-LOG07. */
const JUDGED_ELSEWHERE = /^(?:bedrock:invokeModel|bedrockruntime:|bedrockagentruntime:|sagemakerruntime:|sagemaker:create(Training|Processing|Transform|HyperParameterTuning|Labeling)Job)/;

/** `AISec-LOG08`. */
export const stepMachineNoData: Rule = {
  id: 'AISec-LOG08',
  name: 'StepMachineNoData',
  title: 'A state machine whose steps read models or data does not log what they hand on',
  severity: 'LOW',
  controls: ['DP1', 'OB1'],
  threats: ['AML.T0007', 'AML.T0025'],
  why: 'Places of models, verdicts and task tokens are copied to the log group: who reads logs knows what is approved next, and answers in its place.',
  remedy: 'Set IncludeExecutionData to false; the level can stay at ALL.',
  example: "new sfn.StateMachine(this, 'Approval', { logs: { destination, level: sfn.LogLevel.ALL, includeExecutionData: false }, definitionBody });",
  source: 'https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html',
  types: MACHINE,
  check: ofStepMachine((machine) =>
    machine.require('LoggingConfiguration.IncludeExecutionData', (value) => not(isTrue(value)), 'what steps hand on is logged'),
  ),
};

/** `AISec-LOG09`. */
export const stepMachineKey: Rule = {
  id: 'AISec-LOG09',
  name: 'StepMachineKey',
  title: 'A state machine whose steps read models or data is encrypted with a key of your own',
  severity: 'LOW',
  controls: ['DP2b', 'DP3'],
  threats: ['AML.T0007', 'AML.T0025'],
  why: 'What the steps hand on is kept for 90 days under a key of AWS: whoever may read executions reads it, and no second lock is asked.',
  remedy: 'Set EncryptionConfiguration with a key of your own.',
  example: "new sfn.StateMachine(this, 'Approval', { encryptionConfiguration: new sfn.CustomerManagedEncryptionConfiguration(key), definitionBody });",
  source: 'https://docs.aws.amazon.com/step-functions/latest/dg/encryption-at-rest.html',
  types: MACHINE,
  check: ofStepMachine((machine) => machine.requirePresent('EncryptionConfiguration.KmsKeyId', 'what steps hand on is under a key of AWS')),
};

function ofStepMachine(judge: (machine: Subject) => Judgement): Rule['check'] {
  return (machine) => (isOfSteps(machine) ? judge(machine) : undefined);
}

/** Whether a function that the machine names acts by a role that reads data or models. */
function isOfSteps({ app, resource }: Subject): boolean {
  const workload = AiWorkload.of(app);
  if (!workload.isAnywhere || definitionOf(resource).steps.some(({ action }) => JUDGED_ELSEWHERE.test(action))) return false;
  const functions = new Set(resource.outgoing.filter(({ to, kind }) => kind !== 'DependsOn' && to.type === 'AWS::Lambda::Function').map(({ to }) => to));
  return [...functions].some((one) => {
    const role = app.named(one.at('Role'));
    return role !== undefined && workload.readsData(role);
  });
}
