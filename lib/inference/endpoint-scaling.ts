import { CfnScalableTarget, CfnScalingPolicy } from 'aws-cdk-lib/aws-applicationautoscaling';
import type { CfnEndpoint } from 'aws-cdk-lib/aws-sagemaker';
import { Construct } from 'constructs';
import type { ResolvedCapacity } from './resolved-capacity';
import { COOLDOWN } from './resolved-capacity';
import { VARIANT } from './endpoint-configuration';

export interface EndpointScalingProps extends ResolvedCapacity {
  readonly endpoint: CfnEndpoint;
  readonly endpointName: string;
}

/** Adds instances while there is work for them, up to the cap; with the service-linked role of Application Auto Scaling. */
export class EndpointScaling extends Construct {
  constructor(scope: Construct, id: string, props: EndpointScalingProps) {
    super(scope, id);
    const target = new CfnScalableTarget(this, 'Target', {
      serviceNamespace: 'sagemaker',
      scalableDimension: 'sagemaker:variant:DesiredInstanceCount',
      resourceId: `endpoint/${props.endpointName}/variant/${VARIANT}`,
      minCapacity: props.minInstances,
      maxCapacity: props.maxInstances,
    });
    // Only an endpoint that is in service can be registered, and it must be let go before it is deleted.
    target.addResourceDependency(props.endpoint);
    new CfnScalingPolicy(this, 'Policy', {
      policyName: 'Invocations',
      policyType: 'TargetTrackingScaling',
      scalingTargetId: target.ref,
      targetTrackingScalingPolicyConfiguration: {
        predefinedMetricSpecification: { predefinedMetricType: 'SageMakerVariantInvocationsPerInstance' },
        targetValue: props.invocationsPerInstance,
        scaleOutCooldown: COOLDOWN.out.toSeconds(),
        scaleInCooldown: COOLDOWN.in.toSeconds(),
      },
    });
  }
}
