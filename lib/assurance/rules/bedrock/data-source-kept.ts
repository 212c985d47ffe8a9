import { isOneOf, not } from '../answer';
import { judged } from '../judgement';
import type { Rule } from '../rule';

/** `AISec-BR16`. */
export const dataSourceKept: Rule = {
  id: 'AISec-BR16',
  name: 'DataSourceKept',
  title: 'What is read into a knowledge base is encrypted with a key of the owner and deleted with its source',
  severity: 'HIGH',
  controls: ['DP2b', 'PG1', 'DP6'],
  threats: ['AML.T0035', 'LLM02', 'LLM08'],
  why: 'Copies of the documents lie in storage of the service while they are read, and stay in the index after the source is gone.',
  remedy: 'Set ServerSideEncryptionConfiguration.KmsKeyArn, and leave DataDeletionPolicy at DELETE.',
  example: "new bedrock.CfnDataSource(this, 'Source', { name: 'docs', knowledgeBaseId, dataSourceConfiguration, dataDeletionPolicy: 'DELETE', serverSideEncryptionConfiguration: { kmsKeyArn: key.keyArn } });",
  source: 'https://docs.aws.amazon.com/bedrock/latest/userguide/encryption-kb.html',
  types: ['AWS::Bedrock::DataSource'],
  check: (source) => [
    source.requirePresent('ServerSideEncryptionConfiguration.KmsKeyArn', 'what is read in is not encrypted with a key of the owner'),
    judged(not(isOneOf('RETAIN')(source.at('DataDeletionPolicy'))), 'what was read in stays after the source is deleted', 'DataDeletionPolicy'),
  ],
};
