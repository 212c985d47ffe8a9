import type { PolicyStatement, Resource } from '../../template';
import { AiWorkload } from '../ai-workload';
import type { Answer } from '../answer';
import { any, isOneOf, isPresent } from '../answer';
import type { JudgedApp } from '../judged-app';
import type { Judgement } from '../judgement';
import { judged } from '../judgement';
import { isOpen } from '../resource-breadth';
import { judgeAllows, WHO } from '../resource-policy';
import type { Rule } from '../rule';
import { demandsLike, isForAnybody } from '../statement-match';
import type { Subject } from '../subject';
import { isOfAiNetwork } from './app-network';
import { AI_ENDPOINTS, serviceOf } from './endpoint-service';

const ENDPOINT = ['AWS::EC2::VPCEndpoint'];
/** Every resource, or every resource of whatever account. */
const ANY_ACCOUNT = /^\*+$|^arn:[^:]*:[^:]*:[^:]*:\**:\*+(\/\*)?$/;
const OWN = /^aws:resource(account|orgid|orgpaths)$/;
const BOUND = /^aws:(principal|resource|source)/;

/** `AISec-NW06`. */
export const appEndpointPolicy: Rule = {
  id: 'AISec-NW06',
  name: 'AppEndpointPolicy',
  title: 'Every endpoint of a network that an AI workload uses has a policy of its own',
  severity: 'MEDIUM',
  controls: ['RT1', 'MI3'],
  threats: ['AML.T0025', 'LLM02'],
  why: 'The service for which nobody wrote a policy is the way out: a table, a bus or a queue of the attacker takes the data.',
  remedy: 'Write a policy with the own account or organisation as the principal and the resource.',
  example:
    "endpoint.addToPolicy(new iam.PolicyStatement({ principals: [new iam.AnyPrincipal()], actions: ['events:*'], resources: ['*'], conditions: { StringEquals: { 'aws:PrincipalAccount': this.account, 'aws:ResourceAccount': this.account } } }));",
  source: 'https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html',
  types: ENDPOINT,
  check: ({ app, resource }): readonly Judgement[] | undefined => {
    const service = serviceOf(resource);
    if (service === undefined || isJudgedAsAi(app, service) || !isOfAiNetwork(app, resource)) return undefined;
    const written = isPresent(resource.at('PolicyDocument'));
    if (written !== 'YES') return [judged(written, `the endpoint of ${service} lets everything through`, 'PolicyDocument')];
    return ofWays(app, resource, (statement) => demandsLike(statement, BOUND), `the endpoint of ${service} lets everything through`);
  },
};

/** `AISec-NW07`. */
export const endpointOwnIdentities: Rule = {
  id: 'AISec-NW07',
  name: 'EndpointOwnIdentities',
  title: 'An endpoint of a network that an AI workload uses lets own identities through only',
  severity: 'MEDIUM',
  controls: ['RT1', 'AA3'],
  threats: ['AML.T0025', 'AML.T0012'],
  why: 'Code in the container brings the access key of the attacker: with it the private way writes the weights into his account.',
  remedy: 'Demand aws:PrincipalOrgID or aws:PrincipalAccount.',
  example: "conditions: { StringEquals: { 'aws:PrincipalOrgID': 'o-abcd123456', 'aws:ResourceOrgID': 'o-abcd123456' } }",
  source: 'https://docs.aws.amazon.com/whitepapers/latest/building-a-data-perimeter-on-aws/building-a-data-perimeter-on-aws.html',
  types: ENDPOINT,
  check: (endpoint) => ofPerimeter(endpoint, WHO, 'identities of any account come through'),
};

/** `AISec-NW08`. */
export const endpointOwnResources: Rule = {
  id: 'AISec-NW08',
  name: 'EndpointOwnResources',
  title: 'An endpoint of a network that an AI workload uses leads to own resources only',
  severity: 'MEDIUM',
  controls: ['RT1', 'MI3'],
  threats: ['AML.T0025', 'LLM02'],
  why: 'The role of the job may be allowed by the policy of a bucket of the attacker: the private way leads there.',
  remedy: 'Demand aws:ResourceOrgID or aws:ResourceAccount, or name the resources.',
  example: "conditions: { StringEquals: { 'aws:PrincipalAccount': account, 'aws:ResourceAccount': account } }",
  source: 'https://docs.aws.amazon.com/whitepapers/latest/building-a-data-perimeter-on-aws/building-a-data-perimeter-on-aws.html',
  types: ENDPOINT,
  check: (endpoint) => ofPerimeter(endpoint, OWN, 'resources of any account are reached'),
};

/** `AISec-NW09`. */
export const appEndpointPrivateDns: Rule = {
  id: 'AISec-NW09',
  name: 'AppEndpointPrivateDns',
  title: 'The name of a service leads to its endpoint in a network that an AI workload uses',
  severity: 'LOW',
  controls: ['RT1'],
  threats: ['AML.T0025'],
  why: 'Without private names the SDK asks for the public address: the call goes past the endpoint and its policy, or fails until somebody opens the way.',
  remedy: 'Set PrivateDnsEnabled to true.',
  example: "vpc.addInterfaceEndpoint('Events', { service: ec2.InterfaceVpcEndpointAwsService.EVENTBRIDGE, privateDnsEnabled: true });",
  source: 'https://docs.aws.amazon.com/vpc/latest/privatelink/interface-endpoints.html',
  types: ENDPOINT,
  check: (endpoint) => {
    const service = serviceOf(endpoint.resource);
    // Those of AI services are judged by AISec-NW04.
    if (service === undefined || /^(sagemaker\.|bedrock)/.test(service) || !isOfAiNetwork(endpoint.app, endpoint.resource)) return undefined;
    if (isOneOf('Interface')(endpoint.at('VpcEndpointType')) === 'NO') return undefined;
    return endpoint.requireTrue('PrivateDnsEnabled', `the name of ${service} leads to the public address`);
  },
};

/** Whether AISec-DP02 judges the policy of the endpoint. */
function isJudgedAsAi(app: JudgedApp, service: string): boolean {
  return AI_ENDPOINTS.test(service) && (AiWorkload.of(app).resources.length > 0 || /^(sagemaker|bedrock)/.test(service));
}

/** Where nothing is bound at all AISec-DP02 or AISec-NW06 says so. */
function ofPerimeter({ app, resource }: Subject, key: RegExp, message: string): readonly Judgement[] | undefined {
  if (serviceOf(resource) === undefined || !isOfAiNetwork(app, resource) || resource.at('PolicyDocument') === undefined) return undefined;
  return ofWays(app, resource, (statement) => (demandsLike(statement, BOUND) === 'NO' ? 'YES' : demandsLike(statement, key)), message);
}

/** Judges what an endpoint allows to anybody, on resources of whatever account. */
function ofWays(
  app: JudgedApp,
  endpoint: Resource,
  isRight: (statement: PolicyStatement) => Answer,
  message: string,
): readonly Judgement[] {
  return judgeAllows(
    { sites: app.statementsAt(endpoint, 'PolicyDocument'), unreadable: app.unreadable(endpoint, 'PolicyDocument') },
    isForAnybody,
    (statement) => any([isOpen(statement, ANY_ACCOUNT) === 'NO' ? 'YES' : 'NO', isRight(statement)]),
    message,
  );
}
