import { Lazy, Stack } from 'aws-cdk-lib';
import type { IVpc } from 'aws-cdk-lib/aws-ec2';
import { CfnFirewallDomainList, CfnFirewallRuleGroup, CfnFirewallRuleGroupAssociation } from 'aws-cdk-lib/aws-route53resolver';
import { Construct } from 'constructs';
import { SecurityPosture, SecurityProfile } from '../posture';

export interface DnsFirewallProps {
  readonly vpc: IVpc;
  /** The host names of the endpoints, read when the template is written. */
  readonly hosts: () => string[];
  /** Further names, for example of private zones. */
  readonly allowedDomains: readonly string[];
}

/** Second octets of 172.16.0.0/12. */
const OCTETS = Array.from({ length: 16 }, (_, index) => 16 + index);

/**
 * Names that the VPC itself answers: of machines, and of private addresses. Reverse names of other addresses are answered by whoever
 * owns those, who would read in them what a lookup says.
 */
const OWN_NAMES = ['*.compute.internal', ...['10', '168.192', ...OCTETS.map((octet) => `${octet}.172`)].map((range) => `*.${range}.in-addr.arpa`)];

/**
 * A Resolver DNS Firewall that answers the names of the endpoints and nothing else: no name carries data out. `BASELINE` only reports other
 * names.
 *
 * @see https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-dns-firewall.html
 */
export class DnsFirewall extends Construct {
  constructor(scope: Construct, id: string, props: DnsFirewallProps) {
    super(scope, id);
    // The oldest region names its machines without itself.
    const machines = Stack.of(this).region === 'us-east-1' ? ['*.ec2.internal'] : [];
    for (const domain of props.allowedDomains) checkDomain(this, domain);
    const allowed = new CfnFirewallDomainList(this, 'Allowed', {
      domains: Lazy.list({ produce: () => [...props.hosts(), ...OWN_NAMES, ...machines, ...props.allowedDomains] }),
    });
    const everything = new CfnFirewallDomainList(this, 'Everything', { domains: ['*'] });
    const group = new CfnFirewallRuleGroup(this, 'Resource', {
      firewallRules: [
        {
          priority: 100,
          action: 'ALLOW',
          firewallDomainListId: allowed.attrId,
          // The names of endpoints lead on to names that only AWS chooses.
          firewallDomainRedirectionAction: 'TRUST_REDIRECTION_DOMAIN',
        },
        { priority: 200, firewallDomainListId: everything.attrId, ...refusal(this) },
      ],
    });
    new CfnFirewallRuleGroupAssociation(this, 'Association', {
      vpcId: props.vpc.vpcId,
      firewallRuleGroupId: group.attrId,
      priority: 1000,
    });
  }
}

function refusal(scope: Construct): { action: string; blockResponse?: string } {
  const alertOnly = SecurityPosture.of(scope).profile === SecurityProfile.BASELINE;
  // "No such name" ends a lookup at once, where an empty answer makes some resolvers search on.
  return alertOnly ? { action: 'ALERT' } : { action: 'BLOCK', blockResponse: 'NXDOMAIN' };
}

function checkDomain(scope: Construct, domain: string): void {
  if (/^(\*\.)?([a-z0-9_-]{1,63}\.)+[a-z0-9-]{1,63}$/i.test(domain) && domain.length <= 255) return;
  throw new Error(`'${scope.node.path}': allowedDomains must hold names of at least two labels such as '*.corp.example', got '${domain}'`);
}
