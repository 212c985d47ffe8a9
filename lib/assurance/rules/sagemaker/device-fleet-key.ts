import type { Rule } from '../rule';

/** `AISec-SM54`. */
export const deviceFleetKey: Rule = {
  id: 'AISec-SM54',
  name: 'DeviceFleetKey',
  title: 'What edge devices capture is encrypted with a key of your own',
  severity: 'HIGH',
  controls: ['DP2b'],
  threats: ['AML.T0025'],
  why: 'Samples of what devices see and hear lie in S3 under the default key.',
  remedy: 'Set OutputConfig.KmsKeyId.',
  example: "new sagemaker.CfnDeviceFleet(this, 'Fleet', { outputConfig: { s3OutputLocation, kmsKeyId: key.keyArn }, ... });",
  source: 'https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_EdgeOutputConfig.html',
  types: ['AWS::SageMaker::DeviceFleet'],
  check: (fleet) => fleet.requirePresent('OutputConfig.KmsKeyId', 'samples of the devices are written without a key of your own'),
};
