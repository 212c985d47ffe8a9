import { any, not } from '../answer';
import type { Judgement } from '../judgement';
import { COMPLIANT, judged, undetermined } from '../judgement';
import { isOpen } from '../resource-breadth';
import type { Rule } from '../rule';
import { coversAnyAction, demandsLike } from '../statement-match';

const READS = ['aoss:APIAccessAll', 's3:GetObject', 's3:ListBucket', 's3vectors:QueryVectors', 'rds-data:ExecuteStatement', 'secretsmanager:GetSecretValue'];
const ANY = /^\*+$|^arn:[^:]*:[^:]*:[^:]*:[^:]*:((collection|cluster|bucket)[/:]|secret:)?\*+(\/\*)?$/;

/** `AISec-BR19`. */
export const knowledgeBaseRole: Rule = {
  id: 'AISec-BR19',
  name: 'KnowledgeBaseRole',
  title: 'The role of a knowledge base reads its own documents and its own index',
  severity: 'HIGH',
  controls: ['AA3', 'P1'],
  threats: ['AML.T0085.000', 'LLM02', 'LLM08'],
  why: 'Who may add a data source to the knowledge base makes it read any bucket and any index of the account, and asks it for the text.',
  remedy: 'Name the bucket, the collection and the secret in Resource.',
  example: "new iam.PolicyStatement({ actions: ['aoss:APIAccessAll'], resources: [collection.attrArn] });",
  source: 'https://docs.aws.amazon.com/bedrock/latest/userguide/kb-permissions.html',
  types: ['AWS::Bedrock::KnowledgeBase'],
  check: ({ app, resource }) => {
    const role = app.named(resource.at('RoleArn'));
    if (role?.type !== 'AWS::IAM::Role') return undetermined('the role of the knowledge base is not in the templates', 'RoleArn');
    return [
      COMPLIANT,
      ...app.statementsOfHolder(role).flatMap(({ statement, resource: policy }): Judgement[] => {
        if (statement.effect !== 'Allow' || coversAnyAction(statement, READS) !== 'YES') return [];
        const named = any([not(isOpen(statement, ANY)), demandsLike(statement, /^aws:resourcetag\/|^aoss:collection$/)]);
        return [judged(named, `${policy.logicalId} lets the knowledge base read everything of a store`, 'RoleArn')];
      }),
    ];
  },
};
