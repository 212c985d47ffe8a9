import { judge } from '../../../../lib/assurance/rules/judge';
import { RULE_PACK } from '../../../../lib/assurance/rules/rule-pack';
import { TemplateModel } from '../../../../lib/assurance/template';
import { describe, expect, test } from 'vitest';

const RULES = ['AISec-SM22c', 'AISec-SM22e', 'AISec-SE03'];

/** A state machine whose input decides disks, time and hyperparameters, with a role that starts jobs under the given conditions. */
function said(condition: object | undefined, extra: object = {}): string[] {
  const job = { 'ResourceConfig.$': '$.resources', 'HyperParameters.$': '$.hyperparameters', StoppingCondition: { 'MaxRuntimeInSeconds.$': '$.seconds' } };
  const states = { Train: { Type: 'Task', Resource: 'arn:aws:states:::sagemaker:createTrainingJob.sync', Parameters: job, End: true } };
  const template = {
    Resources: {
      Role: {
        Type: 'AWS::IAM::Role',
        Properties: {
          AssumeRolePolicyDocument: {},
          Policies: [
            {
              PolicyName: 'jobs',
              PolicyDocument: { Statement: [{ Effect: 'Allow', Action: 'sagemaker:CreateTrainingJob', Resource: '*', ...(condition && { Condition: condition }) }] },
            },
          ],
          ...extra,
        },
      },
      Machine: {
        Type: 'AWS::StepFunctions::StateMachine',
        Properties: { RoleArn: { 'Fn::GetAtt': ['Role', 'Arn'] }, DefinitionString: JSON.stringify({ StartAt: 'Train', States: states }) },
      },
    },
  };
  const rules = RULE_PACK.filter(({ id }) => RULES.includes(id));
  expect(rules.length).toBe(RULES.length);
  return judge(TemplateModel.of([{ stackName: 'S', template }]), rules).findings.map(({ ruleId, verdict }) => `${ruleId} ${verdict}`);
}

const HELD = { Null: { 'sagemaker:VolumeKmsKeyArn': 'false' }, NumericLessThanEquals: { 'sagemaker:MaxRuntimeInSeconds': '86400' } };
const OPEN = ['AISec-SM22c UNDETERMINED', 'AISec-SM22e UNDETERMINED'];

describe('what the input of a state machine decides', () => {
  test('is as the role holds it', () => expect(said(HELD)).toEqual([]));

  test('is undetermined where the role holds nothing', () => expect(said(undefined)).toEqual(OPEN));

  test('is undetermined where another policy, from elsewhere, may hold less', () => {
    expect(said(HELD, { ManagedPolicyArns: ['arn:aws:iam::aws:policy/AmazonSageMakerFullAccess'] })).toEqual(OPEN);
  });

  test.each([
    ['a longer time', { ...HELD, NumericLessThanEquals: { 'sagemaker:MaxRuntimeInSeconds': '2419200' } }],
    ['a test that passes without the key', { ...HELD, NumericLessThanEquals: undefined, NumericLessThanEqualsIfExists: { 'sagemaker:MaxRuntimeInSeconds': '86400' } }],
    ['the other direction', { ...HELD, NumericLessThanEquals: undefined, NumericGreaterThanEquals: { 'sagemaker:MaxRuntimeInSeconds': '86400' } }],
  ])('is undetermined with %s', (_, condition) => {
    expect(said(JSON.parse(JSON.stringify(condition)) as object)).toEqual(['AISec-SM22e UNDETERMINED']);
  });

  test('holds no secret that a template shows', () => expect(said(HELD)).not.toContainEqual(expect.stringContaining('SE03')));
});
