import { CreateBucketCommand, GetObjectCommand, ListObjectsV2Command, PutBucketVersioningCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import type { Stack } from 'aws-cdk-lib';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Role } from 'aws-cdk-lib/aws-iam';
import { ApprovalGate, ModelArtifactBucket, ModelRegistry } from '../../../../lib/models';
import { NetworkSegment } from '../../../../lib/network';
import type { HandlerFunction } from '../../../../lib/core/handler-function';
import { resultOf, signedResult } from '../../../models/gate/evidence';
import { GateWorld } from '../../../models/gate/gate-world';
import { GATE_POLICY, GATE_TRUST } from '../../../support/gate-settings';
import type { Stage } from '../handler-case';

/** The role whose sessions decide, as `person` of the gate's world names them. */
const APPROVERS = 'arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Approver_0123456789abcdef';

/** Makes a gate with all that it stands on; gives one of its three functions. */
export function gateFunction(stack: Stack, name: 'Check' | 'Desk' | 'Sign'): IFunction {
  const gate = new ApprovalGate(stack, 'Gate', {
    registry: new ModelRegistry(stack, 'Registry', { groupName: 'fraud' }),
    store: new ModelArtifactBucket(stack, 'Models'),
    segment: new NetworkSegment(stack, 'Network'),
    policy: GATE_POLICY,
    modelTrust: GATE_TRUST,
    evidenceTrust: GATE_TRUST,
    approvers: [Role.fromRoleArn(stack, 'Approvers', APPROVERS)],
  });
  return (gate.node.findChild(name).node.findChild('Handler') as HandlerFunction).function;
}

/** A signed model with evidence that is fresh by this machine's clock, as the handlers see it. */
export async function freshWorld(): Promise<GateWorld> {
  const world = await GateWorld.create();
  world.now = new Date();
  const [measured] = [...world.records.files.keys()].filter((key) => key.endsWith('/holdout.json'));
  const digest = measured.split('/')[1];
  const { bytes } = await signedResult(world.key, resultOf({ measuredAt: new Date(Date.now() - 60_000) }), digest);
  world.records.files.set(measured, Buffer.from(bytes));
  return world;
}

/** A bucket with objects, each as a version. */
export async function makeBucket({ s3 }: Stage, Bucket: string, objects: Iterable<readonly [string, string | Buffer]> = []): Promise<void> {
  await s3.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint: 'eu-central-1' } }));
  await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }));
  await putObjects({ s3 }, Bucket, objects);
}

export async function putObjects({ s3 }: Pick<Stage, 's3'>, Bucket: string, objects: Iterable<readonly [string, string | Buffer]>): Promise<void> {
  for (const [Key, content] of objects) await s3.send(new PutObjectCommand({ Bucket, Key, Body: Buffer.from(content) }));
}

export async function keysBelow({ s3 }: Stage, Bucket: string, Prefix: string): Promise<string[]> {
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket, Prefix }));
  return Contents.map(({ Key }) => Key ?? '');
}

export async function bytesOf({ s3 }: Stage, Bucket: string, Key: string): Promise<Uint8Array> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
  return Body!.transformToByteArray();
}
