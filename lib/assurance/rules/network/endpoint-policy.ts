import type { PolicyStatement } from '../../template';
import { AiWorkload } from '../ai-workload';
import type { Answer } from '../answer';
import { all, any, answer, not } from '../answer';
import type { Judgement } from '../judgement';
import { COMPLIANT, judged, undetermined, violated } from '../judgement';
import { isOpen } from '../resource-breadth';
import type { Rule } from '../rule';
import { demandsLike, isForAnybody } from '../statement-match';
import { AI_ENDPOINTS, serviceOf } from './endpoint-service';

/** `AISec-DP02`. */
export const endpointPolicy: Rule = {
  id: 'AISec-DP02',
  name: 'EndpointPolicy',
  title: 'An endpoint lets through what the workload needs, for its own principals or resources',
  severity: 'HIGH',
  controls: ['MI3', 'RT1'],
  threats: ['AML.T0025', 'LLM02'],
  why: 'The private way to S3 leads to every bucket of the world: a job without internet still uploads the weights to the bucket of the attacker.',
  remedy: 'Write a policy with the own account or organisation as the principal or the resource.',
  example:
    "endpoint.addToPolicy(new iam.PolicyStatement({ principals: [new iam.AnyPrincipal()], actions: ['s3:GetObject'], resources: ['*'], conditions: { StringEquals: { 'aws:ResourceAccount': this.account, 'aws:PrincipalAccount': this.account } } }));",
  source: 'https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html',
  types: ['AWS::EC2::VPCEndpoint'],
  check: ({ app, resource }): readonly Judgement[] | undefined => {
    const service = serviceOf(resource);
    if (service === undefined || !AI_ENDPOINTS.test(service)) return undefined;
    if (AiWorkload.of(app).resources.length === 0 && !/^(sagemaker|bedrock)/.test(service)) return undefined;
    if (resource.at('PolicyDocument') === undefined) return [violated(`the endpoint of ${service} lets everything through`, 'PolicyDocument')];
    return [
      COMPLIANT,
      ...app.unreadable(resource, 'PolicyDocument').map(({ reason }) => undetermined(`the policy cannot be read: ${reason}`, 'PolicyDocument')),
      ...app
        .statementsAt(resource, 'PolicyDocument')
        .filter(({ statement }) => statement.effect === 'Allow')
        .map(({ statement, path }) => judged(not(letsAllThrough(statement)), `the endpoint of ${service} lets everything through`, path)),
    ];
  },
};

function letsAllThrough(statement: PolicyStatement): Answer {
  const bound = demandsLike(statement, /^aws:(principal|resource|source)/);
  return all([answer(isForAnybody(statement)), any([isOpen(statement, /^\*+$|^arn:[^:]*:[^:]*:[^:]*:[^:]*:\*+(\/\*)?$/)]), not(bound)]);
}
