import { ArnFormat, Lazy, Names, RemovalPolicy, Stack } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { CfnLoggingConfiguration, CfnWebACL, CfnWebACLAssociation } from 'aws-cdk-lib/aws-wafv2';
import { Construct } from 'constructs';
import { SecurityPosture } from '../posture';
import type { FirewallSettings } from './firewall-rules';
import { firewallRules, INSPECTED_BYTES } from './firewall-rules';

export interface GatewayFirewallProps {
  /** Asked when everything is there: routes come one by one. */
  readonly settings: () => FirewallSettings;
  readonly key: IKey;
  /** The ARN of the stage that it protects. */
  readonly stageArn: string;
}

/**
 * The web ACL of a gateway: it blocks what nobody registered.
 *
 * Bodies, credentials and queries do not reach its logs.
 *
 * @see https://docs.aws.amazon.com/waf/latest/developerguide/data-protection-masking.html
 */
export class GatewayFirewall extends Construct {
  public readonly webAclName: string;

  constructor(scope: Construct, id: string, props: GatewayFirewallProps) {
    super(scope, id);
    const metricName = Names.uniqueResourceName(this, { maxLength: 120, separator: '-' });
    const acl = new CfnWebACL(this, 'Resource', {
      scope: 'REGIONAL',
      defaultAction: { block: {} },
      rules: Lazy.any({ produce: () => firewallRules(props.settings()) }),
      visibilityConfig: { cloudWatchMetricsEnabled: true, metricName, sampledRequestsEnabled: false },
      associationConfig: { requestBody: { API_GATEWAY: { defaultSizeInspectionLimit: `KB_${INSPECTED_BYTES / 1024}` } } },
      dataProtectionConfig: {
        dataProtections: [
          { action: 'SUBSTITUTION', field: { fieldType: 'BODY' } },
          { action: 'SUBSTITUTION', field: { fieldType: 'QUERY_STRING' } },
          { action: 'HASH', field: { fieldType: 'SINGLE_HEADER', fieldKeys: ['authorization', 'x-api-key'] } },
        ],
      },
    });
    const logs = new LogGroup(this, 'Logs', {
      // WAF takes no other prefix.
      logGroupName: `aws-waf-logs-${Names.uniqueResourceName(this, { maxLength: 100, separator: '-' })}`,
      encryptionKey: props.key,
      retention: SecurityPosture.of(this).logRetentionDays,
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    new CfnLoggingConfiguration(this, 'Logging', {
      resourceArn: acl.attrArn,
      // Without the `:*` at its end, which WAF refuses.
      logDestinationConfigs: [Stack.of(this).formatArn({ service: 'logs', resource: 'log-group', resourceName: logs.logGroupName, arnFormat: ArnFormat.COLON_RESOURCE_NAME })],
      redactedFields: [{ singleHeader: { Name: 'authorization' } }, { singleHeader: { Name: 'x-api-key' } }, { queryString: {} }],
    });
    new CfnWebACLAssociation(this, 'Association', { resourceArn: props.stageArn, webAclArn: acl.attrArn });
    this.webAclName = metricName;
  }
}
