import { GetPublicKeyCommand, KMSClient, SignCommand } from '@aws-sdk/client-kms';
import type { KmsSigningClient } from './kms-signer';

const client = new KMSClient({});

/** The two calls of KMS. Not the SDK's class with all its methods: it would bring every command of KMS into a bundle. */
export const KMS: KmsSigningClient = {
  getPublicKey: (request) => client.send(new GetPublicKeyCommand(request)),
  sign: (request) => client.send(new SignCommand(request)),
};
