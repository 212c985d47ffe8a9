import { COMPLIANT } from '../judgement';
import type { Rule } from '../rule';
import { attachedPolicies } from './attached-policies';

const FULL_ACCESS =
  /:policy\/(service-role\/)?(AmazonSageMakerFullAccess|AmazonSageMakerCanvasFullAccess|AmazonBedrockFullAccess|AmazonBedrockStudioPermissionsBoundary|BedrockAgentCoreFullAccess|AmazonSageMakerHyperPodServiceFullAccess)$/;

/** `AISec-SM33`. */
export const noFullAccessPolicy: Rule = {
  id: 'AISec-SM33',
  name: 'NoFullAccessPolicy',
  title: 'No role carries the full-access policies of the AI services',
  severity: 'HIGH',
  controls: ['AA3', 'P1'],
  threats: ['AML.T0012', 'LLM06'],
  why: 'These policies cover every model, bucket and log of the service: one stolen session reads all projects and switches off what would tell.',
  remedy: 'Grant the actions that the role needs on named resources.',
  example: "role.addToPolicy(new iam.PolicyStatement({ actions: ['bedrock:InvokeModel'], resources: [modelArn] }));",
  source: 'https://docs.aws.amazon.com/sagemaker/latest/dg/security-iam-awsmanpol.html',
  types: ['AWS::IAM::Role', 'AWS::IAM::User', 'AWS::IAM::Group'],
  check: (holder) => [COMPLIANT, ...attachedPolicies(holder, FULL_ACCESS, 'may do everything in an AI service')],
};
