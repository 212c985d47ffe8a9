import type { CfnWebACL } from 'aws-cdk-lib/aws-wafv2';

type Statement = CfnWebACL.StatementProperty;

/** What a web ACL lets through. */
export interface FirewallSettings {
  /** Exact paths, as a caller writes them, stage included. */
  readonly paths: readonly string[];
  /** The one method. */
  readonly method: string;
  /** The largest body, in bytes. */
  readonly maxBodyBytes: number;
  /** Requests of one address in five minutes. */
  readonly ratePerAddress: number;
  /** Requests with one credential in five minutes. */
  readonly ratePerCredential: number;
  /** The header that carries the credential. */
  readonly credentialHeader: string;
}

/** How much of a body the web ACL of a REST API sees. @see https://docs.aws.amazon.com/waf/latest/developerguide/waf-oversize-request-components.html */
export const INSPECTED_BYTES = 65_536;

/** Rules of the managed groups that take honest requests of models for attacks: they count, and do not block. */
const COUNTED = ['SizeRestrictions_BODY', 'CrossSiteScripting_BODY', 'GenericRFI_BODY'];

const NONE = [{ priority: 0, type: 'NONE' }];

/**
 * The rules of a gateway's web ACL, whose default is to block: first what is too large, from bad addresses, too often or a known attack,
 * last an allow for exactly what is registered.
 *
 * @see https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-baseline.html
 */
export function firewallRules(settings: FirewallSettings): CfnWebACL.RuleProperty[] {
  const { maxBodyBytes, ratePerAddress, ratePerCredential, credentialHeader } = settings;
  const rules: Omit<CfnWebACL.RuleProperty, 'priority' | 'visibilityConfig'>[] = [
    blocking('BodySize', sizeAbove({ body: { oversizeHandling: 'MATCH' } }, maxBodyBytes)),
    blocking('QueryString', sizeAbove({ queryString: {} }, 0)),
    managed('AWSManagedRulesAmazonIpReputationList'),
    managed('AWSManagedRulesKnownBadInputsRuleSet'),
    managed('AWSManagedRulesCommonRuleSet', COUNTED),
    blocking('RatePerAddress', { rateBasedStatement: { limit: ratePerAddress, aggregateKeyType: 'IP' } }),
    blocking('RatePerCredential', {
      rateBasedStatement: {
        limit: ratePerCredential,
        aggregateKeyType: 'CUSTOM_KEYS',
        customKeys: [{ header: { name: credentialHeader, textTransformations: NONE } }],
      },
    }),
    { name: 'Registered', action: { allow: {} }, statement: registered(settings) },
  ];
  return rules.map((rule, priority) => ({
    ...rule,
    priority,
    visibilityConfig: { cloudWatchMetricsEnabled: true, metricName: rule.name, sampledRequestsEnabled: false },
  }));
}

/** POST, JSON, and one of the paths, letter by letter. */
function registered({ method, paths }: FirewallSettings): Statement {
  const path = (searchString: string) => bytes({ uriPath: {} }, searchString, 'EXACTLY');
  // AWS takes no "or" of fewer than two. Without a route nothing is allowed: no path is empty.
  const [first = ''] = paths;
  return {
    andStatement: {
      statements: [
        bytes({ method: {} }, method, 'EXACTLY'),
        {
          byteMatchStatement: {
            fieldToMatch: { singleHeader: { Name: 'content-type' } },
            searchString: 'application/json',
            positionalConstraint: 'STARTS_WITH',
            textTransformations: [{ priority: 0, type: 'LOWERCASE' }],
          },
        },
        paths.length > 1 ? { orStatement: { statements: paths.map(path) } } : path(first || '/none'),
      ],
    },
  };
}

function bytes(fieldToMatch: CfnWebACL.FieldToMatchProperty, searchString: string, positionalConstraint: string): Statement {
  return { byteMatchStatement: { fieldToMatch, searchString, positionalConstraint, textTransformations: NONE } };
}

function sizeAbove(fieldToMatch: CfnWebACL.FieldToMatchProperty, size: number): Statement {
  return { sizeConstraintStatement: { fieldToMatch, comparisonOperator: 'GT', size, textTransformations: NONE } };
}

function blocking(name: string, statement: Statement): Omit<CfnWebACL.RuleProperty, 'priority' | 'visibilityConfig'> {
  return { name, action: { block: {} }, statement };
}

function managed(name: string, counted: readonly string[] = []): Omit<CfnWebACL.RuleProperty, 'priority' | 'visibilityConfig'> {
  return {
    name,
    overrideAction: { none: {} },
    statement: {
      managedRuleGroupStatement: {
        vendorName: 'AWS',
        name,
        ...(counted.length > 0 ? { ruleActionOverrides: counted.map((rule) => ({ name: rule, actionToUse: { count: {} } })) } : {}),
      },
    },
  };
}
