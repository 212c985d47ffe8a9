import type { RestApi } from 'aws-cdk-lib/aws-apigateway';
import { CfnApiKey, CfnUsagePlan, CfnUsagePlanKey } from 'aws-cdk-lib/aws-apigateway';
import { Fn } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { usageIdentifier } from './authorise/usage-identifier';
import type { ConsumerProps } from './consumer-props';
import type { ConsumerLimits } from './gateway-limits';
import { requireLimits } from './require-limits';

export interface GatewayConsumersProps {
  readonly api: RestApi;
  readonly limits: ConsumerLimits;
  /** What usage keys begin with, where the authoriser names them; undefined: callers send keys of their own. */
  readonly usagePrefix?: string;
}

/** The usage plans of a gateway: each consumer has a key, and with it counters of its own. */
export class GatewayConsumers extends Construct {
  private readonly shared: CfnUsagePlan;

  constructor(scope: Construct, id: string, private readonly props: GatewayConsumersProps) {
    super(scope, id);
    this.shared = this.plan(this, 'Plan', props.limits);
  }

  /** @returns the id of the API key */
  public add(id: string, { principal, limits }: ConsumerProps): string {
    const { usagePrefix } = this.props;
    const where = `'${this.node.path}/${id}'`;
    if (usagePrefix !== undefined && !principal) throw new Error(`${where} needs the principal that the provider's tokens name`);
    if (usagePrefix === undefined && principal !== undefined) {
      throw new Error(`${where}: principal is for gateways that take tokens of an OIDC provider; here the consumer is told apart by its API key`);
    }
    const consumer = new Construct(this, id);
    const key = new CfnApiKey(consumer, 'Key', {
      enabled: true,
      description: `Counts the requests of ${id}`,
      ...(usagePrefix === undefined || !principal ? {} : { value: Fn.join('', [usagePrefix, usageIdentifier('', principal)]) }),
    });
    const plan = limits ? this.plan(consumer, 'Plan', { ...this.props.limits, ...limits }) : this.shared;
    new CfnUsagePlanKey(consumer, 'PlanKey', { keyId: key.ref, keyType: 'API_KEY', usagePlanId: plan.ref });
    return key.ref;
  }

  private plan(scope: Construct, id: string, limits: ConsumerLimits): CfnUsagePlan {
    const { ratePerSecond, burst, requestsPerDay } = requireLimits(`'${scope.node.path}'`, { ratePerSecond: 10, burst: 20, requestsPerDay: 10_000, ...limits });
    const { api } = this.props;
    return new CfnUsagePlan(scope, id, {
      apiStages: [{ apiId: api.restApiId, stage: api.deploymentStage.stageName }],
      throttle: { rateLimit: ratePerSecond, burstLimit: burst },
      quota: { limit: requestsPerDay, period: 'DAY' },
    });
  }
}
