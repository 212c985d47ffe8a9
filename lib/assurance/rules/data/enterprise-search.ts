import type { Rule } from '../rule';
import { isOneOf, not } from '../answer';
import { judged } from '../judgement';

/** `AISec-DP22`. */
export const searchIndexByUser: Rule = {
  id: 'AISec-DP22',
  name: 'SearchIndexByUser',
  title: 'A search index shows each user his own documents and is encrypted with a key of the owner',
  severity: 'HIGH',
  controls: ['AA3', 'DP2b'],
  threats: ['AML.T0085.000', 'LLM02', 'LLM08'],
  why: 'The assistant answers with documents that the person who asks may not read.',
  remedy: 'Set UserContextPolicy to USER_TOKEN with a token configuration, and a KmsKeyId.',
  example: "new kendra.CfnIndex(this, 'Index', { name: 'docs', edition: 'ENTERPRISE_EDITION', roleArn, userContextPolicy: 'USER_TOKEN', userTokenConfigurations, serverSideEncryptionConfiguration: { kmsKeyId: key.keyId } });",
  source: 'https://docs.aws.amazon.com/kendra/latest/dg/user-context-filter.html',
  types: ['AWS::Kendra::Index'],
  check: (index) => [
    index.requireOneOf('UserContextPolicy', ['USER_TOKEN'], 'results are not limited to what the user may read'),
    index.requirePresent('ServerSideEncryptionConfiguration.KmsKeyId', 'the index has no key of the owner'),
  ],
};

/** `AISec-DP23`. */
export const assistantKnowsUsers: Rule = {
  id: 'AISec-DP23',
  name: 'AssistantKnowsUsers',
  title: 'An assistant for employees knows who asks and is encrypted with a key of the owner',
  severity: 'HIGH',
  controls: ['AA1', 'DP2b'],
  threats: ['AML.T0040', 'AML.T0085.000', 'LLM02'],
  why: 'An anonymous assistant answers everybody who finds it, out of all documents that were connected to it.',
  remedy: 'Use identity centre or an OIDC or SAML provider as IdentityType, and set EncryptionConfiguration.KmsKeyId.',
  example: "new qbusiness.CfnApplication(this, 'Assistant', { displayName: 'docs', identityType: 'AWS_IAM_IDC', identityCenterInstanceArn, encryptionConfiguration: { kmsKeyId: key.keyId } });",
  source: 'https://docs.aws.amazon.com/amazonq/latest/qbusiness-ug/create-app.html',
  types: ['AWS::QBusiness::Application'],
  check: (assistant) => [
    judged(not(isOneOf('ANONYMOUS')(assistant.at('IdentityType'))), 'the assistant does not know who asks', 'IdentityType'),
    assistant.requirePresent('EncryptionConfiguration.KmsKeyId', 'the assistant has no key of the owner'),
  ],
};
