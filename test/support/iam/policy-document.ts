/** What `JSON.parse` can return. */
export type Json = string | number | boolean | null | Json[] | JsonObject;
export interface JsonObject {
  [key: string]: Json;
}

/** One statement of an IAM policy, as written in a template after resolution. */
export interface Statement extends JsonObject {
  Effect: 'Allow' | 'Deny';
}

export interface PolicyDocument {
  readonly Version: '2012-10-17';
  readonly Statement: Statement[];
}

/** IAM has four policy elements that hold a value or a list of values. */
export function asList(value: Json | undefined): Json[] {
  return value === undefined ? [] : Array.isArray(value) ? value : [value];
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const OPERATOR = new RegExp(
  '^(ForAllValues:|ForAnyValue:)?' +
    '(String(Not)?(Equals|EqualsIgnoreCase|Like)|(Numeric|Date)(Not)?Equals|(Numeric|Date)(Less|Greater)Than(Equals)?' +
    '|Bool|BinaryEquals|(Not)?IpAddress|Arn(Not)?(Equals|Like))(IfExists)?$|^Null$',
);

/**
 * Checks a resolved value and gives it the one shape that the rest relies on: a list of statements.
 *
 * The simulator takes an unknown operator for "does not match", so a misspelt Deny would look like a missing one: it is refused here.
 */
export function asPolicyDocument(value: Json | undefined, where: string): PolicyDocument {
  const document = typeof value === 'string' ? (JSON.parse(value) as Json) : value;
  if (!isObject(document) || document.Statement === undefined) {
    throw new Error(`${where} is no policy document: ${JSON.stringify(value)}`);
  }
  if (document.Version !== '2012-10-17') throw new Error(`${where} has version ${JSON.stringify(document.Version)}, want 2012-10-17`);
  const statements = asList(document.Statement).map((statement) => {
    if (!isObject(statement) || (statement.Effect !== 'Allow' && statement.Effect !== 'Deny')) {
      throw new Error(`${where} holds something that is no statement: ${JSON.stringify(statement)}`);
    }
    for (const operator of Object.keys((statement.Condition ?? {}) as JsonObject)) {
      if (!OPERATOR.test(operator)) throw new Error(`${where} statement ${sidOf(statement)} uses the unknown operator '${operator}'`);
    }
    return statement as Statement;
  });
  return { Version: '2012-10-17', Statement: statements };
}

export function sidOf(statement: JsonObject): string {
  return typeof statement.Sid === 'string' && statement.Sid !== '' ? statement.Sid : '(no sid)';
}

/** Every condition of a statement as (operator, key, value). */
export function conditionsOf(statement: JsonObject): { operator: string; key: string; value: Json }[] {
  return Object.entries((statement.Condition ?? {}) as JsonObject).flatMap(([operator, keys]) =>
    Object.entries(keys as JsonObject).map(([key, value]) => ({ operator, key, value })),
  );
}

/** Finds policy documents anywhere in a value: objects whose `Statement` is a statement or a list of them. */
export function findPolicyDocuments(value: Json, path = ''): { path: string; document: JsonObject }[] {
  if (Array.isArray(value)) return value.flatMap((item, index) => findPolicyDocuments(item, `${path}[${index}]`));
  if (!isObject(value)) return [];
  const own = asList(value.Statement).some((item) => isObject(item) && 'Effect' in item) ? [{ path, document: value }] : [];
  return [...own, ...Object.entries(value).flatMap(([key, item]) => findPolicyDocuments(item, path === '' ? key : `${path}.${key}`))];
}
