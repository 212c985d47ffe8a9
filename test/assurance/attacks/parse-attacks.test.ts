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
