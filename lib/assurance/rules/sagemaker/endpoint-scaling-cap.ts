import { isAtMost } from '../answer';
import { judged } from '../judgement';
import type { Rule } from '../rule';

/** `AISec-SM13`. */
export const endpointScalingCap: Rule = {
  id: 'AISec-SM13',
  name: 'EndpointScalingCap',
  title: 'The number of instances of an endpoint has an upper bound',
  severity: 'MEDIUM',
  controls: ['ML8', 'MI4'],
  threats: ['AML.T0034'],
  why: 'Whoever can send requests makes the endpoint grow and the account pay: at thirty dollars an hour for each large instance.',
  remedy: 'Set MaxCapacity, or ManagedInstanceScaling.MaxInstanceCount, to what the load needs: at most 50.',
  example:
    "new applicationautoscaling.CfnScalableTarget(this, 'Scaling', { serviceNamespace: 'sagemaker', maxCapacity: 4, " +
    'minCapacity: 2, resourceId, scalableDimension });',
  source: 'https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-auto-scaling-prerequisites.html',
  types: ['AWS::ApplicationAutoScaling::ScalableTarget', 'AWS::SageMaker::EndpointConfig'],
  check: (subject) => {
    if (subject.resource.type === 'AWS::SageMaker::EndpointConfig') {
      return subject.forEach('ProductionVariants', ({ path }, at) => {
        if (at('ManagedInstanceScaling.Status') !== 'ENABLED') return undefined;
        const place = `${path}.ManagedInstanceScaling.MaxInstanceCount`;
        return judged(isAtMost(50)(at('ManagedInstanceScaling.MaxInstanceCount')), 'the variant grows beyond 50 instances', place);
      });
    }
    if (subject.at('ServiceNamespace') !== 'sagemaker') return undefined;
    return subject.requireAtMost('MaxCapacity', 50, 'the endpoint grows beyond 50 instances');
  },
};
