import { CreateBucketCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { MockIntegration, RestApi } from 'aws-cdk-lib/aws-apigateway';
import type { KeyObject } from 'node:crypto';
import { createSign, generateKeyPairSync } from 'node:crypto';
import { EncryptionKey } from '../../../../lib/core/encryption-key';
import type { HandlerFunction } from '../../../../lib/core/handler-function';
import { KeySetMirror } from '../../../../lib/inference';
import { AUTHORISE, AUTHORISE_ENV, KEY_SET_OBJECT } from '../../../../lib/inference/authorise.contract';
import type { AuthoriserAnswer } from '../../../../lib/inference/authorise/authorise-request';
import { TokenAuthoriser } from '../../../../lib/inference/token-authoriser';
import { NetworkSegment } from '../../../../lib/network';
import type { HandlerCase, Stage } from '../handler-case';

const ISSUER = 'https://issuer.example.com';
const METHOD_ARN = 'arn:aws:execute-api:eu-central-1:111111111111:a1b2c3d4e5/prod/POST/infer/fraud';

/** A token that the mirrored keys sign lets its caller in; any other, and any trouble with the mirror, keeps the caller out. */
export const AUTHORISE_CASE: HandlerCase = {
  contract: AUTHORISE,
  build: (stack) => {
    const api = new RestApi(stack, 'Api');
    api.root.addMethod('POST', new MockIntegration());
    const authoriser = new TokenAuthoriser(stack, 'Authoriser', {
      api,
      provider: { issuer: ISSUER, audiences: ['inference'], keys: new KeySetMirror(stack, 'Keys') },
      segment: new NetworkSegment(stack, 'Network'),
      key: new EncryptionKey(stack, 'Key', { description: 'The authoriser' }),
    });
    return (authoriser.node.findChild('Handler') as HandlerFunction).function;
  },
  play: async (stage) => {
    const provider = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const token = tokenOf(provider.privateKey);

    // An authoriser that may not list is told that an object is missing in these words.
    const unmirrored = await stage.invoke(eventOf(token), { GetObject: { status: 403, code: 'AccessDenied' } });
    stage.check('before the first copy nobody gets in', unmirrored.errorType === 'AuthoriseError.KEY_SET', unmirrored);
    stage.check('the mirror was asked', stage.calls.at(-1)?.parameters.Key === KEY_SET_OBJECT, stage.calls);

    await mirror(stage, JSON.stringify({ keys: [{ ...provider.publicKey.export({ format: 'jwk' }), kid: 'k1', use: 'sig', alg: 'RS256' }] }));
    const allowed = await stage.invoke(eventOf(token));
    const { principalId, policyDocument, usageIdentifierKey } = (allowed.result ?? {}) as Partial<AuthoriserAnswer>;
    stage.check('a good token lets its principal in', principalId === 'alice' && usageIdentifierKey !== undefined, allowed);
    const expected = [{ Action: 'execute-api:Invoke', Effect: 'Allow', Resource: METHOD_ARN }];
    stage.check('for the one method that was asked for', JSON.stringify(policyDocument?.Statement) === JSON.stringify(expected), allowed);

    const bad: Readonly<Record<string, string>> = {
      'a token of a stranger': tokenOf(stranger.privateKey),
      'an unsigned token': `${encode({ alg: 'none', kid: 'k1' })}.${encode(claims())}.${encode('')}`,
      'a token that has ended': tokenOf(provider.privateKey, { exp: claims().iat - 1_000, iat: claims().iat - 2_000 }),
      'a token for somebody else': tokenOf(provider.privateKey, { aud: 'other' }),
      'no token': '',
    };
    for (const [what, one] of Object.entries(bad)) {
      const refused = await stage.invoke(eventOf(one));
      stage.check(`${what} is refused with the one word that becomes a 401`, refused.errorMessage === 'Unauthorized', refused);
    }

    await mirror(stage, JSON.stringify({ keys: [stranger.privateKey.export({ format: 'jwk' })] }));
    const secret = await stage.invoke(eventOf(tokenOf(stranger.privateKey)));
    stage.check('a key set with a secret in it lets nobody in', secret.errorType === 'AuthoriseError.KEY_SET', secret);
  },
};

async function mirror({ s3, deployed }: Stage, text: string): Promise<void> {
  const Bucket = deployed.environment[AUTHORISE_ENV.KEY_SET_BUCKET];
  await s3.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint: 'eu-central-1' } })).catch((error: unknown) => {
    if ((error as Error).name !== 'BucketAlreadyOwnedByYou') throw error;
  });
  await s3.send(new PutObjectCommand({ Bucket, Key: KEY_SET_OBJECT, Body: text }));
}

function eventOf(token: string): unknown {
  return { type: 'TOKEN', methodArn: METHOD_ARN, authorizationToken: `Bearer ${token}` };
}

function claims(): { readonly iat: number; readonly [claim: string]: unknown } {
  const now = Math.floor(Date.now() / 1000);
  return { iss: ISSUER, aud: 'inference', sub: 'alice', iat: now - 60, exp: now + 600 };
}

function tokenOf(key: KeyObject, change: object = {}): string {
  const input = `${encode({ alg: 'RS256', kid: 'k1', typ: 'JWT' })}.${encode({ ...claims(), ...change })}`;
  return `${input}.${createSign('sha256').update(input).sign(key).toString('base64url')}`;
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
