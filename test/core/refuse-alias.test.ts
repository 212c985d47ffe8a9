import { App, Stack } from 'aws-cdk-lib';
import { Alias, Key } from 'aws-cdk-lib/aws-kms';
import { describe, expect, test } from 'vitest';
import { refuseAlias } from '../../lib/core/refuse-alias';

const stack = new Stack(new App(), 'Stack', { env: { account: '111111111111', region: 'eu-central-1' } });
const key = new Key(stack, 'Key');

describe('where a key is asked for', () => {
  test.each([
    ['an alias of this stack', () => new Alias(stack, 'Own', { aliasName: 'alias/own', targetKey: key })],
    ['an imported alias', () => Alias.fromAliasName(stack, 'Imported', 'alias/imported')],
    ['an alias that is given as a key', () => Key.fromKeyArn(stack, 'Disguised', 'arn:aws:kms:eu-central-1:111111111111:alias/disguised')],
  ])('%s is refused by the name of the property', (_, make) => {
    expect(() => refuseAlias(stack, 'dataKey', make())).toThrow(/^'Stack': dataKey is the alias '.*', on which permissions have no effect: give the key/);
  });

  test.each([
    ['a key of this stack', () => key],
    ['an imported key', () => Key.fromKeyArn(stack, 'ImportedKey', 'arn:aws:kms:eu-central-1:111111111111:key/1')],
    ['nothing', () => undefined],
  ])('%s is taken', (_, make) => {
    expect(() => refuseAlias(stack, 'dataKey', make())).not.toThrow();
  });
});
