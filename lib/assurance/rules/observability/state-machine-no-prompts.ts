import { isTrue, not } from '../answer';
import { definitionOf } from '../definitions/definition';
import type { Rule } from '../rule';

/** `AISec-API03s`. */
export const stateMachineNoPrompts: Rule = {
  id: 'AISec-API03s',
  name: 'StateMachineNoPrompts',
  title: 'A state machine does not log the prompts and answers of its calls',
  severity: 'MEDIUM',
  controls: ['DP1', 'P6'],
  threats: ['AML.T0025', 'LLM02'],
  why: 'With execution data every prompt and answer is copied to the log group, past the retention and the key of the data.',
  remedy: 'Set IncludeExecutionData to false; the level can stay at ALL.',
  example:
    "new sfn.StateMachine(this, 'Flow', { logs: { destination, level: sfn.LogLevel.ALL, includeExecutionData: false " +
    '}, definitionBody });',
  source: 'https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html',
  types: ['AWS::StepFunctions::StateMachine'],
  check: (subject) => {
    if (!definitionOf(subject.resource).steps.some(({ action }) => CALLS.test(action))) return undefined;
    const path = 'LoggingConfiguration.IncludeExecutionData';
    return subject.require(path, (value) => not(isTrue(value)), 'prompts and answers of the executions are logged');
  },
};

const CALLS = /^(?:bedrock:invokeModel|bedrockruntime:|bedrockagentruntime:|sagemakerruntime:)/;
