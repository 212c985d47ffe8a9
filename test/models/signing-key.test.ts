import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { SigningKey } from 'cdk-secure-ai/models';
import { describe, expect, test } from 'vitest';

function stackWithRole(): { stack: Stack; role: (id: string) => Role } {
  const stack = new Stack(new App(), 'Stack', { env: { account: '111111111111', region: 'eu-central-1' } });
  return { stack, role: (id) => new Role(stack, id, { assumedBy: new ServicePrincipal('lambda.amazonaws.com') }) };
}

describe('a signing key', () => {
  test('signs with P-256, cannot encrypt, and outlives its stack', () => {
    const { stack } = stackWithRole();
    new SigningKey(stack, 'Signing');
    Template.fromStack(stack).hasResource('AWS::KMS::Key', {
      Properties: { KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' },
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
    });
  });

  test('takes the same signer twice', () => {
    const { stack, role } = stackWithRole();
    const key = new SigningKey(stack, 'Signing');
    const signer = role('Signer');
    key.grantSign(signer);
    expect(() => key.grantSign(signer)).not.toThrow();
  });

  test('fails for a second signer', () => {
    const { stack, role } = stackWithRole();
    const key = new SigningKey(stack, 'Signing');
    key.grantSign(role('Signer'));
    expect(() => key.grantSign(role('Other'))).toThrow("has a signer already: one key has one signer, make another SigningKey for 'Stack/Other'");
  });
});
