import type { CatalogueAttack, Subject } from '../attack-spec';
import { LEAST_PRIVILEGE_IS_ONE_LAYER, OWN_ROLES, atlas } from './subjects';

const INVOKE = ['bedrock:InvokeModel', 'bedrock:InvokeModelWithResponseStream'];
const INVOKERS: Subject = { callers: { may: INVOKE } };
const BEDROCK: Subject = { callers: { may: ['bedrock:InvokeModel*', 'bedrock:Retrieve*', 'bedrock:InvokeAgent'] } };
const BY_INVOKERS = { ...OWN_ROLES, from: 'invokers' };

/** Ways to use, or to use up, foundation models. */
export const BEDROCK_USE: readonly CatalogueAttack[] = [
  {
    id: 'AISEC-01A',
    title: 'stolen credentials call a model from the internet',
    threats: atlas('AML.T0012', 'AML.T0075', 'AML.CS0030'),
    controls: ['MI3'],
    subjects: { invokers: INVOKERS },
    principals: BY_INVOKERS,
    action: INVOKE,
    where: { Null: { 'aws:SourceVpce': 'true' }, BoolIfExists: { 'aws:ViaAWSService': 'false' } },
    legitimate: { action: INVOKE, where: { Null: { 'aws:SourceVpce': 'false' } }, principals: BY_INVOKERS },
    oneLayer: 'models have no policy of their own: the role tests the network, and a service control policy can repeat it',
  },
  {
    id: 'AISEC-01B',
    title: 'a role calls any model there is',
    threats: atlas('AML.T0012', 'AML.T0075', 'AML.CS0030'),
    controls: ['MI3'],
    subjects: { invokers: INVOKERS },
    principals: BY_INVOKERS,
    action: INVOKE,
    resource: ['arn:*:bedrock:*::foundation-model/stranger.not-on-any-list-v1:0'],
    legitimate: { action: INVOKE, principals: BY_INVOKERS },
    oneLayer: LEAST_PRIVILEGE_IS_ONE_LAYER,
  },
  {
    id: 'AISEC-02',
    title: 'the log of invocations is turned off',
    threats: atlas('AML.T0012', 'AML.CS0030'),
    controls: ['OB1'],
    subjects: { users: BEDROCK },
    principals: OWN_ROLES,
    action: ['bedrock:PutModelInvocationLoggingConfiguration', 'bedrock:DeleteModelInvocationLoggingConfiguration'],
    legitimate: { action: ['bedrock:InvokeModel*', 'bedrock:Retrieve*', 'bedrock:InvokeAgent'], principals: OWN_ROLES },
    oneLayer: LEAST_PRIVILEGE_IS_ONE_LAYER,
  },
  {
    id: 'AISEC-03A',
    title: 'a model is called without a guardrail, or with one of no fixed version',
    threats: atlas('AML.T0051'),
    controls: ['MI3'],
    subjects: { invokers: INVOKERS },
    principals: BY_INVOKERS,
    action: INVOKE,
    where: { StringNotLike: { 'bedrock:GuardrailIdentifier': 'arn:aws*:bedrock:*:guardrail/*:*' } },
    legitimate: {
      action: INVOKE,
      where: { StringLike: { 'bedrock:GuardrailIdentifier': 'arn:aws*:bedrock:*:guardrail/*:*' } },
      principals: BY_INVOKERS,
    },
    oneLayer: 'models have no policy of their own: the role asks for the guardrail, and a service control policy can repeat it',
  },
  {
    id: 'AISEC-03B',
    title: 'a model is called with the draft of a guardrail, which changes',
    threats: atlas('AML.T0051'),
    controls: ['MI3'],
    subjects: { invokers: INVOKERS },
    principals: BY_INVOKERS,
    action: INVOKE,
    where: { StringLike: { 'bedrock:GuardrailIdentifier': '*:DRAFT' } },
    legitimate: { action: INVOKE, principals: BY_INVOKERS },
    oneLayer: 'models have no policy of their own: the role asks for the guardrail, and a service control policy can repeat it',
  },
  {
    id: 'AISEC-04',
    title: 'who calls models weakens the guardrail',
    threats: atlas('AML.T0051'),
    controls: ['MI3'],
    subjects: { invokers: INVOKERS },
    principals: BY_INVOKERS,
    action: ['bedrock:UpdateGuardrail', 'bedrock:DeleteGuardrail', 'bedrock:CreateGuardrail'],
    legitimate: { action: ['bedrock:ApplyGuardrail', ...INVOKE], principals: BY_INVOKERS },
    oneLayer: LEAST_PRIVILEGE_IS_ONE_LAYER,
  },
  {
    id: 'AISEC-25',
    title: 'a model is called in a region where the data may not be',
    threats: atlas('AML.T0025'),
    controls: ['P3'],
    subjects: { invokers: INVOKERS },
    principals: BY_INVOKERS,
    action: INVOKE,
    where: { StringNotEquals: { 'aws:RequestedRegion': '@regions@' } },
    legitimate: { action: INVOKE, where: { StringEquals: { 'aws:RequestedRegion': '@regions@' } }, principals: BY_INVOKERS },
    oneLayer: 'models have no policy of their own: the role names the region, and a service control policy can repeat it',
  },
];
