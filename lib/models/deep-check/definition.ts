/** Names in the definition that CloudFormation replaces by what it made. */
export const DEEP_CHECK_SUBSTITUTIONS = { FUNCTION: 'DeepCheckFunctionArn', PARTITION: 'Partition' } as const;

const named = (name: string): string => '$' + `{${name}}`;

/**
 * The deep check as Amazon States Language: one function, again and again, until every file is read. What changed, and what could not be
 * checked, fails the execution, and that raises the alarm.
 *
 * @see https://states-language.net
 */
export function deepCheckDefinition(): object {
  const is = (next: string, target: string) => ({ Variable: '$.cursor.next', StringEquals: next, Next: target });
  return {
    Comment: 'Reads the served models again and compares them with their manifests',
    StartAt: 'Rehash',
    // Well before the next day's check begins.
    TimeoutSeconds: 20 * 3600,
    States: {
      Rehash: {
        Type: 'Task',
        Resource: `arn:${named(DEEP_CHECK_SUBSTITUTIONS.PARTITION)}:states:::lambda:invoke`,
        Parameters: { FunctionName: named(DEEP_CHECK_SUBSTITUTIONS.FUNCTION), 'Payload.$': '$' },
        ResultSelector: { 'cursor.$': '$.Payload' },
        ResultPath: '$.done',
        Retry: [{
          // A run that could not look, or could not tell, begins again where the last one ended.
          ErrorEquals: ['States.TaskFailed'], IntervalSeconds: 60, MaxAttempts: 3, BackoffRate: 2, JitterStrategy: 'FULL',
        }],
        Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.error', Next: 'Unchecked' }],
        Next: 'Resume',
      },
      Resume: { Type: 'Pass', Parameters: { 'prefixes.$': '$.prefixes', 'cursor.$': '$.done.cursor' }, Next: 'More' },
      More: {
        Type: 'Choice',
        Choices: [is('CONTINUE', 'Rehash'), is('GOOD', 'Unchanged'), is('CHANGED', 'Changed')],
        Default: 'Unchecked',
      },
      Unchanged: { Type: 'Succeed' },
      Changed: { Type: 'Fail', Error: 'ModelChanged', Cause: 'A served model is not what was approved; the findings name it' },
      Unchecked: { Type: 'Fail', Error: 'ModelUnchecked', Cause: 'The served models could not be checked; the log of the function says why' },
    },
  };
}
