import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { CfnModel } from 'aws-cdk-lib/aws-sagemaker';
import { CfnEndpointConfig } from 'aws-cdk-lib/aws-sagemaker';
import type { Construct } from 'constructs';
import { acknowledge } from '../core/acknowledge';
import type { ResolvedCapture } from './resolved-capture';
import type { ServerlessCapacity } from './endpoint-capacity';
import type { ResolvedCapacity } from './resolved-capacity';

/** The one variant: its name stays, since scaling and alarms go by it. */
export const VARIANT = 'main';

export interface EndpointConfigurationProps {
  readonly model: CfnModel;
  readonly endpointName: string;
  readonly capacity?: ResolvedCapacity;
  readonly serverless?: ServerlessCapacity;
  readonly key?: IKey;
  readonly capture?: ResolvedCapture;
}

/** The configuration of an endpoint, without a name: a changed one is made beside the old, which the endpoint then leaves. */
export function endpointConfiguration(scope: Construct, props: EndpointConfigurationProps): CfnEndpointConfig {
  const { capacity, serverless, key, capture } = props;
  if (serverless) checkServerless(scope, serverless);
  const config = new CfnEndpointConfig(scope, 'Config', {
    ...(key ? { kmsKeyId: key.keyArn } : {}),
    productionVariants: [{
      modelName: props.model.attrModelName,
      variantName: VARIANT,
      initialVariantWeight: 1,
      ...(capacity ? { instanceType: capacity.instanceType, initialInstanceCount: capacity.minInstances } : {}),
      ...(serverless ? {
        serverlessConfig: { memorySizeInMb: serverless.memoryMib ?? 2048, maxConcurrency: serverless.maxConcurrency ?? 5 },
      } : {}),
    }],
    ...(capture ? {
      dataCaptureConfig: {
        enableCapture: true,
        initialSamplingPercentage: capture.percentage,
        destinationS3Uri: `s3://${capture.store.bucket.bucketName}/${props.endpointName}`,
        kmsKeyId: capture.store.key.keyArn,
        captureOptions: [{ captureMode: 'Input' }, { captureMode: 'Output' }],
        captureContentTypeHeader: { jsonContentTypes: ['application/json'] },
      },
    } : {}),
  });
  if (!key) {
    const packs = ['HIPAA.Security', 'NIST.800.53.R4', 'NIST.800.53.R5', 'PCI.DSS.321'];
    acknowledge(config, 'instance-storage', packs.map((pack) => `${pack}-SageMakerEndpointConfigurationKMSKeyConfigured`));
  }
  return config;
}

function checkServerless(scope: Construct, { memoryMib = 2048, maxConcurrency = 5 }: ServerlessCapacity): void {
  if (![1024, 2048, 3072, 4096, 5120, 6144].includes(memoryMib)) {
    throw new Error(`'${scope.node.path}': serverless.memoryMib must be 1024 to 6144 in steps of 1024, got ${memoryMib}`);
  }
  if (!Number.isInteger(maxConcurrency) || maxConcurrency < 1 || maxConcurrency > 200) {
    throw new Error(`'${scope.node.path}': serverless.maxConcurrency must be a whole number from 1 to 200, got ${maxConcurrency}`);
  }
}
