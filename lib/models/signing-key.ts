import { RemovalPolicy } from 'aws-cdk-lib';
import { AccountRootPrincipal, AnyPrincipal, Effect, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Key, KeySpec, KeyUsage } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { spare } from '../core/bucket-guards';
import { declareControls } from '../core/control-declarations';
import { keyRemovalByBreakGlassOnly } from '../core/encryption-key';
import { refuseOtherStack } from '../core/same-stack';
import { SecurityPosture } from '../posture';
import { refuseForeign } from './model-store-grants';
import { SIGNING_GUARD } from './signing-guard';

/**
 * A KMS key (ECC_NIST_P256) that signs model digests, for one role.
 *
 * Administrators manage the key and cannot sign with it, unless they change its policy, which the trail records. Verifiers need no
 * permission at all: they use the public key, which stays valid evidence after the key is gone. AWS does not rotate asymmetric keys: a new
 * signing key is a new construct.
 *
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/symmetric-asymmetric.html
 */
export class SigningKey extends Construct {
  /** The key. */
  public readonly key: IKey;
  private readonly otherSigners = denyAll(SIGNING_GUARD.OTHER_SIGNERS, ['kms:Sign'], {});
  private signer?: IRole;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    const posture = SecurityPosture.of(this);
    declareControls(this, 'P1', 'DP3', 'ML6');
    this.key = new Key(this, 'Resource', {
      description: 'Signs model artifacts',
      keySpec: KeySpec.ECC_NIST_P256,
      keyUsage: KeyUsage.SIGN_VERIFY,
      removalPolicy: RemovalPolicy.RETAIN,
      policy: new PolicyDocument({
        statements: [
          administration(),
          this.otherSigners,
          denyAll(SIGNING_GUARD.WHOLE_MESSAGES, ['kms:Sign'], { StringNotEquals: { 'kms:MessageType': 'DIGEST' } }),
          denyAll(SIGNING_GUARD.OTHER_ALGORITHMS, ['kms:Sign'], { StringNotEquals: { 'kms:SigningAlgorithm': 'ECDSA_SHA_256' } }),
          // A grant would let its holder sign past this policy's Allow statements.
          denyAll(SIGNING_GUARD.GRANTS, ['kms:CreateGrant'], {}),
          ...(posture.keysProtected ? [keyRemovalByBreakGlassOnly(posture.breakGlassRoleArns)] : []),
        ],
      }),
    });
  }

  /** The ARN of the key. */
  public get keyArn(): string {
    return this.key.keyArn;
  }

  /**
   * Makes a role the signer. The role belongs in the key's stack, since the key's policy names it.
   *
   * @throws when another role is the signer already: one key, one signer
   */
  public grantSign(role: IRole): void {
    this._admitSigner(role);
    role.addToPrincipalPolicy(new PolicyStatement({ actions: ['kms:GetPublicKey', 'kms:Sign'], resources: [this.keyArn] }));
  }

  /**
   * Opens the key's policy to a signer that brings its permissions itself.
   *
   * @internal
   */
  public _admitSigner(role: IRole): void {
    if (this.signer && this.signer !== role) {
      throw new Error(`'${this.node.path}' has a signer already: one key has one signer, make another SigningKey for '${role.node.path}'`);
    }
    refuseForeign(this, role, 'let a role of this account sign');
    refuseOtherStack(this, role);
    this.signer = role;
    spare(this.otherSigners, [role.roleArn]);
  }
}

/** The account manages the key through IAM policies; signing is allowed there as well, and denied to all but the signer. */
function administration(): PolicyStatement {
  return new PolicyStatement({ sid: 'Account', principals: [new AccountRootPrincipal()], actions: ['kms:*'], resources: ['*'] });
}

function denyAll(sid: string, actions: string[], conditions: Record<string, unknown>): PolicyStatement {
  return new PolicyStatement({ sid, effect: Effect.DENY, principals: [new AnyPrincipal()], actions, resources: ['*'], conditions });
}
