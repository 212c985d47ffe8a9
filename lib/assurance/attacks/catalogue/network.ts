import type { RequestPattern } from '../../prover';
import type { CatalogueNetworkAttack, LegitimateConnection } from '../network-attack';
import { MODEL_BUCKETS, atlas } from './subjects';

/** Models, what serves or trains them, and what people work with them in. */
const MODEL_CODE = [
  'AWS::SageMaker::Model',
  'AWS::SageMaker::EndpointConfig',
  'AWS::SageMaker::NotebookInstance',
  'AWS::SageMaker::Domain',
  'AWS::SageMaker::ProcessingJob',
  'AWS::SageMaker::DataQualityJobDefinition',
  'AWS::SageMaker::ModelBiasJobDefinition',
  'AWS::SageMaker::ModelExplainabilityJobDefinition',
  'AWS::SageMaker::ModelQualityJobDefinition',
  'AWS::SageMaker::Cluster',
  'job',
];

const AGENT_CODE = ['AWS::BedrockAgentCore::Runtime', 'AWS::BedrockAgentCore::BrowserCustom', 'AWS::BedrockAgentCore::CodeInterpreterCustom'];

/** What leaves by an endpoint of AWS: data that somebody writes to a bucket of others. */
const TO_A_FOREIGN_BUCKET: RequestPattern = {
  action: ['s3:PutObject'],
  notResource: ['@answers@'],
  where: {
    StringNotEquals: { 'aws:ResourceAccount': '@accounts@', 'aws:ResourceOrgID': '@organization@' },
    Null: { 'aws:ResourceAccount': 'false' },
  },
  principals: { types: ['ROLE', 'USER', 'ACCOUNT_ADMIN', 'FOREIGN', 'ANONYMOUS'] },
};

/** Models and data come from buckets of our own. */
const FROM_AN_OWN_BUCKET: LegitimateConnection = { reaches: ['*.s3'], request: { action: ['s3:GetObject'], resource: ['@ownBuckets@/*'] } };

const ENDPOINT_IS_ONE_LAYER =
  'packets meet routes and groups; a request that an endpoint of AWS carries meets the policy of the endpoint alone, since code brings credentials of its own';

/** The attacks of the catalogue that routes, security groups, network ACLs and endpoints decide. */
export const NETWORK_ATTACKS: readonly CatalogueNetworkAttack[] = [
  {
    id: 'AISEC-06D',
    title: 'code hidden in a model or a job finds a way out of its network',
    threats: atlas('AML.CS0031', 'AML.T0011.000', 'AML.T0072'),
    controls: ['RT1'],
    network: { types: MODEL_CODE },
    through: TO_A_FOREIGN_BUCKET,
    legitimate: FROM_AN_OWN_BUCKET,
    oneLayer: ENDPOINT_IS_ONE_LAYER,
  },
  {
    id: 'AISEC-06E',
    title: 'something in the network that models are handled in finds a way out of it',
    threats: atlas('AML.CS0031', 'AML.T0072'),
    controls: ['RT1'],
    subjects: { models: MODEL_BUCKETS },
    network: {
      types: MODEL_CODE,
      functionsThatMay: { action: ['s3:GetObject'], resource: ['@models@/*'] },
      at: 'NETWORK',
    },
    through: TO_A_FOREIGN_BUCKET,
    legitimate: FROM_AN_OWN_BUCKET,
    oneLayer: 'the default group of a VPC, which CloudFormation cannot change, lets everything out: routes are left, and endpoint policies',
  },
  {
    id: 'AISEC-14',
    title: 'an agent, or a tool that it calls, sends what it knows to the outside',
    threats: atlas('AML.T0051.001', 'AML.T0086', 'AML.CS0037', 'AML.CS0039', 'AML.CS0054'),
    controls: ['MI3'],
    network: { types: AGENT_CODE, callersOf: ['AWS::Bedrock::Agent'] },
    through: TO_A_FOREIGN_BUCKET,
    legitimate: { reaches: ['*'] },
    oneLayer: ENDPOINT_IS_ONE_LAYER,
  },
];
