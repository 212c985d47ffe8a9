import type { Stack } from 'aws-cdk-lib';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { HandlerFunction } from '../../../../lib/core/handler-function';
import { ModelArtifactBucket, ModelSigner } from '../../../../lib/models';
import { NetworkSegment } from '../../../../lib/network';
import { ServedWorld } from '../../../models/served/served-world';

/** A store with a signer; gives one of its two functions. */
export function signFunction(stack: Stack, name: 'Hash' | 'Sign'): IFunction {
  const signer = new ModelSigner(stack, 'Signer', { store: new ModelArtifactBucket(stack, 'Models'), segment: new NetworkSegment(stack, 'Network') });
  return (signer.node.findChild(name).node.findChild('Handler') as HandlerFunction).function;
}

/** A promoted model: its prefix, and its objects with the manifest beside them. */
export function promotedModel(files: Readonly<Record<string, string>> = { 'model.onnx': 'weights', 'sub/config ü.json': '{}', 'empty.txt': '' }): { readonly prefix: string; readonly objects: [string, Buffer][] } {
  const world = new ServedWorld();
  const prefix = world.promote(files);
  return { prefix, objects: [...world.objects].map(([key, { content }]) => [key, content]) };
}
