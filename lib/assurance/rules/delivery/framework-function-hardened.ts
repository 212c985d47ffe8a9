import { AiWorkload } from '../ai-workload';
import type { Rule } from '../rule';

/** `AISec-CR01`. */
export const frameworkFunctionHardened: Rule = {
  id: 'AISec-CR01',
  name: 'FrameworkFunctionHardened',
  title: 'Helper functions of the CDK run in your VPC, or are not there',
  severity: 'MEDIUM',
  controls: ['RT6', 'P1'],
  threats: ['AML.T0012'],
  why: 'Functions that the CDK adds by itself have wide permissions and no network bounds, and nobody reviews them.',
  remedy:
    'Leave out the features that bring them (autoDeleteObjects, logRetention, AwsCustomResource), or harden the ' +
    'function by an aspect.',
  example: "new s3.Bucket(this, 'Models', { removalPolicy: RemovalPolicy.RETAIN, autoDeleteObjects: false });",
  source: 'https://docs.aws.amazon.com/cdk/v2/guide/best-practices-security.html',
  types: ['AWS::Lambda::Function'],
  // Of an app without AI it is not this pack's business.
  check: (fn) =>
    FRAMEWORK.test(fn.resource.logicalId) && AiWorkload.of(fn.app).resources.length > 0
      ? fn.requireItems('VpcConfig.SubnetIds', 1, 'a helper function of the CDK runs outside of your VPC')
      : undefined,
};

/** Logical ids that the CDK gives to its own functions: singletons with a hash, and the handlers of providers. */
const FRAMEWORK = new RegExp(
  [
    '^Custom[A-Za-z0-9]+CustomResourceProviderHandler[0-9A-F]{8}$',
    '^AWS679f53fac002430cb0da5b7982bd2287[0-9A-F]{8}$',
    '^LogRetentionaae0aa3c5b4d4f87b02d85b201efdd8a[0-9A-F]{8}$',
    '^BucketNotificationsHandler050a0587b7544547bf325f094a3db834[0-9A-F]{8}$',
    '^CustomCDKBucketDeployment8693BB64968944B69AAFB0CC9EB8756C[0-9A-F]*$',
  ].join('|'),
);
