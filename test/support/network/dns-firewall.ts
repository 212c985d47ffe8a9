import type { NetworkTemplate } from './graph';

interface Rule {
  readonly Priority: number;
  readonly Action: string;
  readonly FirewallDomainListId: { readonly 'Fn::GetAtt': [string, string] };
  readonly FirewallDomainRedirectionAction?: string;
}

/** What the DNS firewall of a template does with a query: the name that is asked for, and the names that its answer leads on to. */
export function dnsVerdict(template: NetworkTemplate, region: string, ...chain: [string, ...string[]]): string {
  const resources = Object.values(template.Resources ?? {});
  const group = resources.find(({ Type }) => Type === 'AWS::Route53Resolver::FirewallRuleGroup');
  if (!group) throw new Error('the template has no DNS firewall');
  const rules = [...(group.Properties!.FirewallRules as Rule[])].sort((a, b) => a.Priority - b.Priority);
  const inspected = (rule: Rule): readonly string[] => (rule.FirewallDomainRedirectionAction === 'TRUST_REDIRECTION_DOMAIN' ? chain.slice(0, 1) : chain);
  const domainsOf = (rule: Rule): string[] => {
    const list = template.Resources![rule.FirewallDomainListId['Fn::GetAtt'][0]].Properties!.Domains as unknown[];
    return list.map((domain) => literal(domain, region));
  };
  const permitted = rules.find((rule) => {
    const domains = domainsOf(rule);
    // An allow needs every inspected name on its list; a refusal needs one.
    return rule.Action === 'ALLOW'
      ? inspected(rule).every((name) => domains.some((domain) => matches(domain, name)))
      : inspected(rule).some((name) => domains.some((domain) => matches(domain, name)));
  });
  return permitted?.Action ?? 'ALLOW';
}

/** `*.x` covers every name below `x` and not `x` itself; a single `*` covers all. */
function matches(domain: string, name: string): boolean {
  if (domain === '*') return true;
  return domain.startsWith('*.') ? name.toLowerCase().endsWith(domain.slice(1).toLowerCase()) && name.length > domain.length - 1 : domain.toLowerCase() === name.toLowerCase();
}

function literal(domain: unknown, region: string): string {
  if (typeof domain === 'string') return domain;
  const [delimiter, parts] = (domain as { 'Fn::Join'?: [string, unknown[]] })['Fn::Join'] ?? [];
  if (parts === undefined) throw new Error(`cannot tell the name ${JSON.stringify(domain)}`);
  return parts.map((part) => {
    const reference = typeof part === 'object' && part !== null ? (part as { Ref?: string }).Ref : undefined;
    if (reference === 'AWS::URLSuffix') return 'amazonaws.com';
    if (reference === 'AWS::Region') return region;
    if (typeof part !== 'string') throw new Error(`cannot tell the name ${JSON.stringify(domain)}`);
    return part;
  }).join(delimiter);
}
