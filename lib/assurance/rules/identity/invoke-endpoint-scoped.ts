import { any, not } from '../answer';
import { IDENTITY_POLICY_TYPES, judgeGrants } from '../grant';
import { isOpen } from '../resource-breadth';
import type { Rule } from '../rule';
import { demandsLike } from '../statement-match';
import { INVOKE_ENDPOINT } from './ai-actions';

const ANY_ENDPOINT = /^\*+$|^arn:[^:]*:(sagemaker|\*):[^:]*:[^:]*:(endpoint\/)?\*+$/;

/** `AISec-IAM01`. */
export const invokeEndpointScoped: Rule = {
  id: 'AISec-IAM01',
  name: 'InvokeEndpointScoped',
  title: 'A principal may call only the endpoints that it needs, or any only from a known network or by its tags',
  severity: 'HIGH',
  controls: ['MI1', 'AA3'],
  threats: ['AML.T0024.002', 'AML.T0040', 'LLM10'],
  why: 'Whoever takes over one application queries every model of the account until a copy of it can be trained.',
  remedy: 'Name the endpoints in Resource; where they are not known beforehand, demand aws:SourceVpce or a tag of the endpoint.',
  example:
    "new iam.PolicyStatement({ actions: ['sagemaker:InvokeEndpoint'], resources: [stack.formatArn({ service: 'sagemaker', resource: 'endpoint', resourceName: 'fraud' })] });",
  source: 'https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsagemakerai.html',
  types: IDENTITY_POLICY_TYPES,
  check: (policy) =>
    judgeGrants(
      policy,
      INVOKE_ENDPOINT,
      (statement) => any([not(isOpen(statement, ANY_ENDPOINT)), demandsLike(statement, /^(aws:(sourcevpce?|principaltag\/.*)|(aws|sagemaker):resourcetag\/.*)$/)]),
      'may call every endpoint of the account',
    ),
};
