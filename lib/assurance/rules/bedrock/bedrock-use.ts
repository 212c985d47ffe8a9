import type { Resource } from '../../template';
import { IDENTITY_POLICY_TYPES, grantsOf } from '../grant';
import { INVOKE_FOUNDATION_MODEL } from '../identity/ai-actions';
import type { JudgedApp } from '../judged-app';
import type { Subject } from '../subject';

/** The types by which an app shows that it uses Bedrock: its resources, and policies that allow to call models. */
export const BEDROCK_USE_TYPES: readonly string[] = [
  'AWS::Bedrock::Agent',
  'AWS::Bedrock::Flow',
  'AWS::Bedrock::KnowledgeBase',
  'AWS::Bedrock::Prompt',
  'AWS::Bedrock::ApplicationInferenceProfile',
  ...IDENTITY_POLICY_TYPES,
];

/** Whether a resource of these types shows that the app uses models of Bedrock: a policy does where it allows to call them. */
export function usesBedrock(subject: Subject): boolean {
  return subject.resource.type.startsWith('AWS::Bedrock::') || grantsOf(subject, INVOKE_FOUNDATION_MODEL).length > 0;
}

const logSettings = new WeakMap<JudgedApp, Resource[]>();

/** The custom resources that set where the invocations of models are logged: CloudFormation has no type for it. */
export function invocationLogSettings(app: JudgedApp): Resource[] {
  let found = logSettings.get(app);
  if (found === undefined) {
    found = app.model.resources.filter((resource) => {
      if (!/^Custom::|^AWS::CloudFormation::CustomResource$/.test(resource.type)) return false;
      return /InvocationLogging/i.test(`${resource.type} ${resource.logicalId} ${JSON.stringify(resource.raw.Properties ?? {})}`);
    });
    logSettings.set(app, found);
  }
  return found;
}
