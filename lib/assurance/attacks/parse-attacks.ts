import { WORKLOAD_TYPES } from '../network';
import { CONDITION_OPERATORS } from '../template';
import { AttackFileError } from './attack-error';
import { ATTACKS_SCHEMA } from './attack-spec';
import { COMMON_NAMES } from './bindings';
import { KEPT_USES } from './kept-roles';
import type { AnyAttack } from './network-attack';
import { WAYS_OUT, isNetworkAttack } from './network-attack';

/** A file of attacks. */
export interface AttackFile {
  readonly schema: typeof ATTACKS_SCHEMA;
  readonly attacks: readonly AnyAttack[];
}

const MAX_ATTACKS = 1000;
const MAX_TEXTS = 1000;

type Check = (value: unknown, path: string) => void;

/**
 * Reads a file of attacks, with every property known and of the right kind: a misspelt one would weaken an attack without a word.
 *
 * @throws AttackFileError with the place in the file
 */
export function parseAttacks(text: string): AttackFile {
  let file: unknown;
  try {
    file = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (cause) {
    throw new AttackFileError(`the file of attacks is no JSON: ${(cause as Error).message}`, { cause });
  }
  FILE(file, 'the file');
  const { attacks } = file as AttackFile;
  const ids = new Set<string>();
  for (const { id } of attacks) {
    if (ids.has(id)) fail('attacks', `the id '${id}' twice`, 'ids that differ');
    ids.add(id);
  }
  attacks.forEach(checkNames);
  return file as AttackFile;
}

/** A name without values would make an attack on nothing, which is always proved. */
function checkNames(spec: AnyAttack): void {
  const known = new Set<string>([...COMMON_NAMES, ...Object.keys(spec.subjects ?? {})]);
  const { subjects: _subjects, title: _title, oneLayer: _oneLayer, ...requests } = spec;
  for (const [, name] of JSON.stringify(requests).matchAll(/@(\w+)@/g)) {
    if (!known.has(name)) fail(`attack '${spec.id}'`, `the name @${name}@`, `a subject of the attack or one of ${COMMON_NAMES.join(', ')}`);
  }
  if (isNetworkAttack(spec)) return;
  for (const selector of [spec.principals, spec.legitimate?.principals]) {
    if (selector?.from !== undefined && !('callers' in (Object.hasOwn(spec.subjects, selector.from) ? spec.subjects[selector.from] : {}))) {
      fail(`attack '${spec.id}'`, `callers from '${selector.from}'`, 'the name of a subject that has callers');
    }
  }
}

function fail(path: string, found: string, expected: string): never {
  throw new AttackFileError(`${path} has ${found}: expected ${expected}`);
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

const text: Check = (value, path) => {
  if (typeof value !== 'string' || value === '' || value.length > 2048) fail(path, shown(value), 'a text of 1 to 2048 characters');
};

const truth: Check = (value, path) => {
  if (typeof value !== 'boolean') fail(path, shown(value), 'true or false');
};

const oneOf = (values: readonly string[]): Check => (value, path) => {
  if (!values.includes(value as string)) fail(path, shown(value), `one of ${values.join(', ')}`);
};

const matching = (pattern: RegExp, expected: string): Check => (value, path) => {
  if (typeof value !== 'string' || !pattern.test(value)) fail(path, shown(value), expected);
};

const list = (item: Check, min = 1): Check => (value, path) => {
  if (!Array.isArray(value) || value.length < min || value.length > MAX_TEXTS) fail(path, shown(value), `a list of ${min} to ${MAX_TEXTS}`);
  value.forEach((one, i) => item(one, `${path}[${i}]`));
};

const record = (key: Check, item: Check): Check => (value, path) => {
  if (!isObject(value) || Object.keys(value).length === 0) fail(path, shown(value), 'an object that is not empty');
  for (const [name, one] of Object.entries(value)) {
    key(name, `a name in ${path}`);
    item(one, `${path}.${name}`);
  }
};

const object = (required: Readonly<Record<string, Check>>, optional: Readonly<Record<string, Check>> = {}): Check => (value, path) => {
  if (!isObject(value)) fail(path, shown(value), 'an object');
  for (const [name, one] of Object.entries(value)) {
    const check = Object.hasOwn(required, name) ? required[name] : Object.hasOwn(optional, name) ? optional[name] : undefined;
    if (check === undefined) fail(path, `an unknown property '${name}'`, [...Object.keys(required), ...Object.keys(optional)].join(', '));
    check(one, `${path}.${name}`);
  }
  const missing = Object.keys(required).find((name) => !Object.hasOwn(value, name));
  if (missing !== undefined) fail(path, `no '${missing}'`, Object.keys(required).join(', '));
};

const either = (a: Check, b: Check, isFirst: (value: unknown) => boolean): Check => (value, path) => (isFirst(value) ? a : b)(value, path);

const texts = list(text);
const name = matching(/^\w{1,64}$/, 'a name of letters, digits and underscores');
const action = matching(/^(\*|[a-z0-9-]+:[A-Za-z*?]+)$/, 'an action such as s3:GetObject or s3:Get*');
const operator: Check = (value, path) => {
  const bare = String(value).replace(/^For(AnyValue|AllValues):/, '').replace(/IfExists$/, '');
  if (!CONDITION_OPERATORS.some((one) => one === bare)) fail(path, shown(value), 'an operator of the policy language, such as StringNotEquals');
};
const values = either(texts, text, Array.isArray);
const CALLER_PARTS: Readonly<Record<string, Check>> = {
  types: list(oneOf(['ROLE', 'USER', 'ACCOUNT_ADMIN', 'FOREIGN', 'ANONYMOUS', 'SERVICE', 'FEDERATED'])),
  ids: texts,
  exceptIds: texts,
};
const principals = object({}, { ...CALLER_PARTS, from: name, exceptRolesOf: texts, exceptKept: list(oneOf(KEPT_USES)) });
const REQUEST_PARTS: Readonly<Record<string, Check>> = {
  notAction: list(action),
  resource: texts,
  notResource: texts,
  where: record(operator, record(text, values)),
  principals,
};
const request = object({ action: list(action) }, REQUEST_PARTS);
/** Code in a network brings credentials of its own: whose they are is no matter of the templates' roles. */
const carried = object({ action: list(action) }, { ...REQUEST_PARTS, principals: object({}, CALLER_PARTS) });
/** One caller makes all requests of an attack: callers of one of them alone would be passed over. */
const further = object(
  { action: list(action) },
  { ...REQUEST_PARTS, principals: (_value, path) => fail(path, 'callers of its own', 'none, since one caller makes all requests: give them at the attack') },
);
const type = matching(/^[A-Za-z0-9]+(::[A-Za-z0-9]+)+$/, 'a type such as AWS::S3::Bucket');
const resources = list(
  object(
    { types: list(type) },
    { names: texts, tags: record(text, text), referencedBy: texts, properties: record(text, text) },
  ),
);
const subject = either(
  object({ callers: object({}, { may: list(action), trusts: texts, namedBy: texts }) }),
  object({ resources }, { except: resources }),
  (value) => isObject(value) && Object.hasOwn(value, 'callers'),
);

const id = matching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'an id of letters, digits, dots, dashes and underscores');
const ABOUT: Readonly<Record<string, Check>> = {
  threats: list(object({ id: text, verified: truth }), 0),
  controls: list(text, 0),
  oneLayer: text,
};
const subjects = record(name, subject);
const byPolicies = object(
  { id, title: text, subjects, action: list(action) },
  { ...REQUEST_PARTS, ...ABOUT, legitimate: request, and: list(further), notAskedWhen: record(text, text) },
);
const byTheNetwork = object(
  {
    id,
    title: text,
    network: object(
      { types: list(oneOf(WORKLOAD_TYPES)) },
      {
        names: texts,
        tags: record(text, text),
        callersOf: list(type),
        functionsThatMay: object({ action: list(action), resource: texts }),
        at: oneOf(['NETWORK']),
      },
    ),
  },
  { ...ABOUT, subjects, to: list(oneOf(WAYS_OUT)), through: carried, legitimate: object({ reaches: texts }, { request: carried }) },
);

const FILE = object({
  schema: oneOf([ATTACKS_SCHEMA]),
  attacks: (value, path) => {
    if (Array.isArray(value) && value.length > MAX_ATTACKS) fail(path, `${value.length} attacks`, `at most ${MAX_ATTACKS}`);
    list(either(byTheNetwork, byPolicies, (attack) => isObject(attack) && Object.hasOwn(attack, 'network')))(value, path);
  },
});
