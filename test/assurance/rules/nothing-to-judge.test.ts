import { judge } from '../../../lib/assurance/rules/judge';
import { RULE_PACK } from '../../../lib/assurance/rules/rule-pack';
import { TemplateModel } from '../../../lib/assurance/template';
import { describe, expect, test } from 'vitest';

const ROLE = 'arn:aws:iam::111111111111:role/worker';
const TASK = (resource: string, request: object) =>
  JSON.stringify({ StartAt: 'T', States: { T: { Type: 'Task', Resource: resource, Parameters: request, End: true } } });

function saidOf(resources: object, rules: readonly string[]): string[] {
  const pack = RULE_PACK.filter(({ id }) => rules.includes(id));
  expect(pack.length).toBe(rules.length);
  const { findings } = judge(TemplateModel.of([{ stackName: 'S', template: { Resources: resources } }]), pack);
  return findings.map(({ ruleId, verdict, message }) => `${ruleId} ${verdict} ${message}`);
}

const served = (variant: object) => ({
  Model: { Type: 'AWS::SageMaker::Model', Properties: { ExecutionRoleArn: ROLE, PrimaryContainer: { Image: 'fraud' } } },
  Config: {
    Type: 'AWS::SageMaker::EndpointConfig',
    Properties: { ProductionVariants: [{ ModelName: { 'Fn::GetAtt': ['Model', 'ModelName'] }, VariantName: 'main', ...variant }] },
  },
});

describe('what AWS does not offer is not asked for', () => {
  const rules = ['AISec-SM01', 'AISec-SM02', 'AISec-SM07', 'AISec-SM09', 'AISec-SM48'];

  test('of models and configurations that are serverless', () => {
    expect(saidOf(served({ ServerlessConfig: { MaxConcurrency: 5, MemorySizeInMB: 2048 } }), rules)).toEqual([]);
  });

  test('but of the same with an instance it is', () => {
    expect(saidOf(served({ InstanceType: 'ml.m5.large', InitialInstanceCount: 1 }), rules).length).toBe(rules.length);
  });

  test('of a model that also stands behind an instance it is', () => {
    const both = { ...served({ ServerlessConfig: {} }), Other: served({ InstanceType: 'ml.m5.large' }).Config };
    expect(saidOf(both, ['AISec-SM01'])).toHaveLength(1);
  });

  test.each([
    'ml.g4dn.xlarge',
    'ml.g5.2xlarge',
    'ml.g6e.xlarge',
    'ml.p4d.24xlarge',
    'ml.p5.48xlarge',
    'ml.m5d.large',
    'ml.r5d.large',
    'ml.c5d.xlarge',
    'ml.trn1.2xlarge',
  ])('a volume key for the local storage of %s', (type) =>
    expect(saidOf(served({ InstanceType: type, InitialInstanceCount: 2 }), ['AISec-SM07'])).toEqual([]),
  );

  test.each(['ml.m5.large', 'ml.c5n.xlarge', 'ml.t2.medium', 'ml.inf2.xlarge', 'ml.p3.2xlarge', 'ml.m5n.large', 'ml.c6g.large'])(
    'but for %s it is',
    (type) => {
      expect(saidOf(served({ InstanceType: type, InitialInstanceCount: 2 }), ['AISec-SM07'])).toHaveLength(1);
    },
  );
});

test('a schedule that names its job definition holds no job', () => {
  const schedule = {
    Type: 'AWS::SageMaker::MonitoringSchedule',
    Properties: {
      MonitoringScheduleName: 's',
      MonitoringScheduleConfig: { MonitoringJobDefinitionName: 'quality', MonitoringType: 'DataQuality' },
    },
  };
  expect(saidOf({ schedule }, ['AISec-SM17', 'AISec-SM18', 'AISec-SM19', 'AISec-SM20', 'AISec-SM21'])).toEqual([]);
});

