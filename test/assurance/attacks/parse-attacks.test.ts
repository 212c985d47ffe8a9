import * as fs from 'node:fs';
import * as path from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseAttacks } from '../../../lib/assurance/attacks/parse-attacks';
import { judgeOf, role } from './template';

const attack = {
  id: 'OWN-1',
  title: 'a role reads the secret',
  subjects: { secrets: { resources: [{ types: ['AWS::SecretsManager::Secret'] }] } },
  principals: { types: ['ROLE'] },
  action: ['secretsmanager:GetSecretValue'],
  resource: ['@secrets@'],
};
const way = {
  id: 'OWN-2',
  title: 'an agent reaches something that is not ours',
  network: { types: ['AWS::BedrockAgentCore::Runtime'], names: ['*helper*'] },
};
const file = (...attacks: unknown[]) => JSON.stringify({ schema: 'cdk-secure-ai/attacks/v1', attacks });

test('an attack of the user is judged like one of the library', () => {
  const [spec] = parseAttacks(file(attack)).attacks;
  const secret = { Secret: { Type: 'AWS::SecretsManager::Secret', Properties: { Name: 's' } } };
  const reader = (Action: string) => ({ Reader: role('reader', 'lambda.amazonaws.com', [{ Effect: 'Allow', Action, Resource: '*' }]) });
  expect(judgeOf(reader('secretsmanager:*')).judge(spec)).toMatchObject({ verdict: 'NOT_APPLICABLE', reasons: ['the template has no secrets'] });
  expect(judgeOf({ ...secret, ...reader('secretsmanager:*') }).judge(spec).verdict).toBe('REFUTED');
  expect(judgeOf({ ...secret, ...reader('s3:*') }).judge(spec).verdict).toBe('PROVED_VACUOUSLY');
});

describe('a file is refused, with the place, when', () => {
  test.each<[string, string, RegExp]>([
    ['it is no JSON', '{', /is no JSON/],
    ['it is of another schema', JSON.stringify({ schema: 'x', attacks: [attack] }), /the file\.schema has "x"/],
    ['it holds no attack', file(), /attacks has \[\]/],
    ['a property is misspelt, which would widen or weaken the attack', file({ ...attack, resources: [] }), /unknown property 'resources'/],
    ['an operator does not exist', file({ ...attack, where: { StringEqual: { a: 'b' } } }), /StringEqual.*operator/],
    ['an action is none', file({ ...attack, action: ['GetObject'] }), /an action such as/],
    ['a name has no values, which would prove anything', file({ ...attack, resource: ['@secret@'] }), /the name @secret@/],
    ['callers come from a subject that has none', file({ ...attack, principals: { from: 'secrets' } }), /callers from 'secrets'/],
    ['callers come from nowhere', file({ ...attack, principals: { from: 'constructor' } }), /callers from 'constructor'/],
    ['a further request has callers of its own', file({ ...attack, and: [{ action: ['s3:PutObject'], principals: { types: ['USER'] } }] }), /and\[0\]\.principals has callers of its own: expected none, since one caller/],
    ['an id is there twice', file(attack, attack), /'OWN-1' twice/],
    ['a subject is misspelt', file({ ...attack, subjects: { secrets: { resource: [] } } }), /unknown property 'resource'/],
    ['nothing says what it is about', file({ ...attack, subjects: {} }), /subjects has \{\}/],
    ['a prototype is named', `{"schema":"cdk-secure-ai/attacks/v1","attacks":[],"__proto__":{}}`, /__proto__|has \[\]/],
    ['a list is an object', file({ ...attack, action: { length: 1 } }), /a list of/],
    ['it is null', 'null', /expected an object/],
  ])('%s', (_name, text, message) => expect(() => parseAttacks(text)).toThrow(message));
});

describe('an attack that the network decides is refused, with the place, when', () => {
  const through = { action: ['s3:PutObject'] };
  test.each<[string, unknown, RegExp]>([
    ['it asks for a request as well, which would be passed over', { ...way, action: ['s3:GetObject'] }, /unknown property 'action': expected id, title, network, /],
    ['nothing says where packets begin', { ...way, network: {} }, /network has no 'types'/],
    ['they begin at something whose place on a network nobody reads', { ...way, network: { types: ['AWS::S3::Bucket'] } }, /types\[0\] has "AWS::S3::Bucket": expected one of AWS::Lambda::Function, /],
    ['they begin at a place of another kind', { ...way, network: { ...way.network, at: 'SUBNET' } }, /network\.at has "SUBNET": expected one of NETWORK/],
    ['a way out does not exist', { ...way, to: ['AWS_SERVICE'] }, /to\[0\] has "AWS_SERVICE": expected one of INTERNET, NETWORK, PARTNER/],
    ['no way out counts', { ...way, to: [] }, /to has \[\]: expected a list of 1/],
    ['what is carried has callers by what they may do', { ...way, through: { ...through, principals: { from: 'agents' } } }, /unknown property 'from': expected types, ids, exceptIds/],
    ['a name of a request has no values', { ...way, through: { ...through, resource: ['@vault@/*'] } }, /the name @vault@/],
    ['a name of what functions may do has no values', { ...way, network: { ...way.network, functionsThatMay: { action: ['s3:GetObject'], resource: ['@vault@/*'] } } }, /the name @vault@/],
    ['a name of the counterpart has no values', { ...way, legitimate: { reaches: ['*.s3'], request: { ...through, resource: ['@vault@/*'] } } }, /the name @vault@/],
    ['the counterpart reaches nothing', { ...way, legitimate: { request: through } }, /legitimate has no 'reaches'/],
    ['the counterpart reaches a list of nothing', { ...way, legitimate: { reaches: [] } }, /reaches has \[\]/],
    ['the posture is to leave it out', { ...way, notAskedWhen: { networkPerimeter: 'OFF' } }, /unknown property 'notAskedWhen'/],
    ['a prototype is named as a network', JSON.parse('{"id":"A","title":"t","network":{"types":["job"],"__proto__":{"at":"NETWORK"}}}'), /unknown property '__proto__'/],
  ])('%s', (_name, spec, message) => expect(() => parseAttacks(file(spec))).toThrow(message));

  test('and is read where all of it is right, beside one that policies decide', () => {
    const whole = {
      ...way, threats: [{ id: 'AML.T0086', verified: false }], controls: ['MI3'], subjects: { vault: { resources: [{ types: ['AWS::S3::Bucket'] }] } }, to: ['INTERNET'],
      network: { ...way.network, tags: { team: 'a*' }, callersOf: ['AWS::Bedrock::Agent'], functionsThatMay: { action: ['s3:GetObject'], resource: ['@vault@/*'] }, at: 'NETWORK' },
      through: { ...through, resource: ['@vault@/*'], principals: { types: ['ROLE'] } }, legitimate: { reaches: ['*.s3'], request: through }, oneLayer: 'it is so',
    };
    expect(parseAttacks(file(attack, whole)).attacks).toEqual([attack, whole]);
  });
});

