import type { Resource } from '../../template';
import { IDENTITY_POLICY_TYPES, grantsOf } from '../grant';
import { INVOKE_FOUNDATION_MODEL } from '../identity/ai-actions';
import type { JudgedApp } from '../judged-app';
import { Subject } from '../subject';

/** The types by which an app shows that it uses Bedrock: its resources, and policies that allow to call models. */
export const BEDROCK_USE_TYPES: readonly string[] = [
  'AWS::Bedrock::Agent',
  'AWS::Bedrock::Flow',
  'AWS::Bedrock::KnowledgeBase',
  'AWS::Bedrock::Prompt',
  'AWS::Bedrock::ApplicationInferenceProfile',
  ...IDENTITY_POLICY_TYPES,
];

const firstUses = new WeakMap<JudgedApp, { readonly resource: Resource | undefined }>();

/** The resource that shows that an app uses models of Bedrock: what is asked of the app as a whole is reported there, once. */
export function firstUseOfBedrock(app: JudgedApp): Resource | undefined {
  let found = firstUses.get(app);
  if (found === undefined) {
    const resource = app
      .ofTypes(...BEDROCK_USE_TYPES)
      .find((candidate) => candidate.type.startsWith('AWS::Bedrock::') || grantsOf(new Subject(candidate, app), INVOKE_FOUNDATION_MODEL).length > 0);
    firstUses.set(app, (found = { resource }));
  }
  return found.resource;
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
