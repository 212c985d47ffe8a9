import { staysIn } from '../../../../lib/assurance/rules/bedrock/inference-geography';
import { Unknown } from '../../../../lib/assurance/template';
import { describe, expect, test } from 'vitest';

describe('requests of an inference profile', () => {
  test.each([
    ['eu-central-1', 'eu.anthropic.claude-sonnet-4-20250514-v1:0', 'YES'],
    ['eu-central-1', 'us.anthropic.claude-sonnet-4-20250514-v1:0', 'NO'],
    ['us-east-1', 'arn:aws:bedrock:us-east-1:111111111111:inference-profile/us.amazon.nova-pro-v1:0', 'YES'],
    ['us-east-1', 'global.amazon.nova-pro-v1:0', 'NO'],
    ['us-gov-west-1', 'us-gov.amazon.nova-pro-v1:0', 'YES'],
    ['ap-southeast-2', 'jp.amazon.nova-pro-v1:0', 'NO'],
    ['eu-central-1', 'arn:aws:bedrock:eu-central-1:111111111111:guardrail-profile/us.guardrail.v1:0', 'NO'],
    ['eu-central-1', 'amazon.nova-pro-v1:0', 'YES'],
    ['eu-central-1', 'us-model.of.nobody', 'YES'],
  ])('in %s with %s: %s', (region, id, stays) => {
    expect(staysIn(region, id)).toBe(stays);
  });

  test('are not decided where the region is not known, unless they go everywhere', () => {
    const region = new Unknown('PSEUDO_PARAMETER', 'the region is not fixed');
    expect(staysIn(region, 'eu.amazon.nova-pro-v1:0')).toBe('UNKNOWN');
    expect(staysIn(region, 'global.amazon.nova-pro-v1:0')).toBe('NO');
  });
});
