import type { Dict, Value } from '../../template';
import { embeddedJson, isDict, listOf } from '../../template';
import type { Answer } from '../answer';
import { all, answer, any, isPresent } from '../answer';
import type { JudgedApp } from '../judged-app';
import { judged } from '../judgement';
import type { Rule } from '../rule';
import { ModelFront } from './model-front';

/** `AISec-API02`. */
export const bodyLimit: Rule = {
  id: 'AISec-API02',
  name: 'BodyLimit',
  title: 'A method that leads to a model checks the form and the length of the request',
  severity: 'HIGH',
  controls: ['ML1', 'ML8'],
  threats: ['AML.T0043', 'AML.T0034.001', 'AML.T0051', 'LLM10'],
  why: 'A request of a megabyte costs like a book, and fields that nobody expects reach the prompt.',
  remedy: 'Add a validator and a model with maxLength for texts and additionalProperties: false.',
  example:
    "api.addModel('Ask', { schema: { type: JsonSchemaType.OBJECT, additionalProperties: false, properties: { question: { type: JsonSchemaType.STRING, maxLength: 2000 } } } });",
  source: 'https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-method-request-validation.html',
  types: ['AWS::ApiGateway::Method'],
  check: ({ app, resource }) => {
    const verb = resource.at('HttpMethod');
    const hasNoBody = verb === 'GET' || verb === 'HEAD' || verb === 'DELETE';
    if (hasNoBody || !ModelFront.of(app).methods.includes(resource)) return undefined;
    const models = resource.at('RequestModels');
    const schemas = isDict(models) ? Object.values(models).map((name) => limitsText(app, name)) : [];
    const validated = isPresent(resource.at('RequestValidatorId'));
    return judged(all([validated, schemas.length > 0 ? any(schemas) : isPresent(models)]), 'neither the form nor the length of the request is checked', 'RequestModels');
  },
};

function limitsText(app: JudgedApp, name: Value): Answer {
  const model = app.named(name);
  if (model?.type !== 'AWS::ApiGateway::Model') return name === 'Empty' || name === 'Error' ? 'NO' : 'UNKNOWN';
  const schema = embeddedJson(model.at('Schema'));
  if (!isDict(schema)) return 'UNKNOWN';
  return answer(schema.additionalProperties === false && !somewhere(schema, isUnbounded));
}

/** What ends a text and a list; a schema of numbers alone needs nothing. */
const ENDS: Readonly<Record<string, readonly string[]>> = { string: ['maxLength', 'enum', 'const'], array: ['maxItems', 'enum', 'const'] };

function isUnbounded(part: Dict): boolean {
  return Object.entries(ENDS).some(([type, ends]) => listOf(part.type).includes(type) && !ends.some((end) => Object.hasOwn(part, end)));
}

/** Whether a schema, at any depth of it, is so. */
function somewhere(value: Value, isSo: (schema: Dict) => boolean, depth = 0): boolean {
  if (depth > 50 || typeof value !== 'object' || value === null) return false;
  return (isDict(value) && isSo(value)) || Object.values(value).some((item) => somewhere(item as Value, isSo, depth + 1));
}
