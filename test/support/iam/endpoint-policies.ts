import type { AttachedPolicy } from './policies';
import { type Json, type JsonObject, type Statement, asList, asPolicyDocument, isObject } from './policy-document';
import type { ResolvedTemplate } from './resolve-template';

export interface EndpointFacts {
  readonly arn: string;
  readonly id: string;
  readonly vpcId: string;
  /** The IAM prefix of the actions that go through it. */
  readonly actionPrefix: string;
  readonly accountId: string;
}

/** Endpoint names that differ from the IAM prefix of their service. */
const ACTION_PREFIX: Readonly<Record<string, string>> = {
  'bedrock-agent': 'bedrock',
  'bedrock-agent-runtime': 'bedrock',
  'bedrock-runtime': 'bedrock',
  'email-smtp': 'ses',
  'kinesis-firehose': 'firehose',
  'kinesis-streams': 'kinesis',
  monitoring: 'cloudwatch',
  'sync-states': 'states',
  tagging: 'tag',
};

/** VPC endpoints, and their policies where they have one. */
export function collectEndpoints(stacks: readonly ResolvedTemplate[]): { endpoints: EndpointFacts[]; policies: AttachedPolicy[] } {
  const endpoints: EndpointFacts[] = [];
  const policies: AttachedPolicy[] = [];
  for (const stack of stacks) {
    for (const id of stack.resourceIds('AWS::EC2::VPCEndpoint')) {
      const { VpcId: vpcId, ServiceName: service, VpcEndpointType: type = 'Gateway', PolicyDocument: policy } = stack.properties(id);
      const name = `${stack.stackName}/${id}`;
      const arn = stack.arnOf(id);
      const actionPrefix = actionPrefixOf(service as string, name);
      endpoints.push({ arn, id: stack.refOf(id), vpcId: vpcId as string, accountId: stack.env.accountId, actionPrefix });
      if (policy === undefined) continue;
      const document = asPolicyDocument(policy, name);
      const statements = document.Statement.map((statement) => principalAsCondition(statement, type === 'Gateway', name));
      policies.push({ name, kind: 'endpoint', target: arn, document: { ...document, Statement: statements } });
    }
  }
  return { endpoints, policies };
}

function actionPrefixOf(service: string, name: string): string {
  const [, prefix] = /^(?:cn\.)?com\.amazonaws\.[a-z0-9-]+\.([a-z0-9-]+)/.exec(service) ?? /^aws\.([a-z-]+)\./.exec(service) ?? [];
  if (prefix === undefined) throw new Error(`${name}: cannot tell the service of the endpoint '${service}'`);
  const plain = prefix.replace(/-fips$/, '');
  return ACTION_PREFIX[plain] ?? plain;
}

/**
 * The simulator evaluates endpoint policies with Principal "*" only. AWS says the same of gateway endpoints; for interface
 * endpoints a named account or role is the same as a condition on the caller.
 */
function principalAsCondition(statement: Statement, gateway: boolean, name: string): Statement {
  const { Principal: principal, ...rest } = statement;
  const named = isObject(principal) ? asList(principal.AWS) : asList(principal);
  if (named.length === 1 && named[0] === '*') return { ...rest, Effect: statement.Effect, Principal: '*' };
  if (gateway) {
    throw new Error(`${name}: the policy of a gateway endpoint needs Principal "*", use aws:PrincipalArn for ${JSON.stringify(principal)}`);
  }
  const [operator, extra] = callerCondition(named);
  const condition = (statement.Condition ?? {}) as JsonObject;
  const already = operator === undefined ? {} : ((condition[operator] ?? {}) as JsonObject);
  if (operator === undefined || Object.keys(extra).some((key) => Object.hasOwn(already, key))) {
    throw new Error(`${name}: cannot express Principal ${JSON.stringify(principal)} of an endpoint policy`);
  }
  return { ...rest, Effect: statement.Effect, Principal: '*', Condition: { ...condition, [operator]: { ...already, ...extra } } };
}

function callerCondition(principals: Json[]): [string, JsonObject] | [undefined, JsonObject] {
  const accounts = principals.map((one) => /^(?:arn:[^:]*:iam::)?(\d{12})(?::root)?$/.exec(String(one))?.[1]);
  if (principals.length === 0) return [undefined, {}];
  if (accounts.every((account) => account !== undefined)) return ['StringEquals', { 'aws:PrincipalAccount': accounts }];
  const arns = principals.every((one) => /^arn:[^:]*:iam::\d{12}:(role|user)\//.test(String(one)));
  return arns ? ['ArnEquals', { 'aws:PrincipalArn': principals }] : [undefined, {}];
}
