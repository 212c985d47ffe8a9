import type { CatalogueAttack, AttackerSelector, Subject } from '../attack-spec';
import { LEAST_PRIVILEGE_IS_ONE_LAYER, OWN_ROLES, atlas } from './subjects';

const AGENTS: Subject = { callers: { trusts: ['bedrock.amazonaws.com', 'bedrock-agentcore.amazonaws.com'] } };
const BY_AGENTS: AttackerSelector = { types: ['ROLE'], from: 'agents' };
const MEMORY = ['bedrock-agentcore:GetEvent', 'bedrock-agentcore:ListEvents', 'bedrock-agentcore:CreateEvent'];
const RECORDS = ['bedrock-agentcore:ListMemoryRecords', 'bedrock-agentcore:RetrieveMemoryRecords'];

/** Ways through agents, their tools and their memory. */
export const AGENT_USE: readonly CatalogueAttack[] = [
  {
    id: 'AISEC-15',
    title: 'an agent deletes what it was not meant to touch',
    threats: atlas('AML.T0101', 'AML.CS0046', 'AML.CS0047'),
    controls: ['MI3'],
    subjects: { agents: AGENTS },
    principals: BY_AGENTS,
    action: [
      'bedrock:Delete*',
      'bedrock-agentcore:Delete*',
      'cloudtrail:Delete*',
      'dynamodb:Delete*',
      'iam:Delete*',
      'kms:ScheduleKeyDeletion',
      'lambda:Delete*',
      'logs:Delete*',
      's3:Delete*',
      'sagemaker:Delete*',
      'secretsmanager:Delete*',
      'sns:Delete*',
      'sqs:Delete*',
    ],
    legitimate: { action: ['bedrock:Invoke*', 'bedrock:Retrieve*', 'lambda:InvokeFunction', 's3:GetObject'], principals: BY_AGENTS },
    oneLayer: LEAST_PRIVILEGE_IS_ONE_LAYER,
  },
  {
    id: 'AISEC-26',
    title: 'a gateway to tools is opened to everybody',
    threats: atlas('AML.CS0048', 'AML.CS0053'),
    controls: ['MI3'],
    subjects: { owners: { callers: { may: ['bedrock-agentcore:CreateGateway', 'bedrock-agentcore:UpdateGateway'] } } },
    principals: { ...OWN_ROLES, from: 'owners' },
    action: ['bedrock-agentcore:CreateGateway', 'bedrock-agentcore:UpdateGateway'],
    where: { StringNotEquals: { 'bedrock-agentcore:GatewayAuthorizerType': ['CUSTOM_JWT', 'AWS_IAM'] } },
    legitimate: {
      action: ['bedrock-agentcore:CreateGateway', 'bedrock-agentcore:UpdateGateway'],
      where: { StringEquals: { 'bedrock-agentcore:GatewayAuthorizerType': 'CUSTOM_JWT' } },
      principals: { ...OWN_ROLES, from: 'owners' },
    },
    oneLayer: LEAST_PRIVILEGE_IS_ONE_LAYER,
  },
  {
    id: 'AISEC-27A',
    title: 'an agent reads or writes the events of every actor',
    threats: atlas('AML.T0080.000', 'AML.CS0040'),
    controls: ['MI3'],
    subjects: { users: { callers: { may: MEMORY } } },
    principals: { ...OWN_ROLES, from: 'users' },
    action: MEMORY,
    where: { StringEquals: { 'bedrock-agentcore:actorId': 'stranger' } },
    legitimate: { action: MEMORY, principals: { ...OWN_ROLES, from: 'users' } },
    oneLayer: LEAST_PRIVILEGE_IS_ONE_LAYER,
  },
  {
    id: 'AISEC-27B',
    title: 'an agent reads the memory of every namespace',
    threats: atlas('AML.T0080.000', 'AML.CS0040'),
    controls: ['MI3'],
    subjects: { users: { callers: { may: RECORDS } } },
    principals: { ...OWN_ROLES, from: 'users' },
    action: RECORDS,
    where: { StringEquals: { 'bedrock-agentcore:namespace': 'stranger' } },
    legitimate: { action: RECORDS, principals: { ...OWN_ROLES, from: 'users' } },
    oneLayer: LEAST_PRIVILEGE_IS_ONE_LAYER,
  },
];
