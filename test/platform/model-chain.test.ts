import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Role } from 'aws-cdk-lib/aws-iam';
import { describe, expect, test } from 'vitest';
import { ModelChain } from '../../lib/platform/model-chain';
import { PlatformSite } from '../../lib/platform/platform-site';
import { GATE_POLICY, GATE_TRUST } from '../support/gate-settings';
import { readDaily } from './read-daily';

describe('the daily reading of served models', () => {
  const stack = new Stack(new App(), 'Fraud', { env: { account: '111111111111', region: 'eu-central-1' } });
  const chain = new ModelChain(new PlatformSite(stack, {}));
  const prefix = (number: number) => `models/m${number}/sha256-${'3'.repeat(64)}/`;

  test('starts with the gate, takes another check for every fifty models, and each model once', () => {
    chain.watch(prefix(0));
    chain.addGate({
      groupName: 'fraud', policy: GATE_POLICY, modelTrust: GATE_TRUST, evidenceTrust: GATE_TRUST,
      approvers: [Role.fromRoleArn(stack, 'Approvers', 'arn:aws:iam::111111111111:role/approvers')],
    });
    for (let number = 1; number < 51; number += 1) chain.watch(prefix(number));
    chain.watch(prefix(0));
    chain.approved(stack, prefix(50));
    expect(readDaily(Template.fromStack(stack)).map((prefixes) => prefixes.length)).toEqual([50, 1]);
  });
});
