import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { signDigest } from '../../models/ports/sign-digest';
import type { ApiCall } from './api-call';
import type { WireAnswer } from './sagemaker-gaps';

interface KnownKey {
  /** Under which moto knows it. */
  readonly id: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

/**
 * What moto 5.2.1 lacks of KMS's asymmetric keys:
 *
 * - it names keys itself, so that nothing could call a key by the ARN of a template: a key whose description is an ARN answers to it;
 * - `MessageType: DIGEST` is not implemented, a digest is hashed once more: such keys are P-256 keys made here.
 *
 * Usages, algorithms and errors are moto's, which is asked first each time.
 */
export class KmsGaps {
  private readonly keys = new Map<string, KnownKey>();

  /** @param forward asks moto, with parameters in place of the call's own */
  public async answer(call: ApiCall, forward: (parameters: ApiCall['parameters']) => Promise<WireAnswer>): Promise<WireAnswer> {
    const { operation, parameters } = call;
    const known = this.keys.get(String(parameters.KeyId));
    const answer = await forward(known ? { ...parameters, KeyId: known.id } : parameters);
    if (answer.status !== 200) return answer;
    const body = JSON.parse(String(answer.body)) as object;
    if (operation === 'CreateKey') {
      const { KeyMetadata } = body as { readonly KeyMetadata: { readonly KeyId: string } };
      this.keys.set(String(parameters.Description), { id: KeyMetadata.KeyId, ...generateKeyPairSync('ec', { namedCurve: 'P-256' }) });
      return answer;
    }
    if (!known) throw new Error(`${String(parameters.KeyId)} was not made through this gateway`);
    return jsonAnswer({ ...body, KeyId: parameters.KeyId, ...ownPart(call, known) });
  }
}

function ownPart({ operation, parameters }: ApiCall, { privateKey, publicKey }: KnownKey): object {
  if (operation === 'GetPublicKey') return { PublicKey: publicKey.export({ type: 'spki', format: 'der' }).toString('base64') };
  if (operation === 'Sign' && parameters.MessageType === 'DIGEST') {
    return { Signature: signDigest(Buffer.from(String(parameters.Message), 'base64'), privateKey).toString('base64') };
  }
  // Grants are moto's own.
  if (operation.endsWith('Grant') || operation === 'ListGrants') return {};
  throw new Error(`kms:${operation} is not answered here`);
}

function jsonAnswer(body: object): WireAnswer {
  return { status: 200, headers: { 'content-type': 'application/x-amz-json-1.1' }, body: JSON.stringify(body) };
}
