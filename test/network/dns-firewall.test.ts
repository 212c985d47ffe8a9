import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { NetworkSegment } from 'cdk-secure-ai/network';
import { SecurityPosture, SecurityProfile } from 'cdk-secure-ai/posture';
import { describe, expect, test } from 'vitest';
import { AWS_SERVICES, endpointOf } from '../../lib/core/handler-contract';
import { dnsVerdict } from '../support/network/dns-firewall';
import type { NetworkTemplate } from '../support/network/graph';

const REGION = 'eu-central-1';

function firewall(services: string[], profile = SecurityProfile.REGULATED): NetworkTemplate {
  const stack = new Stack(new App(), 'Stack', { env: { account: '111111111111', region: REGION } });
  SecurityPosture.attach(stack, { profile });
  new NetworkSegment(stack, 'Segment', { services, dynamoDbPrefixListId: 'pl-66a5400f', allowedDomains: ['*.corp.example'] });
  return Template.fromStack(stack).toJSON();
}

/** The same template with its rules or lists changed. */
function changed(template: NetworkTemplate, type: string, change: (properties: Record<string, unknown>) => Record<string, unknown>): NetworkTemplate {
  const resources = Object.entries(template.Resources ?? {}).map(([id, resource]) =>
    [id, resource.Type === `AWS::Route53Resolver::${type}` ? { ...resource, Properties: change({ ...resource.Properties }) } : resource]);
  return { ...template, Resources: Object.fromEntries(resources) as NetworkTemplate['Resources'] };
}

const all = firewall([...AWS_SERVICES]);
const verdict = (...chain: [string, ...string[]]) => dnsVerdict(all, REGION, ...chain);

describe('names that work', () => {
  const names = AWS_SERVICES.flatMap((service) => endpointOf(service).hosts.map((host) => [service, host.replace('<region>', REGION).replace('<suffix>', 'amazonaws.com').replace('*', 'one')]));
  test.each(names)('%s: %s', (_, name) => {
    expect(verdict(name)).toBe('ALLOW');
  });

  test.each(['ip-10-64-0-10.eu-central-1.compute.internal', '10.0.64.10.in-addr.arpa', '1.0.31.172.in-addr.arpa', '1.1.168.192.in-addr.arpa', 'db.corp.example'])('%s', (name) => {
    expect(verdict(name)).toBe('ALLOW');
  });

  test('a bucket whose name leads on to names that only AWS chooses; without trust in them it would not resolve', () => {
    const chain = ['weights.s3.eu-central-1.amazonaws.com', 's3-r-w.eu-central-1.amazonaws.com'] as const;
    expect(verdict(...chain)).toBe('ALLOW');
    const inspecting = changed(all, 'FirewallRuleGroup', ({ FirewallRules, ...rest }) => ({
      ...rest, FirewallRules: (FirewallRules as Record<string, unknown>[]).map(({ FirewallDomainRedirectionAction: _, ...rule }) => rule),
    }));
    expect(dnsVerdict(inspecting, REGION, ...chain)).toBe('BLOCK');
  });
});

describe('data does not leave in names', () => {
  test.each([
    'c2VjcmV0.attacker.example', 'attacker.example', 'kms.eu-central-1.amazonaws.com.attacker.example', 'notkms.eu-central-1.amazonaws.com', 'kms.us-east-1.amazonaws.com',
    'weights.s3.us-east-1.amazonaws.com', 'corp.example', 'evilcorp.example', 'ec2.eu-central-1.amazonaws.com', 'com', 'x.compute.internal.attacker.example',
    // Whoever owns a range of addresses answers its reverse names, and reads them.
    'c2VjcmV0.113.0.203.in-addr.arpa', '1.1.32.172.in-addr.arpa', '1.1.110.in-addr.arpa', 'c2VjcmV0.8.b.d.0.1.0.0.2.ip6.arpa',
  ])('%s', (name) => {
    expect(verdict(name)).toBe('BLOCK');
  });

  test('the last rule is what stops it: without it every name is answered', () => {
    const open = changed(all, 'FirewallRuleGroup', ({ FirewallRules, ...rest }) => ({ ...rest, FirewallRules: (FirewallRules as unknown[]).slice(0, 1) }));
    expect(dnsVerdict(open, REGION, 'c2VjcmV0.attacker.example')).toBe('ALLOW');
  });

  test('a service that nobody required has no name', () => {
    const kms = 'kms.eu-central-1.amazonaws.com';
    expect(dnsVerdict(firewall(['sqs']), REGION, kms)).toBe('BLOCK');
    expect(dnsVerdict(firewall(['kms']), REGION, kms)).toBe('ALLOW');
  });

  test('BASELINE reports it', () => {
    expect(dnsVerdict(firewall([], SecurityProfile.BASELINE), REGION, 'attacker.example')).toBe('ALERT');
  });
});
