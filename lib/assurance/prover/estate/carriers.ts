import type { TemplateModel } from '../../template';
import type { Carrier } from './estate';
import { settledText } from './ground';
import type { Placeholders } from './placeholders';

interface CarrierType {
  readonly type: string;
  /** Property that names the role. */
  readonly role: string;
  readonly takenBy: readonly string[];
  /** ARN format for types whose ARN the template model does not know. */
  readonly pattern: string;
}

/** Types that run code with a role, with what replaces the code or hands out a way in. */
const CARRIER_TYPES: readonly CarrierType[] = [
  {
    type: 'AWS::Lambda::Function',
    role: 'Role',
    takenBy: ['lambda:UpdateFunctionCode', 'lambda:UpdateFunctionConfiguration'],
    pattern: 'arn:*:lambda:*:*:function:*',
  },
  {
    type: 'AWS::SageMaker::NotebookInstance',
    role: 'RoleArn',
    takenBy: ['sagemaker:CreatePresignedNotebookInstanceUrl'],
    pattern: 'arn:*:sagemaker:*:*:notebook-instance/*',
  },
  {
    type: 'AWS::SageMaker::Pipeline',
    role: 'RoleArn',
    takenBy: ['sagemaker:UpdatePipeline'],
    pattern: 'arn:*:sagemaker:*:*:pipeline/*',
  },
  {
    type: 'AWS::StepFunctions::StateMachine',
    role: 'RoleArn',
    takenBy: ['states:UpdateStateMachine'],
    pattern: 'arn:*:states:*:*:stateMachine:*',
  },
  { type: 'AWS::CodeBuild::Project', role: 'ServiceRole', takenBy: ['codebuild:UpdateProject'], pattern: 'arn:*:codebuild:*:*:project/*' },
];

/** What runs code with a role of the templates. */
export function templateCarriers(model: TemplateModel, placeholders: Placeholders): Carrier[] {
  return CARRIER_TYPES.flatMap(({ type, role, takenBy, pattern }) =>
    model.ofType(type).flatMap((resource) => {
      const roleArn = settledText(resource.at(role), placeholders.settle);
      const arn = settledText(model.arnOf(resource), placeholders.settle) ?? pattern;
      return roleArn === undefined ? [] : [{ id: resource.logicalId, arn, roleArn, takenBy }];
    }),
  );
}
