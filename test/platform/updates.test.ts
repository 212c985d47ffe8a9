import { App, Stack } from 'aws-cdk-lib';
import { Role } from 'aws-cdk-lib/aws-iam';
import type { PlatformEndpoint, SecureAiPlatformProps } from 'cdk-secure-ai/platform';
import { SecureAiPlatform } from 'cdk-secure-ai/platform';
import { DataCapture } from 'cdk-secure-ai/inference';
import { WeakerChoice } from 'cdk-secure-ai/posture';
import { describe, expect, test } from 'vitest';
import { deploymentOrder, refusedUpdates } from '../examples/deployment-order';
import { GATE_POLICY, GATE_TRUST } from '../support/gate-settings';
import { REGISTRY, TAGS, endpoint } from '../support/platforms';

interface State {
  readonly props?: SecureAiPlatformProps;
  readonly endpoints: Readonly<Record<string, Partial<PlatformEndpoint>>>;
  readonly gate?: boolean;
}

/** The assembly of a set of stacks. */
function assemblyOf({ props, endpoints, gate }: State): string {
  const app = new App();
  const platform = new SecureAiPlatform(app, 'Fraud', { env: REGISTRY, posture: { tags: TAGS }, ...props });
  if (gate) {
    const approvers = [Role.fromRoleArn(Stack.of(platform.store), 'Approvers', 'arn:aws:iam::111111111111:role/approvers')];
    platform.addGate({ groupName: 'fraud', policy: GATE_POLICY, modelTrust: GATE_TRUST, evidenceTrust: GATE_TRUST, approvers });
  }
  for (const [name, settings] of Object.entries(endpoints)) platform.addEndpoint(name, { ...endpoint(), ...settings });
  return app.synth().directory;
}

const because = WeakerChoice.of({ reason: 'a few requests a day', owner: 'fraud-scoring', expires: '2030-12-31' });
const approved = { unproven: undefined } as unknown as Partial<PlatformEndpoint>;
const one: State = { endpoints: { score: {} } };

/** Changes that users make, both ways: what is added goes again, some of it after other stacks by hand. */
const CHANGES: Record<string, { readonly less: State; readonly more: State; readonly first?: readonly string[] }> = {
  'an endpoint': { less: one, more: { endpoints: { score: {}, explain: {} } } },
  // The gateway's way into the network goes with the gateway.
  'its only endpoint': { less: { endpoints: {} }, more: one, first: ['Gateway'] },
  'training': { less: one, more: { ...one, props: { training: {} } } },
  // The trail records what is read and written of the gate's records, and is in a stack that is deployed later.
  'a gate': { less: one, more: { ...one, gate: true }, first: ['Audit'] },
  'the approval of what it serves': { less: { ...one, gate: true }, more: { endpoints: { score: approved }, gate: true } },
  'instances in place of serverless': { less: { endpoints: { score: { serverless: { because } } } }, more: one },
  'samples of what is asked': { less: { endpoints: { score: { capture: DataCapture.off() } } }, more: one },
  'another digest of a model': { less: one, more: { endpoints: { score: { prefix: `models/fraud/sha256-${'5'.repeat(64)}/` } } } },
};

describe.each(Object.entries(CHANGES))('a platform that is deployed gets %s', (_, { less, more, first }) => {
  const [before, after] = [assemblyOf(less), assemblyOf(more)];

  test('and CloudFormation refuses nothing', () => {
    expect(deploymentOrder(after).length).toBeGreaterThan(0);
    expect(refusedUpdates(before, after)).toEqual([]);
  });

  test('and loses it again, and CloudFormation refuses nothing', () => {
    expect(refusedUpdates(after, before, first)).toEqual([]);
    if (first) expect(refusedUpdates(after, before)).not.toEqual([]);
  });
});