describe('the schema of the file and the reader know the same properties', () => {
  interface Node {
    readonly properties?: Record<string, Node>;
    readonly items?: Node;
    readonly $ref?: string;
    readonly oneOf?: Node[];
    readonly required?: string[];
    readonly enum?: string[];
  }
  const schema = JSON.parse(fs.readFileSync(path.join(__dirname, '../../../docs/attacks.schema.json'), 'utf8')) as Node & { readonly $defs: Record<string, Node> };
  const referred = (ref: string): Node => ref.slice(2).split('/').reduce<unknown>((node, key) => (node as Record<string, unknown>)[key], schema) as Node;
  const resolved = (node: Node): Node => (node.$ref === undefined ? node : resolved(referred(node.$ref)));
  const at = (start: Node, ...keys: string[]): Node => keys.reduce((node, key) => resolved(key === '[]' ? resolved(node).items! : resolved(node).properties![key]), resolved(start));
  const { attack: byPolicies, networkAttack: byTheNetwork } = schema.$defs;
  const [ofResources, ofCallers] = schema.$defs.subject.oneOf!;

  /** What the reader says that it knows, where it meets a property that it does not. */
  const known = (spec: unknown): string[] => {
    try {
      parseAttacks(file(spec));
    } catch (error) {
      return /unknown property 'zzz': expected (.*)$/.exec((error as Error).message)?.[1].split(', ').sort() ?? [(error as Error).message];
    }
    return [];
  };
  const zzz = { zzz: 1 };
  test.each<[string, Node, unknown]>([
    ['an attack', byPolicies, { ...attack, ...zzz }],
    ['its callers', at(byPolicies, 'principals'), { ...attack, principals: zzz }],
    ['its counterpart', at(byPolicies, 'legitimate'), { ...attack, legitimate: zzz }],
    ['a threat', at(byPolicies, 'threats', '[]'), { ...attack, threats: [zzz] }],
    ['a subject of resources', ofResources, { ...attack, subjects: { secrets: zzz } }],
    ['a resource', at(ofResources, 'resources', '[]'), { ...attack, subjects: { secrets: { resources: [zzz] } } }],
    ['a subject of callers', at(ofCallers, 'callers'), { ...attack, subjects: { secrets: { callers: zzz } } }],
    ['an attack of the network', byTheNetwork, { ...way, ...zzz }],
    ['where packets begin', at(byTheNetwork, 'network'), { ...way, network: zzz }],
    ['functions by what they may', at(byTheNetwork, 'network', 'functionsThatMay'), { ...way, network: { types: ['job'], functionsThatMay: zzz } }],
    ['what endpoints carry', at(byTheNetwork, 'through'), { ...way, through: zzz }],
    ['whose requests they carry', at(byTheNetwork, 'through', 'principals'), { ...way, through: { action: ['s3:PutObject'], principals: zzz } }],
    ['a connection that is legitimate', at(byTheNetwork, 'legitimate'), { ...way, legitimate: zzz }],
    ['a request that is legitimate', at(byTheNetwork, 'legitimate', 'request'), { ...way, legitimate: { reaches: ['*'], request: zzz } }],
  ])('%s', (_name, node, spec) => expect(known(spec)).toEqual(Object.keys(node.properties!).sort()));

  test.each<[string, Node, (left: string) => unknown]>([
    ['an attack', byPolicies, (left) => without(attack, left)],
    ['an attack of the network', byTheNetwork, (left) => (left === 'network' ? undefined : without(way, left))],
  ])('what %s cannot be without', (_name, node, spec) => {
    for (const left of node.required!) if (spec(left) !== undefined) expect(() => parseAttacks(file(spec(left)))).toThrow(`has no '${left}'`);
  });
  test('where packets can begin, and which ways lead out', () => {
    const listed = (spec: unknown): string[] => /expected one of (.*)$/.exec(messageOf(() => parseAttacks(file(spec))))?.[1].split(', ') ?? [];
    expect(listed({ ...way, network: { types: ['zzz'] } })).toEqual(at(byTheNetwork, 'network', 'types', '[]').enum);
    expect(listed({ ...way, to: ['zzz'] })).toEqual(at(byTheNetwork, 'to', '[]').enum);
  });
});

function without(spec: object, left: string): object {
  return Object.fromEntries(Object.entries(spec).filter(([key]) => key !== left));
}

function messageOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    return (error as Error).message;
  }
  return '';
}
