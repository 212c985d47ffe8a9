import type { Value } from '../../template';
import { embeddedJson, isDict, textParts } from '../../template';
import { isOneOf } from '../answer';
import type { Judgement } from '../judgement';
import { COMPLIANT, judged } from '../judgement';
import type { Rule } from '../rule';

/** First words of names of what cannot be taken back. */
const CHANGES = new Set(
  (
    'delete remove drop purge destroy terminate cancel revoke reset pay transfer refund withdraw purchase buy send publish update modify ' +
    'overwrite write approve grant execute submit'
  ).split(' '),
);

/** `AISec-BR13`. */
export const actionConfirmed: Rule = {
  id: 'AISec-BR13',
  name: 'ActionConfirmed',
  title: 'An agent asks before it does what cannot be taken back',
  severity: 'HIGH',
  controls: ['MI5', 'AA4'],
  threats: ['AML.T0053', 'AML.T0101', 'LLM06'],
  why: 'An instruction hidden in a document makes the agent pay, delete or send, and no person sees it before it is done.',
  remedy: 'Set RequireConfirmation to ENABLED on functions that change something (x-requireConfirmation in an API schema).',
  example: "functionSchema: { functions: [{ name: 'refundOrder', requireConfirmation: 'ENABLED' }] }",
  source: 'https://docs.aws.amazon.com/bedrock/latest/userguide/agents-userconfirmation.html',
  types: ['AWS::Bedrock::Agent'],
  check: (agent) =>
    agent.forEach('ActionGroups', ({ path }, at): readonly Judgement[] => {
      // Control goes back to the application, which asks or does not: the template cannot show it.
      if (at('ActionGroupExecutor.CustomControl') === 'RETURN_CONTROL' || at('ActionGroupState') === 'DISABLED') return [];
      return [
        ...agent.forEach(`${path}.FunctionSchema.Functions`, (fn, of) => confirmed(of('Name'), of('RequireConfirmation'), fn.path)),
        ...operations(at('ApiSchema.Payload'), `${path}.ApiSchema.Payload`),
      ];
    }),
};

function confirmed(name: Value | undefined, confirmation: Value | undefined, path: string): Judgement {
  if (typeof name === 'string' && !CHANGES.has(firstWord(name))) return COMPLIANT;
  return judged(isOneOf('ENABLED')(confirmation), `'${textParts(name)?.join('') ?? ''}' is done without asking`, path);
}

function operations(payload: Value | undefined, path: string): Judgement[] {
  const schema = embeddedJson(payload);
  if (!isDict(schema) || !isDict(schema.paths)) return [];
  return Object.values(schema.paths).flatMap((methods) =>
    (isDict(methods) ? Object.entries(methods) : []).flatMap(([method, operation]) => {
      if (!isDict(operation) || method === 'parameters') return [];
      const name = method === 'delete' ? 'delete' : (operation.operationId ?? 'get');
      return [confirmed(name, operation['x-requireConfirmation'], path)];
    }),
  );
}

/** The first word of a name in camel, snake or kebab case. */
function firstWord(name: string): string {
  return /^_*([A-Z]?[a-z]+|[A-Z]+)/.exec(name)?.[1].toLowerCase() ?? '';
}
