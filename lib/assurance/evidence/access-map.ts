import type { JudgedApp, StatementSite } from '../rules/judged-app';
import { coversEverything } from '../rules/statement-match';
import type { PolicyStatement, PolicyTexts, Resource } from '../template';
import type { PathOf } from './data-flow';
import type { AccessEvidence } from './evidence';

/** Actions on models, data and the keys that protect them. */
const AI_ACTION = /^(\*|(sagemaker|bedrock|bedrock-agentcore|bedrock-mantle|s3|s3vectors|aoss|kms|ecr|dynamodb|secretsmanager)(-[a-z]+)?:)/i;

/** What every role and user of the templates may do to AI resources. */
export function accessMapOf(app: JudgedApp, pathOf: PathOf): AccessEvidence[] {
  const holders = app.ofTypes('AWS::IAM::Role', 'AWS::IAM::User');
  return holders.map((holder) => accessOf(app, holder, pathOf)).filter(({ grants }) => grants.length > 0);
}

function accessOf(app: JudgedApp, holder: Resource, pathOf: PathOf): AccessEvidence {
  const statements = app.statementsOfHolder(holder).map(({ statement }: StatementSite) => statement);
  const denied = new Set(statements.filter(deniesOutright).flatMap(({ actions }) => texts(actions).map((action) => action.toLowerCase())));
  const grants = statements
    .filter(({ effect }) => effect === 'Allow')
    .map((statement) => ({
      actions: grantedActions(statement, denied),
      resources: grantedResources(statement),
      conditions: [...new Set(statement.conditions.map(({ key }) => key))].sort(),
    }))
    .filter(({ actions }) => actions.length > 0);
  const { id } = holder;
  const constructPath = pathOf(holder);
  return {
    principal: id,
    ...(constructPath === undefined ? {} : { constructPath }),
    grants,
    boundary: holder.at('PermissionsBoundary') !== undefined,
  };
}

function deniesOutright(statement: PolicyStatement): boolean {
  return statement.effect === 'Deny' && statement.presence === 'YES' && statement.conditions.length === 0 && coversEverything(statement) && !statement.actions.negated;
}

function grantedActions({ actions }: PolicyStatement, denied: ReadonlySet<string>): string[] {
  if (actions.negated) return [`everything but ${texts(actions).join(', ')}`];
  return texts(actions).filter((action) => AI_ACTION.test(action) && !denied.has(action.toLowerCase()));
}

function grantedResources({ resources }: PolicyStatement): string[] {
  if (resources === undefined) return [];
  return resources.negated ? [`everything but ${texts(resources).join(', ')}`] : texts(resources);
}

function texts(list: PolicyTexts): string[] {
  return list.texts.map(({ parts }) => parts.join('')).sort();
}