describe('what is made of models', () => {
  const written = (service: string) => ({
    Models: { Type: 'AWS::S3::Bucket', Properties: { Tags: [{ Key: 'AiDataSet', Value: 'models' }] } },
    Reports: { Type: 'AWS::S3::Bucket', Properties: { ObjectLockEnabled: true } },
    Role: {
      Type: 'AWS::IAM::Role',
      Properties: {
        AssumeRolePolicyDocument: { Statement: [{ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' }] },
        Policies: [{
          PolicyName: 'p',
          PolicyDocument: {
            Statement: [
              { Effect: 'Allow', Action: 's3:GetObject', Resource: { 'Fn::Sub': '${Models.Arn}/*' } },
              { Effect: 'Allow', Action: 's3:PutObject', Resource: { 'Fn::Sub': '${Reports.Arn}/*' } },
            ],
          },
        }],
      },
    },
  });
  const rules = ['AISec-DP65', 'AISec-DP66'];

  test('is written once, and by the step alone, where a step writes it', () => {
    expect(saidOf(written('lambda.amazonaws.com'), rules)).toHaveLength(2);
  });

  test('is not, where a job writes it: steps check that', () => {
    expect(saidOf(written('sagemaker.amazonaws.com'), rules)).toEqual([]);
  });

  test('is no matter where nobody who writes reads models', () => {
    const { Models, ...others } = written('lambda.amazonaws.com');
    expect(saidOf({ ...others, Models: { ...Models, Properties: {} } }, rules)).toEqual([]);
  });
});

describe('a definition that lies elsewhere', () => {
  const machine = (action: string) => ({
    Role: {
      Type: 'AWS::IAM::Role',
      Properties: {
        AssumeRolePolicyDocument: {},
        Policies: [{ PolicyName: 'p', PolicyDocument: { Statement: [{ Effect: 'Allow', Action: action, Resource: '*' }] } }],
      },
    },
    Machine: {
      Type: 'AWS::StepFunctions::StateMachine',
      Properties: { RoleArn: { 'Fn::GetAtt': ['Role', 'Arn'] }, DefinitionS3Location: { Bucket: 'b', Key: 'k' } },
    },
  });

  test('is no matter where the role cannot start jobs', () => {
    expect(saidOf(machine('lambda:InvokeFunction'), ['AISec-SM22', 'AISec-BR22', 'AISec-BR23'])).toEqual([]);
  });

  test('is undetermined where it can', () => {
    expect(saidOf(machine('sagemaker:CreateTrainingJob'), ['AISec-SM22'])).toEqual([expect.stringContaining('UNDETERMINED')]);
    expect(saidOf(machine('bedrock:CreateModel*'), ['AISec-BR22', 'AISec-BR23'])).toEqual([
      expect.stringContaining('AISec-BR22 UNDETERMINED'),
      expect.stringContaining('AISec-BR23 UNDETERMINED'),
    ]);
  });
});

test('vectors need no guardrail, texts do', () => {
  const calls = (model: string) => ({
    Machine: {
      Type: 'AWS::StepFunctions::StateMachine',
      Properties: { RoleArn: ROLE, DefinitionString: TASK('arn:aws:states:::bedrock:invokeModel', { ModelId: model }) },
    },
  });
  expect(saidOf(calls('amazon.titan-embed-text-v2:0'), ['AISec-SF01'])).toEqual([]);
  expect(saidOf(calls('amazon.nova-pro-v1:0'), ['AISec-SF01'])).toHaveLength(1);
});

test('hostile templates give findings, not errors', () => {
  const hostile = {
    ['__proto__x']: { Type: 'constructor', Properties: { toString: 'x' } },
    Machine: {
      Type: 'AWS::StepFunctions::StateMachine',
      Properties: {
        RoleArn: 7,
        DefinitionString:
          '{"StartAt":"__proto__","States":{"__proto__":{"Type":"Task","Resource":"arn:aws:states:::sagemaker:createTrainingJob","Next":"__proto__","Parameters":[]},"c":null,"d":[]}}',
        DefinitionSubstitutions: ['x'],
      },
    },
    Pipeline: {
      Type: 'AWS::SageMaker::Pipeline',
      Properties: {
        PipelineDefinition: {
          PipelineDefinitionBody:
            '{"Steps":[{"Type":"constructor","Name":{}},7,null,{"Type":"Condition","Arguments":[]},{"Type":"RegisterModel","Name":"__proto__","DependsOn":["__proto__"]}]}',
        },
      },
    },
    Model: { Type: 'AWS::SageMaker::Model', Properties: { PrimaryContainer: [[{}]], Containers: 'x', VpcConfig: 'y' } },
    Config: { Type: 'AWS::SageMaker::EndpointConfig', Properties: { ProductionVariants: { a: 1 }, DataCaptureConfig: [] } },
    Function: { Type: 'AWS::Lambda::Function', Properties: { Environment: { Variables: ['x'] }, Code: null } },
    Trail: { Type: 'AWS::CloudTrail::Trail', Properties: { AdvancedEventSelectors: 'x' } },
    Delivery: { Type: 'AWS::CodePipeline::Pipeline', Properties: { Stages: [{ Actions: { Name: 7 } }, 'x'] } },
  };
  const { findings } = judge(TemplateModel.of([{ stackName: 'S', template: { Resources: hostile } }]), RULE_PACK);
  expect(findings.filter(({ message }) => message.startsWith('the rule failed'))).toEqual([]);
  expect(findings.some(({ ruleId, resource }) => ruleId === 'AISec-SM22' && resource === 'S/Machine')).toBe(true);
});
