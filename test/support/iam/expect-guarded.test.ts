import { describe, expect, test } from 'vitest';
import { IamWorld, administrator, expectGuarded, type Guarded, type Request } from '.';
import type { JsonObject } from './policy-document';

const KEY = 's3:x-amz-server-side-encryption';
const deny = (Sid: string, Condition: JsonObject): JsonObject => ({
  Sid,
  Effect: 'Deny',
  Principal: '*',
  Action: 's3:*',
  Resource: '*',
  Condition,
});
const worldWith = (...statements: JsonObject[]): IamWorld =>
  IamWorld.of(
    {
      S: {
        Resources: {
          Bucket: { Type: 'AWS::S3::Bucket', Properties: {} },
          Policy: {
            Type: 'AWS::S3::BucketPolicy',
            Properties: { Bucket: { Ref: 'Bucket' }, PolicyDocument: { Version: '2012-10-17', Statement: statements } },
          },
        },
      },
    },
    { accountId: '111122223333', region: 'eu-central-1' },
  );

const put = (world: IamWorld, value?: string): Request => ({
  principal: administrator(),
  action: 's3:PutObject',
  resource: world.arnOf('Bucket', '/k'),
  context: { [KEY]: value },
});
const guard = (world: IamWorld, protections: Guarded['protections'], more: Partial<Guarded> = {}): Promise<void> =>
  expectGuarded({
    world,
    protections,
    allowed: put(world, 'aws:kms'),
    denied: { 'bad value': put(world, 'AES256'), 'absent key': put(world) },
    ...more,
  });
const ENCRYPTED = deny('Encrypted', { StringNotEquals: { [KEY]: 'aws:kms' } });

describe('a guard holds', () => {
  test('with one protection', async () => {
    await guard(worldWith(ENCRYPTED), ['Encrypted']);
  });

  test('with one that is a condition of it', async () => {
    const world = worldWith(
      deny('Encrypted', { StringNotEquals: { [KEY]: 'aws:kms' }, StringEquals: { 'aws:PrincipalAccount': '111122223333' } }),
    );
    await guard(world, [{ statement: (statement) => statement.Sid === 'Encrypted' }]);
  });

  test('with two, each of which is enough', async () => {
    await guard(worldWith(ENCRYPTED, deny('Again', { StringNotEqualsIfExists: { [KEY]: 'aws:kms' } })), ['Encrypted', 'Again']);
  });
});

describe('a guard is refused', () => {
  test('when the legitimate request fails', async () => {
    const world = worldWith(ENCRYPTED, deny('TooMuch', { Bool: { 'aws:SecureTransport': 'true' } }));
    await expect(guard(world, ['Encrypted'])).rejects.toThrow(/the legitimate request should be allowed[^]*denied by: TooMuch/);
  });

  test('when the absent key passes', async () => {
    const world = worldWith(deny('Encrypted', { StringEquals: { [KEY]: 'AES256' } }));
    await expect(guard(world, ['Encrypted'])).rejects.toThrow(
      /'absent key' should be denied\n {2}arn:aws:sts::111122223333:assumed-role\/administrator/,
    );
  });

  test('when something else denies, so that the protection proves nothing', async () => {
    const world = worldWith(ENCRYPTED, deny('Other', { StringNotEquals: { [KEY]: 'aws:kms' } }));
    await expect(guard(world, ['Encrypted'])).rejects.toThrow(
      /'bad value' should pass without sid Encrypted: something else denies it[^]*denied by: Other/,
    );
  });

  test('when two protections are named and one alone does all the work', async () => {
    const world = worldWith(ENCRYPTED, deny('Idle', { StringEquals: { [KEY]: 'never' } }));
    await expect(guard(world, ['Encrypted', 'Idle'])).rejects.toThrow(/should still be denied without sid Encrypted alone/);
  });

  test('when a protection is not there', async () => {
    await expect(guard(worldWith(ENCRYPTED), ['Encypted'])).rejects.toThrow('nothing matches sid Encypted');
    const world = worldWith(ENCRYPTED);
    expect(() => world.withoutCondition({ sid: 'Encrypted', key: 'aws:SourceVpce' })).toThrow(
      'nothing matches sid Encrypted, key aws:SourceVpce',
    );
    expect(() => world.without({ statement: () => false })).toThrow('nothing matches');
    expect(() => world.without({ boundary: 'Bucket' })).toThrow('nothing matches boundary Bucket');
    expect(() => world.without({ publicAccessBlock: 'Bucket' })).toThrow('does not restrict public access');
  });

  test('when it names no attack or no protection', async () => {
    await expect(guard(worldWith(ENCRYPTED), [])).rejects.toThrow('at least one');
    await expect(guard(worldWith(ENCRYPTED), ['Encrypted'], { denied: {} })).rejects.toThrow('at least one');
  });
});
