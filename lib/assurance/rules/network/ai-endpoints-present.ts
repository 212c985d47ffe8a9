import type { Resource } from '../../template';
import { Unknown } from '../../template';
import { AiWorkload } from '../ai-workload';
import type { JudgedApp } from '../judged-app';
import { COMPLIANT, undetermined, violated } from '../judgement';
import type { Rule } from '../rule';
import { serviceOf } from './endpoint-service';

const SAGEMAKER = ['s3', 'sagemaker.api', 'sagemaker.runtime', 'sts', 'kms', 'logs'];

/** What a workload calls from its subnets, by type. Where nothing is listed the platform fetches and stores from elsewhere. */
const NEEDED: Readonly<Record<string, readonly string[]>> = {
  'AWS::SageMaker::Domain': SAGEMAKER,
  'AWS::SageMaker::NotebookInstance': SAGEMAKER,
  'AWS::SageMaker::Model': ['s3'],
  'AWS::SageMaker::Cluster': ['s3', 'sts', 'logs', 'ecr.api', 'ecr.dkr'],
  'AWS::BedrockAgentCore::Runtime': ['s3', 'logs', 'ecr.api', 'ecr.dkr', 'bedrock-runtime'],
};

/** `AISec-DP03`. */
export const aiEndpointsPresent: Rule = {
  id: 'AISec-DP03',
  name: 'AiEndpointsPresent',
  title: 'The network of an AI workload has endpoints for the services that the workload calls',
  severity: 'MEDIUM',
  controls: ['RT1'],
  threats: ['AML.T0025'],
  why: 'Where an endpoint is missing, the first failed call is answered with a way to the internet, and that way stays.',
  remedy: 'Add the interface endpoints, and the gateway endpoint of S3.',
  example: "vpc.addInterfaceEndpoint('Bedrock', { service: ec2.InterfaceVpcEndpointAwsService.BEDROCK_RUNTIME });",
  source: 'https://docs.aws.amazon.com/sagemaker/latest/dg/interface-vpc-endpoint.html',
  types: ['AWS::EC2::VPC'],
  evidenceOnly: true,
  check: ({ app, resource }) => {
    const needed = new Set(workloadsIn(app, resource).flatMap(({ type }) => (Object.hasOwn(NEEDED, type) ? NEEDED[type] : [])));
    if (needed.size === 0) return undefined;
    const endpoints = app.ofTypes('AWS::EC2::VPCEndpoint').filter((endpoint) => app.named(endpoint.at('VpcId')) === resource);
    const sure = new Set(endpoints.filter(({ presence }) => presence === 'YES').map(serviceOf));
    const missing = [...needed].filter((service) => !sure.has(service)).sort();
    if (missing.length === 0) return COMPLIANT;
    const message = `no endpoint for ${missing.join(', ')}`;
    const open = endpoints.some((endpoint) => endpoint.presence === 'MAYBE' || endpoint.at('ServiceName') instanceof Unknown);
    return open ? undetermined(`cannot be decided from the template: ${message}`) : violated(message);
  },
};

/** The AI resources with a subnet in the network. */
function workloadsIn(app: JudgedApp, vpc: Resource): Resource[] {
  const inside = (subnet: Resource) => subnet.type === 'AWS::EC2::Subnet' && app.named(subnet.at('VpcId')) === vpc;
  return AiWorkload.of(app).resources.filter(({ outgoing }) => outgoing.some(({ to }) => to === vpc || inside(to)));
}
