import { isOneOf } from '../answer';
import type { Rule } from '../rule';
import { serviceOf } from './endpoint-service';

/** `AISec-NW04`. */
export const endpointPrivateDns: Rule = {
  id: 'AISec-NW04',
  name: 'EndpointPrivateDns',
  title: 'The name of an AI service leads to its endpoint',
  severity: 'MEDIUM',
  controls: ['RT1'],
  threats: ['AML.T0025'],
  why: 'Without private names every SDK asks for the public address: prompts and data take the internet although the endpoint is there.',
  remedy: 'Set PrivateDnsEnabled to true.',
  example: "vpc.addInterfaceEndpoint('Bedrock', { service: ec2.InterfaceVpcEndpointAwsService.BEDROCK_RUNTIME, privateDnsEnabled: true });",
  source: 'https://docs.aws.amazon.com/vpc/latest/privatelink/interface-endpoints.html',
  types: ['AWS::EC2::VPCEndpoint'],
  check: (endpoint) => {
    const service = serviceOf(endpoint.resource);
    if (service === undefined || !/^(sagemaker\.|bedrock)/.test(service)) return undefined;
    if (isOneOf('Interface')(endpoint.at('VpcEndpointType')) === 'NO') return undefined;
    return endpoint.requireTrue('PrivateDnsEnabled', `the name of ${service} leads to the public address`);
  },
};
